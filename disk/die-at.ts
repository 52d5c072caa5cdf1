// Fault injection for durability tests: ends this process as kill -9 would, at a named point. Inert without the
// variable.

const VARIABLE = 'GENRTL_TEST_DIE_AT';
const passes = new Map<string, number>();

/** `GENRTL_TEST_DIE_AT=<point>[:n]` kills at the point's n-th passing (the first unless given). */
export function dieAt(point: string, env: NodeJS.ProcessEnv = process.env): void {
  const setting = env[VARIABLE];
  if (setting === undefined) return;
  const [, name, pass = '1'] = /^(.*?)(?::(\d+))?$/.exec(setting) ?? [];
  if (name !== point) return;
  const count = (passes.get(point) ?? 0) + 1;
  passes.set(point, count);
  if (count === Number(pass)) process.kill(process.pid, 'SIGKILL');
}

/** The same, in the middle of some work: waits until the work has had time to begin. */
export async function dieDuring(point: string, work: Promise<unknown>): Promise<void> {
  if (process.env[VARIABLE]?.replace(/:\d+$/, '') !== point) return;
  await Promise.race([work.catch(() => undefined), new Promise((resolve) => setTimeout(resolve, 100))]);
  dieAt(point);
}
