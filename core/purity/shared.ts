// Storage outside modules: variables of packages, of the file, of classes and of functions that keep theirs between two
// calls. A testbench could leave the design its answers there, so that a design has none; constants, types and
// automatic functions hold nothing.
import { closing, nextAtDepth, opens } from '../hdl/brackets.ts';
import type { SeenToken } from '../hdl/preprocess.ts';
import type { IsAdded } from './index.ts';
import type { Units } from './units.ts';

type Report = (token: { file: string; line: number }, message: string) => void;

/** Items that end with `;` and hold no data that changes. */
const CONSTANT: ReadonlySet<string> = new Set(
  'typedef parameter localparam const import export timeunit timeprecision let nettype bind extern defparam'.split(' '),
);
/** Items that end with a word of their own and are judged elsewhere or hold nothing. */
const BLOCKS: ReadonlyMap<string, string> = new Map([
  ['primitive', 'endprimitive'],
  ['config', 'endconfig'],
  ['property', 'endproperty'],
  ['sequence', 'endsequence'],
  ['covergroup', 'endgroup'],
  ['checker', 'endchecker'],
]);
const ROUTINES: ReadonlyMap<string, string> = new Map([
  ['function', 'endfunction'],
  ['task', 'endtask'],
]);

export function sharedStorage(units: Units, added: IsAdded, report: Report): void {
  const { tokens } = units.design;
  const inBenches = new Set(
    [units.bench, ...units.list.filter(({ inBench }) => inBench)].flatMap((one) =>
      one.tokens.flatMap(({ kind, text }) => (kind === 'word' ? [text] : [])),
    ),
  );
  let automaticPackage = false;
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at];
    if (token === undefined || token.text === ';' || token.text === ':') continue;
    const routine = ROUTINES.get(token.text);
    const block = BLOCKS.get(token.text);
    if (token.text === 'package') {
      automaticPackage = tokens[at + 1]?.text === 'automatic';
      at = nextAtDepth(tokens, at, ';');
    } else if (token.text === 'endpackage' || token.text === 'endclass' || token.text === 'endprogram') {
      // a label may follow
      if (tokens[at + 1]?.text === ':') at += 2;
    } else if (token.text === 'class' || token.text === 'program' || token.text === 'virtual') {
      const end = find(tokens, at, token.text === 'program' ? 'endprogram' : 'endclass');
      statics(tokens.slice(at, end), added, report);
      at = end;
    } else if (routine !== undefined) {
      const end = find(tokens, at, routine);
      keeps(tokens.slice(at, end), { automaticPackage, inBenches }, added, report);
      at = tokens[end + 1]?.text === ':' ? end + 2 : end;
    } else if (block !== undefined) at = find(tokens, at, block);
    else if (CONSTANT.has(token.text)) at = endOfItem(tokens, at);
    else if (token.kind === 'word' || token.kind === 'escaped') {
      const end = endOfItem(tokens, at);
      const item = tokens.slice(at, end);
      const name = declaredIn(item);
      if (name !== null && item.some(added))
        report(name, `${name.text} is a variable outside of modules: a design keeps nothing where others can write`);
      at = end;
    }
  }
}

function find(tokens: readonly SeenToken[], from: number, word: string): number {
  const at = tokens.findIndex(({ kind, text }, index) => index > from && kind === 'word' && text === word);
  return at === -1 ? tokens.length : at;
}

/** Index of the `;` of an item, members of structures left out. */
function endOfItem(tokens: readonly SeenToken[], from: number): number {
  for (let at = from; at < tokens.length; at++) {
    if (opens(tokens[at])) at = closing(tokens, at);
    else if (tokens[at]?.text === ';') return at;
  }
  return tokens.length;
}

/** The name in `type [dims] name [dims] [= value]`; null where there are no two words, as in a macro's leftovers. */
function declaredIn(item: readonly SeenToken[]): SeenToken | null {
  const words: SeenToken[] = [];
  for (let at = 0; at < item.length; at++) {
    const token = item[at];
    if (opens(token)) at = closing(item, at);
    else if (token?.text === '=' || token?.text === ',') break;
    else if (token !== undefined && (token.kind === 'word' || token.kind === 'escaped')) words.push(token);
  }
  return words.length < 2 ? null : (words.at(-1) ?? null);
}

/** `static` before what is neither a constant nor a method. */
function statics(tokens: readonly SeenToken[], added: IsAdded, report: Report): void {
  for (const [at, token] of tokens.entries()) {
    if (token.kind !== 'word' || token.text !== 'static' || !added(token)) continue;
    const around = [tokens[at - 1]?.text, tokens[at + 1]?.text, tokens[at + 2]?.text];
    if (!around.some((word) => word === 'function' || word === 'task' || word === 'const' || word === 'constraint'))
      report(token, 'a static variable outside of modules: a design keeps nothing where others can write');
  }
}

/**
 * A routine that is not automatic keeps its variables, its result too; that tells something when both sides call it.
 */
function keeps(
  tokens: readonly SeenToken[],
  { automaticPackage, inBenches }: { readonly automaticPackage: boolean; readonly inBenches: ReadonlySet<string> },
  added: IsAdded,
  report: Report,
): void {
  const headerEnd = tokens.findIndex(({ text }) => text === '(' || text === ';');
  const header = tokens.slice(0, headerEnd === -1 ? tokens.length : headerEnd);
  const name = header.findLast(({ kind }) => kind === 'word' || kind === 'escaped');
  const lifetime = header.find(({ text }) => text === 'automatic' || text === 'static')?.text;
  statics(tokens.slice(header.length), added, report);
  if (name === undefined || !inBenches.has(name.text) || !tokens.some(added)) return;
  if (lifetime === 'automatic' || (automaticPackage && lifetime === undefined)) return;
  report(
    name,
    `${name.text} keeps its variables between two calls and the testbench calls it, too: declare it automatic`,
  );
}
