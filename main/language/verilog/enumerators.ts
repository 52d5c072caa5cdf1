// Names that a range of an enumeration stands for.

/** More in one range are written by no person. */
const MAX_ENUMERATORS = 256;

/** `A`; `A[2]` is A0, A1; `A[3:2]` is A3, A2. A range of parameters leaves the name as it is written. */
export function enumerators(name: string, range: string): string[] {
  const given = /^\[\s*(\d{1,9})\s*(?::\s*(\d{1,9})\s*)?\]$/.exec(range);
  if (given === null) return [name];
  const [first, last] = given[2] === undefined ? [0, Number(given[1]) - 1] : [Number(given[1]), Number(given[2])];
  const count = Math.abs(last - first) + 1;
  if (last < 0 || count > MAX_ENUMERATORS) return [name];
  return Array.from({ length: count }, (_, copy) => `${name}${last < first ? first - copy : first + copy}`);
}
