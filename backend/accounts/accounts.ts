// The accounts of a hosted backend: who a request comes from, and the services that routes use.
import { ORGANISATION_ROLES, SCOPES, type OrganisationRole, type Scope } from '@genrtl/contracts/access.ts';
import type { AccountView } from '@genrtl/contracts/http/accounts.ts';
import { inTransaction, openListener, type Listener, type Pool } from '../db/index.ts';
import type { Log } from '../processes/log.ts';
import { COOKIE_PREFIX, openIdentity, type Identity } from './identity.ts';
import type { Mailer } from './mail.ts';
import { accountView, PrincipalCache, type Asker, type Principal } from './principal.ts';
import { pruneCredentials } from './repository/credentials.ts';
import * as repository from './repository/principals.ts';
import { hashOf, SECRET_KINDS } from './secrets.ts';
import type { AccountSettings } from './settings.ts';

export interface Credentials {
  /** the bearer token, or null */
  readonly token: string | null;
  /** the request's headers, for a browser's cookie */
  readonly cookie: string | null;
  /** the organisation that is asked for, by its id or short name */
  readonly organisation: string | null;
}

export interface AccountsOptions {
  readonly pool: Pool;
  readonly databaseUrl: string;
  readonly settings: AccountSettings;
  readonly mailer: Mailer;
  readonly log: Log;
}

const CHANNEL = 'genrtl_principals';
const RECONNECT_MS = 1_000;
/** No person's id: an account was deleted, and every process forgets what it keeps in memory of answers. */
const ERASED = 'erased';
const SESSION_COOKIE = new RegExp(`(?:^|;\\s*)(?:__Secure-)?${COOKIE_PREFIX}\\.session_token=`);

export class Accounts {
  readonly identity: Identity;
  readonly settings: AccountSettings;
  readonly #pool: Pool;
  readonly #mailer: Mailer;
  readonly #log: Log;
  readonly #url: string;
  readonly #cache = new PrincipalCache();
  #listener: Listener | null = null;
  #closed = false;
  readonly #onErased = new Set<() => void>();

  private constructor({ pool, databaseUrl, settings, mailer, log }: AccountsOptions) {
    this.#pool = pool;
    this.#url = databaseUrl;
    this.settings = settings;
    this.#mailer = mailer;
    this.#log = log;
    this.identity = openIdentity({ databaseUrl, mailer, log, ...settings });
  }

  static async open(options: AccountsOptions): Promise<Accounts> {
    const accounts = new Accounts(options);
    await accounts.#listen();
    return accounts;
  }

  /** Mail about plan and payment: to the person, or to who looks after the organisation's. */
  get billingMail(): {
    send: (to: string, subject: string, text: string) => void;
    addressesOf: (account: string) => Promise<string[]>;
  } {
    return {
      send: (to, subject, text) => {
        this.#mailer.send({ to, subject, text });
      },
      addressesOf: (account) => repository.billingAddresses(this.#pool, account),
    };
  }

  /** News of revocations; while the connection is lost, answers are only believed as long as ever. */
  async #listen(): Promise<void> {
    this.#listener = await openListener(this.#url, CHANNEL, {
      message: (personId) => {
        if (personId === ERASED) for (const listen of this.#onErased) listen();
        else this.#cache.forget(personId);
      },
      end: () => {
        this.#listener = null;
        const again = (): void => {
          if (this.#closed) return;
          this.#listen().catch(() => setTimeout(again, RECONNECT_MS).unref());
        };
        setTimeout(again, RECONNECT_MS).unref();
      },
    });
    this.#cache.forget(null);
  }

  /** null for nobody: no credential, an unknown, expired or revoked one. */
  principalOf({ token, cookie, organisation }: Credentials): Promise<Asker> {
    if (token !== null) {
      if (!token.startsWith(SECRET_KINDS.key) && !token.startsWith(SECRET_KINDS.access)) return Promise.resolve(null);
      const hash = hashOf(token);
      return this.#cache.get(`${hash} ${organisation ?? ''}`, () =>
        token.startsWith(SECRET_KINDS.key) ? this.#byKey(hash, organisation) : this.#byAccessToken(hash, organisation),
      );
    }
    if (cookie === null || !SESSION_COOKIE.test(cookie)) return Promise.resolve(null);
    return this.#cache.get(`${hashOf(cookie)} ${organisation ?? ''}`, () => this.#bySession(cookie, organisation));
  }

  async #byKey(hash: string, organisation: string | null): Promise<Asker> {
    const row = await repository.personOfKey(this.#pool, hash);
    if (row === null) return null;
    if (organisation !== null && row.account_id !== `org_${organisation}` && row.short_name !== organisation)
      return { outsider: true, person: { id: row.user_id } };
    repository.noteKeyUse(this.#pool, row.key_id).catch((error: unknown) => {
      this.#log.warn('the use of a key was not noted', { error: String(error) });
    });
    const own = row.account_id === `user_${row.user_id}`;
    return this.#principal(row, {
      organisation: own ? null : row.organisation_id,
      via: 'key',
      credentialId: row.key_id,
      scopes: row.scopes.filter((scope): scope is Scope => (SCOPES as readonly string[]).includes(scope)),
    });
  }

  async #byAccessToken(hash: string, organisation: string | null): Promise<Asker> {
    const row = await repository.personOfAccessToken(this.#pool, hash, organisation);
    if (row === null) return null;
    return this.#principal(row, { organisation, via: 'sign_in', credentialId: row.sign_in_id, scopes: SCOPES });
  }

  async #bySession(cookie: string, organisation: string | null): Promise<Asker> {
    const session = await this.identity.sessionOf(new Headers({ cookie }));
    if (session === null) return null;
    const row = await repository.personById(this.#pool, session.userId, organisation);
    if (row === null) return null;
    return this.#principal(row, { organisation, via: 'session', credentialId: session.sessionId, scopes: null });
  }

  #principal(
    row: repository.PersonRow,
    how: { organisation: string | null } & Pick<Principal, 'via' | 'credentialId' | 'scopes'>,
  ): Asker {
    const { organisation, ...rest } = how;
    const person = { id: row.user_id, email: row.email, name: row.name };
    if (organisation === null) {
      const role = this.settings.operators.has(row.email.toLowerCase()) ? 'operator' : 'person';
      return { ...rest, accountId: `user_${row.user_id}`, role, person };
    }
    const role = ORGANISATION_ROLES.find((one): one is OrganisationRole => one === row.role);
    return role === undefined
      ? { outsider: true, person }
      : { ...rest, accountId: `org_${row.organisation_id}`, role, person };
  }

  async viewOf(principal: Principal): Promise<AccountView> {
    const memberships =
      principal.person === null ? [] : await repository.membershipsOf(this.#pool, principal.person.id);
    return accountView(
      principal,
      memberships.map((one) => ({ ...one, role: one.role as OrganisationRole })),
    );
  }

  /** Called in every process when an account is deleted. */
  onErased(listen: () => void): void {
    this.#onErased.add(listen);
  }

  /**
   * What is kept outside the tables of an account that is deleted now: in memory of every process, in the log of mails.
   */
  async forget(email: string): Promise<void> {
    await repository.tell(this.#pool, CHANNEL, ERASED);
    if (email !== '') await this.#mailer.forget(email);
  }

  prune(): Promise<void> {
    return inTransaction(this.#pool, 'account.prune', pruneCredentials);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#listener?.close();
    await this.#mailer.close();
    await this.identity.close();
  }
}
