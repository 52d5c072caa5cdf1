// What `import 'electron'` gives when the packed main process runs in plain Node: records what it is asked, answers as
// Electron would, and prints the answers to the calls in GENRTL_TEST_CALLS, one JSON line each, before it quits the
// app.
import { EventEmitter } from 'node:events';
import path from 'node:path';

type Handler = (event: unknown, name: string, request: unknown) => Promise<unknown>;
const handlers = new Map<string, Handler>();
let serve: ((request: Request) => Promise<Response>) | null = null;
const print = (line: unknown): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

class FakeApp extends EventEmitter {
  readonly isPackaged = true;
  enableSandbox(): void {
    print({ sandbox: true });
  }
  requestSingleInstanceLock(): boolean {
    return true;
  }
  setAsDefaultProtocolClient(): boolean {
    return true;
  }
  getPath(): string {
    return process.env['GENRTL_HOME'] ?? '';
  }
  getVersion(): string {
    return '0.0.0';
  }
  getName(): string {
    return 'genRTL';
  }
  async whenReady(): Promise<void> {
    await Promise.resolve();
  }
  quit(): void {
    let prevented = false;
    this.emit('before-quit', {
      preventDefault: () => {
        prevented = true;
      },
    });
    if (!prevented) process.exit(0);
  }
  exit(code: number): void {
    process.exit(code);
  }
}
export const app = new FakeApp();

async function play(url: string): Promise<void> {
  const frame = { url, parent: null };
  const call = handlers.get('genrtl:call');
  const page = await serve?.(new Request(url));
  print({ page: page?.status, policy: page?.headers.get('content-security-policy') });
  for (const [name, request] of JSON.parse(process.env['GENRTL_TEST_CALLS'] ?? '[]') as [string, unknown][]) {
    print({ call: name, answer: await call?.({ senderFrame: frame }, name, request) });
  }
  app.quit();
}

export class BrowserWindow extends EventEmitter {
  readonly webContents = Object.assign(new EventEmitter(), {
    send: () => undefined,
    isDestroyed: () => false,
    reload: () => undefined,
  });
  constructor(options: { webPreferences: { preload: string } }) {
    super();
    print({
      preload: path.relative(process.cwd(), options.webPreferences.preload),
      preferences: options.webPreferences,
    });
  }
  async loadURL(url: string): Promise<void> {
    await play(url);
  }
  getNormalBounds(): object {
    return { x: 0, y: 0, width: 1000, height: 700 };
  }
  isDestroyed(): boolean {
    return false;
  }
  isMaximized(): boolean {
    return false;
  }
  isMinimized(): boolean {
    return false;
  }
  focus(): void {
    print({ focus: true });
  }
}

export const protocol = {
  registerSchemesAsPrivileged: (): void => undefined,
  handle: (_scheme: string, handler: (request: Request) => Promise<Response>): void => {
    serve = handler;
  },
};
export const ipcMain = {
  handle: (channel: string, handler: Handler): void => void handlers.set(channel, handler),
  on: (): void => undefined,
};
export const session = {
  defaultSession: {
    setPermissionRequestHandler: (): void => undefined,
    setPermissionCheckHandler: (): void => undefined,
    setDevicePermissionHandler: (): void => undefined,
  },
};
export const shell = { openExternal: async (): Promise<void> => undefined };
export const screen = { getAllDisplays: (): object[] => [] };
export const safeStorage = {
  isAsyncEncryptionAvailable: async (): Promise<boolean> => false,
  getSelectedStorageBackend: (): string => 'unknown',
};
export default { app, BrowserWindow, protocol, ipcMain, session, shell, screen, safeStorage };
