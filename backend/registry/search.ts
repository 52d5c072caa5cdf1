// Free-text search over listings. Pure; the catalogue is small enough to be read whole.
import type { CbbListing, CbbManifest } from '@genrtl/contracts';

const MAX_QUERY = 400;

/** Weights of a word by where it is found; a field counts once for each word, the best place wins. */
const FIELDS: readonly (readonly [weight: number, texts: (manifest: CbbManifest) => readonly string[]])[] = [
  [12, (manifest) => [manifest.cbb_id, manifest.cbb_id.replace(/^cbb_/, '')]],
  [10, (manifest) => [manifest.function, manifest.title]],
  [8, (manifest) => manifest.tags],
  [6, (manifest) => manifest.protocols],
  [2, (manifest) => [manifest.description]],
];
const WHOLE_QUERY = 100;

/**
 * Best match first, ties by id. All words have to be found; when no package has them all, those with most of them
 * are given.
 * An empty query lists everything. Words are compared without case and width (NFKC), as parts of words too, so that
 * Chinese text needs no word boundaries.
 */
export function searchListings<T extends CbbListing>(query: string, listings: readonly T[]): T[] {
  const text = normalise(query.slice(0, MAX_QUERY));
  const words = [...new Set(text.split(/[\s,;]+/).filter((word) => word !== ''))];
  const ranked = listings.map((listing) => ({ listing, ...rank(listing.manifest, text, words) }));
  const most = Math.max(0, ...ranked.map(({ found }) => found));
  return ranked
    .filter(({ found }) => words.length === 0 || (found > 0 && found === most))
    .sort((a, b) => b.score - a.score || (a.listing.manifest.cbb_id < b.listing.manifest.cbb_id ? -1 : 1))
    .map(({ listing }) => listing);
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

function normalise(text: string): string {
  return text.normalize('NFKC').toLowerCase().trim();
}
