// From a requirement to a priced quote: the function by core's matching rule, then the numbers that the package must
// serve.
import type { CbbListing, Quote, Requirement, Resolution } from '@genrtl/contracts';
import { matchFunction } from '@genrtl/core/cbb/match.ts';
import { unmetConstraints } from './constraints.ts';

/**
 * One resolution for each requirement, in their order. Packages that cannot serve the numbers take no part in the
 * match, so that "FIFO with two clock domains" is no tie. With none left, `candidates` names what matched by function
 * alone. `listings` holds one version of each package.
 */
export function resolveRequirements(
  requirements: readonly Requirement[],
  listings: readonly CbbListing[],
): Resolution[] {
  return requirements.map((requirement) => resolveOne(requirement, listings));
}

function resolveOne(requirement: Requirement, listings: readonly CbbListing[]): Resolution {
  const manifests = listings.map(({ manifest }) => manifest);
  const able = manifests.filter((manifest) => unmetConstraints(requirement, manifest).length === 0);
  const match = matchFunction(requirement.function, able);
  const result = (
    status: Resolution['status'],
    quote: Quote | null,
    candidates: readonly CbbListing['manifest'][],
  ): Resolution => ({
    requirement_id: requirement.id,
    status,
    quote,
    candidates: candidates.map(({ cbb_id, version, title }) => ({ cbb_id, version, title })),
  });
  if (match.status === 'found') {
    const listing = listings.find(({ manifest }) => manifest === match.manifest);
    if (listing !== undefined) return result('found', quoteOf(listing), [match.manifest]);
  }
  if (match.status === 'ambiguous') return result('ambiguous', null, match.candidates);
  const byFunction = matchFunction(requirement.function, manifests);
  return result(
    'not_found',
    null,
    byFunction.status === 'found'
      ? [byFunction.manifest]
      : byFunction.status === 'ambiguous'
        ? byFunction.candidates
        : [],
  );
}

/** What the package costs now. Ownership is the ledger's to fill in. */
export function quoteOf({ manifest, sha256 }: CbbListing): Quote {
  const { cbb_id, version, price_usd, compatibility, entrypoints } = manifest;
  return { cbb_id, version, price_usd, sha256, owned: false, compatibility, entrypoints };
}
