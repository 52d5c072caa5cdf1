// Time-boxed fuzzing: runs one suite in a thread of its own and watches over it.
import { Worker } from 'node:worker_threads';
import type { IAsyncProperty, IProperty } from 'fast-check';

export interface FuzzTarget {
  readonly name: string;
  readonly property: IProperty<unknown> | IAsyncProperty<unknown>;
  /** inputs a batch; a batch takes about a second */
  readonly runs: number;
}

export interface FuzzTask {
  readonly suite: 'parsers' | 'patches';
  readonly seconds: number;
  readonly seed: number;
}

export type FuzzReport =
  | { readonly kind: 'batch'; readonly name: string; readonly seed: number }
  | {
      readonly kind: 'failed';
      readonly name: string;
      readonly seed: number;
      readonly path: string;
      readonly input: string;
      readonly error: string;
    }
  | { readonly kind: 'done'; readonly runs: number };

/** No batch takes so long, on a busy machine and while its input is made smaller. */
const HANG_MS = 90_000;

/**
 * Resolves with the number of inputs tried. Rejects with seed and smallest input of a crash, or with the seed of a
 * hang.
 */
export async function runFuzz(task: FuzzTask): Promise<number> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: task });
  let current = 'before the first batch';
  let failure: Error | null = null;
  try {
    return await new Promise<number>((resolve, reject) => {
      const hang = setTimeout(() => {
        reject(new Error(`fuzzing ${task.suite} hangs in ${current}`));
      }, HANG_MS);
      worker.on('error', reject);
      worker.on('exit', (code) => {
        reject(new Error(`the fuzzing thread ended with ${code} in ${current}`));
      });
      worker.on('message', (report: FuzzReport) => {
        hang.refresh();
        if (report.kind === 'batch') current = `${report.name}, seed ${report.seed}`;
        else if (report.kind === 'failed')
          failure = new Error(
            `${report.name} fails with seed ${report.seed}, path ${report.path}\ninput: ${report.input}\n${report.error}`,
          );
        else {
          clearTimeout(hang);
          if (failure === null) resolve(report.runs);
          else reject(failure);
        }
      });
    });
  } finally {
    await worker.terminate();
  }
}

/** Seconds from GENRTL_FUZZ_SECONDS, else 4: minutes are the soak's. */
export function fuzzSeconds(env: NodeJS.ProcessEnv = process.env): number {
  const seconds = Number(env['GENRTL_FUZZ_SECONDS'] ?? 4);
  return Number.isFinite(seconds) && seconds > 0 ? seconds : 4;
}
