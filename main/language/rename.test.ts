// Renaming across files: what changes, what must not, and what is refused.
import { afterAll, describe, expect, test } from 'vitest';
import { Sources } from './workspace.fixture.ts';

const sources = new Sources({
  'a.sv': `// valid in a comment
\`define IS_VALID(x) (x.valid && valid)
module a #(parameter int WIDTH = 8) (input logic clk, input logic valid, output logic [WIDTH-1:0] q);
  initial $display("valid");
  \`ASSERT(ok, valid |-> q)
  always_ff @(posedge clk) if (valid) q <= {WIDTH{valid}};
  struct packed { logic valid; } s;
  assign s = '{valid: valid};
  function f(input valid); return valid; endfunction
endmodule : a
`,
  'b.sv': `module b (input logic clk, input logic valid);
  logic [7:0] q;
  a #(.WIDTH(8)) u_a (.clk, .valid, .q(q));
  a u_b (.*);
  a u_c (clk, valid, q);
  initial begin : blk
    logic other;
    other = valid;
  end
  assign u_a.valid = 0;
endmodule
module top; b u (.clk(1'b0), .valid(1'b1)); endmodule
`,
  'old.v': `module old(clk, .out(inner));
  input clk;
  output inner;
  reg inner;
  a u (.clk(clk), .valid(inner));
endmodule
`,
  'twin1.v': 'module twin; endmodule\n',
  'twin2.v': 'module twin; endmodule\nmodule user; twin u (); endmodule\n',
  'p.sv': `package p; typedef enum {IDLE, RUN} t; parameter int N = 1; endpackage
module use_p; import p::*; t s = IDLE; logic RUNS; assign x = p::N + N; endmodule
`,
  '.genRTL/vendor/cbb/x/1.0.0/rtl/x.sv': 'module vendored (input logic clk); endmodule\n',
  'v.sv': 'module v; vendored u (.clk(1)); endmodule\n',
});
afterAll(() => sources.remove());

test('a port: its module, connections by name in every form, hierarchical names; nothing of the same name elsewhere', async () => {
  const changed = await sources.renamed('a.sv', 'input logic va|lid, output', 'ready');
  expect(Object.keys(changed).sort()).toEqual(['a.sv', 'b.sv', 'old.v']);
  expect(changed['a.sv']).toBe(`// valid in a comment
\`define IS_VALID(x) (x.valid && valid)
module a #(parameter int WIDTH = 8) (input logic clk, input logic ready, output logic [WIDTH-1:0] q);
  initial $display("valid");
  \`ASSERT(ok, ready |-> q)
  always_ff @(posedge clk) if (ready) q <= {WIDTH{ready}};
  struct packed { logic valid; } s;
  assign s = '{valid: ready};
  function f(input valid); return valid; endfunction
endmodule : a
`);
  expect(changed['b.sv']).toContain('.clk, .ready(valid), .q(q)');
  expect(changed['b.sv']).toContain('a u_b (.ready(valid), .*);');
  expect(changed['b.sv']).toContain('assign u_a.ready = 0;');
  expect(changed['b.sv']).toContain('module b (input logic clk, input logic valid);');
  expect(changed['b.sv']).toContain(".valid(1'b1)");
  expect(changed['old.v']).toContain('.ready(inner)');
  const { left } = await sources.service.rename(
    sources.root,
    sources.at('a.sv', 'input logic va|lid, output'),
    'ready',
  );
  expect(left.map(({ path, line, column }) => `${path}:${line}:${column}`)).toEqual(['a.sv:2:24', 'a.sv:2:33']);
});

test('a signal that is connected by its own name keeps its connections', async () => {
  const changed = await sources.renamed('b.sv', 'input logic va|lid', 'go');
  expect(Object.keys(changed)).toEqual(['b.sv']);
  expect(changed['b.sv']).toBe(`module b (input logic clk, input logic go);
  logic [7:0] q;
  a #(.WIDTH(8)) u_a (.clk, .valid(go), .q(q));
  a u_b (.valid(go), .*);
  a u_c (clk, go, q);
  initial begin : blk
    logic other;
    other = go;
  end
  assign u_a.valid = 0;
endmodule
module top; b u (.clk(1'b0), .go(1'b1)); endmodule
`);
});

test('a module, a parameter, an instance, a package, an enumerator, an old-style port with its inner name', async () => {
  const a = await sources.renamed('b.sv', 'a| u_b', 'stage');
  expect(a['a.sv']).toContain('module stage #(');
  expect(a['a.sv']).toContain('endmodule : stage');
  expect(a['b.sv']).toMatch(/stage #\(\.WIDTH\(8\)\) u_a[^]*stage u_b[^]*stage u_c/);
  expect(a['old.v']).toContain('  stage u (');
  const width = await sources.renamed('a.sv', 'int WI|DTH', 'BITS');
  expect(width['b.sv']).toContain('#(.BITS(8))');
  expect(width['a.sv']).toContain('{BITS{valid}}');
  expect((await sources.renamed('b.sv', ') u_|a (', 'u_first'))['b.sv']).toContain('assign u_first.valid');
  const pkg = await sources.renamed('p.sv', 'package p|;', 'q_pkg');
  expect(pkg['p.sv']).toMatch(/package q_pkg;[^]*import q_pkg::\*[^]*q_pkg::N/);
  expect((await sources.renamed('p.sv', '{ID|LE', 'HALT'))['p.sv']).toMatch(/\{HALT, RUN\}[^]*s = HALT;/);
  const inner = await sources.renamed('old.v', 'output in|ner', 'q');
  expect(inner['old.v']).toBe(sources.files['old.v']?.replaceAll('inner', 'q'));
  expect((await sources.renamed('old.v', '.o|ut(', 'done'))['old.v']).toContain('old(clk, .done(inner));');
  const clk = await sources.renamed('old.v', 'input cl|k', 'clock');
  expect(clk['old.v']).toMatch(/old\(clock, [^]*input clock;[^]*\.clk\(clock\)/);
});

describe('is refused', () => {
  test.each([
    ['a word of the language', 'a.sv', 'input logic va|lid, output', 'always', 'is a word of the language'],
    ['what is no name', 'a.sv', 'input logic va|lid, output', '1st', 'is no name'],
    ['a name with blanks', 'a.sv', 'input logic va|lid, output', 'a b', 'is no name'],
    ['a name that is taken in its scope', 'a.sv', 'input logic va|lid, output', 'q', 'declared already: a.sv:3'],
    ['a module’s name that is taken', 'a.sv', 'module a|', 'top', 'another top: b.sv:12'],
    ['a name that an inner scope has', 'b.sv', 'input logic va|lid', 'other', 'means something else: b.sv:7'],
    ['a name that comes from outside', 'p.sv', 'logic RU|NS', 'IDLE', 'would begin to mean'],
    ['a module that is declared twice', 'twin1.v', 'module tw|in', 'one', 'declared twice'],
    ['a macro', 'a.sv', 'IS_VA|LID', 'X', 'Macros are not renamed'],
    ['a word in a comment', 'a.sv', '// va|lid', 'x', 'no name here'],
    ['a word in a string', 'a.sv', '"va|lid"', 'x', 'no name here'],
    ['what nobody declares', 'a.sv', '`ASSERT(o|k', 'x', 'Nothing in the workspace declares ok'],
  ])('%s', async (_name, file, marked, name, why) => {
    const asked = sources.service.rename(sources.root, sources.at(file, marked), name);
    await expect(asked).rejects.toMatchObject({
      code: 'REQUEST_INVALID',
      message: expect.stringContaining(why) as string,
    });
  });
});

test('the same name again changes nothing; the place is told before', async () => {
  expect(await sources.renamed('a.sv', 'module a|', 'a')).toEqual({});
  expect(await sources.service.renameAt(sources.root, sources.at('b.sv', '.va|lid, .q'))).toMatchObject({
    name: 'valid',
    place: { path: 'b.sv', line: 3, column: 30, end_column: 35 },
  });
});

test('an edit meanwhile ends it', async () => {
  const asked = sources.service.references(sources.root, sources.at('a.sv', 'input logic cl|k'));
  await sources.service.update(sources.root, 'new.sv', 'module n; endmodule');
  // short work may be over before it looks
  await asked.then(
    ({ references }) => expect(references.length).toBeGreaterThan(0),
    (error: unknown) => expect(error).toMatchObject({ code: 'CANCELLED' }),
  );
});
