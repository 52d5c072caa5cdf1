// Who makes a request, and for how long a process may believe it without asking again.
import { GenrtlError } from '@genrtl/contracts';
import { mayDo, ROLE_ACTIONS, type Action, type Role, type Scope } from '@genrtl/contracts/access.ts';
import type { AccountView } from '@genrtl/contracts/http/accounts.ts';

export interface Principal {
  /** owns what the request makes, and pays */
  readonly accountId: string;
  readonly role: Role;
  /** null: all that the role may */
  readonly scopes: readonly Scope[] | null;
  readonly via: 'local' | 'session' | 'sign_in' | 'key';
  readonly person: { readonly id: string; readonly email: string; readonly name: string } | null;
  /** the session, sign-in or key; null for the local account */
  readonly credentialId: string | null;
}

/** Somebody who is known, and asks to act for an organisation that is not theirs, or is none. */
export interface Outsider {
  readonly outsider: true;
  readonly person: { readonly id: string };
}
/** null: nobody. */
export type Asker = Principal | Outsider | null;

export const isOutsider = (asker: Asker): asker is Outsider => asker !== null && 'outsider' in asker;

/** The one account of an embedded backend: nothing is looked up for it. */
export const LOCAL: Principal = {
  accountId: 'local',
  role: 'local',
  scopes: null,
  via: 'local',
  person: null,
  credentialId: null,
};

/** With the look at open streams every four seconds, a revocation that no news told of still holds within ten. */
export const BELIEVED_MS = 5_000;
const MOST_KNOWN = 10_000;

interface Known {
  readonly answer: Promise<Asker>;
  personId: string | null;
  until: number;
}

/**
 * Principals by credential. Equal questions at the same moment are asked once; a refusal is believed as long as an
 * admission, so that a wrong token cannot make the database work.
 */
export class PrincipalCache {
  readonly #known = new Map<string, Known>();
  readonly #now: () => number;
  #forgotten = 0;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  get(key: string, ask: () => Promise<Asker>): Promise<Asker> {
    const before = this.#known.get(key);
    if (before !== undefined && before.until > this.#now()) return before.answer;
    const forgotten = this.#forgotten;
    const known: Known = { answer: ask(), personId: null, until: this.#now() + BELIEVED_MS };
    this.#known.delete(key);
    this.#known.set(key, known);
    if (this.#known.size > MOST_KNOWN) this.#known.delete(this.#known.keys().next().value ?? '');
    known.answer.then(
      (asker) => {
        known.personId = asker?.person?.id ?? null;
        // Something was revoked while the question was under way: the answer may be older.
        if (this.#forgotten !== forgotten) this.#drop(key, known);
      },
      () => {
        this.#drop(key, known);
      },
    );
    return known.answer;
  }

  #drop(key: string, known: Known): void {
    if (this.#known.get(key) === known) this.#known.delete(key);
  }

  /** null: everybody, after news may have been missed. */
  forget(personId: string | null): void {
    this.#forgotten += 1;
    for (const [key, known] of this.#known)
      if (personId === null || known.personId === personId) this.#known.delete(key);
  }
}

export function accountView(principal: Principal, organisations: AccountView['organisations']): AccountView {
  const acting = organisations.find((one) => `org_${one.organisation_id}` === principal.accountId);
  return {
    account_id: principal.accountId,
    email: principal.person?.email ?? null,
    name: acting?.name ?? principal.person?.name ?? 'this machine',
    role: principal.role,
    via: principal.via,
    scopes: principal.scopes === null ? null : [...principal.scopes],
    actions: (ROLE_ACTIONS[principal.role] as readonly Action[]).filter((action) => mayDo(principal, action)),
    organisations,
  };
}

/** FORBIDDEN unless the principal may; the sentence names what is missing. */
export function requireAction(principal: Principal, action: Action): void {
  if (mayDo(principal, action)) return;
  const { role, scopes, via } = principal;
  throw new GenrtlError(
    'FORBIDDEN',
    via === 'key' && mayDo({ role, scopes: null }, action)
      ? `This key does not reach so far: ${(scopes ?? []).join(', ')}`
      : action === 'account.approve' && via !== 'session'
        ? 'Only a person in a browser can do this'
        : `The role ${role} may not do this`,
    { details: { action } },
  );
}

export function personOf(principal: Principal): NonNullable<Principal['person']> {
  if (principal.person === null) throw new GenrtlError('FORBIDDEN', 'Only a person can do this');
  return principal.person;
}

/** As the registry sees whoever publishes. */
export const publisherOf = ({ accountId, role, person }: Principal) => ({
  accountId,
  role,
  personId: person?.id ?? null,
});
