// Which Host and Origin the web host answers to: stops DNS rebinding (421) and sockets opened by other sites (403).

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

/**
 * On a TCP port the Host must name a loopback address and that port. Behind a Unix socket the port is chosen by the
 * person's `ssh -L`, so any port passes; the socket's mode keeps others out.
 */
export function hostAllowed(host: string | undefined, port: number | null): boolean {
  if (host === undefined) return false;
  const match = /^(localhost|127\.0\.0\.1|\[::1\])(?::(\d{1,5}))?$/i.exec(host);
  const name = match?.[1]?.toLowerCase();
  if (name === undefined || !LOOPBACK.includes(name)) return false;
  return port === null || Number(match?.[2] ?? 80) === port;
}

/** A browser always sends Origin with a WebSocket and a POST; it must be present and equal the Host that was asked. */
export function originAllowed(origin: string | undefined, host: string | undefined): boolean {
  return origin !== undefined && host !== undefined && origin.toLowerCase() === `http://${host.toLowerCase()}`;
}
