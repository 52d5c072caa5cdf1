// The project's checks as a person meets them: asked for trust, run, findings with their lines, waivers, history, log;
// a workspace without a project file gets one. Real tools, real files.
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from './support/app-fixture.ts';
import { makeWorkspace, screenshots, seriousFaults, showPanel, showWorkspace, switchLanguage } from './support/room.ts';

const INV = 'module inv(input logic a, output logic y);\n  logic spare;\n  assign y = ~a;\nendmodule\n';
const TB =
  'module tb; logic a = 0, y; inv u(.a, .y);\ninitial begin #1 if (y === 1) $display("PASS"); else $display("FAIL signal=y time=1"); $finish; end endmodule\n';
const PROJECT = `version: 1
rtl: { files: ["rtl/**"] }
tb: { files: ["dv/**/*.sv"] }
checks:
  - name: lint
    lint: verilator
    waivers: [{ code: UNUSED*, reason: bonded later, owner: ann }, { code: WIDTH, reason: never }]
  - { name: benches, sim: icarus }
  - { name: smoke, command: [make, -s, smoke], cwd: dv, log: out/sim.log, results: out/r.xml, pass: "TEST PASSED" }
`;
const MAKEFILE = `smoke:
\tmkdir -p out
\tiverilog -g2012 -o out/t ../rtl/inv.sv tb.sv
\tvvp -N out/t > out/sim.log
\tgrep -q ^PASS out/sim.log && echo TEST PASSED >> out/sim.log; true
\techo '<testsuite><testcase name="inverter"/></testsuite>' > out/r.xml
`;

let workspace: string;
test.afterEach(() => rm(workspace, { recursive: true, force: true }));

test('checks run one by one or all, commands after the person trusted them, in both languages', async ({
  app,
  appPage: page,
}) => {
  workspace = await makeWorkspace({
    'rtl/inv.sv': INV,
    'dv/tb.sv': TB,
    'dv/Makefile': MAKEFILE,
    'genrtl.yaml': PROJECT,
  });
  await showWorkspace(page, app.host.origin, workspace);
  const panel = await showPanel(page, 'checks');
  const row = (name: string) => panel.locator(`[data-check=${name}]`);
  await expect(row('smoke')).toContainText('make -s smoke (in dv)');
  await expect(row('smoke')).toContainText('not trusted here');

  await row('lint').getByRole('button', { name: 'Run lint', exact: true }).click();
  await expect(row('lint').locator('.verdict')).toHaveText('passed');
  await row('lint').getByRole('button', { expanded: false }).click();
  await expect(panel.getByRole('list', { name: 'Waivers' })).toContainText('passes nothing');
  await expect(panel.getByRole('list', { name: 'Waivers' })).toContainText('ann');
  await row('lint').getByRole('button', { expanded: true }).click();

  await panel.getByRole('button', { name: 'Run all checks' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('make -s smoke (in dv)');
  expect(await seriousFaults(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Do not run' }).click();
  await expect(row('benches').locator('.verdict')).toHaveText('never run');

  await panel.getByRole('button', { name: 'Run all checks' }).click();
  await dialog.getByRole('button', { name: 'Trust and run' }).click();
  await expect(row('smoke').locator('.verdict')).toHaveText('passed', { timeout: 20_000 });
  await expect(panel).toContainText('3 of 3 passed last');
  await screenshots(page, 'checks');

  // a wrong design fails the bench, with its line one click away
  await writeFile(path.join(workspace, 'rtl/inv.sv'), INV.replace('~a', 'a'));
  await row('benches').getByRole('button', { name: 'Run benches', exact: true }).click();
  await expect(row('benches').locator('.verdict')).toHaveText('failed');
  await row('benches').getByRole('button', { expanded: false }).click();
  await expect(panel.getByRole('list', { name: 'Findings' })).toContainText('FAIL signal=y');
  await expect(panel.getByLabel('Runs').getByRole('option')).toHaveCount(2);
  await panel.getByLabel('Runs').selectOption({ index: 1 });
  await panel.getByRole('button', { name: 'Log' }).click();
  await expect(panel.locator('pre')).toContainText('PASS');

  await switchLanguage(page, 'zh-CN');
  await expect(panel.getByRole('button', { name: '运行全部检查' })).toBeVisible();
  expect(await seriousFaults(page)).toEqual([]);
  await switchLanguage(page, 'en');
});

test('a workspace without a project file gets one from what is there; a fault in it is said with its line', async ({
  app,
  appPage: page,
}) => {
  workspace = await makeWorkspace({ 'hdl/inv.sv': INV, 'sim/tb.sv': TB });
  await showWorkspace(page, app.host.origin, workspace);
  const panel = await showPanel(page, 'checks');
  await panel.getByRole('button', { name: 'Write genrtl.yaml' }).click();
  await expect(panel.getByRole('button', { name: 'Write genrtl.yaml' })).toHaveCount(0);
  const text = await readFile(path.join(workspace, 'genrtl.yaml'), 'utf8');
  expect(text).toContain('hdl/**');
  await expect(panel.locator('[data-check=sim]')).toContainText('icarus');
  await writeFile(path.join(workspace, 'genrtl.yaml'), `${text}nonsense: 1\n`);
  await expect(panel).toContainText(/genrtl\.yaml:\d+:1/);
});

test('where several testbenches could run, the person says which; no flag of the command line is named', async ({
  app,
  appPage: page,
}) => {
  workspace = await makeWorkspace({ 'src/inv.sv': INV, 'tb/tb.sv': TB });
  await showWorkspace(page, app.host.origin, workspace);
  const panel = await showPanel(page, 'waves');
  await panel.getByRole('button', { name: 'Simulate with waveforms' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Several modules are instantiated by no other').selectOption('tb_b');
  await expect(page.getByText('--top')).toHaveCount(0);
  await dialog.getByRole('button', { name: 'Simulate' }).click();
  await expect(page.getByText('No tools here for tb_b.')).toBeVisible();
});
