// What a specification says of the top module's interface, gathered from its tables, lists and code.
import { isUsableName } from '../hdl/keywords.ts';
import { readMarkdown, type CodeBlock, type Section, type Table } from '../spec/markdown.ts';
import { moduleNamed, sectionsByName } from '../spec/parse-spec.ts';
import { documentLines, type DocumentLine } from './document-lines.ts';
import { readLists, type ListLine } from './interface-lists.ts';
import { readModuleHeaders, type ModuleHeader } from './module-header.ts';
import { readTableFacts } from './interface-tables.ts';
import type { SpecInterface } from './spec-interface.ts';

/**
 * Pure and bounded by the length of the text. `top` is the name of the plan's top: it decides which module header is
 * meant when the document shows several, and keeps out what stands below the heading of another module; `others` are
 * the plan's further modules. A structured spec says in its own sections what the top is; its other tables are
 * explanation.
 */
export function extractInterface(markdown: string, top?: string, others: readonly string[] = []): SpecInterface {
  const sections = readMarkdown(markdown);
  const structured = structuredSections(sections);
  const name = structured?.top.name ?? top;
  const code = sections.flatMap((section) => section.code);
  const isHdl = ({ language }: CodeBlock): boolean => /verilog|^sv$|^v$/.test(language);
  const lines = documentLines(
    markdown,
    code.filter(({ text }) => /^\s*module\b/m.test(text)),
  );
  const loose = looseHeaders(lines);
  const headers = [
    ...code
      .filter((block) => block.language === '' || isHdl(block))
      .flatMap(({ text, line }) => readModuleHeaders(text, line)),
    ...loose.headers,
  ];
  const own = headers.filter((header) => header.name === name);
  const shown = own.length > 0 ? own : name === undefined && headers.length === 1 ? headers : [];
  const foreign: Foreign = {
    top: name,
    modules: new Set([...headers.map((header) => header.name), ...others].filter((one) => one !== name)),
  };
  const tables =
    structured?.tables ??
    sections.flatMap((section) => section.tables).filter(({ headings }) => !belongsElsewhere(headings, foreign));
  const facts = tables.map(readTableFacts);
  // a list of what stands in a table too says no more
  const lists =
    structured === undefined
      ? readLists(
          lines.filter(({ line }) => !loose.lines.has(line)).map((line) => listLine(line, foreign)),
          name,
        )
      : { ports: [], parameters: [], modules: [] };
  const [named, ...more] = [...new Map(lists.modules.map((module) => [module.name, module])).values()];
  return {
    top: structured?.top ?? (named !== undefined && more.length === 0 ? named : null),
    ports: [...shown.flatMap(({ ports }) => ports), ...facts.flatMap(({ ports }) => ports), ...lists.ports],
    parameters: [
      ...shown.flatMap(({ parameters }) => parameters),
      ...facts.flatMap(({ parameters }) => parameters),
      ...lists.parameters,
    ],
    clocks: facts.flatMap(({ clocks }) => clocks),
    resets: facts.flatMap(({ resets }) => resets),
  };
}

/** A header of more lines is none. */
const MAX_HEADER_LINES = 300;

/** Module headers that stand in the text as they are, outside any fence. */
function looseHeaders(lines: readonly DocumentLine[]): { headers: ModuleHeader[]; lines: ReadonlySet<number> } {
  const headers: ModuleHeader[] = [];
  const taken = new Set<number>();
  let until = 0;
  for (const [at, { line, text }] of lines.entries()) {
    if (at < until || !/^module\s+[A-Za-z_]\w*\s*(?:[#(;]|$)/.test(text)) continue;
    const rest = lines.slice(at, at + MAX_HEADER_LINES);
    const last = rest.findIndex((one) => /\)\s*;|^endmodule\b/.test(one.text));
    if (last === -1) continue;
    until = at + last + 1;
    const piece = rest.slice(0, last + 1);
    const texts = Array.from({ length: (piece.at(-1)?.line ?? line) - line + 1 }, () => '');
    for (const one of piece) {
      texts[one.line - line] = one.text;
      taken.add(one.line);
    }
    headers.push(...readModuleHeaders(texts.join('\n'), line));
  }
  return { headers, lines: taken };
}

function listLine({ headings, ...line }: DocumentLine, foreign: Foreign): ListLine {
  return { ...line, elsewhere: belongsElsewhere(headings, foreign) };
}

/** The top and the tables that describe it, of a document with the sections Top and Ports; undefined for free text. */
function structuredSections(
  all: readonly Section[],
): { top: { name: string; line: number }; tables: readonly Table[] } | undefined {
  const { top, ports, parameters, clocks } = sectionsByName(all);
  if (ports.length === 0) return undefined;
  for (const { text, line } of top.flatMap((section) => section.text)) {
    const name = moduleNamed(text);
    if (name !== undefined && isUsableName(name))
      return { top: { name, line }, tables: [...ports, ...parameters, ...clocks].flatMap(({ tables }) => tables) };
  }
  return undefined;
}

interface Foreign {
  readonly top: string | undefined;
  /** names of other modules */
  readonly modules: ReadonlySet<string>;
}

const MODULE_WORD = /^(?:sub-?)?(?:module|block|unit|instance|component|core|cell|ip)s?$/i;
/** Words of headings that say nothing of whose ports stand below. */
const PLAIN_WORD =
  /^(?:top|toplevel|level|io|ports?|pins?|signals?|interfaces?|inputs?|outputs?|lists?|tables?|definitions?|descriptions?|declarations?|external|main|design|the|of|and|for|a|an|to|hardware|rtl|specification|spec|overview|summary|names?|diagram|parameters?|clocks?|resets?|s)$/i;
/** What stands below is a rule for many, not the ports of one. */
const GENERAL = /\b(?:protocol|handshake|convention|example|terminology|glossary)s?\b|协议|示例|约定/i;

/**
 * True below a heading that speaks of another module (`### axi_fifo module`, `### Arbiter block`, the name of another
 * header shown) or of a protocol.
 */
function belongsElsewhere(headings: readonly string[], { top, modules }: Foreign): boolean {
  const ofTop = new Set((top ?? '').toLowerCase().split('_'));
  return headings.slice(1).some((heading) => {
    const words: readonly string[] = heading.match(/[A-Za-z_][\w$]*/g) ?? [];
    if (top !== undefined && words.some((word) => word.toLowerCase() === top.toLowerCase())) return false;
    if (GENERAL.test(heading)) return true;
    if (words.some((word) => modules.has(word) || modules.has(word.toLowerCase()))) return true;
    const telling = words.filter((word) => !MODULE_WORD.test(word) && !PLAIN_WORD.test(word));
    const ownWords = telling.every((word) => ofTop.has(word.toLowerCase()));
    return words.some((word) => MODULE_WORD.test(word)) && telling.length > 0 && !ownWords;
  });
}
