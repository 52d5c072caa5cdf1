// The app for a long time: a scripted session in the real app, over and over, with memory of page and host measured
// after each round.
// `scripts/soak app [MINUTES]`, an hour unless set. Fails when memory grows, on a console error, and when a reconnect
// does not heal.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { chromium } from '@playwright/test';
import type { CDPSession, Page } from '@playwright/test';
import playwrightConfig from '../../playwright.config.ts';
import { watchConsole } from '../../test/browser/support/app-fixture.ts';
import { showPanel } from '../../test/browser/support/room.ts';
import { serveApp } from '../../test/browser/support/served-app.ts';
import { ROOT, tempDir } from '../../test/e2e/harness.ts';
import { writeFindings, writeManyFiles, writeNetlist, writeVcd } from '../bench/app-material.ts';
import { median } from '../bench/table.ts';
import { removeHomeAt } from '../../backend/test/database.ts';

/** Rounds that fill caches, pools and compiled code before anything counts. */
const WARM_UP = 3;
const MIN_ROUNDS = 12;
const RECONNECTS = 5;
/** Growth of the median from the second to the last third that counts as flat: noise of collectors, not a leak. */
const FLAT = { heapBytes: 6e6, heapRatio: 1.12, hostBytes: 40e6, hostRatio: 1.15, nodesRatio: 1.1 };

interface Sample {
  readonly minute: number;
  readonly heapBytes: number;
  readonly nodes: number;
  readonly hostBytes: number;
}

const residentBytes = (pid: number): number =>
  Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;

async function measure(cdp: CDPSession, pid: number, minute: number): Promise<Sample> {
  await cdp.send('HeapProfiler.collectGarbage');
  const { usedSize } = await cdp.send('Runtime.getHeapUsage');
  const { nodes } = await cdp.send('Memory.getDOMCounters');
  return { minute, heapBytes: usedSize, nodes, hostBytes: residentBytes(pid) };
}

/**
 * What a person does in a few minutes, in half a minute: files, edits, findings, a console, a waveform, both languages.
 */
async function session(page: Page, round: number): Promise<void> {
  const explorer = page.locator('[data-panel=explorer]');
  for (const name of ['netlist.v', 'small.sv']) {
    await explorer.getByText(name, { exact: true }).click();
    await page.locator('[data-panel=editor] .view-line').first().waitFor();
  }
  await page.locator('[data-panel=editor] .monaco-editor').last().click();
  await page.keyboard.press('Control+Home');
  await page.keyboard.type(`// round ${round}\n`);
  await page.keyboard.press('Control+s');
  await page.getByLabel('Unsaved changes').waitFor({ state: 'detached' });
  for (let step = 0; step < 2; step += 1) await page.keyboard.press('Control+F4');

  const problems = await showPanel(page, 'problems');
  await problems.getByPlaceholder('Filter').fill(`u${round}`);
  await page.waitForTimeout(200);
  await problems.getByPlaceholder('Filter').fill('');

  const consoles = await showPanel(page, 'consoles');
  await consoles.locator('.xterm').first().click();
  await page.keyboard.type('seq 1 20000\n');
  await page.waitForTimeout(1500);

  const waves = await showPanel(page, 'waves');
  await waves.locator('canvas').focus();
  for (const key of ['+', '+', 'ArrowRight', '-', 'f']) {
    await page.keyboard.press(key);
    await page.waitForTimeout(150);
  }
  for (const language of ['zh-CN', 'en']) {
    await page
      .locator('.status-bar')
      .getByRole('button', { name: /English|简体中文/ })
      .click();
    await page.locator(`html[lang=${language}]`).waitFor();
  }
}

function growth(
  samples: readonly Sample[],
  field: 'heapBytes' | 'hostBytes' | 'nodes',
): { readonly before: number; readonly after: number } {
  const values = samples.slice(WARM_UP).map((sample) => sample[field]);
  const third = Math.floor(values.length / 3);
  return { before: median(values.slice(third, 2 * third)), after: median(values.slice(-third)) };
}

function judge(samples: readonly Sample[]): string[] {
  const heap = growth(samples, 'heapBytes');
  const host = growth(samples, 'hostBytes');
  const nodes = growth(samples, 'nodes');
  const faults: string[] = [];
  if (heap.after > heap.before * FLAT.heapRatio && heap.after > heap.before + FLAT.heapBytes)
    faults.push(`the page's heap grew from ${heap.before} to ${heap.after} bytes`);
  if (host.after > host.before * FLAT.hostRatio && host.after > host.before + FLAT.hostBytes)
    faults.push(`the host grew from ${host.before} to ${host.after} bytes`);
  if (nodes.after > nodes.before * FLAT.nodesRatio)
    faults.push(`the page's nodes grew from ${nodes.before} to ${nodes.after}`);
  return faults;
}

function report(samples: readonly Sample[]): void {
  const every = Math.max(1, Math.floor(samples.length / 12));
  const rows = samples
    .filter((_, at) => at % every === 0 || at === samples.length - 1)
    .map(
      ({ minute, heapBytes, nodes, hostBytes }) =>
        `| ${minute.toFixed(1)} | ${(heapBytes / 1e6).toFixed(1)} | ${nodes} | ${(hostBytes / 1e6).toFixed(0)} |`,
    );
  writeFileSync(
    path.join(ROOT, 'docs/bench/app-soak.md'),
    [
      '# The app for a long time',
      '',
      `\`scripts/soak app\`: ${samples.length} rounds of a scripted session in ${samples.at(-1)?.minute.toFixed(0) ?? 0} minutes (edit and save, a 5 MB netlist, 10,000 findings, a console, a 20 MB`,
      'waveform, both languages), measured after a collection of garbage at the end of each round.',
      '',
      '| minute | page heap MB | DOM nodes | host MB |',
      '|---|---|---|---|',
      ...rows,
      '',
    ].join('\n'),
  );
}

/** `args[0]` is the number of minutes. */
export async function soak(args: readonly string[]): Promise<void> {
  const minutes = Number(args[0] ?? 60);
  if (!(minutes > 0)) throw new Error('usage: scripts/soak app [MINUTES]');
  execFileSync(process.execPath, [path.join(ROOT, 'scripts/build.ts')], { stdio: 'inherit' });
  const home = tempDir('soak-app');
  const workspace = path.join(home, 'design');
  mkdirSync(workspace);
  writeFileSync(path.join(workspace, 'small.sv'), 'module small;\nendmodule\n');
  writeNetlist(path.join(workspace, 'netlist.v'), 5e6);
  writeVcd(path.join(workspace, 'run.vcd'), 20e6);
  writeFindings(workspace, 10_000);
  writeManyFiles(path.join(workspace, 'many'), 5000);
  let app = await serveApp(home, 0, { SHELL: '/bin/sh' });
  const browser = await chromium.launch(playwrightConfig.use?.launchOptions ?? {});
  const samples: Sample[] = [];
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    const problems = watchConsole(page);
    const cdp = await page.context().newCDPSession(page);
    await page.goto(app.url);
    await page.goto(`${new URL(app.url).origin}/#/workspace?${new URLSearchParams({ path: workspace }).toString()}`);
    await page.locator('[data-panel=explorer] [role=treeitem]').first().waitFor();
    const began = performance.now();
    const elapsed = (): number => (performance.now() - began) / 60_000;
    for (let round = 0; round < MIN_ROUNDS || elapsed() < minutes; round += 1) {
      await session(page, round);
      samples.push(await measure(cdp, app.process.pid ?? 0, elapsed()));
    }
    report(samples);
    // a console in the middle of a sentence dies with its host; what the browser says about lost sockets is expected
    // here
    const quiet = problems.length;
    for (let time = 0; time < RECONNECTS; time += 1) {
      await app.kill();
      await page.getByText('The connection to genRTL is lost').first().waitFor();
      app = await serveApp(home, app.port, { SHELL: '/bin/sh' });
      await page.getByText('The connection to genRTL is lost').first().waitFor({ state: 'detached', timeout: 30_000 });
      await page.locator('[data-panel=explorer]').getByText('small.sv', { exact: true }).waitFor();
    }
    const faults = [...judge(samples), ...problems.slice(0, quiet).map((text) => `console: ${text}`)];
    if (faults.length > 0) throw new Error(faults.join('\n'));
  } finally {
    await browser.close();
    await app.stop();
    removeHomeAt(home);
  }
}
