// What may stand at the cursor: ports and parameters of the instance that is being written, members of a package,
// macros, names in sight,
// and whole instantiations of modules. Told from the text before the cursor, since a file that is being typed has no
// clean tree.
import type { CodeCompletion } from '@genrtl/contracts';
import type { Declaration } from './declarations.ts';
import type { Lookup, Target } from './resolve.ts';

/** The call that the cursor is inside of: `mod #(` or `mod #(…) name (`. */
export interface OpenCall {
  readonly module: string;
  readonly part: 'parameters' | 'ports';
  /** names that are connected already */
  readonly used: ReadonlySet<string>;
}

const stripComments = (text: string): string =>
  text.replace(/\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' '));
const LOOK_BACK = 20_000;

/** The innermost open parenthesis before the cursor, when it belongs to an instantiation. */
export function openCall(before: string): OpenCall | null {
  const text = stripComments(before.slice(-LOOK_BACK));
  let depth = 0;
  for (let at = text.length - 1; at >= 0; at -= 1) {
    const mark = text[at];
    if (mark === ')') depth += 1;
    else if (mark === '(') {
      if (depth > 0) {
        depth -= 1;
        continue;
      }
      const used = new Set([...text.slice(at).matchAll(/\.(\w+)\s*\(/g)].map((match) => match[1] ?? ''));
      const head = text.slice(0, at);
      const parameters = /([A-Za-z_]\w*)\s*#\s*$/.exec(head);
      if (parameters?.[1] !== undefined) return { module: parameters[1], part: 'parameters', used };
      const instance = /([A-Za-z_]\w*)\s+[A-Za-z_]\w*\s*(\[[^\]]*\]\s*)?$/.exec(withoutParameters(head));
      return instance?.[1] === undefined ? null : { module: instance[1], part: 'ports', used };
    } else if (mark === ';' && depth === 0) return null;
  }
  return null;
}

/** `fifo #(.W(8)) u_fifo` → `fifo  u_fifo` */
function withoutParameters(head: string): string {
  const close = head.lastIndexOf(')');
  if (close === -1 || !/^\s*[A-Za-z_]\w*\s*(\[[^\]]*\]\s*)?$/.test(head.slice(close + 1))) return head;
  let depth = 0;
  for (let at = close; at >= 0; at -= 1) {
    if (head[at] === ')') depth += 1;
    else if (head[at] === '(' && --depth === 0)
      return /#\s*$/.test(head.slice(0, at))
        ? `${head.slice(0, at).replace(/#\s*$/, '')} ${head.slice(close + 1)}`
        : head;
  }
  return head;
}

const escape = (text: string): string => text.replaceAll(/[\\$}]/g, '\\$&');

/** Direct parts of a design unit of the given kinds, in the order of the source; an old-style port once. */
export function partsOf(lookup: Lookup, unit: Target, kinds: readonly string[]): Declaration[] {
  const file = lookup.file(unit.path);
  const at =
    file?.declarations.findIndex(
      (one) => one.line === unit.declaration.line && one.column === unit.declaration.column,
    ) ?? -1;
  const parts = file?.declarations.filter((one) => one.parent === at && kinds.includes(one.kind)) ?? [];
  return [...new Map(parts.map((part) => [part.name, part])).values()];
}

/** A whole instantiation as a snippet: instance name, parameters at their defaults, each port on a net of its name. */
export function instantiation(lookup: Lookup, unit: Target): string {
  let stop = 1;
  const hole = (text: string): string => `\${${stop++}:${escape(text)}}`;
  const name = hole(`u_${unit.declaration.name}`);
  const lines = (parts: readonly Declaration[], value: (part: Declaration) => string): string =>
    parts.map((part) => `\t.${escape(part.name)}(${hole(value(part))})`).join(',\n');
  const parameters = partsOf(lookup, unit, ['parameter']);
  const ports = partsOf(lookup, unit, ['port']);
  const overrides =
    parameters.length === 0
      ? ''
      : ` #(\n${lines(parameters, (part) => /=\s*(.+?)\s*$/.exec(part.detail)?.[1] ?? part.name)}\n)`;
  return `${escape(unit.declaration.name)}${overrides} ${name} (${ports.length === 0 ? '' : `\n${lines(ports, (part) => part.name)}\n`});`;
}

const plain = (declaration: Declaration): CodeCompletion => ({
  label: declaration.name,
  kind: declaration.kind,
  detail: declaration.detail,
  insert: escape(declaration.name),
});
const unit = (lookup: Lookup, name: string): Target | undefined =>
  lookup.global(name).find(({ declaration }) => declaration.kind === 'module' || declaration.kind === 'interface');

interface Asked {
  readonly lookup: Lookup;
  readonly globals: Iterable<readonly Target[]>;
  readonly path: string;
  /** text up to the cursor */
  readonly before: string;
}

export function complete({ lookup, globals, path, before }: Asked): CodeCompletion[] {
  const line = before.slice(before.lastIndexOf('\n') + 1);
  if (/\/\/|^\s*\*/.test(line)) return [];
  const all = [...globals].flat();
  if (/`\w*$/.test(line))
    return all.filter(({ declaration }) => declaration.kind === 'macro').map(({ declaration }) => plain(declaration));
  const scoped = /([A-Za-z_]\w*)::\w*$/.exec(line)?.[1];
  if (scoped !== undefined) {
    const owner = lookup
      .global(scoped)
      .find(({ declaration }) => declaration.kind === 'package' || declaration.kind === 'class');
    return owner === undefined
      ? []
      : partsOf(lookup, owner, [
          'parameter',
          'localparam',
          'type',
          'enumerator',
          'function',
          'task',
          'variable',
          'class',
        ]).map(plain);
  }
  const call = openCall(before);
  if (call !== null && /\.\w*$/.test(line)) {
    const target = unit(lookup, call.module);
    if (target === undefined) return [];
    return partsOf(lookup, target, call.part === 'ports' ? ['port'] : ['parameter'])
      .filter((part) => !call.used.has(part.name))
      .map((part) => ({ ...plain(part), insert: `${escape(part.name)}(\${1:${escape(part.name)}})` }));
  }
  const member = /([A-Za-z_]\w*)\.\w*$/.exec(line)?.[1];
  if (member !== undefined) {
    const owner = lookup.file(path)?.declarations.find((one) => one.name === member && one.of !== undefined);
    const target = owner?.of === undefined ? undefined : unit(lookup, owner.of);
    return target === undefined
      ? []
      : partsOf(lookup, target, ['port', 'net', 'variable', 'parameter', 'localparam', 'instance', 'modport']).map(
          plain,
        );
  }
  return [
    ...inSight(lookup, path, before.length),
    ...(call === null && /(^|;|\bbegin|\bend|\)|\bgenerate|:)\s*\w*$/.test(stripComments(before.slice(-400)))
      ? modules(lookup, all)
      : []),
  ];
}

/** Declarations of the scopes around the cursor, the innermost of a name only. */
function inSight(lookup: Lookup, path: string, offset: number): CodeCompletion[] {
  const declarations = lookup.file(path)?.declarations ?? [];
  const around = new Set(declarations.flatMap((one, at) => (one.start <= offset && offset <= one.end + 1 ? [at] : [])));
  const seen = new Map<string, CodeCompletion>();
  for (const declaration of declarations) {
    if (declaration.parent !== null && !around.has(declaration.parent)) continue;
    if (declaration.kind !== 'instance' && declaration.kind !== 'module' && declaration.kind !== 'macro')
      seen.set(declaration.name, plain(declaration));
  }
  return [...seen.values()];
}

function modules(lookup: Lookup, all: readonly Target[]): CodeCompletion[] {
  return all
    .filter(({ declaration }) => declaration.kind === 'module' || declaration.kind === 'interface')
    .map((target) => ({
      label: target.declaration.name,
      kind: target.declaration.kind,
      detail: target.declaration.detail,
      insert: instantiation(lookup, target),
    }));
}
