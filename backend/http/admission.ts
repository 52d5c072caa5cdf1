// Who is let in: the Host header against DNS rebinding, the credential and what it may do, the size and exact bytes of
// a body.
import { hash } from 'node:crypto';
import type { HttpBindings } from '@hono/node-server';
import type { Context, HonoRequest, MiddlewareHandler } from 'hono';
import { RegExpRouter } from 'hono/router/reg-exp-router';
import { SmartRouter } from 'hono/router/smart-router';
import { TrieRouter } from 'hono/router/trie-router';
import {
  AI_ENDPOINTS,
  API_ROUTES,
  GenrtlError,
  IDENTITY_PATH,
  LEASE_HEADER,
  ORGANISATION_HEADER,
} from '@genrtl/contracts';
import { mayDo, ROUTE_ACCESS, type Action, type RouteAccess } from '@genrtl/contracts/access.ts';
import type { Credentials } from '../accounts/accounts.ts';
import { isOutsider, requireAction, type Principal } from '../accounts/principal.ts';
import { signal } from '../telemetry/signals.ts';
import { PORTAL_BASE } from './portal-files.ts';
import type { HttpEnv, HttpServices } from './services.ts';

/** JSON bodies carry hashes, not contents. */
export const JSON_LIMIT_BYTES = 4 << 20;
export const BLOB_LIMIT_BYTES = 64 << 20;

export function checkHost(services: HttpServices): MiddlewareHandler<HttpEnv> {
  return async (context, next) => {
    const allowed = services.allowedHosts();
    const host = context.req.header('host')?.toLowerCase();
    if (allowed.size > 0 && (host === undefined || !allowed.has(host))) {
      throw new GenrtlError('HOST_REFUSED', 'This address is not one of the backend’s');
    }
    await next();
  };
}

/** What a browser opens without a credential: the addresses of the portal; the bare one leads to /account. */
export const PAGE_PATHS = ['/', '/account', '/account/*', '/device', '/authorize', '/reset', '/invitation'] as const;

/** The API's reference, its script and style. */
export const REFERENCE_PATHS = ['/reference', '/reference.css', '/reference.js'] as const;

/** The action that a path needs; null for one that no route has. */
export function accessOf(): (method: string, path: string) => RouteAccess | null {
  const router = new SmartRouter<RouteAccess>({ routers: [new RegExpRouter(), new TrieRouter()] });
  for (const [name, methods] of Object.entries(ROUTE_ACCESS))
    for (const [method, access] of Object.entries(methods))
      router.add(method, API_ROUTES[name as keyof typeof API_ROUTES], access);
  for (const { path } of Object.values(AI_ENDPOINTS)) router.add('POST', path, 'work.run');
  for (const path of ['/openapi.json', ...REFERENCE_PATHS, ...PAGE_PATHS, `${PORTAL_BASE}*`])
    router.add('GET', path, 'open');
  for (const method of ['GET', 'POST']) router.add(method, `${IDENTITY_PATH}/*`, 'open');
  return (method, path) => {
    const [found] = router.match(method === 'HEAD' ? 'GET' : method, path)[0];
    return found?.[0] ?? null;
  };
}

/** With the time that an answer is believed: less than ten seconds until an open stream of somebody revoked ends. */
const LOOK_AGAIN_MS = 4_000;

/** What a process that is about to end no longer takes. */
const BEGINS_WORK: ReadonlySet<Action> = new Set(['work.run', 'packages.publish', 'packages.buy']);

/** Lets in who may do what the route's action says, and asks again as long as the answer is under way. */
export function admit(services: HttpServices): MiddlewareHandler<HttpEnv> {
  const access = accessOf();
  return async (context, next) => {
    const action = access(context.req.method, context.req.path);
    if (action !== 'open' && action !== 'link') await letIn(services, context, action);
    await next();
  };
}

/** UNAUTHORIZED, FORBIDDEN, also for an organisation that is not the person's; NOT_FOUND without an action, for who is known. */
export async function letIn(
  services: HttpServices,
  context: Context<HttpEnv>,
  action: Action | null,
): Promise<Principal> {
  const credentials: Credentials = {
    token: /^Bearer ([\x21-\x7e]{1,512})$/i.exec(context.req.header('authorization') ?? '')?.[1] ?? null,
    cookie: context.req.header('authorization') === undefined ? (context.req.header('cookie') ?? null) : null,
    organisation: context.req.header(ORGANISATION_HEADER)?.slice(0, 100) || null,
  };
  if (services.requestRate !== null)
    services.limiter.count('address', addressOf(services, context), services.requestRate);
  const begun = performance.now();
  const principal = await services.principalOf(credentials);
  const outside = isOutsider(principal);
  signal('admission', {
    outcome: principal === null || outside ? 'refused' : 'admitted',
    durationMs: performance.now() - begun,
  });
  if (principal === null) throw new GenrtlError('UNAUTHORIZED', 'A valid token is needed');
  // alike for organisations of others and for none
  if (outside)
    throw new GenrtlError('FORBIDDEN', 'You do not act for this organisation', {
      hint: 'Name an organisation that you belong to, by its id or short name, or none.',
      details: { organisation: credentials.organisation },
    });
  if (action === null) throw new GenrtlError('NOT_FOUND', 'No such route');
  if (principal.via === 'session' && services.accounts !== null)
    requireSameOrigin(services.accounts.settings.publicUrl, context.req);
  requireAction(principal, action);
  await countPerson(services, principal);
  if (services.health.draining && context.req.method === 'POST' && BEGINS_WORK.has(action))
    throw new GenrtlError('BACKEND_UNAVAILABLE', 'This process is about to end and takes no new work', {
      hint: 'Ask again: another one answers.',
    });
  context.set('principal', principal);
  context.set('accountId', principal.accountId);
  context.set('leaseId', context.req.header(LEASE_HEADER)?.slice(0, 200) ?? null);
  if (services.accounts !== null) watch(services, credentials, action, context.env.outgoing);
  return principal;
}

async function countPerson(services: HttpServices, principal: Principal): Promise<void> {
  if (services.requestRate === null) return;
  const userId = principal.person?.id ?? '';
  const { requests } = await services.jobs.limitsOf({ accountId: principal.accountId, userId });
  if (requests !== null) services.limiter.count('user', userId === '' ? principal.accountId : userId, requests);
}

/** A browser sends its cookie along whoever made it ask; what changes something must come from our own pages. */
export function requireSameOrigin(publicUrl: string, request: HonoRequest): void {
  if (request.method === 'GET' || request.method === 'HEAD') return;
  if (request.header('origin') !== new URL(publicUrl).origin)
    throw new GenrtlError('FORBIDDEN', 'The request comes from another site');
}

function watch(
  services: HttpServices,
  credentials: Credentials,
  action: Action,
  answer: HttpBindings['outgoing'],
): void {
  // whoever went while it was asked who they are closes no second time
  if (answer.closed || answer.destroyed) return;
  const look = setInterval(() => {
    services.principalOf(credentials).then(
      (principal) => {
        if (principal === null || isOutsider(principal) || !mayDo(principal, action)) answer.destroy();
      },
      // the database is away: nobody can tell, and nobody can revoke either
      () => undefined,
    );
  }, LOOK_AGAIN_MS);
  look.unref();
  answer.once('close', () => {
    clearInterval(look);
  });
}

/**
 * Where a request comes from. Behind a proxy that is ours the last address of its header counts, the rest is hearsay.
 */
export function addressOf(services: HttpServices, context: Context<HttpEnv>): string {
  const direct = context.env.incoming.socket.remoteAddress ?? 'unknown';
  if (services.accounts?.settings.behindProxy !== true) return direct;
  return context.req.header('x-forwarded-for')?.split(',').at(-1)?.trim() || direct;
}

export function limitBody(maxBytes: number): MiddlewareHandler<HttpEnv> {
  const tooLarge = (): never => {
    throw new GenrtlError('REQUEST_TOO_LARGE', `The body is larger than ${maxBytes} bytes`);
  };
  return async (context, next) => {
    const { req } = context;
    if (req.header('transfer-encoding') === undefined) {
      // Without either header there is no body (RFC 9112 section 6.3), and what is announced is all that node:http
      // reads. The body itself is not asked for here: that would make a web stream of it for each request.
      if (Number(req.header('content-length') ?? 0) > maxBytes) tooLarge();
      return next();
    }
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of req.raw.body ?? []) {
      size += chunk.length;
      if (size > maxBytes) tooLarge();
      chunks.push(chunk);
    }
    // The server's own request object cannot be copied with another body.
    const headers = new Headers([...req.raw.headers]);
    req.raw = new Request(req.url, { method: req.method, headers, body: Buffer.concat(chunks) });
    return next();
  };
}

const UTF8 = new TextDecoder();

/** Reads the body before anything parses it, so that the hash is of the bytes that came over the wire. */
export const hashBody: MiddlewareHandler<HttpEnv> = async (context, next) => {
  const bytes = new Uint8Array(await context.req.arrayBuffer());
  context.set('requestHash', hash('sha256', bytes));
  // For who parses it: of the bytes alone Hono would make a web response first. What it keeps are promises, whatever their
  // types say.
  Object.assign(context.req.bodyCache, { text: Promise.resolve(UTF8.decode(bytes)) });
  await next();
};
