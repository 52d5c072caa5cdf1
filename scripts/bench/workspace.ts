// Opening a workspace of 200 files: its files in order, the first outline, the first jump, the first diagnostics, each
// in a new process, the app's host with its modules loaded. GENRTL_BENCH_BESIDE names another tree of genRTL, set up,
// which is asked in turns in the same run.
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT, tempDir } from '../../test/e2e/harness.ts';
import { median, type Measurement } from './table.ts';

const UNITS = 198;
const SEED = 1;
const ROUNDS = Number(process.env['GENRTL_BENCH_ROUNDS'] ?? 5);
const QUESTIONS = [
  ['open', 'its files, read and in order'],
  ['outline', 'first outline'],
  ['definition', 'first jump to a definition'],
  ['diagnostics', 'first diagnostics (Verilator)'],
] as const;

interface Answer {
  readonly wall: number;
  readonly own: number;
  readonly found: number;
}

/** Below `src/`, where every tree looks: a tree of modules with 3 to 40 registers each, a top, and a bench. */
function writeWorkspace(folder: string): void {
  const random = randomFrom(SEED);
  const between = (low: number, high: number): number => low + Math.floor(random() * (high - low + 1));
  mkdirSync(path.join(folder, 'src'), { recursive: true });
  mkdirSync(path.join(folder, 'tb'));
  mkdirSync(path.join(folder, '.genRTL/tool-runs'), { recursive: true });
  const unit = (at: number): string => `unit_${String(at).padStart(3, '0')}`;
  const ports = 'input logic clk, input logic rst_n, input logic [W-1:0] d, output logic [W-1:0] q';
  for (let at = 0; at < UNITS; at += 1) {
    const stages = between(3, 40);
    const body: string[] = [];
    for (let stage = 0; stage < stages; stage += 1) {
      const from = stage === 0 ? 'd' : `s${stage - 1}`;
      body.push(
        `  logic [W-1:0] s${stage};\n  always_ff @(posedge clk or negedge rst_n)\n    if (!rst_n) s${stage} <= '0;\n    else s${stage} <= ${from} + W'(${between(1, 9)});`,
      );
    }
    const children = [2 * at + 1, 2 * at + 2].filter((child) => child < UNITS);
    for (const child of children)
      body.push(
        `  logic [W-1:0] y${child};\n  ${unit(child)} #(.W(W)) u_${child} (.clk(clk), .rst_n(rst_n), .d(s${stages - 1}), .q(y${child}));`,
      );
    body.push(`  assign q = ${[`s${stages - 1}`, ...children.map((child) => `y${child}`)].join(' ^ ')};`);
    if (at % 20 === 7) body.push('  logic never_read;');
    writeFileSync(
      path.join(folder, 'src', `${unit(at)}.sv`),
      `module ${unit(at)} #(parameter int W = 8) (${ports});\n${body.join('\n')}\nendmodule\n`,
    );
  }
  writeFileSync(
    path.join(folder, 'src/soc.sv'),
    `module soc (\n  input  logic       clk,\n  input  logic       rst_n,\n  input  logic [7:0] d,\n  output logic [7:0] q\n);\n  ${unit(0)} u_root (.clk(clk), .rst_n(rst_n), .d(d), .q(q));\nendmodule\n`,
  );
  writeFileSync(
    path.join(folder, 'tb/tb_soc.sv'),
    "module tb_soc;\n  logic clk = 0, rst_n = 0;\n  logic [7:0] q;\n  soc dut (.clk(clk), .rst_n(rst_n), .d(8'd1), .q(q));\nendmodule\n",
  );
}

/** Park and Miller's generator: the same workspace everywhere. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

function ask(tree: string, workspace: string, question: string): Answer {
  const probe = path.join(import.meta.dirname, 'workspace-probe.ts');
  const text = execFileSync(process.execPath, [probe, tree, workspace, question], {
    encoding: 'utf8',
    // tools of the system; the trees' own Node is this one
    env: { ...process.env, NODE_COMPILE_CACHE: path.join(tree, '.cache/node') },
  });
  return JSON.parse(text.trim().split('\n').at(-1) ?? '') as Answer;
}

export async function benchWorkspace(): Promise<Measurement[]> {
  const other = process.env['GENRTL_BENCH_BESIDE'];
  const workspace = tempDir('bench-workspace-');
  writeWorkspace(workspace);
  const rows: Measurement[] = [];
  for (const [question, what] of QUESTIONS) {
    const [ours, theirs]: [Answer[], Answer[]] = [[], []];
    // the first of each fills the caches
    for (let round = 0; round <= ROUNDS; round += 1) {
      const mine = ask(ROOT, workspace, question);
      const beside = other === undefined ? null : ask(path.resolve(other), workspace, question);
      if (round === 0) continue;
      ours.push(mine);
      if (beside !== null) theirs.push(beside);
    }
    const of = (answers: readonly Answer[], key: 'wall' | 'own'): number => median(answers.map((one) => one[key]));
    rows.push({ name: `200 files: ${what}`, value: of(ours, 'wall'), unit: 'ms' });
    rows.push({ name: `200 files: ${what}, processor time of genRTL's own`, value: of(ours, 'own'), unit: 'ms' });
    if (theirs.length === 0) continue;
    rows.push({ name: `the other tree: ${what}`, value: of(theirs, 'wall'), unit: 'ms' });
    rows.push({ name: `the other tree: ${what}, processor time of its own`, value: of(theirs, 'own'), unit: 'ms' });
    const ratios = (key: 'wall' | 'own'): number =>
      median(ours.map((one, at) => one[key] / (theirs[at]?.[key] ?? NaN)));
    rows.push({ name: `beside it: ${what}`, value: ratios('wall'), unit: 'times', goal: { max: 1 } });
    rows.push({ name: `beside it: ${what}, own`, value: ratios('own'), unit: 'times', goal: { max: 1 } });
  }
  return rows;
}
