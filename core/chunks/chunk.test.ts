// Chunks of random documents, whole and broken: nothing is lost, nothing is cut that belongs together, and what
// somebody changes in one place moves nothing elsewhere.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lex, codeOf } from '../hdl/lexer.ts';
import { EVERYTHING } from '../../test/representatives.ts';
import { chunkText, documentFormat, type Chunked, type ChunkOptions } from './chunk.ts';
import { lineStarts } from './lines.ts';
import { markdownReader } from './markdown-blocks.ts';
import { manual, manualSection } from './fixtures/manual.ts';
import { verilogReader } from './verilog-blocks.ts';

const measure = (text: string): number => Math.ceil(Buffer.byteLength(text) / 3);
const options = (format: ChunkOptions['format'], bound = 400): ChunkOptions => ({
  format,
  bound,
  target: Math.max(8, bound / 16),
  measure,
});
const coresOf = (text: string, { chunks }: Chunked): string[] => chunks.map(({ start, end }) => text.slice(start, end));

const word = fc.constantFrom('clk', 'reset', 'FIFO', '深度', 'é', '𝔘', 'a|b', '*x*', '#1', '`q`', '~~~', '$$', '-->');
const line = fc.array(word, { minLength: 1, maxLength: 9 }).map((words) => words.join(' '));
const lines = fc.array(line, { minLength: 1, maxLength: 5 }).map((all) => all.join('\n'));
const markdownPiece = fc.oneof(
  fc.tuple(fc.constantFrom('#', '##', '###'), line).map(([mark, text]) => `${mark} ${text}`),
  lines,
  lines.map((text) => `\`\`\`verilog\n${text}\n\n${text}\n\`\`\``),
  lines.map((text) => `~~~\n${text}`),
  fc.array(line, { minLength: 1, maxLength: 6 }).map((all) => all.map((one) => `- ${one}`).join('\n\n')),
  fc
    .array(line, { minLength: 1, maxLength: 6 })
    .map((all) => ['| a | b |', '|---|---|', ...all.map((one) => `| 1 | ${one} |`)].join('\n')),
  lines.map((text) => `<!-- ${text}\n\n${text} -->`),
  lines.map((text) => `<table><tr>\n\n${text}</table>`),
  fc.constantFrom(
    '<!-- never closed',
    '<table>',
    '$$',
    '---',
    '',
    '   ',
    '\t',
    '\ufeff',
    '\r',
    'Title\n=====',
    '> q\nlazy',
  ),
);
const name = fc.constantFrom('a', 'b_1', 'clk', 'data_q', '\\esc[0] ');
const statement = fc.oneof(
  name.map((id) => `  assign ${id} = "a;b//c" == 0; // why; not`),
  name.map((id) => `  always_ff @(posedge clk) begin : l\n    if (x) ${id} <= 1; else ${id} <= 0;\n  end`),
  name.map((id) => `  always @(*) if (${id}) y = 1; else begin y = 0; end`),
  name.map(
    (id) => `  generate for (genvar i = 0; i < 4; i++) begin : g\n    fifo #(.W(8)) u (.a(${id}));\n  end endgenerate`,
  ),
  name.map(
    (id) =>
      `  /* block;\n endmodule */ function automatic int f_${id}(int x);\n    case (x) 0: return 1; default: begin return 2; end endcase\n  endfunction : f`,
  ),
  fc.constantFrom(
    '`define M(a) begin \\\n  a; end',
    '`ifdef X',
    '`endif',
    '  `M(x)',
    '  begin',
    '  end',
    '  /* open',
    '  x = "open',
    'endmodule',
    '  typedef struct packed { logic a; logic b; } t;',
    '  import "DPI-C" function int f(int a);',
    '  default clocking cb;',
    '  assert property (@(posedge clk) a |-> b) else $error("x;");',
    '  disable fork; wait fork;',
  ),
);
const module = fc
  .tuple(name, fc.array(statement, { maxLength: 8 }))
  .map(([id, body]) =>
    [
      `module m_${id} import p::*; import q::*; #(parameter W = 8, // w;\n  P = ";") (\n  input logic clk, /* ; */\n  output logic [W-1:0] q\n);`,
      ...body,
      'endmodule : m',
    ].join('\n'),
  );
const verilogPiece = fc.oneof(module, statement, fc.constantFrom('package p; int x; endpackage', '', '// c'));
const endings = fc.constantFrom('\n', '\r\n', '\n\n');
const documentOf = (piece: fc.Arbitrary<string>) =>
  fc.tuple(fc.array(piece, { maxLength: 25 }), endings, fc.boolean()).map(([pieces, between, crlf]) => {
    const text = pieces.join(between);
    return crlf ? text.replaceAll(/\r?\n/g, '\r\n') : text;
  });

/** Each again and again. */
const HOSTILE: Readonly<Record<string, string>> = {
  nothing: '',
  'one line': 'x',
  'one line of words': 'ab ',
  'one line of surrogate pairs': '\u{1f600}',
  'pairs behind one letter': `a${'\u{1f600}'.repeat(15_000)}`,
  'line ends': '\r\n',
  'line ends the other way round': '\n\r',
  blanks: ' \t',
  'fences in fences': '````md\n```v\nmodule x;\n```\nendmodule\n````\r\n',
  'fences that others hold': '~~~~\n```\n~~~\n# no\n```\n~~~~\n# Yes\n',
  'fences in lists and quotations': '- a\n  ```\n  # no\n\n  x\n  ```\n> ```\n> # no\n> ```\n',
  'comments that never end': '<!-- ',
  'tags that never end': '<table>\n\n',
  marks: '|`#>*_-=$[',
  'macros with braces':
    '`define M(a, b) begin \\\n  if (a) { b }; end \\\n endmodule\nmodule x;\n `M({1,2}, "endmodule;")\nendmodule\n',
  'strings with endmodule': 'module x; initial $display("endmodule ; module y; \\" endmodule"); endmodule\r\n',
  'strings over lines, and of three quotes':
    'module x; initial $display("a \\\n endmodule ;"); string s = """ ; " """; endmodule\n',
  'strings that never end': 'module x; initial $display("never\nendmodule\n',
  'escaped names': 'module \\end;module ; wire \\a;b[0] ; endmodule\n',
  'begins without ends': 'begin ( [ { generate ',
  'ends without begins': 'endmodule end ) ] } ;',
  'branches of directives': '`ifdef A\nmodule a;\n`else\nmodule b;\n`endif\n wire x;\nendmodule\n',
};

describe('chunks', () => {
  it.each([
    ['Markdown', 'markdown' as const, documentOf(markdownPiece), markdownReader],
    ['Verilog', 'verilog' as const, documentOf(verilogPiece), verilogReader],
    ['Markdown taken for Verilog', 'verilog' as const, documentOf(markdownPiece), verilogReader],
    ['Verilog taken for Markdown', 'markdown' as const, documentOf(verilogPiece), markdownReader],
  ])(
    'of %s give the text back byte for byte, none beyond its bound, with a twentieth to a tenth of what precedes',
    (_of, format, documents, reader) => {
      fc.assert(
        fc.property(documents, fc.integer({ min: 4, max: 300 }), (text, bound) => {
          const blocks = reader.blocks(text);
          expect(blocks.map(({ start, end }) => text.slice(start, end)).join('')).toBe(text);
          const chunked = chunkText(text, options(format, bound));
          expect(coresOf(text, chunked).join('')).toBe(text);
          for (const { start, end, overlapStart, size, cut } of chunked.chunks) {
            expect(end).toBeGreaterThan(start);
            expect(size).toBeLessThanOrEqual(bound);
            expect(measure(text.slice(start, end))).toBeLessThanOrEqual(size);
            expect(start - overlapStart).toBeLessThanOrEqual(Math.floor((end - start) / 10));
            expect(start - overlapStart + 1).toBeGreaterThanOrEqual(Math.min(start, Math.floor((end - start) / 20)));
            if (!cut) expect(blocks.some((block) => block.start === start)).toBe(true);
            expect(text.slice(start, end).isWellFormed()).toBe(true);
          }
        }),
        { numRuns: 40, seed: 6 },
      );
    },
  );

  it.each(Object.entries(HOSTILE))('of %s lose nothing either', (_name, piece) => {
    for (const format of ['markdown', 'verilog'] as const)
      for (const bound of [4, 60, 2_000]) {
        const text = piece.repeat(Math.ceil((EVERYTHING ? 300_000 : 20_000) / Math.max(1, piece.length)));
        const { chunks } = chunkText(text, options(format, bound));
        const cores = chunks.map(({ start, end }) => text.slice(start, end));
        expect(cores.join('') === text).toBe(true);
        expect(cores.filter((core) => !core.isWellFormed() || measure(core) > bound)).toEqual([]);
        const shown = chunks.map(({ overlapStart, start }) => text.slice(overlapStart, start));
        expect(shown.filter((before) => !before.isWellFormed())).toEqual([]);
        expect(chunks.filter(({ start }) => start > 0 && text.startsWith('\r\n', start - 1))).toEqual([]);
      }
  });

  it('of Verilog begin neither in a comment, string or directive nor in a module header', () => {
    fc.assert(
      fc.property(documentOf(fc.oneof(module, module, verilogPiece)), (text) => {
        // a bound that no block reaches
        const { chunks, boundaryErrorRate } = chunkText(text, { ...options('verilog', 1e6), target: 1 });
        expect(boundaryErrorRate).toBe(0);
        const starts = chunks.slice(1).map(({ start }) => start);
        const split = (from: number, to: number): boolean => starts.some((at) => at > from && at < to);
        expect(lex(text).filter((token) => split(token.start, token.end))).toEqual([]);
        const code = codeOf(text);
        const headers = code.map((token, index) => {
          if (token.text !== 'module' || token.kind !== 'word' || code[index + 2]?.text !== 'import') return '';
          // the list of parameters, then that of the ports
          const end = code.slice(index).filter(({ text: word }) => word === ')')[1]?.start ?? 0;
          return split(token.start, end) ? text.slice(token.start, end) : '';
        });
        expect(headers.filter((header) => header !== '')).toEqual([]);
      }),
      { numRuns: 40, seed: 7 },
    );
  });

  it('begin at modules, always blocks, generate regions; comments stay with what they explain', () => {
    const text = [
      '// top of all',
      'module a import p::*; #(int W = 1) (input clk);',
      '  // counts',
      '  always_ff @(posedge clk) begin',
      '    q <= 1;',
      '  end // counts',
      '',
      '  generate if (W > 1) begin : g',
      '    b u ();',
      '  end else begin : h',
      '    c u ();',
      '  end endgenerate',
      'endmodule',
      '/* the next */ module b; endmodule module c (input x); endmodule',
    ].join('\n');
    expect(verilogReader.blocks(text).map(({ start, end, kind }) => [kind, text.slice(start, end)])).toEqual([
      ['header', '// top of all\nmodule a import p::*; #(int W = 1) (input clk);\n'],
      ['item', '  // counts\n  always_ff @(posedge clk) begin\n    q <= 1;\n  end // counts\n'],
      ['item', text.slice(text.indexOf('\n  generate'), text.indexOf('endmodule'))],
      ['end', 'endmodule\n'],
      ['header', '/* the next */ module b; '],
      ['end', 'endmodule '],
      ['header', 'module c (input x); '],
      ['end', 'endmodule'],
    ]);
  });

  it('keep tables, lists, fenced code, comments and formulas whole', () => {
    const text = [
      '---\ntitle: x\n---\n',
      '# Title\n\nWords\nand more.\n',
      '\n- one\n\n  more\n- two\n\n      code\n\nEnd.\n',
      '\n```v\na\n\n# no heading\n```\n',
      '| a | b |\n|---|---|\n| 1 | 2 |\n\nText | with bar\n',
      '<!-- a\n\nb -->\n$$\nx\n\ny\n$$\n',
      '<table>\n\n<tr><table>\n</table>\n\n</table>\nSetext\n---\n[^1]: note\n\n    more\n',
    ].join('');
    const kinds = markdownReader
      .blocks(text)
      .map(({ kind, start, end }) => `${kind}:${text.slice(start, end).trim().split('\n').length}`);
    expect(kinds).toEqual([
      'front-matter:3',
      'heading:1',
      'paragraph:2',
      'list:6',
      'paragraph:1',
      'fence:5',
      'table:3',
      'paragraph:1',
      'html:3',
      'math:5',
      'html:6',
      'heading:2',
      'list:3',
    ]);
  });

  it('inside a block that alone is too long are said; they stand at its items, rows and lines', () => {
    const rows = Array.from({ length: 200 }, (_, at) => `| R${String(at)} | ${'x'.repeat(20)} |`);
    const text = `# A\n\n| n | d |\n|---|---|\n${rows.join('\n')}\n\n# B\n\nshort\n`;
    const { chunks, boundaryErrorRate } = chunkText(text, options('markdown', 300));
    expect(boundaryErrorRate).toBeGreaterThan(0.5);
    for (const { start, cut } of chunks) if (cut) expect(text.charAt(start)).toBe('|');
    const list = Array.from({ length: 60 }, (_, at) => `- item ${String(at)}\n  - inner ${'y'.repeat(30)}`).join('\n');
    for (const { start } of chunkText(list, options('markdown', 200)).chunks) expect(list.charAt(start)).toBe('-');
    const long = `x${'漢'.repeat(5_000)}`;
    const wide = chunkText(long, options('markdown', 100));
    expect(wide.chunks.every(({ size }) => size <= 100)).toBe(true);
  });
});

describe('who changes one place', () => {
  const documents = (['headed', 'plain', 'equal'] as const).map((kind) => manual(kind, 80, 11));
  const bound = measure(documents[0]?.join('') ?? '') / 1.5;
  const cut = (parts: readonly string[], format: ChunkOptions['format'] = 'markdown'): string[] => {
    const text = parts.join('');
    // blank lines around a chunk are no part of what is asked
    return coresOf(text, chunkText(text, { format, bound, target: bound / 64, measure })).map((core) => core.trim());
  };
  const fresh = (before: readonly string[], after: readonly string[]): number => {
    const known = new Set(before);
    return after.filter((core) => !known.has(core)).length;
  };

  it.each([0, 1, 2])('in document %i changes at most two chunks of many, mostly one', (nth) => {
    const parts = documents[nth] ?? [];
    const before = cut(parts);
    expect(before.length).toBeGreaterThan(40);
    let changed = 0;
    let tried = 0;
    for (const [at, part] of parts.entries()) {
      if (at % 3 > 0 && !EVERYTHING) continue;
      tried += 1;
      const edited = parts.with(at, part.replace(/\.\n$/, ', but not after reset.\n'));
      const count = fresh(before, cut(edited));
      expect(1 - count / before.length, part).toBeGreaterThanOrEqual(0.95);
      changed += count;
    }
    expect(changed / tried).toBeLessThan(1.1);
  });

  it.each([0, 1, 2])('in front of document %i changes at most one', (nth) => {
    const parts = documents[nth] ?? [];
    const before = cut(parts);
    for (const line of ['Draft.\n', 'Revision 7, for review.\n\n', '# Preface\n\n', '\n', '<!-- x -->\n'])
      expect(fresh(before, cut([line, ...parts])), line).toBeLessThanOrEqual(1);
  });

  it('in a Verilog file changes one', () => {
    const parts = Array.from({ length: 70 }, (_, at) => {
      const body = manualSection(at, 5).replaceAll(/[^\w .]+/g, ' ');
      return `module m${String(at)} (input clk);\n  // ${body.replaceAll('\n', ' ')}\n  assign a = ${String(at)};\nendmodule\n`;
    });
    const before = cut(parts, 'verilog');
    expect(before.length).toBeGreaterThan(40);
    const after = cut(parts.with(30, (parts[30] ?? '').replace('= 30', '= 31')), 'verilog');
    expect(fresh(before, after)).toBe(1);
    expect(fresh(before, cut(['`timescale 1ns/1ps\n', ...parts], 'verilog'))).toBeLessThanOrEqual(1);
  });
});

it('a document is Verilog by its name, or by what stands in it', () => {
  expect(documentFormat('src/a.SV', '')).toBe('verilog');
  expect(documentFormat('a.md', 'module x; endmodule')).toBe('markdown');
  expect(documentFormat(null, '// c\nmodule x;\nendmodule\n')).toBe('verilog');
  expect(documentFormat(null, '# The module\nmodule x;\nendmodule\n')).toBe('markdown');
  expect(lineStarts('a\r\nb\rc\n', 0, 7)).toEqual([3, 5]);
});
