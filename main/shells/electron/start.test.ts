// The desktop shell against a fake Electron: the security checklist of electronjs.org/docs/latest/tutorial/security,
// item by item.
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { IpcHandlers } from '@genrtl/contracts/ipc/index.ts';
import { CALL_CHANNEL, PUSH_CHANNEL } from '@genrtl/contracts/channels.ts';
import { PushHub } from '../../ipc/push-hub.ts';
import { PageAssets } from '../page-assets.ts';
import { parseDeepLink } from './deep-link.ts';
import { FakeContents, FakeWindow, fakeElectron } from './fake-electron.ts';
import type { FakeElectron } from './fake-electron.ts';
import { startDesktop } from './start.ts';
import { isOnScreen } from './window-state.ts';
import type { WindowBounds } from './window-state.ts';

let home: string;
let electron: FakeElectron;
let pushes: PushHub;
let closed: number;
let saved: WindowBounds | null;
let updatesEnded: number;
const links: unknown[] = [];

async function start(): Promise<void> {
  await startDesktop({
    electron: electron.parts,
    assets: PageAssets.open(home),
    bundle: '/bundle',
    onUnexpected: () => undefined,
    onLink: (link) => links.push(link),
    followUpdates: () => () => {
      updatesEnded += 1;
    },
    windowState: {
      read: () => saved,
      write: (bounds) => {
        saved = bounds;
      },
    },
    services: () => ({
      pushes,
      ipc: {
        handlers: { 'app.recent': async () => ({ workspaces: [] }) } as unknown as IpcHandlers,
        close: async () => {
          closed += 1;
        },
      },
      close: async () => {
        closed += 1;
      },
    }),
  });
}

const ask = (frame: unknown, name: unknown = 'app.recent', request: unknown = {}): Promise<unknown> => {
  const handler = electron.handlers.get(CALL_CHANNEL);
  if (handler === undefined) throw new Error('no handler');
  return handler({ senderFrame: frame } as never, name, request);
};

beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'genrtl-electron-'));
  await mkdir(path.join(home, 'assets'));
  await writeFile(path.join(home, 'index.html'), '<!doctype html>');
  electron = fakeElectron();
  pushes = new PushHub();
  closed = 0;
  saved = null;
  updatesEnded = 0;
  links.length = 0;
});
afterEach(() => rm(home, { recursive: true, force: true }));

describe('security checklist', () => {
  test('every window is sandboxed and isolated, without Node, with web security', async () => {
    await start();
    electron.app.emit('web-contents-created', {}, new FakeContents());
    for (const window of FakeWindow.all) {
      expect(window.options.webPreferences).toMatchObject({
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        nodeIntegrationInWorker: false,
        nodeIntegrationInSubFrames: false,
        webSecurity: true,
        allowRunningInsecureContent: false,
        experimentalFeatures: false,
        webviewTag: false,
      });
    }
    expect(electron.app.sandboxed).toBe(true);
  });

  test('the page comes from app:// with its content security policy, and nothing else does', async () => {
    await start();
    expect(FakeWindow.all[0]?.loaded).toBe('app://genrtl/');
    const page = await electron.page?.(new Request('app://genrtl/'));
    expect(page?.headers.get('content-security-policy')).toContain("default-src 'none'");
    for (const url of [
      'app://other/',
      'app://genrtl/../../etc/passwd',
      'app://genrtl/%2e%2e/x',
      'app://genrtl/missing.js',
    ])
      expect((await electron.page?.(new Request(url)))?.status).toBe(404);
  });

  test('the scheme is standard and secure, and bypasses no policy', async () => {
    await start();
    expect(electron.schemes).toEqual([
      { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
    ]);
  });

  test('navigation, redirects and webviews are refused for every web contents', async () => {
    await start();
    const contents = new FakeContents();
    electron.app.emit('web-contents-created', {}, contents);
    for (const event of ['will-navigate', 'will-redirect']) {
      for (const [url, refused] of [
        ['https://evil.example/', true],
        ['file:///etc/passwd', true],
        ['app://genrtl/#/usage', false],
        ['app://other/', true],
        ['javascript:alert(1)', true],
      ] as const) {
        let prevented = false;
        contents.emit(event, {
          url,
          preventDefault: () => {
            prevented = true;
          },
        });
        expect([event, url, prevented]).toEqual([event, url, refused]);
      }
    }
    let prevented = false;
    contents.emit('will-attach-webview', {
      preventDefault: () => {
        prevented = true;
      },
    });
    expect(prevented).toBe(true);
  });

  test('new windows are refused; only https leaves, to the person’s browser', async () => {
    await start();
    const contents = new FakeContents();
    electron.app.emit('web-contents-created', {}, contents);
    for (const url of [
      'https://example.org/a',
      'http://example.org/',
      'file:///etc/passwd',
      'smb://x/y',
      'genrtl://show',
      'javascript:alert(1)',
      'x',
    ])
      expect(contents.openHandler?.({ url })).toEqual({ action: 'deny' });
    expect(electron.opened).toEqual(['https://example.org/a']);
  });

  test('the usage window is our own, with the same preferences', async () => {
    await start();
    const contents = new FakeContents();
    electron.app.emit('web-contents-created', {}, contents);
    contents.openHandler?.({ url: 'app://genrtl/#/usage' });
    expect(FakeWindow.all.map((window) => window.loaded)).toEqual(['app://genrtl/', 'app://genrtl/#/usage']);
    expect(FakeWindow.all[1]?.options.webPreferences?.sandbox).toBe(true);
  });

  test('every permission is denied, but for notifications of our own page', async () => {
    await start();
    const ask = (permission: string, requestingUrl: string): boolean | undefined => {
      let allowed: boolean | undefined;
      electron.askPermission?.(
        null,
        permission,
        (answer) => {
          allowed = answer;
        },
        { requestingUrl },
      );
      return allowed;
    };
    for (const permission of [
      'media',
      'geolocation',
      'clipboard-read',
      'openExternal',
      'usb',
      'fileSystem',
      'notification',
    ]) {
      expect([
        permission,
        ask(permission, 'app://genrtl/'),
        electron.checkPermission?.(null, permission, 'app://genrtl/'),
      ]).toEqual([permission, false, false]);
    }
    for (const [url, allowed] of [
      ['app://genrtl/', true],
      ['https://evil.example/', false],
      ['app://other/', false],
      ['', false],
    ] as const) {
      expect([url, ask('notifications', url), electron.checkPermission?.(null, 'notifications', url)]).toEqual([
        url,
        allowed,
        allowed,
      ]);
    }
  });

  test('calls are taken from the top frame of our page only, and malformed ones are refused', async () => {
    await start();
    expect(await ask({ url: 'app://genrtl/#/', parent: null })).toEqual({ ok: true, value: { workspaces: [] } });
    for (const frame of [
      null,
      { url: 'https://evil.example/', parent: null },
      { url: 'app://other/', parent: null },
      { url: 'app://genrtl/', parent: {} },
      { url: '', parent: null },
    ])
      expect(await ask(frame)).toMatchObject({ ok: false });
    expect(await ask({ url: 'app://genrtl/', parent: null }, 'workspace.read', { workspace: 7 })).toMatchObject({
      ok: false,
      error: { code: 'REQUEST_INVALID' },
    });
  });

  test('1,000 malformed messages from any frame: each refused, none throws, the handler behind is never reached', async () => {
    await start();
    const page = { url: 'app://genrtl/#/', parent: null };
    const frames = fc.oneof(
      fc.constant(page),
      fc.constantFrom(
        null,
        { url: 'https://evil.example/', parent: null },
        { url: 'app://genrtl.evil.example/', parent: null },
        { url: 'app://genrtl/', parent: page },
      ),
    );
    await fc.assert(
      fc.asyncProperty(
        frames,
        fc.anything().map((name) => name ?? null),
        fc.anything({ withNullPrototype: true, withBigInt: true, withMap: true }),
        async (frame, name, request) => {
          expect(await ask(frame, name, request ?? null)).toMatchObject({
            ok: false,
            error: { code: 'REQUEST_INVALID' },
          });
        },
      ),
      { numRuns: 1000 },
    );
    expect(await ask(page)).toMatchObject({ ok: true });
  });

  test('nothing outside this folder and preload imports electron', async () => {
    const { readdir } = await import('node:fs/promises');
    const root = path.resolve(import.meta.dirname, '../../..');
    for (const folder of ['main', 'core', 'contracts', 'disk', 'eda', 'renderer']) {
      for (const entry of await readdir(path.join(root, folder), { recursive: true, withFileTypes: true })) {
        const file = path.join(entry.parentPath, entry.name);
        if (
          !entry.isFile() ||
          !/\.tsx?$/.test(file) ||
          file.includes('node_modules') ||
          file.startsWith(import.meta.dirname)
        )
          continue;
        expect(
          /from 'electron(-store)?(\/[^']*)?'|require\('electron'\)/.test(await readFile(file, 'utf8')),
          file,
        ).toBe(false);
      }
    }
  });
});

describe('life', () => {
  test('pushes reach every window', async () => {
    await start();
    pushes.publish({ push: 'backend.state', payload: { state: 'ready', error: null } });
    expect(FakeWindow.all[0]?.webContents.sent).toEqual([
      [PUSH_CHANNEL, { push: 'backend.state', payload: { state: 'ready', error: null } }],
    ]);
  });
  test('a second instance quits and touches nothing; the first comes to the front with its link', async () => {
    electron.app.locked = false;
    await start();
    expect([electron.app.quits, FakeWindow.all.length]).toEqual([1, 0]);
    electron = fakeElectron();
    await start();
    electron.app.emit('second-instance', {}, ['/app', '--x', 'genrtl://signed-in?code=abcdefgh12&state=ijklmnop34']);
    expect(FakeWindow.all[0]?.focused).toBe(1);
    expect(links).toEqual([{ kind: 'signed-in', code: 'abcdefgh12', state: 'ijklmnop34' }]);
  });
  test('services end before the process does, once', async () => {
    await start();
    let prevented = 0;
    const event = {
      preventDefault: () => {
        prevented += 1;
      },
    };
    electron.app.emit('before-quit', event);
    electron.app.emit('before-quit', event);
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect([prevented, closed, updatesEnded, electron.app.quits]).toEqual([2, 2, 1, 1]);
    electron.app.emit('before-quit', event);
    expect(prevented).toBe(2);
  });
  test('the window comes back where it was, unless no screen shows that place', async () => {
    saved = { x: 100, y: 50, width: 1300, height: 800, maximized: false };
    await start();
    expect(FakeWindow.all[0]?.options).toMatchObject({ x: 100, y: 50, width: 1300, height: 800 });
    FakeWindow.all[0]?.emit('close');
    expect(saved).toEqual({ x: 10, y: 20, width: 1000, height: 700, maximized: false });
    const screens = [{ x: 0, y: 0, width: 1920, height: 1080 }];
    expect(isOnScreen({ x: 5000, y: 50, width: 1300, height: 800, maximized: false }, screens)).toBe(false);
    expect(isOnScreen({ x: 100, y: -900, width: 1300, height: 800, maximized: false }, screens)).toBe(false);
  });
  test('a crash right after the window was moved loses no place: it is saved without a close', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      await start();
      const [window] = FakeWindow.all;
      for (let step = 0; step < 50; step += 1) window?.emit('move');
      expect(saved).toBeNull();
      await vi.advanceTimersByTimeAsync(500);
      expect(saved).toEqual({ x: 10, y: 20, width: 1000, height: 700, maximized: false });
    } finally {
      vi.useRealTimers();
    }
  });
  test('a page whose process died is loaded again, once; one that keeps dying is not', async () => {
    await start();
    const contents = FakeWindow.all[0]?.webContents;
    contents?.emit('render-process-gone', {}, { reason: 'clean-exit' });
    expect(contents?.reloads).toBe(0);
    contents?.emit('render-process-gone', {}, { reason: 'oom' });
    contents?.emit('render-process-gone', {}, { reason: 'crashed' });
    expect(contents?.reloads).toBe(1);
  });
});

test.each([
  'genrtl://run?cmd=rm',
  'genrtl://signed-in?code=short&state=x',
  'https://signed-in',
  'genrtl:',
  'genrtl://signed-in?code=a%20b%20c%20d%20e&state=ijklmnop34',
  `genrtl://show?${'x'.repeat(3000)}`,
])('the link %s is refused', (text) => {
  expect(parseDeepLink(text)).toBeNull();
});
