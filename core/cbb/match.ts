// Finds the package that a requirement or a Blocks row means. Used by the registry and the composer alike, so that
// both always agree on what "sync FIFO" is.
import type { CbbManifest } from '@genrtl/contracts';
import { scopeOf } from './package-id.ts';

/** How a package was found; `words` is the weakest: every word occurs in its tags, function or title. */
export type MatchKind = 'id' | 'function' | 'tag' | 'words';

export type CbbMatch =
  | { readonly status: 'found'; readonly manifest: CbbManifest; readonly by: MatchKind }
  | { readonly status: 'ambiguous'; readonly candidates: readonly CbbManifest[]; readonly by: MatchKind }
  | { readonly status: 'not_found' };

/** Words that engineers use for one another; every spelling maps to the first of its line. */
const SYNONYMS = [
  ['synchronous', 'sync'],
  ['asynchronous', 'async'],
  ['synchroniser', 'synchronizer'],
  ['transmitter', 'tx', 'transmit', 'sender'],
  ['receiver', 'rx', 'receive'],
  ['debouncer', 'debounce'],
  ['detector', 'detect', 'detection'],
  ['clock', 'clk'],
  ['divider', 'div'],
  ['counter', 'cnt'],
  ['reset', 'rst'],
  ['multiplier', 'mul', 'mult'],
  ['generator', 'gen'],
] as const;
const CANONICAL: ReadonlyMap<string, string> = new Map(
  SYNONYMS.flatMap((line) => line.map((word) => [word, line[0]] as const)),
);
const FILLER: ReadonlySet<string> = new Set([
  'a',
  'an',
  'the',
  'with',
  'of',
  'for',
  'and',
  'to',
  'block',
  'module',
  'ip',
  'core',
]);

/**
 * Exact id, else exact function or title, else exact tag, else all words among tags, function and title; letter case,
 * hyphens and spelling variants do not matter. The first rule that fits anything decides, and a tie is `ambiguous`.
 * Of several versions of a package only the newest counts. Organisations choose their titles and tags as they like:
 * where the platform has a package for the words, theirs is meant only by its id.
 */
export function matchFunction(text: string, catalog: readonly CbbManifest[]): CbbMatch {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return { status: 'not_found' };
  const packages = newestVersions(catalog);
  const named = packages.find((manifest) => manifest.cbb_id === wanted);
  if (named) return { status: 'found', manifest: named, by: 'id' };
  const platform = packages.filter(({ cbb_id: id }) => scopeOf(id) === null);
  const own = matchWords(wanted, platform);
  return own.status === 'not_found' && platform.length < packages.length ? matchWords(wanted, packages) : own;
}

function matchWords(wanted: string, packages: readonly CbbManifest[]): CbbMatch {
  const phrase = canonicalPhrase(wanted);
  const rules: readonly (readonly [MatchKind, (manifest: CbbManifest) => boolean])[] = [
    [
      'function',
      (manifest) => [manifest.function, manifest.title].some((name) => name.trim().toLowerCase() === wanted),
    ],
    ['tag', (manifest) => manifest.tags.some((tag) => canonicalPhrase(tag) === phrase)],
    ['words', (manifest) => hasWords(manifest, phrase)],
  ];
  for (const [by, fits] of rules) {
    const candidates = packages.filter(fits);
    const [first] = candidates;
    if (first)
      return candidates.length === 1
        ? { status: 'found', manifest: first, by }
        : { status: 'ambiguous', candidates, by };
  }
  return { status: 'not_found' };
}

/** The newest version of every package, in the order of the catalogue. */
function newestVersions(catalog: readonly CbbManifest[]): CbbManifest[] {
  const newest = new Map<string, CbbManifest>();
  for (const manifest of catalog) {
    const known = newest.get(manifest.cbb_id);
    if (!known || compareVersions(manifest.version, known.version) > 0) newest.set(manifest.cbb_id, manifest);
  }
  return [...newest.values()];
}

/** Semantic Versioning 2.0 §11 for the part that catalogues use: numbers first, a pre-release below its release. */
export function compareVersions(a: string, b: string): number {
  const [aCore = '', ...aRest] = a.split('-');
  const [bCore = '', ...bRest] = b.split('-');
  const [aNumbers, bNumbers] = [aCore.split('.').map(Number), bCore.split('.').map(Number)];
  for (let at = 0; at < 3; at += 1) {
    const difference = (aNumbers[at] ?? 0) - (bNumbers[at] ?? 0);
    if (difference !== 0) return difference;
  }
  const [aPre, bPre] = [aRest.join('-'), bRest.join('-')];
  if (aPre === bPre) return 0;
  if (aPre === '' || bPre === '') return aPre === '' ? 1 : -1;
  return aPre.localeCompare(bPre, 'en', { numeric: true });
}

function canonicalPhrase(text: string): string {
  return wordsOf(text).join(' ');
}

function wordsOf(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '' && !FILLER.has(word))
    .map((word) => CANONICAL.get(word) ?? word);
}

function hasWords(manifest: CbbManifest, phrase: string): boolean {
  if (phrase === '') return false;
  const own = new Set([manifest.function, manifest.title, ...manifest.tags].flatMap(wordsOf));
  return phrase.split(' ').every((word) => own.has(word));
}
