// node scripts/screenshots.ts [room…]: real pictures of each room for docs/images. The real web host, real tools and
// real packages run a sample to done; nothing on the pictures is made up. The home is a neutral one, so no picture
// names a person or a machine. The Chinese ones need a Chinese font (Debian: fonts-noto-cjk).
import { mkdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { chromium } from '@playwright/test';
import type { BrowserContext, Page } from '@playwright/test';
import type { IpcRequest } from '@genrtl/contracts/ipc/index.ts';
import playwrightConfig from '../playwright.config.ts';
import { serveApp } from '../test/browser/support/served-app.ts';
import { removeHomeAt } from '../backend/test/database.ts';

const HOME = '/tmp/genrtl-demo';
const IMAGES = path.resolve(import.meta.dirname, '../docs/images');
const MAX_IMAGE_BYTES = 300_000;
const SAMPLE = /uart echo/i;
const SMALL = { width: 1280, height: 800 };
const LARGE = { width: 1920, height: 1080 };

type Look = Required<Pick<IpcRequest<'settings.write'>, 'language' | 'theme'>>;

interface Shot {
  readonly room: string;
  readonly look?: Partial<Look>;
  readonly size?: typeof SMALL;
  /** brings the room on the screen; the page shows the workspace with the finished job in its default layout */
  show(page: Page): Promise<void>;
}

/** Opens a docked panel by its English name, as a person does. */
async function openPanel(page: Page, title: string): Promise<void> {
  await page.keyboard.press('Control+Shift+P');
  await page.keyboard.type(`Show ${title}`);
  await page.getByRole('option', { name: `Show ${title}`, exact: true }).click();
}

async function openFile(page: Page, ...names: string[]): Promise<void> {
  for (const name of names) await page.locator('[data-panel=explorer]').getByText(name, { exact: true }).click();
  await page.locator('[data-panel=editor] .view-line').first().waitFor();
}

/** Transitions have ended, and the editor, where one is shown, has coloured its text. */
async function settled(page: Page): Promise<void> {
  await page.waitForTimeout(600);
  const colours = (): Promise<number> =>
    page
      .locator('.view-line span[class^=mtk]')
      .evaluateAll((spans) => new Set(spans.map((span) => /mtk\d+/.exec(span.className)?.[0])).size);
  const shown = await page.locator('.view-line').count();
  for (let round = 0; shown > 0 && round < 25 && (await colours()) < 3; round += 1) await page.waitForTimeout(200);
}

async function toStart(page: Page): Promise<void> {
  await page.goto(new URL('/', page.url()).href);
  await page.locator('.start-list .start-row').first().waitFor();
}

async function settingsSection(page: Page, name: string): Promise<void> {
  await page.keyboard.press('Control+,');
  await page.getByRole('tab', { name }).click();
  await page.getByRole('tabpanel').locator('td').filter({ visible: true }).first().waitFor();
}

const DESIGN = ['src', 'uart_echo.sv'] as const;

/**
 * A run that keeps its waveform, which a passing job does not, then the room with a few signals of the design and both
 * cursors.
 */
async function showWaves(page: Page): Promise<void> {
  await call(page, 'tools.run', {
    workspace: workspaceOf(page.url()),
    tool: 'icarus',
    action: 'simulate',
    waves: true,
  });
  await openPanel(page, 'Waveforms');
  const canvas = page.locator('[data-panel=waves] canvas');
  await canvas.waitFor();
  await canvas.focus();
  for (const key of ['+', '+', '+']) await page.keyboard.press(key);
  await canvas.click({ position: { x: 90, y: 60 } });
  await canvas.click({ position: { x: 190, y: 60 }, modifiers: ['Shift'] });
}

async function showConsole(page: Page): Promise<void> {
  await page.keyboard.press('Control+`');
  await page.locator('[data-panel=consoles] .xterm').first().click();
  for (const line of ["PS1='$ '; clear", 'verilator --version', 'head -12 src/uart_echo.sv']) {
    await page.keyboard.type(`${line}\n`);
    await page.waitForTimeout(400);
  }
}

/** A specification dropped on the start page, as it was read, before anything runs. */
async function showImport(page: Page): Promise<void> {
  await toStart(page);
  const text = readFileSync(path.resolve(import.meta.dirname, '../resources/samples/event-logger/spec.md'), 'utf8');
  await page
    .locator('input[type=file]')
    .setInputFiles({ name: 'event-logger.md', mimeType: 'text/markdown', buffer: Buffer.from(text) });
  await page.getByRole('dialog').waitFor();
  await page.waitForTimeout(800);
}

const SHOTS: readonly Shot[] = [
  { room: 'start', show: toStart },
  { room: 'start', size: LARGE, show: toStart },
  { room: 'start', look: { language: 'zh-CN', theme: 'light' }, show: toStart },
  { room: 'job-done', show: (page) => openFile(page, ...DESIGN) },
  { room: 'job-done', size: LARGE, show: (page) => openFile(page, ...DESIGN) },
  { room: 'job-done', look: { language: 'zh-CN' }, show: (page) => openFile(page, ...DESIGN) },
  { room: 'job-done', look: { language: 'zh-CN' }, size: LARGE, show: (page) => openFile(page, ...DESIGN) },
  { room: 'job-done', look: { theme: 'light' }, show: (page) => openFile(page, ...DESIGN) },
  {
    room: 'design',
    show: async (page) => {
      await openFile(page, ...DESIGN);
      await openPanel(page, 'Outline');
      await page.locator('[data-panel=outline] [role=treeitem]').nth(1).waitFor();
    },
  },
  { room: 'checks', show: (page) => openPanel(page, 'Checks') },
  { room: 'ask', look: { theme: 'light' }, show: (page) => openPanel(page, 'Ask') },
  { room: 'plan', show: (page) => openPanel(page, 'Plan') },
  { room: 'changes', show: (page) => openPanel(page, 'Changes') },
  {
    room: 'vendor-package',
    show: (page) => openFile(page, '.genRTL', 'vendor', 'cbb', 'cbb_fifo_sync', '1.0.0', 'rtl', 'cbb_fifo_sync.sv'),
  },
  {
    room: 'log',
    show: async (page) => {
      await page.locator('[data-step^=sim_] .step-row').first().click();
      await page.getByRole('button', { name: 'Show the log' }).first().click();
      await page.locator('[data-panel=log]').waitFor();
    },
  },
  {
    room: 'palette',
    show: async (page) => {
      await page.keyboard.press('Control+Shift+P');
      await page.getByRole('option').first().waitFor();
    },
  },
  { room: 'import', show: showImport },
  { room: 'waveforms', show: showWaves },
  { room: 'waveforms', size: LARGE, show: showWaves },
  {
    room: 'schematic',
    show: async (page) => {
      await openPanel(page, 'Schematic');
      await page.locator('[data-panel=schematic] .schematic-svg').waitFor();
    },
  },
  {
    room: 'packages',
    show: async (page) => {
      await openPanel(page, 'Packages');
      await page
        .locator('[data-panel=cbb]')
        .getByRole('button', { name: /\bcbb_fifo_sync\b/ })
        .click();
      await page.locator('[data-panel=cbb] .cbb-details').waitFor();
    },
  },
  {
    room: 'skills',
    show: async (page) => {
      await openPanel(page, 'Skills');
      await page.locator('[data-panel=skills] .skills-row').first().click();
    },
  },
  { room: 'consoles', show: showConsole },
  {
    room: 'search',
    show: async (page) => {
      await openFile(page, ...DESIGN);
      await openPanel(page, 'Outline');
      await openPanel(page, 'Search');
      await page.locator('[data-panel=search] input[type=search]').fill('level');
      await page.waitForTimeout(800);
    },
  },
  { room: 'settings-models', show: (page) => settingsSection(page, 'Models') },
  { room: 'settings-tools', look: { theme: 'light' }, show: (page) => settingsSection(page, 'Tools') },
  {
    room: 'usage',
    show: async (page) => {
      await page.goto(new URL('/#/usage', page.url()).href);
      await page.getByRole('cell', { name: 'cbb_fifo_sync' }).first().waitFor();
    },
  },
];

/** The route lies behind `#`. */
const workspaceOf = (url: string): string => new URL(url.replace('/#/', '/')).searchParams.get('path') ?? '';

const nameOf = (room: string, look: Look, size: typeof SMALL): string =>
  `${room}-${look.language}-${look.theme}-${size.width}x${size.height}.png`;

async function shoot(page: Page, name: string): Promise<void> {
  await settled(page);
  const file = path.join(IMAGES, name);
  await page.screenshot({ path: file, animations: 'disabled', caret: 'hide' });
  const sizeBytes = statSync(file).size;
  if (sizeBytes > MAX_IMAGE_BYTES) throw new Error(`${name} has ${sizeBytes} bytes, more than ${MAX_IMAGE_BYTES}`);
  console.log(`${name}  ${Math.round(sizeBytes / 1000)} kB`);
}

/** One call over a socket of the page's own, with its cookie; `reload` makes the page read what changed. */
async function call(page: Page, name: string, request: object): Promise<void> {
  const answer = await page.evaluate(
    ({ name, request: payload }) =>
      new Promise<string>((resolve, reject) => {
        const socket = new WebSocket(`ws://${location.host}/ipc`);
        socket.onopen = () => socket.send(JSON.stringify({ id: 1, call: name, request: payload }));
        socket.onerror = () => reject(new Error('the socket failed'));
        socket.onmessage = ({ data }) => {
          const message = JSON.parse(String(data)) as { id?: number; answer?: unknown };
          if (message.id !== 1) return;
          socket.close();
          resolve(JSON.stringify(message.answer));
        };
      }),
    { name, request },
  );
  if (!answer.startsWith('{"ok":true')) throw new Error(`${name}: ${answer}`);
}

/**
 * Runs the sample with both gates on `ask`, shooting them on the way, until the job is done. Returns the workspace's
 * route.
 */
async function runSample(page: Page): Promise<string> {
  const gate = async (room: string): Promise<void> =>
    shoot(page, nameOf(room, { language: 'en', theme: 'dark' }, SMALL));
  await page.getByRole('button', { name: SAMPLE }).click();
  const agent = page.locator('[data-panel=agent]');
  await agent.getByRole('button', { name: 'Run', exact: true }).waitFor();
  await gate('job-form');
  await agent.getByRole('button', { name: 'Run', exact: true }).click();
  const approve = page.getByRole('button', { name: 'Approve the plan' });
  await approve.waitFor({ timeout: 90_000 });
  await page.getByRole('button', { name: 'Look at the plan' }).click();
  await gate('gate-plan');
  await approve.click();
  const buy = page.getByRole('button', { name: 'Buy', exact: true });
  await buy.waitFor({ timeout: 90_000 });
  await gate('gate-purchase');
  await buy.click();
  await agent.locator('.job-line .chip', { hasText: 'Done' }).waitFor({ timeout: 180_000 });
  return page.url();
}

async function takeShot(context: BrowserContext, workspaceUrl: string, shot: Shot): Promise<void> {
  const look: Look = { language: 'en', theme: 'dark', ...shot.look };
  const size = shot.size ?? SMALL;
  const page = await context.newPage();
  try {
    await page.setViewportSize(size);
    await page.goto(workspaceUrl);
    await page.locator('[data-panel=agent] .job-head').waitFor();
    await call(page, 'settings.write', look);
    // no layout is the default one
    await call(page, 'layout.write', { workspace: workspaceOf(workspaceUrl), layout: 'null' });
    await page.reload();
    await page.locator('[data-panel=agent] .job-head').waitFor();
    await shot.show(page);
    await shoot(page, nameOf(shot.room, look, size));
  } finally {
    await page.close();
  }
}

function forgetHome(): void {
  removeHomeAt(HOME);
}

const wanted = process.argv.slice(2);
forgetHome();
mkdirSync(HOME, { mode: 0o700 });
mkdirSync(IMAGES, { recursive: true });
const app = await serveApp(HOME, 0, { HOME, SHELL: '/bin/sh' });
const browser = await chromium.launch(playwrightConfig.use?.launchOptions ?? {});
const failures: string[] = [];
try {
  const context = await browser.newContext({ viewport: SMALL, reducedMotion: 'reduce' });
  const first = await context.newPage();
  await first.goto(app.url);
  await first.locator('.start-list .start-row').first().waitFor();
  const workspaceUrl = await runSample(first);
  await first.close();
  for (const shot of SHOTS) {
    if (wanted.length > 0 && !wanted.includes(shot.room)) continue;
    await takeShot(context, workspaceUrl, shot).catch((error: unknown) =>
      failures.push(`${shot.room}: ${error instanceof Error ? error.message : String(error)}`),
    );
  }
} finally {
  await browser.close();
  await app.stop();
  forgetHome();
}
for (const failure of failures) console.error(failure);
process.exitCode = failures.length > 0 ? 1 : 0;
