// Who is let in: the Host header against DNS rebinding, the bearer token, and the size and exact bytes of a body.
import { createHash } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { GenrtlError, LEASE_HEADER } from '@genrtl/contracts';
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

export function requireAccount(services: HttpServices): MiddlewareHandler<HttpEnv> {
  return async (context, next) => {
    const token = /^Bearer ([\x21-\x7e]{1,512})$/i.exec(context.req.header('authorization') ?? '')?.[1];
    const account = token === undefined ? null : await services.accountOf(token);
    if (account === null) throw new GenrtlError('UNAUTHORIZED', 'A valid token is needed');
    context.set('accountId', account);
    context.set('leaseId', context.req.header(LEASE_HEADER)?.slice(0, 200) ?? null);
    await next();
  };
}

export function limitBody(maxBytes: number): MiddlewareHandler<HttpEnv> {
  return bodyLimit({
    maxSize: maxBytes,
    onError: () => {
      throw new GenrtlError('REQUEST_TOO_LARGE', `The body is larger than ${maxBytes} bytes`);
    },
  });
}

/** Reads the body before anything parses it, so that the hash is of the bytes that came over the wire. */
export const hashBody: MiddlewareHandler<HttpEnv> = async (context, next) => {
  const bytes = new Uint8Array(await context.req.arrayBuffer());
  context.set('requestHash', createHash('sha256').update(bytes).digest('hex'));
  await next();
};
