// Log parsing in MB/s beside `wc -l` on the same file.
import { execFileSync } from 'node:child_process';
import { createWriteStream, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { once } from 'node:events';
import type { ToolId } from '@genrtl/contracts';
import { parseLogs } from '@genrtl/eda/parse.ts';
import { tempDir } from '../../test/e2e/harness.ts';
import { median, type Measurement } from './table.ts';

const SIZE_BYTES = 200 * 1024 * 1024;
const ROUNDS = 3;

/** 1 % diagnostic lines among what the tool prints all day. */
const LINES: Partial<Record<ToolId, { noise: string; diagnostic: (n: number) => string }>> = {
  icarus: { noise: 'cycle 123456 addr=0xdeadbeef data=0x00c0ffee state=RUN grant=0101 level=17', diagnostic: (n) => `src/core.sv:${(n % 900) + 1}: error: Unknown module type: alu_${n % 50}` },
  verilator: { noise: '[123456] dut: transfer 42 accepted, level=17, addr=0xdeadbeef data=0x00c0ffee', diagnostic: (n) => `%Warning-WIDTHTRUNC: src/core.sv:${(n % 900) + 1}:14: Operator ASSIGNW expects 8 bits` },
  yosys: { noise: '   Optimizing cells in module \\core: removed 12 of 4096 unused cells, 3 wires left', diagnostic: (n) => `src/core.sv:${(n % 900) + 1}: Warning: Identifier \`\\w${n % 50}' is implicitly declared.` },
};

async function writeLog(file: string, tool: ToolId): Promise<void> {
  const form = LINES[tool];
  if (!form) throw new Error(`no log form for ${tool}`);
  const stream = createWriteStream(file);
  for (let written = 0, n = 0; written < SIZE_BYTES;) {
    let block = '';
    for (let line = 0; line < 10_000; line += 1, n += 1) block += `${n % 100 === 0 ? form.diagnostic(n) : form.noise}\n`;
    written += block.length;
    if (!stream.write(block)) await once(stream, 'drain');
  }
  stream.end();
  await once(stream, 'finish');
}

export async function benchParsing(): Promise<Measurement[]> {
  const folder = tempDir('parse');
  const rows: Measurement[] = [];
  for (const tool of Object.keys(LINES) as ToolId[]) {
    const file = path.join(folder, `${tool}.log`);
    await writeLog(file, tool);
    const megabytes = statSync(file).size / 1e6;
    const ours: number[] = [];
    const wc: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      let started = performance.now();
      execFileSync('wc', ['-l', file]);
      wc.push((performance.now() - started) / 1000);
      started = performance.now();
      await parseLogs(tool, [{ file }], folder);
      ours.push((performance.now() - started) / 1000);
    }
    rows.push({ name: `${tool}: parse`, value: megabytes / median(ours), unit: 'MB/s', goal: { min: 100 } });
    rows.push({ name: `${tool}: time / time of wc -l`, value: median(ours) / median(wc), unit: '×' });
    rmSync(file);
  }
  rmSync(folder, { recursive: true, force: true });
  return rows;
}
