// How fast logs are parsed, as a ratio to reading the same file, whether the memory stays flat and the counts exact.
// The project's bench script and its long runs print what this measures.
import { createReadStream } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ToolId } from '@genrtl/contracts';
import { parseLogs } from '../parse.ts';
import { MAX_DIAGNOSTICS } from '../parsing/index.ts';

/** One diagnostic as the tool prints it, and the talk around it. */
const SAMPLES: Readonly<Partial<Record<ToolId, { diagnostic: string; talk: string }>>> = {
  icarus: {
    diagnostic:
      'src/uart_tx.sv:120: warning: Port 2 (a) of sub expects 4 bits, got 8.\nsrc/uart_tx.sv:120:        : Pruning 4 high bits of the expression.\n',
    talk: 'tb_uart: cycle 10234: tx=1 rx=0 state=IDLE count=12 sent byte 0x5a to the scoreboard\n',
  },
  verilator: {
    diagnostic:
      "%Warning-WIDTH: src/uart_tx.sv:120:14: Operator ASSIGNW expects 4 bits on the Assign RHS, but Assign RHS's VARREF 'w' generates 8 bits.\n                      : ... In instance top.u\n  120 |   assign q = w;\n      |            ^\n",
    talk: '[102340] tb_uart: tx=1 rx=0 state=IDLE count=12 sent byte 0x5a to the scoreboard ok\n',
  },
  yosys: {
    diagnostic: "src/uart_tx.sv:9: Warning: Identifier `\\undefd' is implicitly declared.\n",
    talk: 'Removed 12 unused cells and 34 unused wires from module \\uart_tx of the design in pass 3.\n',
  },
  ghdl: {
    diagnostic: 'tb/tb_uart.vhd:11:22:@320ns:(assertion warning): q is not what it should be here\n',
    talk: 'tb_uart cycle 10234 tx 1 rx 0 state IDLE count 12 sent byte 0x5a to the scoreboard now\n',
  },
  verible: {
    diagnostic: 'src/uart_tx.sv:3:101: Line length exceeds max: 100; is: 130 [Style: line-length] [line-length]\n',
    talk: 'checking the next file of the list, nothing found in the last one of all these files\n',
  },
  vcs: {
    diagnostic:
      '\nLint-[ULCO] Unequal length in comparison operation\nsrc/alu.sv, 9\n  A left 4-bit expression is compared to a right 32-bit expression.\n\n',
    talk: 'tb_uart: cycle 10234: tx=1 rx=0 state=IDLE count=12 sent byte 0x5a to the scoreboard\n',
  },
  questa: {
    diagnostic: '# ** Warning: (vlog-2623) src/top.sv(30): Undefined variable: nxt.\n',
    talk: '# tb_uart: cycle 10234: tx=1 rx=0 state=IDLE count=12 sent byte 0x5a to the scoreboard\n',
  },
  xcelium: {
    diagnostic: 'xmvlog: *W,LIBNOU (src/top.sv,1|0): Library given but not used.\n',
    talk: 'tb_uart: cycle 10234: tx=1 rx=0 state=IDLE count=12 sent byte 0x5a to the scoreboard\n',
  },
  vivado: {
    diagnostic:
      'WARNING: [Synth 8-7129] Port rst in module top is either unconnected or has no load [/w/src/top.sv:1]\n',
    talk: 'Starting RTL optimisation and the next phase of the flow, nothing of note was found in it\n',
  },
  quartus: {
    diagnostic:
      'Warning (10230): Verilog HDL assignment warning at alu.sv(9): truncated value with size 32 to match size of target (4) File: /w/src/alu.sv Line: 9\n',
    talk: '    Info (12023): Found entity 1: top with nothing to say about a place in the sources\n',
  },
};

/** Lines of talk to each diagnostic: 1 % of the lines start one. */
const TALK_LINES = 99;
const MB = 1e6;
const CHUNK_BYTES = 1 << 20;

export interface ThroughputRow {
  readonly tool: ToolId;
  readonly megabytes: number;
  /** of one core's time, which other work on the machine does not blur */
  readonly parseMbPerS: number;
  /** wall time of parsing over that of reading the same file in this process */
  readonly ratioToRead: number;
  readonly parseSeconds: number;
  readonly diagnostics: number;
  readonly kept: number;
  /** how far the resident memory rose above what it was after a log of one megabyte */
  readonly growthMb: number;
}

export const THROUGHPUT_TOOLS = Object.keys(SAMPLES) as ToolId[];

/** Writes a log of about the given size; returns how many diagnostics it holds. */
async function writeLog(path: string, tool: ToolId, megabytes: number): Promise<number> {
  const sample = SAMPLES[tool];
  if (sample === undefined) throw new RangeError(`no sample for ${tool}`);
  const block = Buffer.from(sample.diagnostic + sample.talk.repeat(TALK_LINES));
  const blocks = Math.max(1, Math.floor(CHUNK_BYTES / block.length));
  const chunk = Buffer.concat(Array.from({ length: blocks }, () => block));
  const file = await open(path, 'w');
  let written = 0;
  while (written * chunk.length < megabytes * MB) {
    await file.write(chunk);
    written++;
  }
  await file.close();
  return written * blocks;
}

/** The log in a scratch folder for as long as `use` needs it. */
export async function withLog<T>(
  tool: ToolId,
  megabytes: number,
  use: (path: string, diagnostics: number) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'genrtl-bench-'));
  try {
    const path = join(folder, 'big.log');
    return await use(path, await writeLog(path, tool, megabytes));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Throws when a count is not exact, or when more is kept than may be. */
export async function measureThroughput(tool: ToolId, megabytes: number): Promise<ThroughputRow> {
  const before = await withLog(tool, 1, async (path, diagnostics) => {
    for (let round = 0; round < 5; round++) await parse(tool, path, diagnostics);
    return process.memoryUsage().rss;
  });
  return withLog(tool, megabytes, async (path, diagnostics) => {
    await seconds(() => readOnly(path));
    const read = await seconds(() => readOnly(path));
    let peak = before;
    const sampler = setInterval(() => {
      peak = Math.max(peak, process.memoryUsage().rss);
    }, 10);
    let kept = 0;
    const cpu = process.cpuUsage();
    const parseSeconds = await seconds(async () => {
      kept = await parse(tool, path, diagnostics);
    });
    const used = process.cpuUsage(cpu);
    clearInterval(sampler);
    return {
      tool,
      megabytes,
      parseMbPerS: megabytes / ((used.user + used.system) / 1e6),
      ratioToRead: parseSeconds / read,
      parseSeconds,
      diagnostics,
      kept,
      growthMb: (peak - before) / MB,
    };
  });
}

async function parse(tool: ToolId, path: string, expected: number): Promise<number> {
  const { counts, diagnostics } = await parseLogs(tool, [{ file: path }]);
  const counted = counts.error + counts.warning + counts.info;
  if (counted !== expected) throw new Error(`${tool}: ${counted} diagnostics counted, ${expected} written`);
  if (diagnostics.length !== Math.min(expected, MAX_DIAGNOSTICS))
    throw new Error(`${tool}: ${diagnostics.length} diagnostics kept`);
  return diagnostics.length;
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}

async function readOnly(path: string): Promise<void> {
  for await (const chunk of createReadStream(path, { highWaterMark: CHUNK_BYTES })) void chunk;
}
