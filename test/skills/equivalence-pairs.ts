// The collection of equivalence-pairs.txt, and one pair run through the skill.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readSummary, runSkillJob } from '../../main/skills/index.ts';
import { QUICK, type Sandbox } from './fixture.ts';

export interface EquivalencePair {
  readonly name: string;
  readonly equal: boolean;
  readonly gold: string;
  readonly gate: string;
}

export function equivalencePairs(): EquivalencePair[] {
  const text = readFileSync(path.join(import.meta.dirname, 'equivalence-pairs.txt'), 'utf8');
  return text
    .split(/^=== /m)
    .slice(1)
    .map((block) => {
      const [title = '', ...rest] = block.split('\n');
      const [name = '', verdict = ''] = title.split(': ');
      const [gold = '', gate = ''] = rest.join('\n').split(/^--- against$/m);
      return { name, equal: verdict === 'equal', gold, gate };
    });
}

export interface EquivalenceVerdict {
  /** the job is DONE with points, and every one is proven */
  readonly equal: boolean;
  readonly runDir: string;
  /** reports/equivalence.txt, or the failure's message */
  readonly text: string;
}

/** `top` is the module's name in both versions. */
export async function verdictOf(
  box: Sandbox,
  pair: Omit<EquivalencePair, 'equal'>,
  options: { readonly top?: string; readonly parameters?: Record<string, unknown>; readonly signal?: AbortSignal } = {},
): Promise<EquivalenceVerdict> {
  const folder = box.at(pair.name.replaceAll(' ', '_'));
  mkdirSync(folder, { recursive: true });
  for (const side of ['gold', 'gate'] as const) writeFileSync(path.join(folder, `${side}.v`), pair[side]);
  const result = await runSkillJob(
    {
      skill: 'equivalence_check',
      parameters: {
        top: options.top ?? 'm',
        gold: [path.join(folder, 'gold.v')],
        gate: [path.join(folder, 'gate.v')],
        ...options.parameters,
      },
      ...QUICK,
    },
    box.context(options.signal ? { signal: options.signal } : {}),
  );
  if (result.status !== 'DONE') return { equal: false, runDir: result.run_dir, text: result.error?.message ?? '' };
  const summary = await readSummary(result.run_dir);
  const value = (name: string): unknown => summary?.metrics.find((metric) => metric.name === name)?.value;
  return {
    equal: value('unproven') === 0 && Number(value('points')) > 0 && value('proven') === value('points'),
    runDir: result.run_dir,
    text: readFileSync(path.join(result.run_dir, 'reports', 'equivalence.txt'), 'utf8'),
  };
}
