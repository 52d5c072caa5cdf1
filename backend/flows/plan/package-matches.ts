// Which packages of the registry a planner should know of: ranked by words shared with the specification, one line
// each.
import type { CbbManifest } from '@genrtl/contracts';

/** Lines in a prompt; a line has some 60 tokens. */
const MAX_PACKAGES = 40;
const MAX_LINE = 600;

/**
 * Best match first; `catalog` holds one version of each package. What the specification has no word of is not offered.
 */
export function packageLines(spec: string, catalog: readonly CbbManifest[]): string[] {
  return rankPackages(spec, catalog).slice(0, MAX_PACKAGES).map(packageLine);
}

/** Words that most packages share say nothing about what is wanted. */
const COMMON_SHARE = 0.3;
const ALWAYS_RARE = 2;
const STOP_WORDS = new Set(
  'of to in on by or an and the for with from as at is it be cbb module block unit rtl'.split(' '),
);

/**
 * Only packages with a telling word of the specification. Rarer words count more; each word counts once, however long
 * the specification. Ties keep the order of ids.
 */
export function rankPackages(spec: string, catalog: readonly CbbManifest[]): CbbManifest[] {
  const inSpec = new Set(words(spec));
  const vocabulary = catalog.map(
    (manifest) =>
      new Set(
        words([manifest.cbb_id, manifest.title, manifest.function, ...manifest.tags, ...manifest.protocols].join(' ')),
      ),
  );
  const frequency = new Map<string, number>();
  for (const set of vocabulary) for (const word of set) frequency.set(word, (frequency.get(word) ?? 0) + 1);
  const scored = catalog.map((manifest, index) => {
    let score = 0;
    let isTelling = false;
    for (const word of vocabulary[index] ?? []) {
      if (!inSpec.has(word) || STOP_WORDS.has(word)) continue;
      const count = frequency.get(word) ?? 1;
      score += Math.log(1 + catalog.length / count);
      isTelling ||= count <= Math.max(ALWAYS_RARE, catalog.length * COMMON_SHARE);
    }
    return { manifest, score: isTelling ? score : 0 };
  });
  scored.sort((a, b) => b.score - a.score || (a.manifest.cbb_id < b.manifest.cbb_id ? -1 : 1));
  return scored.filter(({ score }) => score > 0).map(({ manifest }) => manifest);
}

function packageLine(manifest: CbbManifest): string {
  const parameters = manifest.parameters.map((parameter) => `${parameter.name}=${parameter.default}`).join(', ');
  const ports = manifest.ports.map((port) => port.name).join(' ');
  const parts = [
    `${manifest.cbb_id} ${manifest.version}`,
    manifest.function,
    `$${manifest.price_usd}`,
    `module ${manifest.toplevel}`,
    `parameters: ${parameters || 'none'}`,
    ...(manifest.protocols.length === 0 ? [] : [`protocols: ${manifest.protocols.join(', ')}`]),
    ...(manifest.clock_domains.length > 1 ? [`clock domains: ${String(manifest.clock_domains.length)}`] : []),
    `ports: ${ports}`,
  ];
  return parts.join(' | ').replace(/\s+/g, ' ').slice(0, MAX_LINE);
}

function words(text: string): string[] {
  return text.toLowerCase().match(/[a-z0-9]{2,}/g) ?? [];
}
