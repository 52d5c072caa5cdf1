// Which of many equal cases a run tries: `scripts/soak everything` all of them, `scripts/test` those that once told
// apart right from wrong, at least one for each kind.

export const EVERYTHING = process.env['GENRTL_EVERYTHING'] === '1';

/** All cases in the soak, else the ones named; a name that is no case throws. */
export function representatives<C>(
  all: readonly C[],
  named: readonly string[],
  nameOf: (one: C) => string = String,
): C[] {
  for (const name of named)
    if (!all.some((one) => nameOf(one) === name)) throw new RangeError(`${name} is no case of this test`);
  return EVERYTHING ? [...all] : all.filter((one) => named.includes(nameOf(one)));
}
