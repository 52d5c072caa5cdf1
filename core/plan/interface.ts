// What a specification says of the top module's interface, gathered from its tables and code blocks.
import { isUsableName } from '../spec/keywords.ts';
import { readMarkdown, type Section, type Table } from '../spec/markdown.ts';
import { moduleNamed, sectionsByName } from '../spec/parse-spec.ts';
import { readModuleHeaders } from './module-header.ts';
import { readTableFacts } from './interface-tables.ts';
import type { SpecInterface } from './spec-interface.ts';

/**
 * Pure and bounded by the length of the text. `top` is the name of the plan's top: it decides which module header is
 * meant when the document shows several, and keeps out tables below the heading of another module. A structured spec
 * says in its own sections what the top is; its other tables are explanation.
 */
export function extractInterface(markdown: string, top?: string): SpecInterface {
  const sections = readMarkdown(markdown);
  const structured = structuredSections(sections);
  const name = structured?.top.name ?? top;
  const blocks = sections
    .flatMap(({ code }) => code)
    .filter(({ language }) => language === '' || /verilog|^sv$|^v$/.test(language));
  const headers = blocks.flatMap(({ text, line }) => readModuleHeaders(text, line));
  const own = headers.filter((header) => header.name === name);
  const shown = own.length > 0 ? own : name === undefined && headers.length === 1 ? headers : [];
  const tables =
    structured?.tables ??
    sections
      .flatMap((section) => section.tables)
      .filter(
        ({ headings }) =>
          !belongsElsewhere(
            headings,
            name,
            headers.map((header) => header.name),
          ),
      );
  const facts = tables.map(readTableFacts);
  return {
    top: structured?.top ?? null,
    ports: [...shown.flatMap(({ ports }) => ports), ...facts.flatMap(({ ports }) => ports)],
    parameters: [...shown.flatMap(({ parameters }) => parameters), ...facts.flatMap(({ parameters }) => parameters)],
    clocks: facts.flatMap(({ clocks }) => clocks),
    resets: facts.flatMap(({ resets }) => resets),
  };
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

/** True below a heading that speaks of another module: `### axi_fifo module`, or the name of another header shown. */
function belongsElsewhere(headings: readonly string[], top: string | undefined, modules: readonly string[]): boolean {
  return headings.slice(1).some((heading) => {
    const words: readonly string[] = heading.match(/[A-Za-z_][\w$]*/g) ?? [];
    if (top !== undefined && words.includes(top)) return false;
    const speaksOfModule =
      words.some((word) => /^(?:module|submodule|block|instance)$/i.test(word)) &&
      words.some((word) => word.includes('_'));
    return speaksOfModule || words.some((word) => modules.includes(word) && word !== top);
  });
}
