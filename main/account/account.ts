// The account of the app: which backend is in use, who is signed in there, and signing in and out.
import { API_ROUTES, GenrtlError, type ErrorBody } from '@genrtl/contracts';
import { BillingView } from '@genrtl/contracts/http/billing.ts';
import type { AccountView, TokenResponse } from '@genrtl/contracts/http/accounts.ts';
import type { AccountState, SigningIn } from '@genrtl/contracts/ipc/account.ts';
import { genrtlHome } from '../installation/home.ts';
import { connectBackend, proxyOf } from '../processes/backend.ts';
import { openBrowser } from '../processes/open-browser.ts';
import { signInByBrowser, signInByCode } from '../cloud/sign-in.ts';
import { clientOf, forgetSignIn, keepOrganisation, keepSignIn, keptSignIn } from '../cloud/sign-in-store.ts';

export interface AccountOptions {
  readonly env: NodeJS.ProcessEnv;
  /** somebody signed in or out, or a sign-in failed */
  readonly onChange: (error: ErrorBody | null) => void;
  /** connections made before belong to nobody */
  readonly renew: () => void;
}

export class Account {
  readonly #options: AccountOptions;
  #attempt: { readonly abort: AbortController; readonly shown: SigningIn } | null = null;

  constructor(options: AccountOptions) {
    this.#options = options;
  }

  get #url(): string | null {
    return this.#options.env['GENRTL_BACKEND_URL']?.replace(/\/+$/, '') || null;
  }

  async read(): Promise<AccountState> {
    const { env } = this.#options;
    const url = this.#url;
    const nobody = { error: null, account: null, billing: null, organisation_by: null };
    // the backend of this machine is not started to say that it has one account
    if (url === null) return { ...nobody, url, by: 'nothing', signing_in: null };
    const kept = await keptSignIn(genrtlHome(env), url, proxyOf(env));
    const by = env['GENRTL_TOKEN'] ? 'token' : kept === null ? 'nothing' : 'sign_in';
    const named = env['GENRTL_ORGANISATION'] ? 'environment' : null;
    const organisation_by = named ?? (by === 'sign_in' && kept?.organisation !== undefined ? 'person' : null);
    const state = { ...nobody, url, by, organisation_by, signing_in: this.#attempt?.shown ?? null } as const;
    if (by === 'nothing') return state;
    try {
      const { client } = await connectBackend(env);
      const { account_id, email, name, role, organisations }: AccountView = await client.account();
      const account = { account_id, email, name, role, organisations };
      return { ...state, account, billing: await readBilling(client.http) };
    } catch (error) {
      const { code, ...body } = GenrtlError.of(error).toBody();
      // the sign-in has ended: somebody has to sign in anew
      if (code === 'UNAUTHORIZED') return { ...state, by: env['GENRTL_TOKEN'] ? 'token' : 'nothing' };
      return { ...state, error: { code, ...body } };
    }
  }

  /** Resolves once it is known what the person has to do. Throws USAGE, BACKEND_UNAVAILABLE, UNAUTHORIZED. */
  async signIn(way: SigningIn['way']): Promise<SigningIn> {
    const { env, onChange, renew } = this.#options;
    const url = this.#url;
    if (url === null)
      throw new GenrtlError('USAGE', 'The backend of this machine has one account and needs no sign-in.');
    if (env['GENRTL_TOKEN']) throw new GenrtlError('USAGE', 'A token of the environment is in use.');
    this.cancel();
    const abort = new AbortController();
    const shown = Promise.withResolvers<SigningIn>();
    const show = (signing: SigningIn): void => {
      this.#attempt = { abort, shown: signing };
      shown.resolve(signing);
    };
    const http = clientOf(url, proxyOf(env));
    const { signal } = abort;
    const work: Promise<TokenResponse> =
      way === 'code'
        ? signInByCode(http, {
            signal,
            show: ({ user_code, verification_uri_complete }) =>
              show({ way, user_code, url: verification_uri_complete }),
          })
        : signInByBrowser(http, {
            signal,
            show: (page) => void openBrowser(page, env).then((opened) => show({ way: 'browser', url: page, opened })),
          });
    void work
      .then((tokens) => keepSignIn(genrtlHome(env), url, tokens))
      .then(
        () => null,
        (error: unknown) => GenrtlError.of(error),
      )
      .then((error) => {
        shown.reject(error ?? new GenrtlError('CANCELLED', 'Cancelled.'));
        if (signal.aborted) return;
        this.#attempt = null;
        if (error === null) renew();
        onChange(error?.toBody() ?? null);
      });
    shown.promise.catch(() => undefined);
    return shown.promise;
  }

  cancel(): void {
    this.#attempt?.abort.abort();
    this.#attempt = null;
  }

  /** Everything after it belongs to that account. Throws USAGE where something else decides. */
  async actFor(organisation: string | null): Promise<void> {
    const { env, onChange, renew } = this.#options;
    const url = this.#url;
    if (url === null || env['GENRTL_TOKEN'] || env['GENRTL_ORGANISATION'])
      throw new GenrtlError('USAGE', 'The account was chosen where this program was started.');
    await keepOrganisation(genrtlHome(env), url, organisation);
    renew();
    onChange(null);
  }

  /** False when nobody was signed in. */
  async signOut(): Promise<boolean> {
    const { env, onChange, renew } = this.#options;
    this.cancel();
    const url = this.#url;
    const was = url !== null && (await forgetSignIn(genrtlHome(env), url, proxyOf(env)));
    renew();
    onChange(null);
    return was;
  }
}

/** A backend that tells nothing of plans is no fault. */
async function readBilling(http: {
  call(method: 'GET', path: string, shape: typeof BillingView): Promise<BillingView>;
}): Promise<AccountState['billing']> {
  try {
    const { plan, standing, period, grants, page } = await http.call('GET', API_ROUTES.billing, BillingView);
    return { plan, standing, period, grants, page };
  } catch {
    return null;
  }
}
