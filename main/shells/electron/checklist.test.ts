// Electron's security checklist (electronjs.org/docs/latest/tutorial/security) over the files themselves: what no fake
// can show.
// start.test.ts shows the same rules at work against a stand-in for Electron.
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { CONTENT_SECURITY_POLICY } from '../security-headers.ts';

const ROOT = path.resolve(import.meta.dirname, '../../..');
const read = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8');
const sources = (folder: string): string[] =>
  readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(ts|tsx|html)$/.test(file) && !/\.test\.|fake-electron/.test(file))
    .map((file) => path.join(folder, file));
const shell = [...sources('main/shells/electron'), ...sources('preload')];
const occurrences = (files: readonly string[], pattern: RegExp): string[] =>
  files.filter((file) => pattern.test(read(file)));

/** Directive name to its sources. */
const policy = new Map(
  CONTENT_SECURITY_POLICY.split(';').map((directive) => {
    const [name = '', ...values] = directive.trim().split(/\s+/);
    return [name, values] as const;
  }),
);

describe('windows', () => {
  test('are made in one place only, whose preferences start.test.ts checks', () => {
    expect(occurrences(shell, /new (this\.#deps\.)?(BrowserWindow|BrowserView|WebContentsView)\(/)).toEqual([
      'main/shells/electron/windows.ts',
    ]);
  });
  test('nothing weakens them: no flag that opens the sandbox, isolation, web security or certificates', () => {
    const weak =
      /(sandbox|contextIsolation|webSecurity): false|(nodeIntegration\w*|allowRunningInsecureContent|experimentalFeatures|webviewTag|enableBlinkFeatures): (true|')|appendSwitch|certificate-error|setCertificateVerifyProc|ignore-certificate/;
    expect(occurrences(shell, weak)).toEqual([]);
  });
  test('load app:// only, never http or a file', () => {
    expect(occurrences(shell, /loadFile\(|loadURL\(['"`](http|file)/)).toEqual([]);
  });
  test('DevTools and remote modules are not wired in', () => {
    expect(occurrences(shell, /openDevTools|@electron\/remote|enableRemoteModule|executeJavaScript/)).toEqual([]);
  });
});

describe('the bridge', () => {
  const preload = read('preload/preload.ts');
  test('exposes three named functions and no part of Electron', () => {
    const exposed = /exposeInMainWorld\('(\w+)', \{([\s\S]*)\n\}\);/.exec(preload);
    expect(exposed?.[1]).toBe('genrtl');
    expect([...(exposed?.[2] ?? '').matchAll(/^ {2}(\w+):/gm)].map((match) => match[1])).toEqual([
      'call',
      'on',
      'pathOf',
    ]);
    expect(preload).not.toMatch(/exposeInMainWorld[^;]*ipcRenderer[,)]|: ipcRenderer\b(?!\.)/);
  });
  test('loads nothing but electron and its channel names', () => {
    expect([...preload.matchAll(/from '([^']+)'/g)].map((match) => match[1])).toEqual([
      'electron',
      '@genrtl/contracts/channels.ts',
    ]);
  });
  test('main listens on one channel, through the sender check', () => {
    expect(occurrences(shell, /ipcMain\.(on|once|handle|handleOnce)\(/)).toEqual([
      'main/shells/electron/page-calls.ts',
    ]);
    expect(read('main/shells/electron/page-calls.ts')).toMatch(/if \(!isTrustedSender\(event\)\)\s+return/);
  });
});

describe('the content security policy', () => {
  test('starts from nothing and lets script come from the app alone', () => {
    expect(policy.get('default-src')).toEqual(["'none'"]);
    expect(policy.get('script-src')).toEqual(["'self'"]);
    expect(policy.get('worker-src')).toEqual(["'self'"]);
    expect(policy.get('require-trusted-types-for')).toEqual(["'script'"]);
  });
  test('connects nowhere else, is framed by nobody and posts no forms', () => {
    for (const [name, value] of [
      ['connect-src', "'self'"],
      ['frame-ancestors', "'none'"],
      ['form-action', "'none'"],
      ['base-uri', "'none'"],
    ] as const)
      expect([name, policy.get(name)]).toEqual([name, [value]]);
  });
  test('allows no eval, no inline script and no wildcard', () => {
    expect(CONTENT_SECURITY_POLICY).not.toMatch(/unsafe-eval|wasm-unsafe-eval|\*|https?:/);
    expect(policy.get('script-src')).not.toContain("'unsafe-inline'");
  });
  test('the page keeps to it: no inline script, no handler attributes, no eval', () => {
    expect(read('renderer/index.html')).not.toMatch(/<script(?![^>]*src=)|\son\w+=|javascript:/i);
    expect(occurrences(sources('renderer'), /\beval\(|new Function\(|dangerouslySetInnerHTML/)).toEqual([]);
  });
});

describe('the outside world', () => {
  test('shell.openExternal is called in one place, behind a check of the address', () => {
    expect(occurrences(shell, /openExternal\(/)).toEqual(['main/shells/electron/lockdown.ts']);
    expect(read('main/shells/electron/lockdown.ts')).toMatch(
      /if \(mayOpenOutside\(url\)\) void shell\.openExternal\(url\)/,
    );
  });
  test('the scheme bypasses no policy', () => {
    expect(read('main/shells/electron/app-protocol.ts')).not.toMatch(/bypassCSP|corsEnabled|allowServiceWorkers/);
  });
});

describe('the package', () => {
  const config = parse(read('electron-builder.yml')) as {
    electronFuses: Record<string, boolean>;
    asar: boolean;
    linux: { target: string[] };
    mac: { target: string; hardenedRuntime: boolean };
    win: { target: string };
    protocols: { schemes: string[] }[];
  };
  test('is an asar with the fuses of a shipped app', () => {
    expect(config.asar).toBe(true);
    expect(config.electronFuses).toMatchObject({
      runAsNode: false,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      grantFileProtocolExtraPrivileges: false,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      enableCookieEncryption: true,
    });
  });
  test('is made for the three systems, and takes its sign-in links', () => {
    expect([config.linux.target, config.mac.target, config.win.target]).toEqual([['AppImage', 'deb'], 'dmg', 'nsis']);
    expect(config.mac.hardenedRuntime).toBe(true);
    expect(config.protocols[0]?.schemes).toEqual(['genrtl']);
  });
  test('runs on an Electron that is not behind: the major that is installed', () => {
    const { version } = JSON.parse(read('node_modules/electron/package.json')) as { version: string };
    expect(Number(version.split('.')[0])).toBeGreaterThanOrEqual(45);
  });
});
