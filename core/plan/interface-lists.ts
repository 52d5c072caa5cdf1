// Ports that a document lists instead of tabulating them: `- input clk`, blocks below `Input ports:` or a heading of
// that kind, `clk (input): …`. Linear in the length of the text.
import type { SpecParameter, SpecPort } from './spec-interface.ts';
import { rangeWidth } from './module-header.ts';
import { resetWords } from './reset-words.ts';

/** A line of the document outside tables; `fenced`: inside a code block of no hardware language. */
export interface ListLine {
  readonly line: number;
  /** columns of blanks before it */
  readonly indent: number;
  readonly text: string;
  /** a heading's level, 0 for other lines */
  readonly heading: number;
  /** it stands below another module's heading */
  readonly elsewhere: boolean;
}

export interface ListFacts {
  readonly ports: readonly SpecPort[];
  readonly parameters: readonly SpecParameter[];
  /** names that the text gives its module, as `Module name:` says or a request to write it */
  readonly modules: readonly { readonly name: string; readonly line: number }[];
}

type Direction = 'input' | 'output' | 'inout';
type Kind = Direction | 'any' | 'parameter';

interface Block {
  readonly kind: Kind;
  readonly indent: number;
  /** 0: a line of its own opens it */
  readonly heading: number;
  /** a line in bold opens it: examples look alike, so that only items with a bullet count */
  readonly label: boolean;
  /** of its first item */
  itemIndent: number | null;
}

const MAX_LINE_CHARS = 400;
const HEADER =
  /^(?:the |module |list of |external |top[- ]level )?(input|output|inout|bidirectional|parameter|port|i\/o|signal|pin|interface)s?(?: (?:port|signal|pin)s?)?(?: (?:list|declarations?|definitions?|descriptions?|interface))?(?: (?:are|is|include))?\s?(?:\([^)]{0,60}\))?\s?([:：]?)\s?(.*)$/i;
const CHINESE =
  /^(输入输出|输入|输出|双向|参数|端口|信号|接口)(?:端口|信号|引脚|列表|定义|说明|接口)*\s?([:：]?)\s?(.*)$/;
const KIND_OF: Readonly<Record<string, Kind>> = {
  input: 'input',
  output: 'output',
  inout: 'inout',
  bidirectional: 'inout',
  parameter: 'parameter',
  输入: 'input',
  输出: 'output',
  双向: 'inout',
  参数: 'parameter',
};
const BULLET = /^(?:[-*+•–]|\d{1,2}[.)])\s+/;
/** Reads like a word of the text rather than like a name of a port. */
const LABEL = /^[A-Z][a-z]+$/;
/** `**Inputs**` alone on its line. */
const LABEL_LINE = /^\s*(\*\*|__)[^*_]+\1\s*$/;
const FULL_WIDTH: Readonly<Record<string, string>> = { '（': '(', '）': ')', '，': ',', '、': ',', '；': ';' };
const halfWidth = (text: string): string => text.replace(/[（），、；]/g, (sign) => FULL_WIDTH[sign] ?? sign);
const NO_NAME: ReadonlySet<string> = new Set(['none', 'na', 'and', 'or', 'the', 'no', 'not']);
const ONE_BIT_EACH = /\b(?:ports?|inputs?|outputs?|signals?)\b.{0,40}\b(?:one|1|single)[- ]bit\b.{0,40}\bunless\b/i;
const REQUEST =
  /\b(?:implement|write|design|create|build|develop|generate)\b[^.]{0,80}\bmodule,? (?:called|named) ([A-Za-z_]\w{0,99})/i;
const MODULE_NAME = /^(?:top[- ])?(?:module|design)(?: name|名称?)?\s?[:：]\s?([A-Za-z_]\w{0,99})?\s?[.;]?$/i;

/** `lines` in their order; pure. */
export function readLists(lines: readonly ListLine[], top: string | undefined): ListFacts {
  const ports: SpecPort[] = [];
  const parameters: SpecParameter[] = [];
  const modules: { name: string; line: number }[] = [];
  let block: Block | null = null;
  let nameNext = false;
  let other = false;
  let oneBit = false;
  for (const { line, indent, text: raw, heading, elsewhere } of lines) {
    const label = LABEL_LINE.test(raw);
    const shown = halfWidth(raw.slice(0, MAX_LINE_CHARS)).replace(/[`*]/g, '').replace(/\s+/g, ' ').trim();
    const bulleted = BULLET.test(shown);
    const text = shown.replace(BULLET, '');
    if (text === '') continue;
    oneBit ||= ONE_BIT_EACH.test(text);
    const named = MODULE_NAME.exec(text);
    const name = nameNext ? /^([A-Za-z_]\w{0,99})[.;]?$/.exec(text)?.[1] : (named?.[1] ?? REQUEST.exec(text)?.[1]);
    nameNext = named !== null && named[1] === undefined;
    if (name !== undefined) {
      modules.push({ name, line });
      other = top !== undefined && name !== top;
    }
    if (named !== null || name !== undefined) {
      block = null;
      continue;
    }
    if (block !== null && (ends(block, { indent, heading, bulleted }) || (label && block.heading === 0))) block = null;
    if (elsewhere) continue;
    const open = headerOf(text, heading > 0 || label);
    if (open !== null) {
      const inline = open.rest === '' ? [] : namesOf(open.rest);
      if (open.rest === '' || inline !== null) {
        if (isDirection(open.kind)) for (const one of inline ?? []) push(ports, one, open.kind, line, other, '');
        if (heading > 0 || open.colon || open.rest === '')
          block = { kind: open.kind, indent, heading, label: label && !open.colon, itemIndent: null };
        continue;
      }
    }
    if (heading > 0) continue;
    const within = block?.label === true && !bulleted ? null : block;
    const item = itemOf(text, within?.kind ?? null, bulleted || within !== null);
    if (item === null) continue;
    // a block's own text may go on below its header without being deeper
    const flat = block !== null && block.heading === 0 && indent <= block.indent && !bulleted;
    if (flat && (item.names.some(({ name: one }) => LABEL.test(one)) || item.rest === '')) {
      if (item.names.some(({ name: one }) => LABEL.test(one))) block = null;
      if (block === null) continue;
    }
    if (block !== null) block.itemIndent ??= indent;
    if (item.kind === 'parameter') {
      for (const { name: one } of item.names)
        if (!other && !LABEL.test(one)) parameters.push({ name: one, line, optional: true, ...defaultIn(item.rest) });
    } else for (const one of item.names) push(ports, one, item.kind, line, other, item.rest);
  }
  const width = oneBit ? { width: '1' } : {};
  return { ports: ports.map((port) => ({ ...width, ...port })), parameters, modules };
}

const isDirection = (kind: Kind): kind is Direction => kind !== 'any' && kind !== 'parameter';

function ends(
  block: Block,
  { indent, heading, bulleted }: { indent: number; heading: number; bulleted: boolean },
): boolean {
  if (heading > 0) return true;
  if (block.heading > 0) return false;
  const from = block.itemIndent ?? block.indent;
  // items of a list may stand as far left as the line above them
  return indent < from || (indent <= block.indent && !bulleted && from > block.indent);
}

/** `titled`: the line is a heading, or a label of its own. */
function headerOf(text: string, titled: boolean): { kind: Kind; rest: string; colon: boolean } | null {
  const match = HEADER.exec(text) ?? CHINESE.exec(text);
  if (match === null) return null;
  const [, word = '', colon = '', rest = ''] = match;
  if (colon === '' && (rest !== '' || (!titled && !/(?:port|signal|pin|端口|信号)/i.test(text)))) return null;
  return { kind: KIND_OF[word.toLowerCase()] ?? 'any', rest: rest.replace(/[.;]$/, ''), colon: colon !== '' };
}

interface Named {
  readonly name: string;
  readonly range: string | null;
}

const NAME = /^([A-Za-z_][\w$]{0,99})\s?(\[[^\]]{1,80}\])?/;

/** `a, b[7:0] and c`, with nothing else; null for any other text. */
function namesOf(text: string): Named[] | null {
  const found: Named[] = [];
  for (const part of text.split(/\s?,\s?(?:and )?|\sand\s/)) {
    const match = /^(\[[^\]]{1,80}\]\s?)?([A-Za-z_][\w$]{0,99})\s?(\[[^\]]{1,80}\])?(?: ?\([^)]{0,40}\))?$/.exec(
      part.trim(),
    );
    if (match?.[2] === undefined || NO_NAME.has(match[2].toLowerCase())) return null;
    found.push({ name: match[2], range: (match[1] ?? match[3] ?? null)?.trim() ?? null });
  }
  return found;
}

const TYPES = /^(?:(?:wire|reg|logic|bit|tri|var|signed|unsigned|port|signal|pin)\s)+/i;
const DECLARED = /^(input|output|inout|输入|输出|双向)(?:端口|信号|引脚)?(?![A-Za-z0-9_]):?\s?/i;
const SAID =
  /^[^\w[]{0,3}\s?(?:an? |the )?(?:\d+[- ]bits?,? |(?:one|single)[- ]bit )?(input|output|inout|bidirectional)\b/i;

/** The names that an item declares and what it says of them; null: it declares none. */
function itemOf(
  text: string,
  kind: Kind | null,
  listed: boolean,
): { kind: Direction | 'parameter'; names: Named[]; rest: string } | null {
  const declared = DECLARED.exec(text);
  if (declared?.[1] !== undefined) {
    const own = declaration(text.slice(declared[0].length), true);
    if (own !== null && (listed || /^(?:[,;]|\(|\/\/|$)/.test(own.rest)))
      return { kind: KIND_OF[declared[1].toLowerCase()] as Direction, ...own };
    return null;
  }
  if (!listed) return null;
  const item = declaration(text, kind !== null && kind !== 'any');
  if (item === null) return null;
  const said = SAID.exec(item.rest)?.[1]?.toLowerCase();
  const direction = said === 'bidirectional' ? 'inout' : (said as Direction | undefined);
  if (kind === 'parameter') return { kind, ...item };
  if (kind !== null && kind !== 'any') return { kind, ...item };
  return direction === undefined ? null : { kind: direction, ...item };
}

/** `[7:0] a, b: what they are`; the rest begins with what parts it from the names. */
function declaration(text: string, several: boolean): { names: Named[]; rest: string } | null {
  let rest = text.replace(TYPES, '');
  const shared = /^((?:\[[^\]]{1,80}\]\s?)+)/.exec(rest)?.[1]?.trim() ?? null;
  if (shared !== null)
    rest = rest
      .slice(rest.indexOf(shared) + shared.length)
      .trimStart()
      .replace(TYPES, '');
  const names: Named[] = [];
  for (;;) {
    const match = NAME.exec(rest);
    if (match?.[1] === undefined || NO_NAME.has(match[1].toLowerCase())) break;
    const after = rest.slice(match[0].length).trimStart();
    if (!/^(?:[:：,;(=–—]|-(?=\s|$)|\/\/|$)/.test(after)) break;
    names.push({ name: match[1], range: match[2] ?? shared });
    rest = after;
    if (!several || !rest.startsWith(',')) break;
    const next = rest.slice(1).trimStart();
    const following = NAME.exec(next);
    const behind = following === null ? 'x' : next.slice(following[0].length).trimStart();
    if (!/^(?:[:：,;(–—]|-(?=\s|$)|\/\/|$)/.test(behind)) break;
    rest = next;
  }
  return names.length === 0 ? null : { names, rest };
}

function push(
  ports: SpecPort[],
  { name, range }: Named,
  direction: Direction,
  line: number,
  other: boolean,
  rest: string,
): void {
  if (other) return;
  const said = rest.toLowerCase();
  const width = range === null ? widthIn(rest) : rangesWidth(range);
  ports.push({
    name,
    line,
    direction,
    ...(width === undefined ? {} : { width }),
    ...resetWords(said),
    ...(LABEL.test(name) || isOptional(said) ? { optional: true as const } : {}),
  });
}

export const isOptional = (text: string): boolean =>
  /\b(?:optional|only (?:present|available|if|when|with)|present (?:if|when|only)|if (?:enabled|present|used)|when enabled)\b|可选/i.test(
    text,
  );

/** `[7:0]`, `[0:7]`, `[3:0][7:0]` */
function rangesWidth(text: string): string | undefined {
  const widths = [...text.matchAll(/\[([^\]]{1,80})\]/g)].map(([, inner = '']) => {
    const colon = inner.indexOf(':');
    return colon < 0 ? undefined : rangeWidth([inner.slice(0, colon), ':', inner.slice(colon + 1)]);
  });
  return widths.includes(undefined) ? undefined : widths.map((one) => `(${one})`).join(' * ');
}

/** `(8 bits)`, `: 8-bit operand`, `, WIDTH bits`: what stands right behind the name. */
function widthIn(rest: string): string | undefined {
  const match =
    /^[^\w]{0,4}(?:an? |the )?(?:(?:input|output|inout)[,: ]{1,2})?(?:width:? )?(\d{1,6}|[A-Z_][A-Z0-9_]{0,40}|one|single)(?:[- ]?bits?\b| ?位)/.exec(
      rest,
    );
  const said = match?.[1];
  return said === undefined ? undefined : /^(?:one|single)$/i.test(said) ? '1' : said;
}

function defaultIn(rest: string): { default?: string } {
  const match =
    /^\s?[=:]?\s?=\s?([\w'$]{1,40})|\bdefaults?(?: value)?(?: is| to| of)?\s?[:=]?\s?(\d[\w'$]{0,40})/i.exec(rest);
  const said = match?.[1] ?? match?.[2];
  return said === undefined ? {} : { default: said };
}
