// What a model is told of the place that it writes at: the header of the unit around, the headers of what that unit
// instantiates, and what the packages that it imports declare. Declarations only, no bodies.
import type { CodeContext } from '@genrtl/contracts/language.ts';
import { DESIGN_UNITS } from './model.ts';
import type { Declaration } from './model.ts';
import type { Resolver, Target } from './resolve.ts';
import type { SyntaxIndex } from './syntax-index.ts';

const MAX_UNITS = 12;
const MAX_CHARS = 4_000;
/** What a package gives to those who import it. */
const GIVEN: ReadonlySet<string> = new Set([
  'type',
  'parameter',
  'localparam',
  'constant',
  'function',
  'task',
  'enumerator',
]);

interface Place {
  readonly path: string;
  readonly offset: number;
}

export function placeContext(
  index: SyntaxIndex,
  resolver: Resolver,
  { path, offset }: Place,
  header: (target: Target) => string,
): CodeContext[] {
  const syntax = index.file(path)?.syntax;
  if (syntax === undefined) return [];
  const around = syntax.declarations.find(
    ({ kind, start, end }) => (DESIGN_UNITS.has(kind) || kind === 'architecture') && start <= offset && offset <= end,
  );
  const found = new Map<string, CodeContext>();
  const add = (target: Target, text: string): void => {
    const { name, kind, first_line, last_line } = target.declaration;
    if (found.size >= MAX_UNITS || text.length > MAX_CHARS) return;
    found.set(`${target.path} ${name}`, {
      name: `${kind} ${name}`,
      path: target.path,
      lines: { start: first_line, end: last_line },
      text,
    });
  };
  if (around === undefined) return [];
  add({ path, declaration: around }, header({ path, declaration: around }));
  const inside = (one: Declaration): boolean => around.start <= one.start && one.end <= around.end;
  for (const one of syntax.declarations) {
    if (one.kind !== 'instance' || one.of === null || !inside(one)) continue;
    const unit = resolver.unitFrom(path, one.of, one.at);
    if (unit !== null && !found.has(`${unit.path} ${unit.declaration.name}`)) add(unit, header(unit));
  }
  for (const { from } of syntax.imports) {
    const unit = resolver.package(from);
    if (unit === null || found.has(`${unit.path} ${unit.declaration.name}`)) continue;
    const given = resolver.members(unit).filter(({ declaration }) => GIVEN.has(declaration.kind));
    add(unit, given.map(({ declaration }) => declaration.detail).join('\n'));
  }
  return [...found.values()].filter(({ text }) => text !== '');
}
