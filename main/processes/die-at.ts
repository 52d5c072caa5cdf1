// Fault injection for durability tests: ends this process as kill -9 would, at a named point. Inert without the
// variable.

/** GENRTL_TEST_DIE_AT=<point> kills at the point's first passing. */
export function dieAt(point: string, env: NodeJS.ProcessEnv = process.env): void {
  if (env['GENRTL_TEST_DIE_AT'] === point) process.kill(process.pid, 'SIGKILL');
}
