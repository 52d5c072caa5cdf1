// A stand-in for Electron's parts, for tests: records what the shell asks of them and lets a test play the events.
import { EventEmitter } from 'node:events';
import type { BrowserWindowConstructorOptions, IpcMainInvokeEvent } from 'electron';
import type { ElectronParts } from './start.ts';

export class FakeContents extends EventEmitter {
  readonly sent: unknown[] = [];
  openHandler: ((details: { url: string }) => { action: string }) | null = null;
  send(...message: unknown[]): void {
    this.sent.push(message);
  }
  isDestroyed(): boolean {
    return false;
  }
  reloads = 0;
  reload(): void {
    this.reloads += 1;
  }
  setWindowOpenHandler(handler: (details: { url: string }) => { action: string }): void {
    this.openHandler = handler;
  }
}

export class FakeWindow extends EventEmitter {
  static all: FakeWindow[] = [];
  readonly options: BrowserWindowConstructorOptions;
  readonly webContents = new FakeContents();
  loaded = '';
  focused = 0;
  constructor(options: BrowserWindowConstructorOptions) {
    super();
    this.options = options;
    FakeWindow.all.push(this);
  }
  async loadURL(url: string): Promise<void> {
    this.loaded = url;
  }
  show(): void {
    this.emit('shown');
  }
  focus(): void {
    this.focused += 1;
  }
  restore(): void {
    this.emit('restored');
  }
  maximize(): void {
    this.emit('maximized');
  }
  isMinimized(): boolean {
    return false;
  }
  isMaximized(): boolean {
    return false;
  }
  isDestroyed(): boolean {
    return false;
  }
  getNormalBounds(): { x: number; y: number; width: number; height: number } {
    return { x: 10, y: 20, width: 1000, height: 700 };
  }
}

export class FakeApp extends EventEmitter {
  locked = true;
  quits = 0;
  sandboxed = false;
  protocols: string[] = [];
  enableSandbox(): void {
    this.sandboxed = true;
  }
  requestSingleInstanceLock(): boolean {
    return this.locked;
  }
  quit(): void {
    this.quits += 1;
  }
  setAsDefaultProtocolClient(name: string): boolean {
    this.protocols.push(name);
    return true;
  }
  async whenReady(): Promise<void> {
    await Promise.resolve();
  }
}

type InvokeHandler = (event: IpcMainInvokeEvent, ...args: unknown[]) => Promise<unknown>;
type Decide = (
  contents: unknown,
  permission: string,
  callback: (allowed: boolean) => void,
  details: { requestingUrl: string },
) => void;
type Check = (contents: unknown, permission: string, origin: string) => boolean;

export interface FakeElectron {
  readonly parts: ElectronParts;
  readonly app: FakeApp;
  readonly opened: string[];
  readonly schemes: unknown[];
  readonly handlers: Map<string, InvokeHandler>;
  page: ((request: Request) => Promise<Response>) | null;
  askPermission: Decide | null;
  checkPermission: Check | null;
}

export function fakeElectron(): FakeElectron {
  FakeWindow.all = [];
  const app = new FakeApp();
  const handlers = new Map<string, InvokeHandler>();
  const opened: string[] = [];
  const schemes: unknown[] = [];
  const fake: FakeElectron = {
    app,
    opened,
    schemes,
    handlers,
    page: null,
    askPermission: null,
    checkPermission: null,
    parts: undefined as unknown as ElectronParts,
  };
  const parts = {
    app,
    protocol: {
      registerSchemesAsPrivileged: (list: unknown[]) => schemes.push(...list),
      handle: (_scheme: string, handler: (request: Request) => Promise<Response>) => {
        fake.page = handler;
      },
    },
    ipcMain: { handle: (channel: string, handler: InvokeHandler) => void handlers.set(channel, handler) },
    session: {
      defaultSession: {
        setPermissionRequestHandler: (handler: Decide) => {
          fake.askPermission = handler;
        },
        setPermissionCheckHandler: (handler: Check) => {
          fake.checkPermission = handler;
        },
        setDevicePermissionHandler: () => undefined,
      },
    },
    shell: { openExternal: async (url: string) => void opened.push(url) },
    screen: { getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }] },
    BrowserWindow: FakeWindow,
  };
  return Object.assign(fake, { parts: parts as unknown as ElectronParts });
}
