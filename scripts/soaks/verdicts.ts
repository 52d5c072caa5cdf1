// What `done` is worth: good pairs of design and testbench, designs of which one output is wrong and unchecked, and the
// models that cheat, as whole jobs. `scripts/soak verdicts [--seed N] [--wrong N] [--good N] [--from N] [--seconds N]
// [--models]`: so many designs of each kind from the number `--from` on, so many seconds for the mutants of a good one,
// and the models.
import { parseArgs } from 'node:util';
import { CheatSite } from '../../test/verdicts/cheat-site.ts';
import { CHEATS, cheatingModel, spec, tables } from '../../test/verdicts/cheating-model.ts';
import { pairOf } from '../../test/verdicts/designs.ts';
import { judgeGood, judgeWrong } from '../../test/verdicts/sweep.ts';

/** Share of the wrong ones that has to be refused; of the good ones none may be. */
const GOAL = 0.98;
const TOLD_EVERY = 10;
const MUTANTS_S = 90;

export async function soak(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: { type: 'string' },
      wrong: { type: 'string' },
      good: { type: 'string' },
      from: { type: 'string' },
      seconds: { type: 'string' },
      models: { type: 'boolean' },
    },
  });
  const number = (name: 'seed' | 'wrong' | 'good' | 'from' | 'seconds', otherwise: number): number => {
    const value = Number(values[name] ?? otherwise);
    if (!Number.isInteger(value) || value < 0) throw new RangeError(`--${name} is a whole number`);
    return value;
  };
  const [seed, from, seconds] = [number('seed', 1), number('from', 0), number('seconds', 2)];
  const wrong = await sweepWrong(seed, from, number('wrong', 63));
  const good = await sweepGood(seed, from, number('good', 168), seconds);
  console.log(
    `seed ${seed}: ${wrong.refused} of ${wrong.tried} wrong and unchecked outputs refused (${wrong.designs} designs); ` +
      `${good.refused} of ${good.tried} good pairs refused`,
  );
  if (wrong.refused < GOAL * wrong.tried) throw new Error(`at least ${100 * GOAL} % have to be refused`);
  if (good.refused > 0) throw new Error('no good pair may be refused');
  if (values.models === true || args.length === 0) await sweepModels();
}

/** Those that nothing stands against, or that only a sealed test could know. */
const DONE: ReadonlySet<string> = new Set(['is right', 'does what the tables say', 'makes the same mistake twice']);

async function sweepModels(): Promise<void> {
  const site = await CheatSite.open(cheatingModel, (name) => (name.includes('tables') ? tables(name) : spec(name)));
  const wrong: string[] = [];
  try {
    for (const name of Object.keys(CHEATS)) {
      // a bench that looks at less is known by the mutants that it no longer notices
      const service = site.service(name.includes('less closely') ? MUTANTS_S : 0);
      const { status, diagnostics, error } = await site.run(name, { model: 'm', max_repairs: 1 }, { service });
      const by = diagnostics.map(({ code }) => code).find((code) => code !== undefined) ?? error?.code ?? '';
      console.log(`${name}: ${status} ${status === 'done' ? '' : by}`);
      if ((status === 'done') !== DONE.has(name)) wrong.push(name);
    }
  } finally {
    await site.close();
  }
  if (wrong.length > 0) throw new Error(`not judged as they are: ${wrong.join(', ')}`);
}

async function sweepWrong(
  seed: number,
  from: number,
  count: number,
): Promise<{ refused: number; tried: number; designs: number }> {
  let [refused, tried] = [0, 0];
  for (let at = from; at < from + count; at++) {
    const pair = pairOf(seed, at);
    for (const output of pair.outputs) {
      const { refused: why } = await judgeWrong(pair, output);
      tried++;
      if (why === null) console.log(`done although wrong: ${pair.name} ${output}`);
      else refused++;
    }
    console.log(`${at - from + 1} designs: ${refused} of ${tried} wrong and unchecked outputs refused`);
  }
  return { refused, tried, designs: count };
}

async function sweepGood(
  seed: number,
  from: number,
  count: number,
  seconds: number,
): Promise<{ refused: number; tried: number }> {
  let refused = 0;
  for (let at = from; at < from + count; at++) {
    const pair = pairOf(seed, at);
    const { refused: why } = await judgeGood(pair, seconds);
    if (why !== null) {
      refused++;
      console.log(`refused although good: ${pair.name}: ${why}`);
    }
    if ((at - from) % TOLD_EVERY === TOLD_EVERY - 1) console.log(`${at - from + 1} good pairs: ${refused} refused`);
  }
  return { refused, tried: count };
}
