// How alike packages and words are: for names that are spelt nearly right, and for another package instead of one.
import type { CbbListing, CbbManifest } from '@genrtl/contracts';
import { looksAlike } from './names.ts';

/** A package shares at least so much with the one that it may stand for. */
const LEAST_SHARED = 0.15;
const MOST_WORDS = 8;

/** Listings that have most of these words but for a slip: drawn alike, a letter more, less, changed, or two exchanged. */
export function nearest<T extends CbbListing>(words: readonly string[], listings: readonly T[]): T[] {
  const asked = words.slice(0, MOST_WORDS);
  return bySimilarity(listings, 1, ({ manifest }) => {
    const own = wordsOf(manifest);
    return asked.filter((one) => own.some((other) => looksAlike(one, other))).length;
  });
}

/** Of `candidates`, those that share tags, protocols, ports and parameters with the package of that id. */
export function likeThese<T extends CbbListing>(id: string, listings: readonly T[], candidates: readonly T[]): T[] {
  const model = listings.find(({ manifest }) => manifest.cbb_id === id)?.manifest;
  if (model === undefined) return [];
  const wanted = traitsOf(model);
  return bySimilarity(candidates, LEAST_SHARED, ({ manifest }) =>
    manifest.cbb_id === id ? 0 : shared(wanted, traitsOf(manifest)),
  );
}

function bySimilarity<T extends CbbListing>(listings: readonly T[], least: number, of: (listing: T) => number): T[] {
  return listings
    .map((listing) => ({ listing, value: of(listing) }))
    .filter(({ value }) => value >= least)
    .sort((a, b) => b.value - a.value || (a.listing.manifest.cbb_id < b.listing.manifest.cbb_id ? -1 : 1))
    .map(({ listing }) => listing);
}

const wordsOf = ({ cbb_id, function: purpose, title, tags }: CbbManifest): string[] => [
  ...new Set(
    [cbb_id, purpose, title, ...tags].flatMap((text) =>
      text
        .normalize('NFKC')
        .toLowerCase()
        .split(/[\s_/()@-]+/),
    ),
  ),
];

/** Clock and reset are everybody's and tell nothing. */
const traitsOf = ({ tags, protocols, ports, parameters }: CbbManifest): Set<string> =>
  new Set([
    ...tags.flatMap((tag) =>
      tag
        .toLowerCase()
        .split(/[\s-]+/)
        .map((word) => `tag ${word}`),
    ),
    ...protocols.map((one) => `protocol ${one}`),
    ...ports
      .filter(({ role }) => role !== 'clock' && role !== 'reset')
      .map(({ name, direction }) => `port ${direction} ${name}`),
    ...parameters.map(({ name }) => `parameter ${name}`),
  ]);

/** Jaccard: what both have of what either has. */
function shared(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let both = 0;
  for (const one of a) if (b.has(one)) both += 1;
  return both === 0 ? 0 : both / (a.size + b.size - both);
}
