// Pairs of design and testbench through the measures that decide whether a job is done.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { GenrtlError, type Strength } from '@genrtl/contracts';
import { icarus } from '@genrtl/eda/adapters/icarus/index.ts';
import { measureBenches } from '@genrtl/eda/strength/index.ts';
import { weaknessOf } from '../../main/job/strength-verdict.ts';
import type { Pair } from './designs.ts';

/** As a job has it by default. */
const FLOOR = 0.6;

export interface Judged {
  /** null: nothing stands against it */
  readonly refused: string | null;
  readonly strength: Strength | null;
}

/** `seconds` for mutants; 0: outputs and stubs only. */
export async function judgePair(rtl: string, bench: string, top: string, seconds: number): Promise<Judged> {
  const workspace = mkdtempSync(path.join(tmpdir(), 'genrtl-sweep-'));
  try {
    for (const folder of ['src', 'tb']) mkdirSync(path.join(workspace, folder));
    writeFileSync(path.join(workspace, 'src/d.v'), rtl);
    writeFileSync(path.join(workspace, 'tb/tb.v'), bench);
    const { strength } = await measureBenches(
      [{ adapter: icarus, workspace, sources: ['src/d.v', 'tb/tb.v'], top: `tb_${top}` }],
      {
        design: ['src/d.v'],
        judged: [{ module: top }],
        mutate: ['src/d.v'],
        floor: FLOOR,
        timeBudgetMs: seconds * 1000,
      },
    );
    const [untried] = strength.untried ?? [];
    const weak = weaknessOf(strength, top, null)?.message ?? null;
    const refused = weak ?? (untried === undefined ? null : `${untried.kind}:${untried.name} untried: ${untried.why}`);
    return { refused, strength };
  } catch (error) {
    if (error instanceof GenrtlError && error.code === 'DESIGN_FAILED')
      return { refused: error.message, strength: null };
    throw error;
  } finally {
    rmSync(workspace, { recursive: true, force: true });
  }
}

export const judgeGood = (pair: Pair, seconds: number): Promise<Judged> =>
  judgePair(pair.rtl(), pair.bench(), pair.top, seconds);

/** The output is wrong, and the testbench does not look at it. */
export const judgeWrong = (pair: Pair, output: string): Promise<Judged> =>
  judgePair(pair.rtl(output), pair.bench(output), pair.top, 0);
