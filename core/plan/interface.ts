// What a specification says of the top module's interface, gathered from its tables and code blocks.
import { readMarkdown, type Section } from '../spec/markdown.ts';
import { readModuleHeaders } from './module-header.ts';
import { readTableFacts } from './interface-tables.ts';
import type { SpecInterface } from './spec-interface.ts';

/**
 * Pure and bounded by the length of the text. `top` is the name of the plan's top: it decides which module header is
 * meant when the document shows several, and keeps out tables below the heading of another module.
 */
export function extractInterface(markdown: string, top?: string): SpecInterface {
  const sections = readMarkdown(markdown);
  const named = namedTop(sections);
  const name = named?.name ?? top;
  const blocks = sections.flatMap(({ code }) => code).filter(({ language }) => language === '' || /verilog|^sv$|^v$/.test(language));
  const headers = blocks.flatMap(({ text, line }) => readModuleHeaders(text, line));
  const own = headers.filter((header) => header.name === name);
  const shown = own.length > 0 ? own : name === undefined && headers.length === 1 ? headers : [];
  const facts = sections.flatMap(({ tables }) => tables).filter(({ headings }) => !belongsElsewhere(headings, name, headers.map((header) => header.name))).map(readTableFacts);
  return {
    top: named,
    ports: [...shown.flatMap(({ ports }) => ports), ...facts.flatMap(({ ports }) => ports)],
    parameters: [...shown.flatMap(({ parameters }) => parameters), ...facts.flatMap(({ parameters }) => parameters)],
    clocks: facts.flatMap(({ clocks }) => clocks),
    resets: facts.flatMap(({ resets }) => resets),
  };
}

/** Only structured specs name their top beyond doubt. */
function namedTop(sections: readonly Section[]): { name: string; line: number } | null {
  if (!sections.some(({ level, heading }) => level === 2 && heading.toLowerCase() === 'ports')) return null;
  for (const section of sections) {
    if (section.level !== 2 || section.heading.toLowerCase() !== 'top') continue;
    for (const { text, line } of section.text) {
      const match = /module\s{0,4}[:：]\s{0,4}([A-Za-z_][\w$]*)/i.exec(text.replace(/[*`]/g, ''));
      if (match?.[1] !== undefined) return { name: match[1], line };
    }
  }
  return null;
}

/** True below a heading that speaks of another module: `### axi_fifo module`, or the name of another header shown. */
function belongsElsewhere(headings: readonly string[], top: string | undefined, modules: readonly string[]): boolean {
  return headings.slice(1).some((heading) => {
    const words: readonly string[] = heading.match(/[A-Za-z_][\w$]*/g) ?? [];
    if (top !== undefined && words.includes(top)) return false;
    const speaksOfModule = words.some((word) => /^(?:module|submodule|block|instance)$/i.test(word)) && words.some((word) => word.includes('_'));
    return speaksOfModule || words.some((word) => modules.includes(word) && word !== top);
  });
}
