// The operator's port: metrics, and the health of each part. Separate from the API, so that a worker has it too and no
// route of the API can leak it.
import { createServer, type IncomingMessage } from 'node:http';
import { isIP, type AddressInfo } from 'node:net';
import { GenrtlError } from '@genrtl/contracts';
import { sameSecret } from '@genrtl/disk/same-secret.ts';
import type { HealthWatch } from './health.ts';
import type { Metrics } from './metrics.ts';

export interface OperatorListen {
  readonly host: string;
  readonly port: number;
  /** asked of everybody as a bearer; null on loopback only */
  readonly token: string | null;
}

const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);
const LEAST_TOKEN_CHARS = 32;

/**
 * `GENRTL_OPERATOR_LISTEN` is `[host:]port`, the host 127.0.0.1 unless named; null when it is not set. Throws
 * BACKEND_START_FAILED for an address beyond this machine without `GENRTL_OPERATOR_TOKEN`.
 */
export function readOperatorListen(env: NodeJS.ProcessEnv): OperatorListen | null {
  const text = env['GENRTL_OPERATOR_LISTEN'];
  if (text === undefined || text === '') return null;
  const [, bracketed, plain, digits] = /^(?:(?:\[([0-9a-f:]+)\]|([\w.-]+)):)?(\d{1,5})$/i.exec(text) ?? [];
  const host = bracketed ?? plain ?? '127.0.0.1';
  const port = Number(digits);
  if (digits === undefined || port > 65_535)
    throw new GenrtlError('BACKEND_START_FAILED', `GENRTL_OPERATOR_LISTEN is ${text}`, {
      hint: 'It is a port, or an address and a port: 9464 or 0.0.0.0:9464.',
    });
  const token = env['GENRTL_OPERATOR_TOKEN'] || null;
  if (token !== null && token.length < LEAST_TOKEN_CHARS)
    throw new GenrtlError('BACKEND_START_FAILED', 'GENRTL_OPERATOR_TOKEN is too short', {
      hint: `It needs at least ${LEAST_TOKEN_CHARS} characters.`,
    });
  if (token === null && !LOOPBACK.has(host))
    throw new GenrtlError('BACKEND_START_FAILED', `The operator's port would be open to others at ${host}`, {
      hint: 'Set GENRTL_OPERATOR_TOKEN, or leave the address out: it is then open on this machine only.',
    });
  return { host, port, token };
}

export interface OperatorServer {
  readonly port: number;
  close(): Promise<void>;
}

/** `/metrics`, `/health` (every part), `/live` and `/ready` (200 or 503, for probes). */
export async function startOperatorServer(
  listen: OperatorListen,
  { metrics, health }: { readonly metrics: Metrics; readonly health: HealthWatch },
): Promise<OperatorServer> {
  const answers: Readonly<Record<string, () => Promise<{ status: number; type: string; body: string }>>> = {
    '/metrics': async () => ({ status: 200, type: metrics.contentType, body: await metrics.text() }),
    '/health': async () => json(200, await health.report()),
    '/live': async () => json(200, { live: true }),
    '/ready': async () => {
      const { ready } = await health.report();
      return json(ready ? 200 : 503, { ready });
    },
  };
  const server = createServer((request, response) => {
    const send = ({ status, type, body }: { status: number; type: string; body: string }): void => {
      response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
    };
    const answer = answers[(request.url ?? '').split('?', 1)[0] ?? ''];
    if (!isAllowed(request, listen)) send(json(401, { error: 'a valid token is needed' }));
    else if (request.method !== 'GET' || answer === undefined) send(json(404, { error: 'not found' }));
    else
      answer().then(send, () => {
        send(json(500, { error: 'failed' }));
      });
  });
  server.headersTimeout = 10_000;
  server.requestTimeout = 10_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(listen.port, listen.host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

const json = (status: number, value: unknown): { status: number; type: string; body: string } => ({
  status,
  type: 'application/json',
  body: `${JSON.stringify(value)}\n`,
});

/**
 * Without a token the Host header must be this machine's: a page in somebody's browser reaches loopback by other names.
 */
function isAllowed(request: IncomingMessage, { token }: OperatorListen): boolean {
  if (token !== null) {
    const sent = /^Bearer ([\x21-\x7e]{1,512})$/i.exec(request.headers.authorization ?? '')?.[1];
    return sent !== undefined && sameSecret(sent, token);
  }
  const host = (request.headers.host ?? '').replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
  return host === 'localhost' || isIP(host) !== 0;
}
