// What the values of a state register are called: the members of its enumeration, else the localparams that its module
// compares with it or assigns to it. Verilog; a VHDL simulator writes the names itself.
import type { StateName } from '@genrtl/contracts/language.ts';
import { codeOf, isKeyword, isWord } from '@genrtl/core/hdl/lexer.ts';
import type { Token } from '@genrtl/core/hdl/lexer.ts';
import { evaluate } from '@genrtl/core/spec/expr/constant.ts';
import { parseExpr } from '@genrtl/core/spec/expr/parser.ts';
import type { Declaration } from './model.ts';
import { isVhdl } from './read-source.ts';
import type { Resolver, Target } from './resolve.ts';
import { enumerators } from './verilog/enumerators.ts';

/** What the names are read from. */
export interface Sources {
  readonly resolver: Resolver;
  text(path: string): Promise<string | null>;
}

const MAX_NAMES = 256;
const MAX_DEPTH = 8;
/** A longer declaration is generated. */
const MAX_CHARS = 20_000;
const CONSTANTS: ReadonlySet<string> = new Set(['localparam', 'parameter']);
const COMPARES: ReadonlySet<string> = new Set(['=', '<=', '==', '!=', '===', '!==']);

/** Null when nothing is known. */
export async function stateNames(sources: Sources, signal: Target): Promise<StateName[] | null> {
  if (isVhdl(signal.path)) return null;
  const enumeration = await enumNames(sources, signal);
  if (enumeration !== null) return enumeration;
  return constantNames(sources, signal);
}

async function enumNames({ resolver, text }: Sources, signal: Target): Promise<StateName[] | null> {
  let at: Target | null = signal;
  for (let steps = 0; at !== null && steps < MAX_DEPTH; steps += 1) {
    const { declaration }: Target = at;
    const source = await text(at.path);
    const body = source?.slice(declaration.start, Math.min(declaration.end, declaration.start + MAX_CHARS)) ?? '';
    const tokens = codeOf(body);
    const begins = tokens.findIndex((token) => isKeyword(token, 'enum'));
    if (begins !== -1) {
      const found = await members(tokens.slice(begins), (name) => constant({ resolver, text }, at as Target, name));
      return found.length === 0 ? null : found;
    }
    at = declaration.type === null ? null : resolver.typeOf(at, declaration.type);
  }
  return null;
}

type Known = (name: string) => Promise<bigint | undefined>;

/** `{ A, B = 4, C[2] }`: each counts on from the one before; what cannot be told ends the counting. */
async function members(tokens: readonly Token[], known: Known): Promise<StateName[]> {
  const open = tokens.findIndex(({ text }) => text === '{');
  const found: StateName[] = [];
  const earlier = new Map<string, bigint>();
  let next: bigint | undefined = 0n;
  for (const item of open === -1 ? [] : split(tokens.slice(open + 1))) {
    const [name, ...rest] = item;
    if (name === undefined || !isWord(name) || found.length >= MAX_NAMES) break;
    const equals = rest.findIndex(({ text }) => text === '=');
    if (equals !== -1) next = await valueOf(rest.slice(equals + 1), async (word) => earlier.get(word) ?? known(word));
    const close = rest.findIndex(({ text }) => text === ']');
    const range = rest[0]?.text === '[' && close !== -1 ? rest.slice(0, close + 1).map(({ text }) => text) : [];
    for (const text of enumerators(name.text, range.join(''))) {
      if (next === undefined) break;
      found.push({ name: text, value: next.toString() });
      earlier.set(text, next);
      next += 1n;
    }
  }
  return found;
}

/** Items between commas up to the bracket that closes the list. */
function split(tokens: readonly Token[]): Token[][] {
  const items: Token[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (/^[([{]$/.test(token.text)) depth += 1;
    else if (/^[)\]}]$/.test(token.text)) {
      depth -= 1;
      if (depth < 0) break;
    }
    if (token.text === ',' && depth === 0) items.push([]);
    else items.at(-1)?.push(token);
  }
  return items;
}

async function valueOf(tokens: readonly Token[], known: Known): Promise<bigint | undefined> {
  const parsed = parseExpr(tokens.map(({ text }) => text).join(' '));
  if (!('expr' in parsed)) return undefined;
  const values = new Map<string, bigint>();
  for (const token of tokens) {
    if (!isWord(token)) continue;
    const value = await known(token.text);
    if (value !== undefined) values.set(token.text, value);
  }
  const value = evaluate(parsed.expr, (name) => values.get(name));
  return value === undefined || value < 0n ? undefined : value;
}

/** The value of a parameter by its default, as seen from a declaration. */
async function constant(sources: Sources, from: Target, name: string, depth = 0): Promise<bigint | undefined> {
  if (depth > MAX_DEPTH) return undefined;
  const found = sources.resolver.name(from.path, name, from.declaration.at, CONSTANTS as ReadonlySet<never>);
  if (found === null) return undefined;
  const source = await sources.text(found.path);
  const tokens = codeOf(source?.slice(found.declaration.at, found.declaration.at + MAX_CHARS) ?? '');
  const equals = tokens.findIndex(({ text }) => text === '=');
  const end = tokens.findIndex(({ text }) => text === ';');
  if (equals === -1 || (end !== -1 && end < equals)) return undefined;
  const [value = []] = split(tokens.slice(equals + 1, end === -1 ? undefined : end));
  return valueOf(value, (word) => constant(sources, found, word, depth + 1));
}

/** Localparams of the module that stand beside the signal: `state <= RUN`, `state == RUN`, `case (state) RUN:`. */
async function constantNames(sources: Sources, signal: Target): Promise<StateName[] | null> {
  const unit = sources.resolver.ownerOf(signal);
  const source = unit === null ? null : await sources.text(unit.path);
  if (unit === null || source === null || unit.path !== signal.path) return null;
  const tokens = codeOf(source.slice(unit.declaration.start, unit.declaration.end));
  const local = new Map<string, Declaration>();
  for (const { declaration } of sources.resolver.members(unit))
    if (declaration.kind === 'localparam') local.set(declaration.name, declaration);
  const found: StateName[] = [];
  for (const name of usedWith(tokens, signal.declaration.name)) {
    if (!local.has(name) || found.length >= MAX_NAMES) continue;
    const value = await constant(sources, signal, name);
    if (value !== undefined) found.push({ name, value: value.toString() });
  }
  // one constant beside a signal is a bound or a reset value
  return found.length < 2 ? null : found;
}

function usedWith(tokens: readonly Token[], signal: string): Set<string> {
  const names = new Set<string>();
  const text = (at: number): string => tokens[at]?.text ?? '';
  for (let at = 0; at < tokens.length; at += 1) {
    if (text(at) !== signal) continue;
    if (COMPARES.has(text(at + 1)) && isWord(tokens[at + 2])) names.add(text(at + 2));
    if (!(text(at - 1) === '(' && /^case[xz]?$/.test(text(at - 2)) && text(at + 1) === ')')) continue;
    for (let label = at + 2, depth = 0; label < tokens.length && depth >= 0; label += 1) {
      if (/^case[xz]?$/.test(text(label))) depth += 1;
      else if (text(label) === 'endcase') depth -= 1;
      else if (depth === 0 && isWord(tokens[label]) && /^[:,]$/.test(text(label + 1))) names.add(text(label));
    }
  }
  return names;
}
