// SystemRDL 2.0: the allocation rules of the language's own examples, properties, parameters, and what is said of the
// rest.
import { describe, expect, test } from 'vitest';
import type { Memory, Register } from '../model.ts';
import { descriptionMarkdown } from '../to-markdown.ts';
import { readSystemRdl } from './index.ts';

const entries = (text: string): (Register | Memory)[] =>
  readSystemRdl(text).description.blocks.flatMap((block) => block.entries);
const placed = (text: string): string[] =>
  entries(text).map(
    ({ name, offset, array }) =>
      `${name} 0x${offset.toString(16)}${array === null ? '' : ` + ${array.strides.join(' ')}`}`,
  );
const fields = (text: string): string[] =>
  entries(text)
    .flatMap((entry) => (entry.kind === 'register' ? entry.fields : []))
    .map((field) => `${field.name} ${field.bits}`);
const notes = (text: string): string[] => readSystemRdl(text).notes.map((note) => `${note.line ?? ''} ${note.text}`);
const REG = 'reg r { field {} a; };';

describe('addresses', () => {
  test.each([
    ['compact', 'default accesswidth = 32; addressing = compact;', ['a 0x0', 'b 0x4', 'c[0..19] 0xc + 4']],
    ['regalign', 'addressing = regalign;', ['a 0x0', 'b 0x8', 'c[0..19] 0x10 + 4']],
    ['fullalign', 'addressing = fullalign;', ['a 0x0', 'b 0x8', 'c[0..19] 0x80 + 4']],
  ])('%s', (_mode, properties, expected) => {
    expect(
      placed(
        `addrmap m { ${properties} reg { field {} a; } a; reg { regwidth = 64; field {} a; } b; reg { field {} a; } c[20]; };`,
      ),
    ).toEqual(expected);
  });
  test('written addresses, strides and alignments', () => {
    expect(
      placed(`${REG} addrmap m { r a @0x0; r b @0x4; r c; r d @0x10; r e[10] @0x100 += 0x10; r f %=0x80; };`),
    ).toEqual(['a 0x0', 'b 0x4', 'c 0x8', 'd 0x10', 'e[0..9] 0x100 + 16', 'f 0x200']);
  });
  test('register files and arrays of arrays stay one entry each', () => {
    expect(
      placed(
        `addrmap m { ${REG} regfile { r a[5][3]; r b[10]; } x, y[4]; external mem { mementries = 256; r v[256]; } z; };`,
      ),
    ).toEqual([
      'x.a[0..4][0..2] 0x0 + 12 4',
      'x.b[0..9] 0x3c + 4',
      'y[0..3].a[0..4][0..2] 0x80 + 100 12 4',
      'y[0..3].b[0..9] 0xbc + 100 4',
      'z 0x400',
    ]);
    expect(entries(`addrmap m { reg { field {} a; } a[1000000]; };`)).toHaveLength(1);
  });
  test('maps inside a map are blocks with their own base', () => {
    const { blocks } = readSystemRdl(
      `${REG} addrmap u { r a; r b; }; addrmap soc { u u0 @0x1000; u u1[2] @0x2000 += 0x100; };`,
    ).description;
    expect(blocks.map(({ name, base }) => `${name} ${String(base)}`)).toEqual([
      'soc.u0 4096',
      'soc.u1[0..1] 0x2000 + i × 0x100',
    ]);
  });
});

test('fields fill up from bit 0, or from the top', () => {
  expect(
    fields('addrmap m { reg { field {} A; field {} B[3]; field {} C[15:8]; field { fieldwidth = 5; } D; } r; };'),
  ).toEqual(['A 0', 'B 3:1', 'C 15:8', 'D 20:16']);
  expect(fields('addrmap m { msb0; reg { field {} A; field {} B[3]; field {} C[8:15]; field {} D[5]; } r; };')).toEqual(
    ['A 31', 'B 30:28', 'C 15:8', 'D 7:3'],
  );
});

test('access, reset, encodings and everything else that is said of a field', () => {
  const text = `
    enum mode_e { off = 2'd0 { desc = "nothing"; }; on = 2'd1 { name = "Running"; }; };
    addrmap m { name = "Top"; desc = "All of it.";
      reg { name = "Control"; desc = "First."; regwidth = 16;
        default sw = rw; default hw = r;
        field { desc = "the mode [b]now[/b]"; encode = mode_e; } mode[2:1] = 2'b01;
        field { sw = r; hw = w; we; } busy[0:0] = 0;
        field { onwrite = woclr; onread = ruser; intr; } err[4:4] = 1'b0;
        field { woset; rclr; counter; next = m.other; reset = 5; } n[15:8];
      } CTRL @0x10; };`;
  expect(descriptionMarkdown(readSystemRdl(text).description)).toBe(
    [
      '# Top (m)',
      '',
      'All of it.',
      '',
      '## Register map',
      '',
      '| Offset | Register | Width | Access | Reset | Description |',
      '|---|---|---|---|---|---|',
      '| 0x10 | CTRL | 16 | mixed | 0x502 | Control First. |',
      '',
      '### CTRL (offset 0x10)',
      '',
      'Control',
      'First.',
      '',
      '| Bits | Field | Access | Hardware | Reset | Description |',
      '|---|---|---|---|---|---|',
      '| 15:8 | n | rw, rc, w1s | r | 0x5 | counter<br>next = m.other |',
      '| 4 | err | rw, read changes it, w1c | r | 0x0 | intr |',
      '| 2:1 | mode | rw | r | 0x1 | the mode now<br>0x0: off: nothing<br>0x1: on: Running |',
      '| 0 | busy | r | w | 0x0 | we |',
      '',
    ].join('\n'),
  );
});

test('parameters, their defaults, expressions over them', () => {
  const text = `
    reg data #(longint unsigned SIZE = 32, boolean WIDE = false) { regwidth = SIZE; field { reset = 2**(SIZE/8) - 1; } d[SIZE-1:0]; };
    addrmap m #(longint N = 2) { data a; data #(.SIZE(16)) b[N * 2]; data #(.SIZE(WIDTH)) c; };`;
  expect(entries(text).map(({ name, width }) => `${name} ${width}`)).toEqual(['a 32', 'b[0..3] 16', 'c 32']);
  expect(fields(text)).toEqual(['d 31:0', 'd 15:0', 'd (WIDTH - 1):0']);
  expect(entries(text)[1]).toMatchObject({ fields: [{ reset: '0x3' }] });
});

test('assignments from outside win over what the type says', () => {
  const text = `addrmap m { reg { field { sw = rw; } f; } a; regfile { reg { field {} f; } r; r->name = "inner"; } x;
    a.f->sw = r; x.r->name = "outer"; a.f->reset = 1; a.g->reset = 1; };`;
  const [a, r] = entries(text);
  expect(a).toMatchObject({ fields: [{ access: 'r', reset: '0x1' }] });
  expect(r).toMatchObject({ description: 'outer' });
  expect(notes(text)).toEqual(['2 the path a.g was not understood: there is no such component']);
});

test('signals, alias registers, what is not present', () => {
  const text = `addrmap m { signal { activelow; async; cpuif_reset; } rst_n; reg rt { field {} f; }; rt a; alias a rt b @0x20; rt gone; gone->ispresent = false; };`;
  const { description } = readSystemRdl(text);
  expect(description.signals).toMatchObject([
    { name: 'rst_n', width: '1', description: 'activelow\nasync\ncpuif_reset' },
  ]);
  expect(placed(text)).toEqual(['a 0x0', 'b 0x20']);
  expect(entries(text)[1]?.properties).toEqual(['another view of a']);
});

test('comments, directives and macros; an included file is said to be unread', () => {
  const text = `// a
    /* b */
    \`include "types.rdl"
    \`define WIDTH 8
    \`define INST(t, n) t n
    \`ifdef NEVER
    this is no RDL at all {{{
    \`else
    reg rt { field {} f[\`WIDTH]; };
    \`endif
    addrmap m { \`INST(rt, a); string_of "x"; };`;
  expect(fields(text)).toEqual(['f 7:0']);
  expect(notes(text)).toEqual([
    '3 the file types.rdl is included here and was not read; import it as well',
    '11 a statement was not understood: ; is missing before x',
  ]);
});

test('a statement that is not understood is said, and the rest is read', () => {
  const text = `addrmap m {
    reg { field {} f; oops oops oops; field {} g; } a;
    constraint { x < 3 } c;
    nothing_known b;
    reg { field { strange_property = 4; } f; } d;
  };`;
  expect(placed(text)).toEqual(['a 0x0', 'd 0x4']);
  expect(fields(text)).toEqual(['f 0', 'g 1', 'f 0']);
  expect(notes(text)).toEqual([
    '2 a statement was not understood: ; is missing before oops',
    '4 the type nothing_known was not understood: it is not defined in this file',
    '5 the property strange_property of f was not understood: 4',
    '3 a constraint says nothing about the design and was left out',
  ]);
});

test('registers without a map are shown, their addresses said to be assumed', () => {
  expect(placed('reg one { field {} f; }; reg two { field {} f; };')).toEqual(['one 0x0', 'two 0x4']);
  expect(notes('reg one { field {} f; };')).toEqual([
    '1 the address of one is not given; the next free one was assumed',
  ]);
});

test.each([
  ['nothing', ''],
  ['another language', 'module top(input clk); endmodule'],
  ['braces that never end', 'addrmap m {'.repeat(3000)],
  ['braces that close nothing', '}'.repeat(3000)],
  ['brackets without end', `addrmap m { reg { field {} f; } a[${'('.repeat(5000)}1; };`],
  ['a macro of itself', '`define A `A `A\n`A'],
  ['an unending string', 'addrmap m { name = "'],
  ['numbers that explode', 'reg r { field {} f[9**9**9**9]; }; addrmap m { r a[2**4096 << 4096]; };'],
])('%s ends in a sentence, not in an endless loop', (_what, text) => {
  try {
    const { description } = readSystemRdl(text);
    expect(description.blocks.length).toBeGreaterThan(0);
  } catch (error) {
    expect(error).toMatchObject({ name: 'DescriptionError' });
  }
});
