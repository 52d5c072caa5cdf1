// A day on an existing project of 30 files under git: find the top, lint, mend one finding by hand and have one mended
// by a model, simulate, from the failure to waveform, source and schematic, mend, commit. Real tools, real git; the
// model is scripted.
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import type { Locator, Page } from '@playwright/test';
import en from '../../renderer/i18n/en.json' with { type: 'json' };
import zh from '../../renderer/i18n/zh-CN.json' with { type: 'json' };
import { startFakeModels } from '../fakes/models/server.ts';
import { seriousFaults, watchConsole } from './support/app-fixture.ts';
import { makeWorkspace, openWorkspace, showPanel, switchLanguage } from './support/room.ts';
import { serveApp } from './support/served-app.ts';
import { soakOnly } from './support/soak-only.ts';

// eleven rooms and five runs of tools
test.describe.configure({ timeout: 240_000 });

const UNITS = 26;
const unit = (at: number): string => `unit_${String(at).padStart(2, '0')}`;

/** A chain of adders: those of `misspelt` name a net that is not there, one adds 2 instead of 1. */
function project(misspelt: Readonly<Record<number, string>>): Record<string, string> {
  const units = Array.from({ length: UNITS }, (_, at) => [
    `rtl/units/${unit(at)}.sv`,
    `module ${unit(at)} (\n  input  logic       clk,\n  input  logic [7:0] d,\n  output logic [7:0] q\n);\n  logic [7:0] next;\n  assign next = d + 8'd${at === 12 ? 2 : 1};\n  always_ff @(posedge clk) q <= ${misspelt[at] ?? 'next'};\nendmodule\n`,
  ]);
  const links = Array.from(
    { length: UNITS },
    (_, at) => `  ${unit(at)} u_${at} (.clk, .d(s[${at}]), .q(s[${at + 1}]));\n`,
  );
  return {
    ...(Object.fromEntries(units) as Record<string, string>),
    'rtl/chain.sv': `module chain (input logic clk, input logic [7:0] d, output logic [7:0] q);\n  logic [7:0] s [0:${UNITS}];\n  assign s[0] = d;\n  assign q = s[${UNITS}];\n${links.join('')}endmodule\n`,
    'rtl/soc.sv':
      'module soc (input logic clk, input logic [7:0] d, output logic [7:0] q);\n  chain u_chain (.clk, .d, .q);\nendmodule\n',
    'dv/tb_soc.sv': `\`timescale 1ns/1ns\nmodule tb_soc;\n  logic clk = 0;\n  logic [7:0] d = 0, q;\n  soc dut (.*);\n  always #5 clk = ~clk;\n  initial begin\n    #1000;\n    if (q !== 8'd${UNITS}) $error("q is %0d, expected ${UNITS} signal=q", q);\n    else $display("PASS");\n    $finish;\n  end\nendmodule\n`,
    'genrtl.yaml':
      'version: 1\ntop: soc\nrtl: { files: ["rtl/**"] }\ntb: { files: ["dv/**"] }\nchecks:\n  - { name: lint, lint: verilator }\n  - { name: sim, sim: icarus }\n',
  };
}

async function open(page: Page, texts: typeof en, file: string): Promise<void> {
  await page.keyboard.press('Control+P');
  await page.getByPlaceholder(texts.palette.placeholder).last().fill(file);
  await page.getByRole('dialog').getByRole('option', { name: file }).first().click();
  await expect(page.locator('.tab', { hasText: path.basename(file) })).toBeVisible();
}

/** Writes a line anew, as somebody types it, and saves. */
async function mend(page: Page, line: number, text: string): Promise<void> {
  const asked = page.locator('.quick-input-widget:visible');
  await page.locator('.monaco-editor:visible .view-lines').click();
  await page.keyboard.press('Control+G');
  await expect(asked).toBeVisible();
  await page.keyboard.type(`${line}:1`);
  await page.keyboard.press('Enter');
  await expect(asked).toHaveCount(0);
  await page.keyboard.press('Shift+End');
  await page.keyboard.insertText(text);
  await page.keyboard.press('Control+S');
  await expect(page.locator('.tab-dirty')).toHaveCount(0);
}

/** What the scripted model answers to a question about the finding. */
const MENDED = `The name is misspelt.

\`\`\`diff
--- a/rtl/units/unit_19.sv
+++ b/rtl/units/unit_19.sv
@@ -7,3 +7,3 @@
   assign next = d + 8'd1;
-  always_ff @(posedge clk) q <= netx;
+  always_ff @(posedge clk) q <= next;
 endmodule
\`\`\`
`;

/** The finding goes with a question; the answer's patch is looked at and applied. */
async function mendByModel(page: Page, texts: typeof en, found: Locator): Promise<void> {
  const row = found.locator('.problem-row', { hasText: 'netx' }).first();
  await row.hover();
  await row.getByRole('button', { name: texts.ask.about, exact: true }).click();
  const ask = page.locator('[data-panel=ask]');
  await expect(ask.locator('.ask-composer .ask-chip')).toBeVisible();
  await ask.getByRole('textbox', { name: texts.ask.question }).fill('?');
  await page.keyboard.press('Enter');
  await ask.getByRole('button', { name: texts.ask.apply }).click({ timeout: 60_000 });
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('q <= next');
  await dialog.getByRole('button', { name: texts.ask.applyNow, exact: true }).click();
  await expect(dialog).toHaveCount(0);
}

/**
 * `short`: found by the linter, mended by hand, committed; model, waveforms, source and schematic have tests of their
 * own.
 */
async function day(page: Page, language: 'en' | 'zh-CN', length: 'whole' | 'short'): Promise<void> {
  const texts = language === 'en' ? en : (zh as typeof en);
  const home = await mkdtemp(path.join(tmpdir(), 'genrtl-day-home-'));
  const workspace = await makeWorkspace(project(length === 'whole' ? { 7: 'nxet', 19: 'netx' } : { 7: 'nxet' }));
  const git = (...args: string[]): string => execFileSync('git', ['-C', workspace, ...args], { encoding: 'utf8' });
  git('init', '-q', '-b', 'main');
  git('config', 'user.email', 'ada@example.com');
  git('config', 'user.name', 'Ada');
  git('add', '-A');
  git('commit', '-q', '-m', 'as it was');
  const models = length === 'whole' ? await startFakeModels({ script: () => ({ kind: 'text', text: MENDED }) }) : null;
  const app = await serveApp(
    home,
    0,
    models === null
      ? {}
      : {
          OPENAI_API_KEY: 'test-key',
          OPENAI_BASE_URL: models.openaiUrl,
          GENRTL_MODEL: 'test-model',
          GENRTL_MODEL_PRICES: '{"test-model":{"input":"1.00","output":"2.00"}}',
        },
  );
  const problems = watchConsole(page);
  try {
    await openWorkspace(page, app.url, workspace);
    if (language === 'zh-CN') await switchLanguage(page, 'zh-CN');
    // the top, and down from it
    const outline = await showPanel(page, 'outline');
    await outline.getByRole('tab', { name: texts.outline.design, exact: true }).click();
    await expect(outline.getByRole('treeitem').filter({ hasText: /soc/ }).first()).toBeVisible();

    // lint says which name is none, and leads there; mended by hand it passes
    const checks = await showPanel(page, 'checks');
    const check = (name: string) => checks.locator(`[data-check=${name}]`);
    const runCheck = (name: string) =>
      check(name)
        .getByRole('button', { name: texts.checks.runOne.replace('{{name}}', name), exact: true })
        .click();
    await runCheck('lint');
    await expect(check('lint')).toContainText(/nxet|netx/);
    const found = await showPanel(page, 'problems');
    await found.locator('.problem', { hasText: 'nxet' }).first().click();
    await expect(page.locator('.tab', { hasText: 'unit_07.sv' })).toBeVisible();
    await mend(page, 8, '  always_ff @(posedge clk) q <= next;');
    if (length === 'whole') await mendByModel(page, texts, found);
    await showPanel(page, 'checks');
    await runCheck('lint');
    await expect(check('lint').locator('.verdict-pass')).toBeVisible({ timeout: 60_000 });

    if (length === 'whole') await failureToSchematic(page, texts, check, runCheck);
    await commit(page, texts, git, length === 'whole' ? ['unit_07.sv', 'unit_12.sv', 'unit_19.sv'] : ['unit_07.sv']);
    expect(git('status', '--porcelain', '--', 'rtl', 'dv')).toBe('');
    expect(await seriousFaults(page)).toEqual([]);
    expect(problems).toEqual([]);
  } finally {
    await app.stop();
    await models?.close();
    await Promise.all([home, workspace].map((folder) => rm(folder, { recursive: true, force: true })));
  }
}

/** From the failing bench to signal and time, to its source and to the schematic; mended and simulated again. */
async function failureToSchematic(
  page: Page,
  texts: typeof en,
  check: (name: string) => Locator,
  runCheck: (name: string) => Promise<void>,
): Promise<void> {
  // the failing bench: from its finding to signal and time
  const waves = await showPanel(page, 'waves');
  await waves.getByRole('button', { name: texts.waves.simulate }).click();
  await expect(waves.locator('canvas')).toBeVisible({ timeout: 60_000 });
  const found = await showPanel(page, 'problems');
  await found.getByRole('button', { name: texts.waves.show }).first().click();
  await expect(waves.locator('.waves-cursor-a')).toHaveText('A 1 us');
  const names = waves.getByRole('listbox', { name: texts.waves.shown });
  await expect(names.locator('[aria-selected=true]')).toContainText('q');
  expect(await seriousFaults(page)).toEqual([]);
  // the same thing in source and schematic
  await names.locator('[aria-selected=true]').focus();
  await page.keyboard.press('F7');
  await expect(page.locator('.tab', { hasText: 'tb_soc.sv' })).toBeVisible();
  await open(page, texts, 'rtl/units/unit_12.sv');
  await page.locator('.monaco-editor:visible .view-lines').click();
  await page.keyboard.press('F9');
  const schematic = page.locator('[data-panel=schematic]');
  await expect(schematic).toContainText('unit_12', { timeout: 60_000 });
  expect(await seriousFaults(page)).toEqual([]);

  // mended, simulated again, committed
  await page.locator('.tab', { hasText: 'unit_12.sv' }).click();
  await mend(page, 7, "  assign next = d + 8'd1;");
  await showPanel(page, 'checks');
  await runCheck('sim');
  await expect(check('sim').locator('.verdict-pass')).toBeVisible({ timeout: 60_000 });
}

async function commit(
  page: Page,
  texts: typeof en,
  git: (...args: string[]) => string,
  files: readonly string[],
): Promise<void> {
  const room = await showPanel(page, 'git');
  for (const [at, file] of files.entries()) {
    await room.getByRole('treeitem').filter({ hasText: file }).first().click();
    await room.getByRole('tree').focus();
    await page.keyboard.press('+');
    await expect.poll(() => git('diff', '--cached', '--name-only').trim().split('\n')).toHaveLength(at + 1);
    await expect.poll(() => git('diff', '--cached', '--name-only')).toContain(file);
    // the room knows it, too: nothing is committed before
    await expect(room.getByText(texts.git.staged_other.replace('{{count}}', String(at + 1)))).toBeVisible();
  }
  await room.getByRole('textbox', { name: texts.git.message }).fill('units: one net, one step');
  await page.keyboard.press('Control+Enter');
  await expect.poll(() => git('log', '-1', '--format=%s').trim()).toBe('units: one net, one step');
  const changed = git('show', '--stat', '--format=', 'HEAD');
  for (const file of files) expect(changed).toContain(file);
}

test('a morning on a project of 30 files under git: found, mended, committed', ({ page }) => day(page, 'en', 'short'));
for (const [language, width, height] of [
  ['en', 1280, 800],
  ['zh-CN', 1280, 800],
  ['en', 1920, 1080],
  ['zh-CN', 1920, 1080],
] as const)
  soakOnly(`a day on a project of 30 files, ${language} at ${width}×${height}`, async ({ page }) => {
    await page.setViewportSize({ width, height });
    await day(page, language, 'whole');
  });
