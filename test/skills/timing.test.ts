// sta_summary on the real OpenSTA, which goes on after almost any fault of netlist and constraints: none may end as
// DONE.
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SHIPPED_SKILLS } from '../../main/skills/catalogue.ts';
import { HOSTS } from '../../main/skills/hosts.ts';
import { readSummary, runSkillJob } from '../../main/skills/index.ts';
import { expectFailure, hasTool, QUICK, Sandbox } from './fixture.ts';

const DATABASE = path.join(SHIPPED_SKILLS, 'sta_summary', 'tests', 'counter', 'db');
const installed = HOSTS.opensta.executables.some(hasTool);
if (!installed) process.stderr.write('skip: OpenSTA (not installed)\n');

let box: Sandbox;
beforeAll(async () => {
  box = await Sandbox.create();
});
afterAll(() => box.remove());

interface Change {
  readonly netlist?: (text: string) => string;
  readonly constraints?: (text: string) => string;
  readonly top?: string;
}

async function run(name: string, { netlist, constraints, top = 'counter' }: Change) {
  const folder = box.at(name);
  cpSync(DATABASE, folder, { recursive: true });
  for (const [file, change] of [
    ['counter.v', netlist],
    ['counter.sdc', constraints],
  ] as const)
    if (change) writeFileSync(path.join(folder, file), change(readFileSync(path.join(folder, file), 'utf8')));
  return runSkillJob(
    {
      skill: 'sta_summary',
      database: path.join(folder, 'counter.v'),
      parameters: { top, liberty: [path.join(folder, 'toy.lib')] },
      ...QUICK,
    },
    box.context(),
  );
}

it.skipIf(!installed).each<[string, string, Change]>([
  ['misspelt clock of a delay', "'clkk'", { constraints: (text) => text.replace('-clock clk', '-clock clkk') }],
  [
    'misspelt port of the clock',
    "'clkk'",
    { constraints: (text) => text.replace('get_ports clk]', 'get_ports clkk]') },
  ],
  [
    'misspelt clock in get_clocks',
    "'clx'",
    { constraints: (text) => `${text}set_clock_uncertainty 0.1 [get_clocks clx]\n` },
  ],
  ['missing cell', 'NAND9', { netlist: (text) => text.replace('NAND2 _10_', 'NAND9 _10_') }],
  ['misspelt pin of a cell', 'port Z', { netlist: (text) => text.replace('.Y(_35_)', '.Z(_35_)') }],
  ['unreadable netlist', 'syntax error', { netlist: (text) => text.replace('endmodule', 'INV u (.A(q[0]) endmodule') }],
  ['error in the constraints', 'divide by zero', { constraints: (text) => `${text}set x [expr 1/0]\n` }],
  ['unfinished constraints', 'incomplete command', { constraints: (text) => `${text}set_load 0.1 [get_ports q\n` }],
  ['unknown command', 'set_frobnicate', { constraints: (text) => `${text}set_frobnicate 3\n` }],
  ['constraints that read another file', 'nofile.tcl', { constraints: (text) => `${text}source nofile.tcl\n` }],
  ['constraints without a clock', 'no clock', { constraints: () => 'set_load 0.01 [all_outputs]\n' }],
  ['clocks without a source', 'reaches a register', { constraints: (text) => text.replace(' [get_ports clk]', '') }],
  ['wrong top', 'countr', { top: 'countr' }],
])('%s fails and is named', async (name, named, change) => {
  const result = await run(name.replaceAll(' ', '_'), change);
  await expectFailure(result.run_dir, 'RESTORE_FAIL');
  expect(result.error?.message).toContain(named);
});

it.skipIf(!installed)('what no constraint reaches is a metric', async () => {
  const result = await run('open', {
    constraints: (text) => text.replace(/^set_output_delay.*$/m, ''),
  });
  const summary = await readSummary(result.run_dir);
  expect(summary?.metrics.find((metric) => metric.name === 'unconstrained_endpoints')).toMatchObject({ value: 8 });
});
