// Which of many deaths a run tries: `scripts/soak kills` all of them, `scripts/test` those that once told apart right
// from wrong, at least one for each kind.

export const EVERY_KILL = process.env['GENRTL_EVERY_KILL'] === '1';

/** All points in the soak, else the ones named; a name that is no point throws. */
export function killPoints<P>(all: readonly P[], fast: readonly string[], nameOf: (point: P) => string = String): P[] {
  for (const name of fast)
    if (!all.some((point) => nameOf(point) === name)) throw new RangeError(`${name} is no point of this test`);
  return EVERY_KILL ? [...all] : all.filter((point) => fast.includes(nameOf(point)));
}
