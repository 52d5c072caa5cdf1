// A measurement that was stopped goes on where it was. Runs Icarus.
import { mkdtempSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { icarus } from '@genrtl/eda/adapters/icarus/index.ts';
import { detectTool } from '@genrtl/eda/runner/index.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { measureBench } from './bench-strength.ts';
import { KeptVerdicts } from './kept-verdicts.ts';

const missing = (await detectTool(icarus, process.env)) === null ? 'Icarus is not installed' : null;
if (missing !== null) process.stdout.write(`skipped: measurements that go on: ${missing}\n`);

const RTL = 'module both(input a, input b, output y, output z);\n  assign y = a & b;\n  assign z = a ^ b;\nendmodule\n';
const BENCH = `module tb;
  reg a, b; wire y, z; integer i, bad = 0;
  both dut(.a(a), .b(b), .y(y), .z(z));
  initial begin
    for (i = 0; i < 4; i = i + 1) begin
      {a, b} = i; #1;
      if (y !== (a && b)) bad = 1;
    end
    if (bad) $display("FAIL signal=y time=%0d", $time); else $display("PASS");
    $finish;
  end
endmodule
`;

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'genrtl-kept-'));
  mkdirSync(join(root, 'package'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const measure = (kept: KeptVerdicts | undefined, signal?: AbortSignal) => {
  writeFileSync(join(root, 'package/both.v'), RTL);
  writeFileSync(join(root, 'package/tb.v'), BENCH);
  return measureBench({
    workspace: join(root, 'package'),
    rtl: ['both.v'],
    tb: ['tb.v'],
    includeDirs: [],
    top: 'tb',
    dut: 'both',
    parameterSets: [{}],
    parallel: 1,
    ...(kept === undefined ? {} : { kept }),
    ...(signal === undefined ? {} : { signal }),
  });
};

test.skipIf(missing !== null)('stopped in mid-measurement: what was judged is not run again, the rest is', async () => {
  const folder = join(root, 'journals');
  const whole = await measure(undefined);
  expect(whole.mutants).toEqual({ killed: 1, total: 2 });

  const stopped = await KeptVerdicts.open(folder, 'first');
  const stop = new AbortController();
  const keep = stopped.keep.bind(stopped);
  stopped.keep = async (...verdict) => {
    await keep(...verdict);
    stop.abort();
  };
  await expect(measure(stopped, stop.signal)).rejects.toMatchObject({ code: 'CANCELLED' });

  const [journal = ''] = readdirSync(folder);
  const line = readFileSync(join(folder, journal), 'utf8').trim();
  expect(line.split('\n')).toHaveLength(1);
  // a verdict that no tool would give shows that none was asked; the line behind it was cut off
  writeFileSync(join(folder, journal), `${line.replace('killed', 'survived')}\n{"mutant":"77`);
  const again = await KeptVerdicts.open(folder, 'first');
  expect((await measure(again)).mutants).toEqual({ killed: 0, total: 2 });
  const third = await KeptVerdicts.open(folder, 'first');
  expect((await measure(third)).survivors).toHaveLength(2);

  // other sources, benches or tools: another journal
  expect(await measure(await KeptVerdicts.open(folder, 'second'))).toEqual(whole);
  await third.forget();
  expect(await measure(await KeptVerdicts.open(folder, 'first'))).toEqual(whole);
});
