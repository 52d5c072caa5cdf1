// Plants faults, runs the real tools as a job does (lint, simulate, simulate again with a waveform), and judges the
// evidence.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Diagnostic, EvidenceBundle } from '@genrtl/contracts';
import { NO_SEAL } from '@genrtl/core/evidence/index.ts';
import { adapterById } from '@genrtl/eda/adapters/index.ts';
import { drawFaults, FAULT_CLASSES, plant } from '@genrtl/eda/faults/index.ts';
import type { Fault, FaultClass } from '@genrtl/eda/faults/index.ts';
import { runTool } from '@genrtl/eda/runner/index.ts';
import type { RunToolResult } from '@genrtl/eda/runner/types.ts';
import { bundleOf } from '../../main/job/evidence/index.ts';
import type { Design } from './designs.ts';
import { judge } from './judge.ts';
import type { Judgement } from './judge.ts';

export interface Outcome extends Judgement {
  readonly design: string;
  readonly file: string;
  readonly fault: Fault;
  /** where the fault showed */
  readonly by: 'lint' | 'sim';
  readonly bundle: EvidenceBundle;
}

export interface Measurement {
  readonly outcomes: readonly Outcome[];
  /** planted, but neither linter nor bench saw anything */
  readonly unseen: Readonly<Record<FaultClass, number>>;
  /** classes whose whole supply was used up */
  readonly exhausted: readonly FaultClass[];
}

export interface MeasureOptions {
  readonly designs: readonly Design[];
  readonly seed: number;
  readonly count: number;
  readonly parallel: number;
  readonly onOutcome?: (outcome: Outcome) => void;
}

const TIMEOUT_MS = 20_000;

/** As many faults of each class as of any other, as long as their supply lasts. */
export async function measureFaults({
  designs,
  seed,
  count,
  parallel,
  onOutcome,
}: MeasureOptions): Promise<Measurement> {
  const files = designs.flatMap((design) => design.rtl.map((file) => ({ design, file })));
  const drawn = drawFaults(
    files.map(({ file }) => file.text),
    seed,
  );
  const outcomes: Outcome[] = [];
  const unseen = Object.fromEntries(FAULT_CLASSES.map((kind) => [kind, 0])) as Record<FaultClass, number>;
  const found = new Map<FaultClass, number>(FAULT_CLASSES.map((kind) => [kind, 0]));
  const open = new Set<FaultClass>(FAULT_CLASSES);
  let running = 0;
  /** the class that has least so far, so that classes fill up evenly */
  const nextClass = (): FaultClass | null => {
    if (outcomes.length + running >= count) return null;
    const [least] = [...open].sort((a, b) => (found.get(a) ?? 0) - (found.get(b) ?? 0));
    return least ?? null;
  };
  const worker = async (): Promise<void> => {
    for (let kind = nextClass(); kind !== null; kind = nextClass()) {
      const planted = drawn.get(kind)?.shift();
      const place = planted && files[planted.source];
      if (planted === undefined || place === undefined) {
        open.delete(kind);
        continue;
      }
      running++;
      found.set(kind, (found.get(kind) ?? 0) + 1);
      const outcome = await tryFault(place.design, place.file, planted.fault);
      running--;
      if (outcome === null) {
        unseen[kind]++;
        found.set(kind, (found.get(kind) ?? 0) - 1);
      } else {
        outcomes.push(outcome);
        onOutcome?.(outcome);
      }
    }
  };
  await Promise.all(Array.from({ length: parallel }, worker));
  return { outcomes, unseen, exhausted: FAULT_CLASSES.filter((kind) => !open.has(kind)) };
}

/** Null when nothing sees the fault. */
async function tryFault(design: Design, file: { path: string; text: string }, fault: Fault): Promise<Outcome | null> {
  const root = mkdtempSync(path.join(tmpdir(), 'genrtl-fault-'));
  try {
    for (const each of [...design.vendor, ...design.rtl, ...design.tb]) {
      const target = path.join(root, each.path);
      mkdirSync(path.dirname(target), { recursive: true });
      writeFileSync(target, each.path === file.path ? plant(file.text, fault) : each.text);
    }
    const failed = await failingRun(design, root);
    if (failed === null) return null;
    const bundle = await bundleOf({
      root,
      jobId: 'job',
      stepId: failed.step,
      folder: path.join(root, '.genRTL/runs/job', failed.step),
      diagnostics: failed.diagnostics,
      lintFolder: failed.step === 'sim_1' ? path.join(root, '.genRTL/runs/job/lint_1') : null,
      top: design.top,
      packages: design.packages,
      acceptDir: null,
      seal: NO_SEAL,
      env: {},
    });
    const lines = design.rtl.reduce((sum, each) => sum + each.text.split('\n').length, 0);
    return {
      design: design.name,
      file: file.path,
      fault,
      by: failed.step === 'sim_1' ? 'sim' : 'lint',
      bundle,
      ...judge(bundle, file.path, fault, lines),
    };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** The first run that fails, with what the job would say of it. Null when all pass. */
export async function failingRun(
  design: Design,
  root: string,
): Promise<{ step: 'lint_1' | 'sim_1'; diagnostics: Diagnostic[] } | null> {
  const rtl = [...design.vendor, ...design.rtl].map((each) => each.path);
  const run = (tool: 'verilator' | 'icarus', step: string, waves: boolean): Promise<RunToolResult> => {
    const adapter = adapterById(tool);
    if (adapter === undefined) throw new Error(`no adapter ${tool}`);
    return runTool({
      adapter,
      action: step === 'lint_1' ? 'lint' : 'simulate',
      workspace: root,
      runDir: path.join(root, '.genRTL/runs/job', step),
      sources: step === 'lint_1' ? rtl : [...rtl, ...design.tb.map((each) => each.path)],
      top: step === 'lint_1' ? design.top.name : design.bench,
      waves: waves ? { format: 'vcd', file: 'waves.vcd' } : null,
      limits: { timeoutMs: TIMEOUT_MS },
    });
  };
  const lint = await run('verilator', 'lint_1', false);
  if (lint.verdict === 'missing') throw new Error('verilator is not installed');
  if (lint.verdict !== 'pass')
    return {
      step: 'lint_1',
      diagnostics: withCause(lint, `verilator refused the design without naming a line; see its log.`),
    };
  let sim = await run('icarus', 'sim_1', false);
  if (sim.verdict === 'missing') throw new Error('icarus is not installed');
  if (sim.verdict === 'pass') return null;
  if (sim.verdict === 'fail' && sim.ran) sim = await run('icarus', 'sim_1', true);
  return {
    step: 'sim_1',
    diagnostics: withCause(
      sim,
      sim.verdict === 'timeout'
        ? `${design.bench} did not reach $finish within ${TIMEOUT_MS / 1000} s.`
        : `${design.bench} failed without naming a signal; see its log.`,
    ),
  };
}

/** As the steps of a job do: a failing verdict without a single error gets one sentence. */
function withCause(result: RunToolResult, message: string): Diagnostic[] {
  if (result.diagnostics.some((each) => each.severity === 'error')) return [...result.diagnostics];
  return [{ tool: result.record.tool, severity: 'error', message }, ...result.diagnostics];
}
