// Connections to model servers that stand, or begin to, when their request is made: opened while what the request waits
// for is still being done. Each is used by one request at most, and soon: a connection that lies about may be closed by
// its server just as a request leaves, and a server that serves one at a time would wait for it.
import net from 'node:net';
import tls from 'node:tls';
import type { Connection } from './limits.ts';

/** One that no request takes is closed. */
const WAITING_MS = 2_000;

export interface OpenedAhead {
  readonly socket: net.Socket;
  /** the handshake is still under way */
  readonly opening: () => boolean;
}

const WAITING = new WeakMap<Connection, Map<string, OpenedAhead[]>>();

/** True where the address is reached without a proxy. */
export const isDirect = (url: URL, { proxy }: Connection): boolean =>
  Object.keys(proxy).length === 0 || /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);

/** Begins a connection for the next request to this server; whatever is wrong with it, the request itself will tell. */
export function connectAhead(address: string, connection: Connection): void {
  const url = URL.parse(address);
  if (url === null || !isDirect(url, connection)) return;
  try {
    connection.guard?.requireHost(url.hostname);
  } catch {
    return;
  }
  const opened = open(url, connection);
  const { socket } = opened;
  const origins = WAITING.get(connection) ?? new Map<string, OpenedAhead[]>();
  WAITING.set(connection, origins);
  const waiting = origins.get(url.origin) ?? [];
  origins.set(url.origin, waiting);
  waiting.push(opened);
  const timer = setTimeout(() => socket.destroy(), WAITING_MS);
  timer.unref();
  // A request that takes it listens for itself.
  socket.on('error', () => undefined);
  socket.once('close', () => {
    forget(waiting, opened);
    clearTimeout(timer);
  });
  socket.once(TAKEN, () => {
    clearTimeout(timer);
  });
  socket.unref();
}

const TAKEN = 'genrtl:taken';

function open(url: URL, { guard }: Connection): OpenedAhead {
  const secure = url.protocol === 'https:';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const where = {
    host,
    port: Number(url.port || (secure ? 443 : 80)),
    noDelay: true,
    ...(guard === null ? {} : { lookup: guard.lookup }),
  };
  if (!secure) {
    const socket = net.connect(where);
    return { socket, opening: () => socket.connecting };
  }
  let done = false;
  const socket = tls.connect({
    ...where,
    ALPNProtocols: ['http/1.1'],
    ...(net.isIP(host) === 0 ? { servername: host } : {}),
  });
  socket.once('secureConnect', () => (done = true));
  return { socket, opening: () => !done };
}

/** One that was opened for this server, or null. It belongs to the caller. */
export function takeAhead(url: URL, connection: Connection): OpenedAhead | null {
  const waiting = WAITING.get(connection)?.get(url.origin);
  for (let opened = waiting?.shift(); opened !== undefined; opened = waiting?.shift()) {
    const { socket } = opened;
    if (socket.destroyed || socket.readableEnded || !socket.writable) continue;
    socket.emit(TAKEN);
    socket.ref();
    return opened;
  }
  return null;
}

function forget(waiting: OpenedAhead[], opened: OpenedAhead): void {
  const at = waiting.indexOf(opened);
  if (at >= 0) waiting.splice(at, 1);
}
