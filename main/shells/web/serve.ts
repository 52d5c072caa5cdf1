// `genrtl serve`: the services behind the web host, until the signal comes.
import path from 'node:path';
import { compose } from '../../compose.ts';
import { createIpc } from '../../ipc/handlers.ts';
import { INSTALLATION } from '../../installation/installation.ts';
import { openBrowser } from '../../processes/open-browser.ts';
import { PageAssets } from '../page-assets.ts';
import { startWebHost } from './web-host.ts';

export interface ServeOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly port: number;
  /** absolute path of a Unix socket, or null for TCP on 127.0.0.1 */
  readonly socket: string | null;
  readonly open: boolean;
  /** false: the page comes from elsewhere, this host answers its calls */
  readonly page: boolean;
  readonly signal: AbortSignal;
  /** tells the person something; stderr of the command line */
  say(text: string): void;
  /** called once with an address that signs a browser in */
  ready(url: string): void;
}

const PAGE = path.join(INSTALLATION.root, 'dist/renderer');

/** Throws INTERNAL when the page is not built, USAGE when port or socket is taken. */
export async function serve(options: ServeOptions): Promise<void> {
  const assets = options.page ? PageAssets.open(PAGE) : PageAssets.none();
  const { services, close } = compose({ env: options.env, shell: 'web' });
  const ipc = createIpc(services);
  const unexpected = (where: string, error: unknown): void =>
    options.say(`${where}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  // a fault in the background is told and ends nothing: a job may be at work, and a page that holds unsaved text
  const onRejection = (error: unknown): void => unexpected('in the background', error);
  process.on('unhandledRejection', onRejection);
  try {
    const host = await startWebHost({
      handlers: ipc.handlers,
      pushes: services.pushes,
      assets,
      home: services.facts.home,
      port: options.port,
      ...(options.socket === null ? {} : { socket: options.socket }),
      onUnexpected: unexpected,
    });
    const url = host.bootUrl();
    announce(options, host.port, url);
    options.ready(url);
    if (options.open) await openBrowser(url, options.env);
    const stopPrinting = printMoreAddresses(options, () => host.bootUrl());
    await new Promise<void>((resolve) => {
      if (options.signal.aborted) resolve();
      options.signal.addEventListener('abort', () => resolve(), { once: true });
    });
    stopPrinting();
    await host.close();
  } finally {
    await ipc.close();
    await close();
    process.off('unhandledRejection', onRejection);
  }
}

function announce(options: ServeOptions, port: number | null, url: string): void {
  options.say(`genRTL is ready. Open this address in a browser (it works once):\n  ${url}`);
  if (port === null) {
    options.say(
      `It listens on the socket ${options.socket ?? ''}. From your own machine:\n  ssh -N -L 8080:${options.socket ?? ''} <this host>\nthen open the address with 8080 in place of PORT.`,
    );
  }
  if (process.stdin.isTTY) options.say('Enter prints a new address, Ctrl-C stops.');
}

/** At a terminal, Enter prints a fresh address for another browser. */
function printMoreAddresses(options: ServeOptions, bootUrl: () => string): () => void {
  if (!process.stdin.isTTY) return () => undefined;
  const onLine = (): void => options.say(`  ${bootUrl()}`);
  process.stdin.on('data', onLine);
  return () => {
    process.stdin.off('data', onLine);
    process.stdin.pause();
  };
}
