// What scan.ts tells of a source, read the slow way: from its tokens.
import { KEYWORDS } from './keywords.ts';
import { isCode, isWord, lex, type Token } from './lexer.ts';
import { scanSource, type DesignElement, type ScannedSource } from './scan.ts';

/** The same facts by tokens. */
function byTokens(text: string) {
  const all = lex(text);
  const code = all.filter(isCode);
  const [defines, expands, tests] = [new Map<string, boolean>(), new Set<string>(), new Set<string>()];
  const [includes, absent]: [{ name: string; line: number }[], (string | null)[]] = [[], []];
  const use = (name: string): void => {
    if (!defines.has(name)) expands.add(name);
  };
  const uses = new Set<string>();
  const usesIn = (row: readonly Token[]): void =>
    row.forEach(({ text: mark }, at) => {
      const before = row[at - 1];
      if (mark === '::' && before !== undefined && isWord(before)) uses.add(before.text);
    });
  for (const token of all) {
    if (token.kind === 'macro') use(token.text.slice(1));
    if (token.kind !== 'directive') continue;
    const rest = text.slice(token.start + token.text.length, token.end).trim();
    if (token.text === '`include') {
      const named = /^["<]([^">\n]*)[">]$/.exec(rest)?.[1];
      if (named !== undefined) includes.push({ name: named, line: token.line });
      else if (rest.startsWith('`')) use(rest.slice(1));
    } else if (token.text === '`define') {
      const name = /^\\?([^\s(]+)/.exec(rest)?.[1];
      if (name === undefined) continue;
      const body = rest.slice(name.length);
      for (const [, used = ''] of body.matchAll(/`([A-Za-z_][\w$]*)/g)) if (used !== name) use(used);
      usesIn(lex(body).filter(isCode));
      if (defines.get(name) !== true) defines.set(name, !absent.includes(name));
    } else if (/^`(?:ifn?def|elsif)$/.test(token.text)) {
      const name = rest.replace(/^[\\`]/, '');
      if (!defines.has(name)) tests.add(name);
      if (token.text === '`elsif') absent.pop();
      absent.push(token.text === '`ifndef' ? name : null);
    } else if (token.text === '`else') {
      absent.pop();
      absent.push(null);
    } else if (token.text === '`endif') absent.pop();
  }
  usesIn(code);
  const { modules, packages } = elementsOf(code);
  const directivesOnly = code.length === 0;
  return { includes, defines, expands, tests, packageUses: uses, directivesOnly, modules, packages };
}

function elementsOf(code: readonly Token[]) {
  const modules: {
    name: string;
    kind: DesignElement;
    line: number;
    words: Set<string>;
    hasPorts: boolean;
    decides: boolean;
  }[] = [];
  const packages: string[] = [];
  let current: (typeof modules)[number] | null = null;
  const nameBehind = (at: number): number => {
    let next = at + 1;
    while (code[next]?.text === 'automatic' || code[next]?.text === 'static') next += 1;
    return next;
  };
  code.forEach((token, at) => {
    const before = code[at - 1]?.text ?? '';
    const after = code[at + 1];
    const opener = token.kind === 'word' && /^(?:module|macromodule|interface|program)$/.test(token.text);
    if (opener) {
      const no = /module/.test(token.text) ? ['extern'] : ['virtual', 'extern', 'import', 'export', '(', ',', '.'];
      const name = code[nameBehind(at)];
      if (no.includes(before) || name === undefined || !isWord(name) || isReserved(name)) return;
      current = {
        name: name.text,
        kind: token.text.replace('macro', '') as DesignElement,
        line: name.line,
        words: new Set(),
        hasPorts: hasPorts(code, nameBehind(at) + 1),
        decides: false,
      };
      modules.push(current);
    } else if (token.kind === 'word' && /^end(?:module|interface|program)$/.test(token.text)) current = null;
    else if (token.kind === 'word' && token.text === 'package') {
      const name = nameBehind(at);
      if (isWord(code[name]) && code[name + 1]?.text === ';') packages.push(code[name]?.text ?? '');
    } else if (current !== null) {
      if (token.kind === 'system' ? token.text === '$finish' : token.kind === 'string' && /^"\s*PASS/.test(token.text))
        current.decides = true;
      const follows = after !== undefined && (after.text === '#' || (isWord(after) && !isReserved(after)));
      if (isWord(token) && !isReserved(token) && before !== '.' && follows) current.words.add(token.text);
    }
  });
  return { modules, packages };
}

const isReserved = ({ kind, text }: Token): boolean => kind === 'word' && KEYWORDS.has(text);

function hasPorts(code: readonly Token[], from: number): boolean {
  for (let at = from; at < code.length && code[at]?.text !== ';'; at++) {
    const { text } = code[at] ?? { text: '' };
    if (text === '(') return hasPortsIn(code, at);
    if (text === 'import') while (at < code.length && code[at]?.text !== ';') at++;
    if (text !== '#' || code[at + 1]?.text !== '(') continue;
    let depth = 0;
    for (at++; at < code.length; at++) {
      if (code[at]?.text === '(') depth += 1;
      else if (code[at]?.text === ')' && --depth === 0) break;
    }
  }
  return false;
}

function hasPortsIn(code: readonly Token[], open: number): boolean {
  const first = code[open + 1]?.text;
  return first === undefined ? false : first !== ')' || hasPorts(code, open + 2);
}

/** What both tell, in a form to compare: words of a module besides its own name. */
function told(facts: Omit<ScannedSource, 'binds'>) {
  return {
    includes: facts.includes,
    defines: [...facts.defines],
    expands: [...facts.expands],
    tests: [...facts.tests],
    packages: facts.packages,
    packageUses: [...facts.packageUses].sort(),
    only: facts.directivesOnly,
    modules: facts.modules.map((one) => ({ ...one, words: [...one.words].filter((word) => word !== one.name).sort() })),
  };
}

export const scanned = (text: string) => told(scanSource(text));

export const tokenized = (text: string) => told(byTokens(text));
