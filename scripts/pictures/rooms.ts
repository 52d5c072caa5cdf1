// The rooms of the documentation: the sample's workspace with its finished job, nothing of it made up.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { call, LARGE, openFile, openPanel, workspaceOf } from './stage.ts';
import type { Look, Size } from './stage.ts';

export interface Shot {
  readonly room: string;
  readonly look?: Partial<Look>;
  readonly size?: Size;
  /** brings the room on the screen; the page shows the workspace with the finished job in its default layout */
  show(page: Page): Promise<void>;
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
  await openPanel(page, 'waves');
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
  const text = readFileSync(path.resolve(import.meta.dirname, '../../resources/samples/event-logger/spec.md'), 'utf8');
  await page
    .locator('input[type=file]')
    .setInputFiles({ name: 'event-logger.md', mimeType: 'text/markdown', buffer: Buffer.from(text) });
  await page.getByRole('dialog').waitFor();
  await page.waitForTimeout(800);
}

export const SHOTS: readonly Shot[] = [
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
      await openPanel(page, 'outline');
      await page.locator('[data-panel=outline] [role=treeitem]').nth(1).waitFor();
    },
  },
  { room: 'checks', show: (page) => openPanel(page, 'checks') },
  { room: 'ask', look: { theme: 'light' }, show: (page) => openPanel(page, 'ask') },
  { room: 'plan', show: (page) => openPanel(page, 'plan') },
  { room: 'changes', show: (page) => openPanel(page, 'changes') },
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
      await page.getByRole('dialog').getByRole('option').first().waitFor();
    },
  },
  { room: 'import', show: showImport },
  { room: 'waveforms', show: showWaves },
  { room: 'waveforms', size: LARGE, show: showWaves },
  {
    room: 'schematic',
    show: async (page) => {
      await openPanel(page, 'schematic');
      await page.locator('[data-panel=schematic] .schematic-svg').waitFor();
    },
  },
  {
    room: 'packages',
    show: async (page) => {
      await openPanel(page, 'cbb');
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
      await openPanel(page, 'skills');
      await page.locator('[data-panel=skills] .skills-row').first().click();
    },
  },
  { room: 'consoles', show: showConsole },
  {
    room: 'search',
    show: async (page) => {
      await openFile(page, ...DESIGN);
      await openPanel(page, 'outline');
      await openPanel(page, 'search');
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
