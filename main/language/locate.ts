// Where a thing of the elaborated design stands in the sources: `tb.dut.g_lane[0].u_fifo.full`, as simulators name it.
import type { DesignPlace } from '@genrtl/contracts/language.ts';
import { placeOf } from './resolve.ts';
import type { Resolver, Target } from './resolve.ts';
import type { SyntaxIndex } from './syntax-index.ts';

/** What a simulator puts around the design. */
const WRAPPERS: ReadonlySet<string> = new Set(['TOP', '$root']);

/** `names` from the top down; null when one of them leads nowhere. */
export function locate(index: SyntaxIndex, resolver: Resolver, names: readonly string[]): DesignPlace | null {
  const found = find(index, resolver, names);
  return found === null ? null : { place: placeOf(found.target), unit: found.unit };
}

/** The declaration itself, with the module that it lies in. */
export function find(
  index: SyntaxIndex,
  resolver: Resolver,
  names: readonly string[],
): { readonly target: Target; readonly unit: string } | null {
  const plain = names.map((name) => name.replace(/^\\/, '').replace(/(?:\[[^\]]*\]|\([^)]*\))+$/, ''));
  const from = plain.findIndex((name) => !WRAPPERS.has(name));
  const top = plain[from] === undefined ? null : resolver.unit(plain[from], true);
  if (top === null) return null;
  let unit = top;
  let holders = bodiesOf(resolver, unit);
  let found: Target = top;
  for (const name of plain.slice(from + 1)) {
    const part = holders.flatMap((holder) => namedInside(index, holder, name)).at(0) ?? null;
    // ports of an entity stand in front of its architectures
    const next = part ?? namedInside(index, unit, name).at(0) ?? null;
    if (next === null) return null;
    found = next;
    const { kind, of, at } = next.declaration;
    if (kind === 'instance') {
      const target = of === null ? null : resolver.unitFrom(next.path, of, at);
      if (target === null) return name === plain.at(-1) ? { target: next, unit: of ?? '' } : null;
      unit = target;
      holders = bodiesOf(resolver, unit);
    } else holders = [next];
  }
  return { target: found, unit: unit.declaration.name };
}

const bodiesOf = (resolver: Resolver, unit: Target): Target[] =>
  unit.declaration.kind === 'entity' ? resolver.architectures(unit) : [unit];

function namedInside(index: SyntaxIndex, { path, declaration }: Target, name: string): Target[] {
  const file = index.file(path);
  if (file === undefined || declaration.inner === null) return [];
  return file
    .inside(declaration.inner)
    .filter((inner) => index.sameName(path, inner.name, name))
    .map((inner) => ({ path, declaration: inner }));
}
