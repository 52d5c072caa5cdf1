// Streamable HTTP on 127.0.0.1: bearer token, Host and Origin checks, bounded bodies, sessions that end when nobody
// uses them.
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { isInitializeRequest } from '@modelcontextprotocol/sdk/types.js';
import { sameSecret } from '@genrtl/disk/same-secret.ts';
import { GenrtlError } from '@genrtl/contracts';
import { hostAllowed, originAllowed } from '../web/request-guard.ts';
import type { AgentToolContext } from '../../agent-tools/context.ts';
import { createMcpServer } from './server.ts';

const MAX_BODY_BYTES = 1024 * 1024;
const MAX_SESSIONS = 32;
const IDLE_MS = 30 * 60_000;

export interface McpHttpHost {
  /** ends in /mcp */
  readonly url: string;
  close(): Promise<void>;
}

interface HttpSession {
  readonly transport: StreamableHTTPServerTransport;
  readonly close: () => Promise<void>;
  used: number;
  open: number;
}

function authorised(request: IncomingMessage, token: string): boolean {
  const [scheme, given = ''] = (request.headers.authorization ?? '').split(' ', 2);
  return scheme?.toLowerCase() === 'bearer' && sameSecret(given, token);
}

/** A JSON-RPC error, as the transport's own refusals are. */
function refuse(response: ServerResponse, status: number, message: string, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify({ jsonrpc: '2.0', error: { code: -32_000, message }, id: null }));
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new GenrtlError('REQUEST_TOO_LARGE', 'A message is at most 1 MiB.');
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw new GenrtlError('REQUEST_INVALID', 'The body is no JSON.');
  }
}

class HttpSessions {
  readonly #context: AgentToolContext;
  readonly #sessions = new Map<string, HttpSession>();

  constructor(context: AgentToolContext) {
    this.#context = context;
  }

  get(id: string | undefined): HttpSession | undefined {
    return id === undefined ? undefined : this.#sessions.get(id);
  }

  /** Null when there are too many that are in use. */
  async open(): Promise<HttpSession | null> {
    if (this.#sessions.size >= MAX_SESSIONS) await this.sweep(0);
    if (this.#sessions.size >= MAX_SESSIONS) return null;
    const server = createMcpServer(this.#context);
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: () => randomUUID(),
      onsessioninitialized: (id) => {
        this.#sessions.set(id, session);
      },
      onsessionclosed: (id) => {
        this.#sessions.delete(id);
      },
    });
    const session: HttpSession = { transport, used: Date.now(), open: 0, close: () => server.close() };
    // the SDK's types were not made for exactOptionalPropertyTypes
    await server.connect(transport as Transport);
    return session;
  }

  /** Ends sessions without an open request that were not used for `idleMs`. */
  async sweep(idleMs: number): Promise<void> {
    for (const [id, session] of this.#sessions) {
      if (session.open > 0 || Date.now() - session.used < idleMs) continue;
      this.#sessions.delete(id);
      await session.close();
    }
  }

  async close(): Promise<void> {
    const all = [...this.#sessions.values()];
    this.#sessions.clear();
    await Promise.all(all.map((session) => session.close()));
  }
}

async function serve(request: IncomingMessage, response: ServerResponse, sessions: HttpSessions): Promise<void> {
  const header = request.headers['mcp-session-id'];
  let session = sessions.get(typeof header === 'string' ? header : undefined);
  const body = request.method === 'POST' ? await readBody(request) : undefined;
  if (session === undefined) {
    if (header !== undefined)
      return refuse(response, 404, 'The session is not known (any more); initialise a new one.');
    if (!isInitializeRequest(body)) return refuse(response, 400, 'There is no session: initialise one first.');
    session = (await sessions.open()) ?? undefined;
    if (session === undefined) return refuse(response, 503, `${MAX_SESSIONS} sessions are open already.`);
  }
  const { transport } = session;
  session.used = Date.now();
  session.open += 1;
  response.once('close', () => {
    session.open -= 1;
    session.used = Date.now();
  });
  await transport.handleRequest(request, response, body);
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        error.code === 'EADDRINUSE' || error.code === 'EACCES'
          ? new GenrtlError('USAGE', `Port ${port} cannot be used: ${error.code}.`, {
              hint: 'Choose another --port, or leave it out.',
            })
          : error,
      );
    });
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

/** Throws USAGE when the port is taken. */
export async function startMcpHttp(options: {
  context: AgentToolContext;
  port: number;
  token: string;
  onUnexpected(error: unknown): void;
}): Promise<McpHttpHost> {
  const sessions = new HttpSessions(options.context);
  const server = createServer();
  const port = await listen(server, options.port);
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const { host, origin } = request.headers;
    if (!hostAllowed(host, port)) return refuse(response, 421, 'This host is not served here.');
    if (origin !== undefined && !originAllowed(origin, host))
      return refuse(response, 403, 'Pages of other sites may not call this server.');
    if (!authorised(request, options.token))
      return refuse(response, 401, 'A valid bearer token is needed.', { 'www-authenticate': 'Bearer realm="genrtl"' });
    if (new URL(request.url ?? '/', 'http://localhost').pathname !== '/mcp')
      return refuse(response, 404, 'The endpoint is /mcp.');
    serve(request, response, sessions).catch((error: unknown) => {
      if (response.headersSent) return response.destroy();
      if (error instanceof GenrtlError)
        return refuse(response, error.code === 'REQUEST_TOO_LARGE' ? 413 : 400, error.message, { connection: 'close' });
      options.onUnexpected(error);
      return refuse(response, 500, 'The request could not be served.');
    });
  });
  const sweeper = setInterval(() => {
    sessions.sweep(IDLE_MS).catch(options.onUnexpected);
  }, 60_000);
  sweeper.unref();
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    close: async () => {
      clearInterval(sweeper);
      await sessions.close();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
