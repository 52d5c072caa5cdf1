// Every room of the workbench with something in it, in both languages: axe finds nothing serious in any of them, and
// after the switch of the language nothing speaks the old one.
import { execFileSync } from 'node:child_process';
import { rm } from 'node:fs/promises';
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import en from '../../renderer/i18n/en.json' with { type: 'json' };
import { expect, test } from './support/app-fixture.ts';
import { englishLeft } from './support/english-left.ts';
import { makeWorkspace, showPanel, showWorkspace, switchLanguage } from './support/room.ts';

type Room = keyof typeof en.panels;

const FILES = {
  'src/count.sv':
    'module count (input logic clk, output logic [3:0] q);\n  always_ff @(posedge clk) q <= q + 1;\nendmodule\n',
  'tb/tb_count.sv': 'module tb_count;\n  logic clk = 0; logic [3:0] q;\n  count dut (.*);\nendmodule\n',
  'spec.md': '# Counter\n\n## Top\nmodule: count\n',
  'genrtl.yaml': 'version: 1\ntop: count\nrtl: { files: ["src/**"] }\ntb: { files: ["tb/**"] }\n',
  'build/waves.vcd':
    '$timescale 1ns $end\n$scope module tb_count $end\n$var wire 1 ! clk $end\n$upscope $end\n$enddefinitions $end\n#0\n0!\n#5\n1!\n#10\n0!\n',
};
/** Opened by others, with what to show: they stand empty by themselves. */
const BY_OTHERS: ReadonlySet<string> = new Set(['gitDiff']);
const ROOMS = (Object.keys(en.panels) as Room[]).filter((room) => !BY_OTHERS.has(room));

/** Of one part of the page; Monaco and xterm answer for their own. */
async function faultsIn(page: Page, part: string, language: 'en' | 'zh-CN'): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page })
    .include(part)
    .exclude('.monaco-editor')
    .exclude('.xterm')
    // another language changes names and texts, not colours and structure
    .options({
      resultTypes: ['violations'],
      ...(language === 'en' ? {} : { runOnly: ['cat.name-role-value', 'cat.text-alternatives', 'cat.language'] }),
    })
    .setLegacyMode(true)
    .analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${part} ${id}: ${html.slice(0, 160)}`));
}

test('axe is clean in every room, in both languages, and a room speaks the new one after the switch', async ({
  app,
  appPage: page,
}) => {
  const workspace = await makeWorkspace(FILES);
  execFileSync('git', ['-C', workspace, 'init', '-q']);
  await showWorkspace(page, app.host.origin, workspace);
  const faults: string[] = [];
  for (const language of ['en', 'zh-CN'] as const) {
    if (language !== 'en') await switchLanguage(page, language);
    for (const room of ROOMS) {
      await showPanel(page, room);
      // what it reads is there, or said not to be
      await expect(page.locator(`[data-panel=${room}] .spinner`)).toHaveCount(0);
      faults.push(...(await faultsIn(page, `[data-panel=${room}]`, language)));
      // it was made while the page spoke English
      if (language !== 'en') faults.push(...(await englishLeft(page, `[data-panel=${room}]`)));
    }
    if (language !== 'en') faults.push(...(await englishLeft(page, '.top-bar, .rail, .status-bar, .tab')));
    faults.push(...(await faultsIn(page, '.top-bar', language)), ...(await faultsIn(page, '.status-bar', language)));
  }
  expect(faults).toEqual([]);
  await rm(workspace, { recursive: true, force: true });
});
