// The modules of a set of sources with what each declares, for judging names that lead from one into another.
import type { SeenToken } from '../hdl/preprocess.ts';
import { readModules, type PortDirection } from '../hdl/module-reader.ts';
import { readScope } from '../hdl/scope.ts';
import type { Scope } from '../hdl/scope.ts';

export interface Unit {
  readonly name: string;
  readonly kind: 'module' | 'interface';
  readonly inBench: boolean;
  readonly tokens: readonly SeenToken[];
  readonly scope: Scope;
  /** names of interface ports */
  readonly interfacePorts: ReadonlySet<string>;
  readonly ports: ReadonlySet<string>;
  readonly inputs: ReadonlySet<string>;
  /** in their order */
  readonly portList: readonly { readonly name: string; readonly direction: PortDirection | null }[];
  /** functions, tasks and what else can be called, declared in it */
  readonly callable: ReadonlySet<string>;
}

/** Code beside the modules: packages, classes, programs, functions of the file. */
export interface Outside {
  readonly tokens: readonly SeenToken[];
  readonly scope: Scope;
}

export interface Units {
  readonly list: readonly Unit[];
  readonly byName: ReadonlyMap<string, Unit>;
  readonly design: Outside;
  readonly bench: Outside;
  /** whatever the design declares anywhere that can be called */
  readonly callable: ReadonlySet<string>;
}

export function readUnits(tokens: readonly SeenToken[], isBench: (token: SeenToken) => boolean): Units {
  const modules = readModules(tokens, true);
  const list: Unit[] = [];
  const rest: SeenToken[] = [];
  let from = 0;
  for (const module of modules) {
    const first = tokens[module.at];
    if (first === undefined) continue;
    const own = tokens.slice(module.at, module.endAt + 1);
    rest.push(...tokens.slice(from, module.at));
    from = module.endAt + 1;
    list.push({
      name: module.name,
      kind: first.text === 'interface' ? 'interface' : 'module',
      inBench: isBench(first),
      tokens: own,
      scope: readScope(own),
      interfacePorts: new Set(module.ports.filter((port) => port.interface !== null).map((port) => port.name)),
      ports: new Set(module.ports.map((port) => port.name)),
      inputs: new Set(module.ports.filter((port) => port.direction === 'input').map((port) => port.name)),
      portList: module.ports.map(({ name, direction }) => ({ name, direction })),
      callable: callableOf(own),
    });
  }
  rest.push(...tokens.slice(from));
  const outside = (bench: boolean): Outside => {
    const own = rest.filter((token) => isBench(token) === bench);
    return { tokens: own, scope: readScope(own) };
  };
  const design = outside(false);
  return {
    list,
    byName: new Map(list.map((unit) => [unit.name, unit])),
    design,
    bench: outside(true),
    callable: new Set([
      ...callableOf(design.tokens),
      ...list.filter(({ inBench }) => !inBench).flatMap(({ callable }) => [...callable]),
    ]),
  };
}

const CALLABLE: ReadonlySet<string> = new Set(
  'function task let property sequence primitive covergroup checker clocking modport'.split(' '),
);

/** `function [automatic] [type] name (`, `task name ;` and their like: the last word before the bracket or the end. */
function callableOf(tokens: readonly SeenToken[]): Set<string> {
  const names = new Set<string>();
  for (const [at, token] of tokens.entries()) {
    if (token.kind !== 'word' || !CALLABLE.has(token.text)) continue;
    for (let next = at + 1; next < tokens.length && next < at + 40; next++) {
      const { text, kind } = tokens[next] ?? token;
      if (text === ';' || text === '=' || (text === '(' && tokens[next - 1]?.text !== '#')) break;
      if (kind === 'word' || kind === 'escaped') names.add(text);
    }
    if (token.text === 'modport') for (const name of modportNames(tokens, at)) names.add(name);
  }
  return names;
}

/** `modport a (…), b (…);` */
function modportNames(tokens: readonly SeenToken[], at: number): string[] {
  const names: string[] = [];
  for (let next = at + 1; next < tokens.length && tokens[next]?.text !== ';'; next++)
    if (tokens[next + 1]?.text === '(') names.push(tokens[next]?.text ?? '');
  return names;
}

/** A name of several parts, `a.b.c` or `a[i].b`, by the indices of its parts. */
export interface Path {
  readonly parts: readonly SeenToken[];
  /** index behind it */
  readonly end: number;
}

/** The path that begins at `at`, null for a name of one part, a named connection, or what is behind another dot. */
export function pathAt(tokens: readonly SeenToken[], at: number): Path | null {
  const first = tokens[at];
  if (
    first === undefined ||
    (first.kind !== 'word' && first.kind !== 'escaped' && first.text !== '$root' && first.text !== '$unit')
  )
    return null;
  if (tokens[at - 1]?.text === '.' || tokens[at - 1]?.text === '::') return null;
  const parts = [first];
  let next = at + 1;
  for (;;) {
    const behind = afterSelects(tokens, next);
    const name = tokens[behind + 1];
    if (tokens[behind]?.text !== '.' || name === undefined || (name.kind !== 'word' && name.kind !== 'escaped')) break;
    // `) .port (`: the next connection of a list that lost its comma between two branches
    parts.push(name);
    next = behind + 2;
  }
  return parts.length === 1 ? null : { parts, end: next };
}

function afterSelects(tokens: readonly SeenToken[], from: number): number {
  let at = from;
  while (tokens[at]?.text === '[') {
    let depth = 0;
    do {
      if (tokens[at]?.text === '[') depth += 1;
      else if (tokens[at]?.text === ']') depth -= 1;
      at += 1;
    } while (depth > 0 && at < tokens.length);
  }
  return at;
}
