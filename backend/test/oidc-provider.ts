// An organisation's own OpenID Connect provider, a real one that runs beside the backend: `oidc-provider` with one client
// and people who are who the test says.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider, { errors } from 'oidc-provider';
import { IDENTITY_PATH } from '@genrtl/contracts';

const CLIENT = 'genrtl-hosted';
const SECRET = 'a secret of the provider and the backend';

export class OidcProvider {
  /** Who signs in at the provider next. */
  next: { readonly sub: string; readonly email: string; readonly verified: boolean } = {
    sub: 'nobody',
    email: 'nobody@example.com',
    verified: false,
  };
  readonly #port: number;
  readonly #byHand: boolean;
  #server: Server | null = null;

  private constructor(port: number, byHand: boolean) {
    this.#port = port;
    this.#byHand = byHand;
  }

  /** Not there before `start`. `byHand`: pages with a button ask the person, else they agree by themselves. */
  static async open({ byHand = false }: { byHand?: boolean } = {}): Promise<OidcProvider> {
    const free = createServer();
    await new Promise<void>((resolve) => void free.listen(0, '127.0.0.1', resolve));
    const { port } = free.address() as AddressInfo;
    await new Promise((resolve) => free.close(resolve));
    return new OidcProvider(port, byHand);
  }

  get issuer(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** What the backend is started with. */
  get env(): Record<string, string> {
    return {
      GENRTL_OIDC_ISSUER: this.issuer,
      GENRTL_OIDC_CLIENT_ID: CLIENT,
      GENRTL_OIDC_CLIENT_SECRET: SECRET,
      GENRTL_OIDC_NAME: 'Example Works',
    };
  }

  /** On the port that its issuer names; `hosted` is the address that it sends people back to. */
  start(hosted: string): Promise<void> {
    const provider = new Provider(this.issuer, {
      clients: [
        { client_id: CLIENT, client_secret: SECRET, redirect_uris: [`${hosted}${IDENTITY_PATH}/callback/oidc`] },
      ],
      claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
      conformIdTokenClaims: false,
      cookies: { keys: ['a key of the test'] },
      pkce: { required: () => true },
      features: { devInteractions: { enabled: false } },
      findAccount: (_context, sub) => ({
        accountId: sub,
        claims: () => ({ sub, name: 'Emmy', email: this.next.email, email_verified: this.next.verified }),
      }),
      interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
    });
    provider.on('server_error', (_context: unknown, error: Error) => {
      if (!(error instanceof errors.OIDCProviderError)) throw error;
    });
    const callback = provider.callback();
    const server = createServer((request, response) => {
      if (!request.url?.startsWith('/interaction/')) return void callback(request, response);
      void (async () => {
        const { params, prompt } = await provider.interactionDetails(request, response);
        if (this.#byHand && request.method === 'GET') {
          const label = prompt.name === 'login' ? 'Sign in as Emmy' : 'Share name and address';
          response.writeHead(200, { 'content-type': 'text/html' });
          response.end(`<!doctype html><form method="post"><button>${label}</button></form>`);
          return;
        }
        const grant = new provider.Grant({ accountId: this.next.sub, clientId: String(params['client_id']) });
        grant.addOIDCScope('openid profile email');
        const result =
          prompt.name === 'login'
            ? { login: { accountId: this.next.sub } }
            : { consent: { grantId: await grant.save() } };
        await provider.interactionFinished(request, response, result);
      })();
    });
    this.#server = server;
    return new Promise((resolve) => void server.listen(this.#port, '127.0.0.1', resolve));
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    if (server === null) return;
    server.closeAllConnections();
    await new Promise<void>((resolve) => void server.close(() => resolve()));
  }
}
