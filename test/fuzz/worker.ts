// The thread in which fuzzing runs: batches of properties until the time is up. Says before each batch what it is about
// to try, so that a hang can be named too.
import { parentPort, workerData } from 'node:worker_threads';
import fc from 'fast-check';
import { parserTargets } from './parsers.ts';
import { patchTargets } from './patches.ts';
import type { FuzzReport, FuzzTask } from './run-fuzz.ts';

/** A failing input is made smaller for so long. */
const SHRINK_MS = 20_000;

const { suite, seconds, seed } = workerData as FuzzTask;
const targets = suite === 'parsers' ? parserTargets() : patchTargets();
const say = (report: FuzzReport): void => {
  parentPort?.postMessage(report);
};
const until = performance.now() + seconds * 1000;
let runs = 0;

for (let batch = 0; performance.now() < until; batch++) {
  const target = targets[batch % targets.length];
  if (target === undefined) break;
  const batchSeed = (seed + Math.imul(batch, 0x9e3779b1)) | 0;
  say({ kind: 'batch', name: target.name, seed: batchSeed });
  const details = await fc.check(target.property, {
    seed: batchSeed,
    numRuns: target.runs,
    interruptAfterTimeLimit: SHRINK_MS,
    markInterruptAsFailure: false,
  });
  runs += details.numRuns;
  if (details.failed) {
    say({
      kind: 'failed',
      name: target.name,
      seed: batchSeed,
      path: details.counterexamplePath ?? '',
      input: fc.stringify(details.counterexample).slice(0, 20_000),
      error: String(details.errorInstance instanceof Error ? details.errorInstance.stack : details.errorInstance),
    });
    break;
  }
}
say({ kind: 'done', runs });
