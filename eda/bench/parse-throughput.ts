// How fast logs are parsed, as a ratio to reading the same file, and whether the memory stays flat. Run by the project's bench script.
import { spawnSync } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ToolId } from '@genrtl/contracts';
import { parseLogs } from '../parse.ts';

/** One diagnostic as the tool prints it, and the talk around it. */
const SAMPLES: Readonly<Partial<Record<ToolId, { diagnostic: string; talk: string }>>> = {
  icarus: { diagnostic: 'src/uart_tx.sv:120: warning: Port 2 (a) of sub expects 4 bits, got 8.\nsrc/uart_tx.sv:120:        : Pruning 4 high bits of the expression.\n', talk: 'tb_uart: cycle 10234: tx=1 rx=0 state=IDLE count=12 sent byte 0x5a to the scoreboard\n' },
  verilator: { diagnostic: "%Warning-WIDTH: src/uart_tx.sv:120:14: Operator ASSIGNW expects 4 bits on the Assign RHS, but Assign RHS's VARREF 'w' generates 8 bits.\n                      : ... In instance top.u\n  120 |   assign q = w;\n      |            ^\n", talk: '[102340] tb_uart: tx=1 rx=0 state=IDLE count=12 sent byte 0x5a to the scoreboard ok\n' },
  yosys: { diagnostic: "src/uart_tx.sv:9: Warning: Identifier `\\undefd' is implicitly declared.\n", talk: 'Removed 12 unused cells and 34 unused wires from module \\uart_tx of the design in pass 3.\n' },
  ghdl: { diagnostic: 'tb/tb_uart.vhd:11:22:@320ns:(assertion warning): q is not what it should be here\n', talk: 'tb_uart cycle 10234 tx 1 rx 0 state IDLE count 12 sent byte 0x5a to the scoreboard now\n' },
  verible: { diagnostic: 'src/uart_tx.sv:3:101: Line length exceeds max: 100; is: 130 [Style: line-length] [line-length]\n', talk: 'checking the next file of the list, nothing found in the last one of all these files\n' },
  vcs: { diagnostic: "\nLint-[ULCO] Unequal length in comparison operation\nsrc/alu.sv, 9\n  A left 4-bit expression is compared to a right 32-bit expression.\n\n", talk: 'tb_uart: cycle 10234: tx=1 rx=0 state=IDLE count=12 sent byte 0x5a to the scoreboard\n' },
  questa: { diagnostic: "# ** Warning: (vlog-2623) src/top.sv(30): Undefined variable: nxt.\n", talk: '# tb_uart: cycle 10234: tx=1 rx=0 state=IDLE count=12 sent byte 0x5a to the scoreboard\n' },
  xcelium: { diagnostic: 'xmvlog: *W,LIBNOU (src/top.sv,1|0): Library given but not used.\n', talk: 'tb_uart: cycle 10234: tx=1 rx=0 state=IDLE count=12 sent byte 0x5a to the scoreboard\n' },
  vivado: { diagnostic: 'WARNING: [Synth 8-7129] Port rst in module top is either unconnected or has no load [/w/src/top.sv:1]\n', talk: 'Starting RTL optimisation and the next phase of the flow, nothing of note was found in it\n' },
  quartus: { diagnostic: 'Warning (10230): Verilog HDL assignment warning at alu.sv(9): truncated value with size 32 to match size of target (4) File: /w/src/alu.sv Line: 9\n', talk: '    Info (12023): Found entity 1: top with nothing to say about a place in the sources\n' },
};

export interface ThroughputRow {
  readonly tool: string;
  readonly megabytes: number;
  /** of one core's time, which other work on the machine does not blur */
  readonly parseMbPerS: number;
  /** parse time over the time of `wc -l`, and over reading the file in this process */
  readonly ratioToWc: number;
  readonly ratioToRead: number;
  readonly diagnostics: number;
  /** growth of the resident memory while parsing */
  readonly memoryMb: number;
}

/** A log of the given size in which about 1 % of the lines start a diagnostic. */
async function writeLog(path: string, tool: ToolId, bytes: number): Promise<void> {
  const sample = SAMPLES[tool];
  if (sample === undefined) throw new RangeError(`no sample for ${tool}`);
  const block = Buffer.from(sample.diagnostic + sample.talk.repeat(99));
  const chunk = Buffer.concat(Array.from({ length: Math.max(1, Math.floor((1 << 20) / block.length)) }, () => block));
  const file = await open(path, 'w');
  for (let written = 0; written < bytes; written += chunk.length) await file.write(chunk);
  await file.close();
}

const seconds = async (work: () => Promise<unknown> | unknown): Promise<number> => {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
};

async function readOnly(path: string): Promise<void> {
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) void chunk;
}

export async function measureThroughput(tool: ToolId, megabytes: number): Promise<ThroughputRow> {
  const folder = await mkdtemp(join(tmpdir(), 'genrtl-bench-'));
  try {
    const path = join(folder, 'big.log');
    await writeLog(path, tool, megabytes * 1e6);
    await parseLogs(tool, [{ file: path }]);
    await readOnly(path);
    const wc = await seconds(() => spawnSync('wc', ['-l', path]));
    const read = await seconds(() => readOnly(path));
    const memory = process.memoryUsage().rss;
    let peak = memory;
    const sampler = setInterval(() => { peak = Math.max(peak, process.memoryUsage().rss); }, 20);
    let diagnostics = 0;
    const cpu = process.cpuUsage();
    const parse = await seconds(async () => {
      const { counts } = await parseLogs(tool, [{ file: path }]);
      diagnostics = counts.error + counts.warning + counts.info;
    });
    const used = process.cpuUsage(cpu);
    clearInterval(sampler);
    return {
      tool, megabytes, parseMbPerS: Math.round(megabytes / ((used.user + used.system) / 1e6)), ratioToWc: round(parse / wc), ratioToRead: round(parse / read), diagnostics,
      memoryMb: Math.max(0, Math.round((peak - memory) / 1e6)),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const round = (value: number): number => Math.round(value * 100) / 100;

export const THROUGHPUT_TOOLS = Object.keys(SAMPLES) as ToolId[];

/** Prints one line per tool; goal: at least 100 MB/s for the line formats, memory flat. */
export async function benchParsers(megabytes = 100, tools: readonly ToolId[] = THROUGHPUT_TOOLS, print: (line: string) => void = console.log): Promise<ThroughputRow[]> {
  const rows: ThroughputRow[] = [];
  for (const tool of tools) {
    const row = await measureThroughput(tool, megabytes);
    rows.push(row);
    print(`parse ${tool.padEnd(10)} ${String(row.parseMbPerS).padStart(5)} MB/s  ${row.ratioToWc} × wc -l  ${row.ratioToRead} × reading  ${row.diagnostics} diagnostics  +${row.memoryMb} MB`);
  }
  return rows;
}
