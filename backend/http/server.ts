// The HTTP server around the application.
import type { Server } from 'node:http';
import { serve } from '@hono/node-server';
import { createApp } from './app.ts';
import type { HttpServices } from './services.ts';

export interface HttpServer {
  readonly port: number;
  /** Stops accepting, ends idle connections at once and the rest after the grace time. */
  close(graceMs: number): Promise<void>;
}

export async function startHttp(services: HttpServices, listen: { host: string; port: number }): Promise<HttpServer> {
  const app = createApp(services);
  const { server, port } = await new Promise<{ server: Server; port: number }>((resolve, reject) => {
    const started = serve(
      { fetch: app.fetch, hostname: listen.host, port: listen.port, overrideGlobalObjects: false },
      (info) => {
        resolve({ server: started as Server, port: info.port });
      },
    );
    started.once('error', reject);
  });
  // Slow headers are an attack; slow bodies are large files.
  server.headersTimeout = 15_000;
  server.requestTimeout = 300_000;
  server.keepAliveTimeout = 30_000;
  return {
    port,
    close: (graceMs) =>
      new Promise((resolve) => {
        const force = setTimeout(() => {
          server.closeAllConnections();
        }, graceMs);
        server.close(() => {
          clearTimeout(force);
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
}
