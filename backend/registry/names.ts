// Which names of packages look alike: letters that are drawn alike, signs that are overlooked, what separates words, and
// one letter off. Letters outside ASCII, capitals and dots never come so far: the form of an id has none.
import { GenrtlError } from '@genrtl/contracts';
import { nameOf, scopeOf } from '@genrtl/core/cbb/package-id.ts';

/** What a reader may take for one another (Unicode TR39, narrowed to the letters that an id may have). */
const ALIKE: readonly (readonly [RegExp, string])[] = [
  [/[_\-.]+/g, ''],
  [/rn/g, 'm'],
  [/vv/g, 'w'],
  [/cl/g, 'd'],
  [/[0]/g, 'o'],
  [/[1i|]/g, 'l'],
  [/[5]/g, 's'],
  [/[2]/g, 'z'],
  [/[8]/g, 'b'],
];

/** Scopes that say whose packages they are, and lie. */
const RESERVED_SCOPES = ['genrtl', 'cbb', 'platform', 'official', 'builtin', 'registry', 'vendor', 'local', 'admin'];

/** Of shorter names too many differ by one letter to tell a slip from a choice. */
const LETTERS_OF_A_SLIP = 4;

/** Equal for two names that a person may take for one another. */
export function skeletonOf(cbbId: string): string {
  const scope = scopeOf(cbbId);
  const name = plain(nameOf(cbbId).replace(/^cbb_/i, ''));
  return scope === null ? name : `@${plain(scope)}/${name}`;
}

const plain = (text: string): string =>
  ALIKE.reduce((seen, [pattern, letter]) => seen.replace(pattern, letter), text.normalize('NFKC').toLowerCase());

/** Drawn alike, or one letter more, less, changed or two exchanged. For names of different owners. */
export function looksAlike(one: string, other: string): boolean {
  const [a, b] = [plain(one.replace(/^cbb_/i, '')), plain(other.replace(/^cbb_/i, ''))];
  return a === b || (Math.min(a.length, b.length) >= LETTERS_OF_A_SLIP && isOneApart(a, b));
}

function isOneApart(a: string, b: string): boolean {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  if (long.length - short.length > 1) return false;
  let at = 0;
  while (at < short.length && short[at] === long[at]) at += 1;
  const rest = (text: string, from: number): string => text.slice(from);
  if (long.length > short.length) return rest(short, at) === rest(long, at + 1);
  if (rest(short, at + 1) === rest(long, at + 1)) return true;
  return short[at] === long[at + 1] && short[at + 1] === long[at] && rest(short, at + 2) === rest(long, at + 2);
}

/** The scope that this one looks like among those of others and those that nobody may have, or null. */
export function scopeAlike(scope: string, others: readonly string[]): string | null {
  return [...RESERVED_SCOPES, ...others].find((other) => looksAlike(scope, other)) ?? null;
}

export function looksLike(cbbId: string, other: string): GenrtlError {
  return new GenrtlError('CBB_GATE_FAILED', `${cbbId} looks like ${other}, which is another's`, {
    hint: 'Choose a name that nobody takes for another.',
    details: { findings: [`names: ${cbbId} looks like ${other}`] },
  });
}
