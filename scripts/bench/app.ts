// The app as a person feels it: the real web host, a real browser, large inputs. Figures are those of this machine in
// this run.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium } from '@playwright/test';
import type { Browser, Page } from '@playwright/test';
import playwrightConfig from '../../playwright.config.ts';
import { showPanel } from '../../test/browser/support/room.ts';
import { serveApp } from '../../test/browser/support/served-app.ts';
import type { ServedApp } from '../../test/browser/support/served-app.ts';
import { ROOT, tempDir } from '../../test/e2e/harness.ts';
import { writeFindings, writeManyFiles, writeNetlist, writeVcd } from './app-material.ts';
import { BarePage } from './bare-page.ts';
import { CallTimes, longestFrame, probeFrames, timed } from './page-probe.ts';
import { median, type Measurement } from './table.ts';
import { removeHomeAt } from '../../backend/test/database.ts';

const VCD_BYTES = 100e6;
const NETLIST_BYTES = 5e6;
const FINDINGS = 10_000;
const FILES = 50_000;
const VIEWPORT = { width: 1280, height: 800 };
const FRAME = { max: 100 };

const frame = (name: string, value: number): Measurement => ({
  name: `longest frame, ${name}`,
  value,
  unit: 'ms',
  goal: FRAME,
});

function forget(home: string): void {
  removeHomeAt(home);
}

/** From starting the process to a start page that answers: host, page, first calls. */
async function startToUsable(
  browser: Browser,
  home: string,
): Promise<{ readonly ms: number; readonly app: ServedApp; readonly page: Page; readonly scripts: Set<string> }> {
  const began = performance.now();
  const app = await serveApp(home, 0, { SHELL: '/bin/sh' });
  const page = await (await browser.newContext({ viewport: VIEWPORT })).newPage();
  const scripts = new Set<string>();
  page.on('response', (response) => {
    if (new URL(response.url()).pathname.endsWith('.js')) scripts.add(new URL(response.url()).pathname.slice(1));
  });
  await page.goto(app.url);
  await page.locator('.start-list .start-row').first().waitFor();
  return { ms: performance.now() - began, app, page, scripts };
}

async function benchStart(browser: Browser): Promise<Measurement[]> {
  const home = tempDir('bench-start');
  const times: number[] = [];
  let gzipped = 0;
  for (let round = 0; round < 4; round += 1) {
    const { ms, app, page, scripts } = await startToUsable(browser, home);
    times.push(ms);
    gzipped = [...scripts].reduce(
      (sum, name) => sum + gzipSync(readFileSync(path.join(ROOT, 'dist/renderer', name)), { level: 9 }).length,
      0,
    );
    await page.context().close();
    await app.stop();
  }
  forget(home);
  const [cold = 0, ...warm] = times;
  return [
    { name: 'start to usable, first start', value: cold, unit: 'ms' },
    { name: 'start to usable, later starts (median of 3)', value: median(warm), unit: 'ms' },
    { name: 'later / first start', value: median(warm) / cold, unit: '×' },
    { name: 'JavaScript of the start page, gzipped', value: gzipped / 1024, unit: 'KB', goal: { max: 350 } },
  ];
}

async function openWorkspace(page: Page, workspace: string): Promise<void> {
  await page.goto(`${new URL(page.url()).origin}/#/workspace?${new URLSearchParams({ path: workspace }).toString()}`);
  await page.reload();
  await page.locator('[data-panel=explorer] [role=treeitem]').first().waitFor();
}

async function openBare(url: string, workspace: string): Promise<BarePage> {
  const page = await BarePage.open(VIEWPORT);
  await probeFrames(page);
  await page.goto(url);
  await page.waitFor('.start-list .start-row');
  await page.goto(`${new URL(url).origin}/#/workspace?${new URLSearchParams({ path: workspace }).toString()}`);
  await page.waitFor('[data-panel=explorer] [role=treeitem]');
  // the rooms and the index of symbols are being made; what is measured is work in a window that stands
  await sleep(2000);
  return page;
}

async function benchEditor(page: BarePage, workspace: string): Promise<Measurement[]> {
  const click = (name: string) => page.click('[data-panel=explorer] [role=treeitem]', name);
  const lines = '[data-panel=editor] .view-line';
  await timed(page, 'click', lines, 'module small', () => click('small.sv'));
  await longestFrame(page);
  const open = await timed(page, 'click', lines, 'module netlist_top', () => click('netlist.v'));
  const opening = await longestFrame(page);
  for (let step = 0; step < 30; step += 1) await page.wheel('[data-panel=editor] .monaco-editor', 4000);
  await sleep(300);
  const scrolling = await longestFrame(page);
  const began = performance.now();
  readFileSync(path.join(workspace, 'netlist.v'));
  const reading = performance.now() - began;
  return [
    { name: '5 MB netlist, click to text', value: open, unit: 'ms', goal: { max: 500 } },
    { name: '5 MB netlist, click to text / reading the file', value: open / reading, unit: '×' },
    { name: 'longest frame, opening the netlist (its tokens and model)', value: opening, unit: 'ms' },
    frame('scrolling the netlist', scrolling),
  ];
}

async function benchTerminal(page: BarePage): Promise<Measurement[]> {
  const rows = '[data-panel=consoles] .xterm-rows';
  await page.press('Control+`');
  await page.click('[data-panel=consoles] .xterm');
  const enter = (): Promise<void> => page.press('Enter');
  await page.type('PS1="ready> "; clear');
  await enter();
  await page.waitFor(`${rows} > div`, 'ready>');
  const floods: number[] = [];
  let slowest = 0;
  for (let round = 0; round < 3; round += 1) {
    await page.type(`seq 1 300000; echo "flood $((${round}+40)) drawn"`);
    await longestFrame(page);
    floods.push(await timed(page, 'keydown', rows, `flood ${round + 40} drawn`, enter));
    slowest = Math.max(slowest, await longestFrame(page));
  }
  const interrupts: number[] = [];
  for (let round = 0; round < 5; round += 1) {
    await page.type('clear; yes');
    await enter();
    await sleep(700);
    interrupts.push(await timed(page, 'keydown', rows, 'ready>', () => page.press('Control+c')));
  }
  const began = performance.now();
  execFileSync('script', ['-qec', 'seq 1 300000', '/dev/null'], { stdio: 'ignore' });
  const plain = performance.now() - began;
  return [
    {
      name: 'console: seq 1 300000, Enter to drawn (median of 3)',
      value: median(floods),
      unit: 'ms',
      goal: { max: 1000 },
    },
    { name: 'console: seq 1 300000 / the same on a bare pseudo-terminal', value: median(floods) / plain, unit: '×' },
    frame('during seq 1 300000', slowest),
    {
      name: 'console: Ctrl-C during yes, to the prompt (slowest of 5)',
      value: Math.max(...interrupts),
      unit: 'ms',
      goal: { max: 150 },
    },
  ];
}

async function benchWaves(page: Page, calls: CallTimes, vcd: string): Promise<Measurement[]> {
  const panel = await showPanel(page, 'waves');
  const canvas = panel.locator('canvas');
  await canvas.waitFor({ timeout: 120_000 });
  const indexing = await calls.next('waves.open');
  const first = await calls.next('waves.window');
  await longestFrame(page);
  await canvas.focus();
  const draws: number[] = [];
  const windows: number[] = [];
  for (const key of [
    '+',
    '+',
    '+',
    'ArrowRight',
    'ArrowRight',
    '+',
    '+',
    '-',
    'ArrowLeft',
    'End',
    '+',
    '+',
    'Home',
    'f',
  ]) {
    await page.keyboard.press(key);
    await calls.next('waves.window').then((took) => windows.push(took));
    await page.waitForTimeout(50);
    draws.push(Number(await canvas.getAttribute('data-draw-ms')));
  }
  const moving = await longestFrame(page);
  const began = performance.now();
  execFileSync('wc', ['-l', vcd]);
  const counting = performance.now() - began;
  const megabytes = statSync(vcd).size / 1e6;
  return [
    { name: '100 MB waveform, indexing', value: megabytes / (indexing / 1000), unit: 'MB/s', goal: { min: 30 } },
    { name: '100 MB waveform, indexing / wc -l', value: indexing / counting, unit: '×' },
    { name: '100 MB waveform, first window of 24 signals', value: first, unit: 'ms' },
    {
      name: `100 MB waveform, next windows fetched (slowest of ${windows.length})`,
      value: Math.max(...windows),
      unit: 'ms',
    },
    { name: '100 MB waveform, redraw (slowest)', value: Math.max(...draws), unit: 'ms', goal: { max: 50 } },
    frame('zooming and panning 100 MB', moving),
  ];
}

async function benchProblems(page: Page, workspace: string): Promise<Measurement[]> {
  await openWorkspace(page, workspace);
  await page.locator('[data-panel=problems] .problem-row').first().waitFor();
  const loading = await longestFrame(page);
  await page.locator('[data-panel=problems] .problem-scroll').hover();
  for (let step = 0; step < 40; step += 1) await page.mouse.wheel(0, 6000);
  await page.waitForTimeout(200);
  const scrolling = await longestFrame(page);
  await page.locator('[data-panel=problems]').getByPlaceholder('Filter').pressSequentially('u999', { delay: 60 });
  await page.waitForTimeout(300);
  return [
    frame(`${FINDINGS} findings, opening`, loading),
    frame(`${FINDINGS} findings, scrolling`, scrolling),
    frame(`${FINDINGS} findings, typing in the filter`, await longestFrame(page)),
  ];
}

async function benchTree(page: Page): Promise<Measurement[]> {
  const explorer = page.locator('[data-panel=explorer]');
  await page.waitForTimeout(500);
  await longestFrame(page);
  const opened = await timed(page, 'click', '[data-panel=explorer] [role=treeitem]', 'block_000003.sv', () =>
    explorer.getByText('many', { exact: true }).click(),
  );
  const opening = await longestFrame(page);
  await explorer.getByText('block_000003.sv').hover();
  for (let step = 0; step < 40; step += 1) await page.mouse.wheel(0, 20_000);
  await page.waitForTimeout(300);
  return [
    { name: `folder of ${FILES} files, click to rows`, value: opened, unit: 'ms' },
    frame(`opening ${FILES} files`, opening),
    frame(`scrolling ${FILES} files`, await longestFrame(page)),
  ];
}

async function withApp<T>(home: string, work: (app: ServedApp) => Promise<T>): Promise<T> {
  const app = await serveApp(home, 0, { SHELL: '/bin/sh' });
  try {
    return await work(app);
  } finally {
    await app.stop();
  }
}

export async function benchApp(): Promise<Measurement[]> {
  execFileSync(process.execPath, [path.join(ROOT, 'scripts/build.ts')], { stdio: 'ignore' });
  const launch = playwrightConfig.use?.launchOptions ?? {};
  // without a graphics card WebGL would be drawn by the processor: the console takes its DOM renderer, as it does on
  // such a machine
  const browser = await chromium.launch({ ...launch, args: [...(launch.args ?? []), '--disable-3d-apis'] });
  const home = tempDir('bench-app');
  const workspace = path.join(home, 'design');
  const crowded = path.join(home, 'crowded');
  for (const folder of [workspace, crowded]) mkdirSync(folder);
  const vcd = path.join(workspace, 'big.vcd');
  try {
    const start = await benchStart(browser);
    writeFileSync(path.join(workspace, 'small.sv'), 'module small;\nendmodule\n');
    writeNetlist(path.join(workspace, 'netlist.v'), NETLIST_BYTES);
    writeVcd(vcd, VCD_BYTES);
    writeFindings(crowded, FINDINGS);
    writeManyFiles(path.join(crowded, 'many'), FILES);
    execFileSync('sync'); // else the disk takes all of it in while the app is measured
    const handled = await withApp(home, async (app) => {
      const page = await openBare(app.url, workspace);
      try {
        return [...(await benchEditor(page, workspace)), ...(await benchTerminal(page))];
      } finally {
        await page.close();
      }
    });
    const large = await withApp(home, async (app) => {
      const page = await browser.newPage({ viewport: VIEWPORT });
      const calls = new CallTimes(page);
      await probeFrames(page);
      await page.goto(app.url);
      await openWorkspace(page, workspace);
      return [
        ...(await benchWaves(page, calls, vcd)),
        ...(await benchProblems(page, crowded)),
        ...(await benchTree(page)),
      ];
    });
    return [...start, ...handled, ...large];
  } finally {
    await browser.close();
    forget(home);
  }
}
