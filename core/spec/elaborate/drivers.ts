// Who drives what: every net and block input has exactly one driver.
import type { Findings } from '../findings.ts';
import type { Context } from './context.ts';
import type { Instance } from './blocks.ts';
import type { DesignPort } from '../design.ts';

/** A net by name, or an input pin of an instance. */
export type Target =
  | { readonly kind: 'net'; readonly name: string }
  | { readonly kind: 'pin'; readonly instance: string; readonly port: string };

export function targetKey(target: Target): string {
  return target.kind === 'net' ? target.name : `${target.instance}.${target.port}`;
}

/** Collects drivers; `excused` targets belong to rows that are at fault already and are never reported as undriven. */
export class Drivers {
  readonly #lines = new Map<string, { line: number; what: string }[]>();
  readonly #excused = new Set<string>();

  add(target: Target, line: number, what: string): void {
    const key = targetKey(target);
    const known = this.#lines.get(key);
    if (known) known.push({ line, what });
    else this.#lines.set(key, [{ line, what }]);
  }

  excuse(target: Target): void {
    this.#excused.add(targetKey(target));
  }

  has(target: Target): boolean {
    const key = targetKey(target);
    return this.#lines.has(key) || this.#excused.has(key);
  }

  /** SPEC_MULTIPLE_DRIVERS at every driver after the first, in the order of the spec. */
  reportConflicts(findings: Findings): void {
    for (const [key, drivers] of this.#lines) {
      if (drivers.length < 2) continue;
      const [first, ...others] = drivers.toSorted((a, b) => a.line - b.line);
      if (!first) continue;
      for (const other of others) {
        findings.add(
          'SPEC_MULTIPLE_DRIVERS',
          other.line,
          `${key} has several drivers: ${first.what} in line ${first.line} and ${other.what} here`,
          { line: first.line, message: `driven by ${first.what}` },
        );
      }
    }
  }
}

/** SPEC_UNDRIVEN for top outputs at their Ports row and for block inputs at their Blocks row. */
export function reportUndriven(
  context: Context,
  ports: readonly DesignPort[],
  instances: readonly Instance[],
  drivers: Drivers,
): void {
  const { findings } = context;
  for (const port of ports) {
    if (port.direction === 'output' && !drivers.has({ kind: 'net', name: port.name })) {
      findings.add('SPEC_UNDRIVEN', port.line, `nothing drives the output ${port.name}`);
    }
  }
  for (const instance of instances) {
    for (const pin of instance.pins?.values() ?? []) {
      if (pin.direction === 'input' && !drivers.has({ kind: 'pin', instance: instance.name, port: pin.port })) {
        findings.add('SPEC_UNDRIVEN', instance.line, `nothing drives the input ${instance.name}.${pin.port}`);
      }
    }
  }
}

/** Guessing stays cheap however large and wrong a spec is. */
const MAX_CANDIDATES = 500;

/** The undriven candidate that a misspelt name most likely meant; undefined when none is close. */
export function likelyMeant(name: string, candidates: readonly string[]): string | undefined {
  if (candidates.length > MAX_CANDIDATES) return undefined;
  let best: { candidate: string; distance: number } | undefined;
  for (const candidate of candidates) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (distance <= Math.max(2, Math.floor(candidate.length / 3)) && (!best || distance < best.distance))
      best = { candidate, distance };
  }
  return best?.candidate;
}

/** Levenshtein distance; names beyond 64 characters count as unlike everything. */
function editDistance(a: string, b: string): number {
  if (a.length > 64 || b.length > 64) return Number.POSITIVE_INFINITY;
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
