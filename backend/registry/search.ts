// Search over listings: by words, tags, protocols, ports and parameters. Pure; the catalogue is small enough to be read
// whole.
import type { CbbListing, CbbManifest } from '@genrtl/contracts';
import { valueFault } from '@genrtl/core/cbb/parameters.ts';
import { nearest, likeThese } from './similarity.ts';

const MAX_QUERY = 400;

/** Weights of a word by where it is found; a field counts once for each word, the best place wins. */
const FIELDS: readonly (readonly [weight: number, texts: (manifest: CbbManifest) => readonly string[]])[] = [
  [12, (manifest) => [manifest.cbb_id, manifest.cbb_id.replace(/^cbb_/, '')]],
  [10, (manifest) => [manifest.function, manifest.title]],
  [8, (manifest) => manifest.tags],
  [6, (manifest) => manifest.protocols],
  [2, (manifest) => [manifest.description]],
];
/** A word that is a port's or a parameter's whole name. */
const INTERFACE_WEIGHT = 1;
const WHOLE_QUERY = 100;

/** What a word may be limited to: `port:tvalid`, `parameter:DEPTH`, `parameter:DEPTH=16` (a value that it may have). */
const KINDS: Readonly<Record<string, (manifest: CbbManifest, value: string) => boolean>> = {
  port: ({ ports }, name) => ports.some((port) => normalise(port.name) === name),
  parameter: ({ parameters }, text) => {
    const [name, value] = text.split('=');
    const found = parameters.find((one) => normalise(one.name) === name);
    return found !== undefined && (value === undefined || takes(found, value));
  },
  tag: ({ tags }, text) => tags.some((tag) => normalise(tag).replace(/[\s-]+/g, '_') === text.replace(/-+/g, '_')),
  protocol: ({ protocols }, text) => protocols.some((one) => normalise(one).includes(text)),
};

/** A text among those allowed, without regard to case; a number by the rules of the manifest. */
const takes = (parameter: CbbManifest['parameters'][number], value: string): boolean =>
  parameter.type === 'string'
    ? (parameter.allowed ?? [value]).some((one) => normalise(one) === value)
    : /^\d+$/.test(value) && valueFault(parameter, BigInt(value)) === undefined;

/**
 * Best match first, ties by id. All words have to be found; when no package has them all, those with most of them
 * are given, and when none has any, those whose names are spelt much like them. What is limited to a kind always has to
 * hold. `like:<id>` gives packages that resemble that one, the most alike first.
 * An empty query lists everything. Words are compared without case and width (NFKC), as parts of words too, so that
 * Chinese text needs no word boundaries.
 */
export function searchListings<T extends CbbListing>(query: string, listings: readonly T[]): T[] {
  const text = normalise(query.slice(0, MAX_QUERY));
  const asked = [...new Set(text.split(/[\s,;]+/).filter((word) => word !== ''))];
  const limits = asked.flatMap((word) => limitOf(word) ?? []);
  const words = asked.filter((word) => limitOf(word) === null && !word.startsWith(LIKE));
  const like = asked.find((word) => word.startsWith(LIKE))?.slice(LIKE.length);
  const fitting = listings.filter(({ manifest }) => limits.every(({ holds, value }) => holds(manifest, value)));
  const pool = like === undefined ? fitting : likeThese(like, listings, fitting);
  if (words.length === 0) return like === undefined ? [...pool].sort(byId) : pool;
  const ranked = pool.map((listing) => ({ listing, ...rank(listing.manifest, text, words) }));
  const most = Math.max(0, ...ranked.map(({ found }) => found));
  if (most === 0) return nearest(words, pool);
  return ranked
    .filter(({ found }) => found === most)
    .sort((a, b) => b.score - a.score || byId(a.listing, b.listing))
    .map(({ listing }) => listing);
}

const LIKE = 'like:';
const byId = (a: CbbListing, b: CbbListing): number => (a.manifest.cbb_id < b.manifest.cbb_id ? -1 : 1);

function limitOf(word: string): { holds: (manifest: CbbManifest, value: string) => boolean; value: string } | null {
  const colon = word.indexOf(':');
  const kind = word.slice(0, Math.max(0, colon));
  const holds = Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined;
  return holds === undefined ? null : { holds, value: word.slice(colon + 1) };
}

function rank(manifest: CbbManifest, text: string, words: readonly string[]): { found: number; score: number } {
  const fields = FIELDS.map(([weight, texts]) => ({ weight, texts: texts(manifest).map(normalise) }));
  const named = [manifest.cbb_id, manifest.function, manifest.title, ...manifest.tags].map(normalise);
  let score = named.includes(text) ? WHOLE_QUERY : 0;
  let found = 0;
  for (const word of words) {
    const best = Math.max(
      0,
      ...fields.map(
        (field) => field.weight * Math.max(0, ...field.texts.map((candidate) => closeness(candidate, word))),
      ),
      KINDS['port']?.(manifest, word) === true || KINDS['parameter']?.(manifest, word) === true ? INTERFACE_WEIGHT : 0,
    );
    if (best > 0) found += 1;
    score += best;
  }
  return { found, score };
}

/** 1 for a whole word, less for a part of one, 0 for nothing. */
function closeness(text: string, word: string): number {
  if (!text.includes(word)) return 0;
  return text.split(/[\s_/()-]+/).includes(word) ? 1 : 0.4;
}

export function normalise(text: string): string {
  return text.normalize('NFKC').toLowerCase().trim();
}
