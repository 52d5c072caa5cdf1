// The real desktop window, where the Electron binary is installed: it opens, is locked down, and talks to main.
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { _electron as electron, expect, test } from '@playwright/test';

const ROOT = path.resolve(import.meta.dirname, '../..');
const BINARY =
  process.env['GENRTL_ELECTRON'] ??
  path.join(ROOT, 'node_modules/electron/dist', process.platform === 'win32' ? 'electron.exe' : 'electron');

test('the desktop window opens, is sandboxed and shows the samples', async () => {
  test.skip(
    !existsSync(BINARY),
    'the Electron binary is not installed: it is downloaded from outside the npm registry (GENRTL_ELECTRON names another place)',
  );
  test.skip(
    process.platform === 'linux' && !process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY'],
    'Electron needs a display',
  );
  const home = await mkdtemp(path.join(tmpdir(), 'genrtl-electron-'));
  const app = await electron.launch({
    executablePath: BINARY,
    args: [
      ROOT,
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      `--user-data-dir=${path.join(home, 'profile')}`,
    ],
    env: { ...process.env, GENRTL_HOME: home } as Record<string, string>,
  });
  try {
    const page = await app.firstWindow();
    await expect(page.getByRole('heading', { name: 'Samples' })).toBeVisible();
    expect(page.url()).toMatch(/^app:\/\/genrtl\//);
    expect(
      await page.evaluate(() => [
        typeof Reflect.get(globalThis, 'require'),
        typeof Reflect.get(globalThis, 'process'),
        Object.keys(Reflect.get(globalThis, 'genrtl') as object).sort(),
      ]),
    ).toEqual(['undefined', 'undefined', ['call', 'on', 'pathOf']]);
    await page.evaluate(() => {
      location.href = 'https://example.org/';
    });
    await page.waitForTimeout(300);
    expect(page.url()).toMatch(/^app:\/\/genrtl\//);
    expect(await page.evaluate(() => window.open('https://example.org/') === null)).toBe(true);
    await page.getByRole('button', { name: /modulo counter/i }).click();
    await expect(page.locator('[data-panel=agent]')).toBeVisible();
  } finally {
    await app.close();
    await rm(home, { recursive: true, force: true });
  }
});
