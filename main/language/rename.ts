// Renaming what a name stands for: every place of the workspace where it means the same, or a refusal that says why
// not.
import { GenrtlError } from '@genrtl/contracts/errors.ts';
import type { CodeEdit, CodePlace, CodeReference } from '@genrtl/contracts/language.ts';
import type { Breath } from './breath.ts';
import { DESIGN_UNITS } from './model.ts';
import type { Occurrence } from './model.ts';
import { placeOf, sameTarget } from './resolve.ts';
import type { Resolver, Target } from './resolve.ts';
import type { SyntaxIndex } from './syntax-index.ts';
import { KEYWORDS } from '@genrtl/core/hdl/keywords.ts';
import { VHDL_KEYWORDS } from './vhdl/keywords.ts';

const MAX_EDITS = 50_000;
const MAX_LEFT = 100;

export interface RenameEdits {
  readonly old_name: string;
  readonly edits: readonly CodeEdit[];
  readonly left: readonly CodeReference[];
}

const refuse = (message: string, hint: string, place?: CodePlace): GenrtlError =>
  new GenrtlError('REQUEST_INVALID', message, { hint, ...(place === undefined ? {} : { details: { place } }) });

const at = ({ path, line }: CodePlace): string => `${path}:${line}`;

/** What may be renamed: throws REQUEST_INVALID for anything else. */
export function renameable(target: Target | null, occurrence: Occurrence | null): Target {
  if (occurrence === null || target === null)
    throw refuse(
      occurrence === null ? 'There is no name here.' : `Nothing in the workspace declares ${occurrence.name}.`,
      'Put the cursor on a name that the workspace declares.',
    );
  if (target.declaration.kind === 'macro')
    throw refuse(
      'Macros are not renamed: what their text becomes is known only where they are used.',
      'Find its uses and change them by hand.',
    );
  if (target.declaration.kind === 'enumerator' && /^\w+\s*\[/.test(target.declaration.detail))
    throw refuse('The name is one of a range of names.', 'Change the range, or write its names one by one.');
  if (target.declaration.name.startsWith('`')) throw refuse('The name is made by a macro.', 'Change the macro.');
  return target;
}

export async function renameEdits(
  index: SyntaxIndex,
  resolver: Resolver,
  target: Target,
  newName: string,
  breath: Breath,
): Promise<RenameEdits> {
  const { name: oldName } = target.declaration;
  const vhdl = index.file(target.path)?.syntax.language === 'vhdl';
  checkName(newName, vhdl);
  if (newName === oldName) return { old_name: oldName, edits: [], left: [] };
  checkFree(index, resolver, target, newName);
  const edits: CodeEdit[] = [];
  const left: CodeReference[] = [];
  for (const path of index.filesWith(oldName, vhdl).sort()) {
    await breath.take();
    const text = (await index.text(path)) ?? '';
    for (const occurrence of await index.occurrences(path)) {
      if (!index.sameName(path, occurrence.name, oldName, vhdl)) continue;
      edits.push(...editsOf(resolver, path, occurrence, target, newName));
      if (edits.length > MAX_EDITS)
        throw refuse(`${oldName} stands in more than ${MAX_EDITS} places.`, 'Rename it with a script.');
    }
    left.push(...inMacros(index, path, text, oldName));
  }
  await wildcards(index, resolver, target, newName, edits, breath);
  await checkCaptured(index, resolver, target, newName, edits, breath);
  return { old_name: oldName, edits, left: left.slice(0, MAX_LEFT) };
}

function checkName(name: string, vhdl: boolean): void {
  const valid = vhdl ? /^[A-Za-z](?:_?[A-Za-z0-9])*$/.test(name) : /^[A-Za-z_][\w$]*$/.test(name);
  if (!valid)
    throw refuse(
      `"${name.slice(0, 60)}" is no name.`,
      vhdl
        ? 'Use letters, digits and single underscores, a letter first.'
        : 'Use letters, digits, _ and $, a letter or _ first.',
    );
  if (vhdl ? VHDL_KEYWORDS.has(name.toLowerCase()) : KEYWORDS.has(name))
    throw refuse(`${name} is a word of the language.`, 'Choose another name.');
}

/** The new name must be free where the declaration stands; a module's in the whole workspace. */
function checkFree(index: SyntaxIndex, resolver: Resolver, target: Target, newName: string): void {
  const file = index.file(target.path);
  const taken = file
    ?.named(target.declaration.scope, newName)
    .find((other) => other.at !== target.declaration.at && other.kind !== 'macro');
  if (taken !== undefined)
    throw refuse(
      `${newName} is declared already: ${at(placeOf({ path: target.path, declaration: taken }))}.`,
      'Choose another name.',
    );
  const unit = DESIGN_UNITS.has(target.declaration.kind) || target.declaration.kind === 'package';
  const other = unit ? (resolver.unit(newName) ?? resolver.package(newName)) : null;
  if (other !== null) throw refuse(`There is another ${newName}: ${at(placeOf(other))}.`, 'Choose another name.');
  if (unit) {
    const twins = index
      .global(target.declaration.name)
      .filter(
        ({ path, declaration }) =>
          path !== target.path && DESIGN_UNITS.has(declaration.kind) === DESIGN_UNITS.has(target.declaration.kind),
      );
    const [twin] = twins;
    if (twin !== undefined)
      throw refuse(
        `${target.declaration.name} is declared twice, also in ${at(placeOf(twin))}: nobody can tell which one a use means.`,
        'Remove or rename one of the two by hand first.',
      );
  }
}

/** What becomes of one occurrence: nothing, the new name, or for `.name` the name in parentheses. */
function editsOf(
  resolver: Resolver,
  path: string,
  occurrence: Occurrence,
  target: Target,
  newName: string,
): CodeEdit[] {
  const means = resolver.occurrence(path, occurrence);
  const edit = (text: string): CodeEdit => ({
    path,
    line: occurrence.line,
    column: occurrence.column,
    end_column: occurrence.end_column,
    text,
  });
  const signal = resolver.implicitSignal(path, occurrence);
  if (signal !== null && sameTarget(signal, target)) return [edit(`${occurrence.name}(${newName})`)];
  if (means === null || !sameTarget(means, target)) return [];
  const implicit = occurrence.role.kind === 'port' && occurrence.role.implicit;
  return [edit(implicit ? `${newName}(${occurrence.name})` : newName)];
}

/** `.*` connects what has equal names: where one of the two changes, the connection is written out before it. */
async function wildcards(
  index: SyntaxIndex,
  resolver: Resolver,
  target: Target,
  newName: string,
  edits: CodeEdit[],
  breath: Breath,
): Promise<void> {
  const { name } = target.declaration;
  for (const path of index.files()) {
    const file = index.file(path);
    const instances = file?.syntax.declarations.filter(({ wildcard }) => wildcard !== null) ?? [];
    if (instances.length === 0) continue;
    await breath.take();
    for (const instance of instances) {
      const { wildcard, of } = instance;
      const unit = of === null ? null : resolver.unitFrom(path, of, instance.start);
      const port = unit === null ? null : resolver.member(unit, name, new Set(['port']));
      const signal = resolver.name(path, name, instance.start);
      if (wildcard === null || port === null || signal === null) continue;
      const connected = (await index.occurrences(path)).some(
        ({ offset, role, name: other }) =>
          offset > instance.at && offset < instance.end && role.kind === 'port' && other === name,
      );
      const text = sameTarget(port, target)
        ? `.${newName}(${name}), .*`
        : sameTarget(signal, target)
          ? `.${name}(${newName}), .*`
          : null;
      if (connected || text === null) continue;
      edits.push({ path, ...wildcard, text });
    }
  }
}

/** With its new name a place must still mean the same, and no other place may begin to. */
async function checkCaptured(
  index: SyntaxIndex,
  resolver: Resolver,
  target: Target,
  newName: string,
  edits: readonly CodeEdit[],
  breath: Breath,
): Promise<void> {
  for (const path of new Set(edits.map((edit) => edit.path))) {
    await breath.take();
    const file = index.file(path);
    if (file === undefined) continue;
    const places = new Set(edits.filter((edit) => edit.path === path).map(({ line, column }) => `${line}:${column}`));
    for (const occurrence of await index.occurrences(path)) {
      const plain = occurrence.role.kind === 'plain';
      if (plain && places.has(`${occurrence.line}:${occurrence.column}`)) {
        const inner = resolver.name(path, newName, occurrence.offset);
        if (inner !== null && isNearer(index, path, occurrence.offset, inner, target))
          throw refuse(
            `In ${path}:${occurrence.line} ${newName} means something else: ${at(placeOf(inner))}.`,
            'Choose another name.',
          );
      } else if (plain && index.sameName(path, occurrence.name, newName) && isInside(index, path, occurrence, target))
        throw refuse(
          `${newName} in ${path}:${occurrence.line} would begin to mean what is renamed.`,
          'Choose another name.',
        );
    }
  }
}

/** The other declaration stands between the place and what is renamed, or shares its scope. */
function isNearer(index: SyntaxIndex, path: string, offset: number, other: Target, target: Target): boolean {
  if (other.path !== path) return false;
  const file = index.file(path);
  if (file === undefined) return false;
  for (let scope = file.scopeAt(offset); scope >= 0; scope = file.syntax.scopes[scope]?.parent ?? -1) {
    if (scope === other.declaration.scope) return true;
    if (path === target.path && scope === target.declaration.scope) return false;
  }
  return false;
}

/** A place inside the scope of what is renamed whose name comes from further outside. */
function isInside(index: SyntaxIndex, path: string, occurrence: Occurrence, target: Target): boolean {
  if (path !== target.path || target.declaration.scope === 0) return false;
  const file = index.file(path);
  if (file === undefined || file.declaredAt(occurrence.offset) !== null) return false;
  for (let scope = file.scopeAt(occurrence.offset); scope >= 0; scope = file.syntax.scopes[scope]?.parent ?? -1) {
    if (scope === target.declaration.scope) return true;
    if (file.named(scope, occurrence.name).length > 0) return false;
  }
  return false;
}

/** Lines of macro definitions that have the word in their text. */
function inMacros(index: SyntaxIndex, path: string, text: string, name: string): CodeReference[] {
  const word = new RegExp(`(?<![\\w$\`])${name.replace(/[$\\]/g, '\\$&')}(?![\\w$])`, 'g');
  return (index.file(path)?.syntax.declarations ?? []).flatMap((macro) => {
    if (macro.kind !== 'macro') return [];
    const body = text.slice(macro.at + macro.name.length, macro.end);
    return [...body.matchAll(word)].map((match) => {
      const { line, column } = lineAndColumn(text, macro.at + macro.name.length + match.index);
      return {
        path,
        line,
        column,
        end_column: column + name.length,
        text: (text.split('\n', line)[line - 1] ?? '').slice(0, 400),
      };
    });
  });
}

function lineAndColumn(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  const newline = before.lastIndexOf('\n');
  return { line: before.split('\n').length, column: offset - newline };
}
