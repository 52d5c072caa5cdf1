// Whether a suggested text can stand where it is suggested: what it would break, before anybody sees it.
import type { InsertionFault } from '@genrtl/contracts/language.ts';
import { readInstances } from '@genrtl/core/hdl/instances.ts';
import { codeOf } from '@genrtl/core/hdl/lexer.ts';
import type { Token } from '@genrtl/core/hdl/lexer.ts';
import { isSource, isVhdl } from './read-source.ts';
import type { Resolver } from './resolve.ts';
import { verilogFaults } from './verilog/syntax.ts';
import { vhdlFaults } from './vhdl/syntax.ts';

/** A longer text is generated, and nobody writes it by hand. */
const MAX_CHARS = 1_500_000;
/** What ends a unit, and the words that begin one. */
const UNITS: readonly (readonly [string, readonly string[]])[] = [
  ['endmodule', ['module', 'macromodule']],
  ['endpackage', ['package']],
  ['endinterface', ['interface']],
];

interface Suggested {
  readonly path: string;
  readonly text: string;
  readonly offset: number;
  readonly inserted: string;
}

/** null: nothing is known against it. */
export function judgeInsertion(resolver: Resolver, { path, text, offset, inserted }: Suggested): InsertionFault | null {
  if (!isSource(path) || text.length > MAX_CHARS) return null;
  const after = text.slice(0, offset) + inserted + text.slice(offset);
  if (isVhdl(path)) return vhdlFaults(after).length > vhdlFaults(text).length ? { reason: 'syntax', name: null } : null;
  const tokens = codeOf(after);
  const ended = codeOf(inserted).map(({ text: word }) => word);
  for (const [end, begins] of UNITS)
    if (ended.includes(end) && count(tokens, [end]) > count(tokens, begins))
      return { reason: 'repeated_end', name: end };
  const found = verilogFaults(path, after);
  const before = verilogFaults(path, text);
  if (found.length > before.length)
    return { reason: 'syntax', name: found.find(({ start }) => start >= offset)?.name ?? null };
  const unknown = unknownName(resolver, path, tokens, offset, offset + inserted.length);
  return unknown === null ? null : { reason: 'unknown_name', name: unknown };
}

const count = (tokens: readonly Token[], words: readonly string[]): number =>
  tokens.filter(({ kind, text }, at) => kind === 'word' && words.includes(text) && tokens[at - 1]?.text !== 'virtual')
    .length;

/** A name of an instance in this stretch that its module has no port or parameter for. */
function unknownName(
  resolver: Resolver,
  path: string,
  tokens: readonly Token[],
  from: number,
  to: number,
): string | null {
  for (const { module, statement, end, connections, overrides } of readInstances(tokens)) {
    if (end <= from || statement >= to) continue;
    const unit = resolver.unitFrom(path, module, statement);
    if (unit === null) continue;
    const names = resolver.members(unit).map(({ declaration }) => declaration);
    const has = (name: string, kinds: readonly string[]): boolean =>
      names.some((one) => one.name === name && kinds.includes(one.kind));
    // a module whose ports cannot be read says nothing
    const port = names.some(({ kind }) => kind === 'port')
      ? connections.find((one) => !has(one.port, ['port']))?.port
      : undefined;
    const parameter = overrides.find(({ name }) => name !== null && !has(name, ['parameter']))?.name;
    if (port !== undefined || (parameter !== undefined && parameter !== null)) return port ?? parameter ?? null;
  }
  return null;
}
