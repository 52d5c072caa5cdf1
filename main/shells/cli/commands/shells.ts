// serve, mcp, backend: the long-running shells.
import path from 'node:path';
import { InvalidArgumentError, type Command } from 'commander';
import type { CliIo } from '../io.ts';

function port(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > 65535) throw new InvalidArgumentError('a port is a number from 0 to 65535');
  return value;
}

export function registerShells(program: Command, io: CliIo): void {
  program
    .command('serve')
    .description('serve the app to a browser (for a tool server over SSH)')
    .option('--port <n>', 'port on 127.0.0.1 (default: a free one)', port, 0)
    .option('--socket <path>', 'listen on a Unix socket of mode 0600 instead')
    .option('--open', 'open a browser window')
    .option('--no-page', 'answer calls only; the page is served by `npm run dev`')
    .action(async (options: { port: number; socket?: string; open?: boolean; page: boolean }) => {
      const { serve } = await import('../../web/serve.ts');
      await serve({
        env: io.env,
        port: options.port,
        socket: options.socket === undefined ? null : path.resolve(io.cwd, options.socket),
        open: options.open === true,
        page: options.page,
        signal: io.signal,
        say: (text) => io.err(text),
        ready: (address) => {
          if (io.json) io.out(JSON.stringify({ event: 'ready', url: address }));
        },
      });
    });

  program
    .command('mcp')
    .description('serve tools and skills to agents (Model Context Protocol)')
    .option('--http', 'streamable HTTP on 127.0.0.1 instead of stdio')
    .option('--port <n>', 'port for --http (default: a free one)', port, 0)
    .action(async (options: { http?: boolean; port: number }) => {
      const { serveMcp } = await import('../../mcp/index.ts');
      await serveMcp({
        env: io.env,
        cwd: io.cwd,
        http: options.http === true,
        port: options.port,
        signal: io.signal,
        say: (text) => io.err(text),
      });
    });

  program
    .command('backend')
    .description('run the backend in the foreground')
    .option('--role <role>', 'api, worker or all', 'all')
    .option('--port <n>', 'port on 127.0.0.1 (default: a free one)', port, 0)
    .option('--take-over', 'take the home from a backend that is out of reach')
    .action(async (options: { role: string; port: number; takeOver?: boolean }) => {
      const { runBackend } = await import('../../../processes/backend.ts');
      const args = ['--role', options.role, '--port', String(options.port)];
      io.exit(await runBackend(io.env, options.takeOver === true ? [...args, '--take-over'] : args, io.signal));
    });
}
