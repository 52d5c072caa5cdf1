// Navigation, hover and completion over a small workspace with a package, an interface-style top and old-style ports.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readBefore } from './cursor.ts';
import { LanguageService } from './language-service.ts';

const FILES = {
  'src/types_pkg.sv': `package types_pkg;
  typedef enum logic [1:0] {IDLE, RUN} state_t;
  typedef struct packed { logic valid; logic [7:0] data; } beat_t;
  parameter int DEPTH = 4;
  function automatic int double(input int a); return 2 * a; endfunction
endpackage
`,
  'src/fifo.sv': `module fifo #(
  parameter int WIDTH = 8,
  parameter int DEPTH = 16
) (
  input  logic clk,
  input  logic [WIDTH-1:0] wr_data,
  output logic full, empty
);
  logic [WIDTH-1:0] mem [DEPTH];
  assign full = mem[0][0];
endmodule
`,
  'src/old.v': `module old(a, q);
  input a;
  output [3:0] q;
  reg [3:0] q;
  always @(a) q = {4{a}};
endmodule
`,
  'src/top.sv': `\`define LIMIT 7
module top (input logic clk, output logic [7:0] y);
  import types_pkg::*;
  state_t state;
  beat_t beat;
  logic full;
  fifo #(.WIDTH(8)) u_fifo (.clk(clk), .wr_data(beat.data), .full(full), .empty());
  always_ff @(posedge clk) begin : run
    logic local_v;
    state <= full ? IDLE : RUN;
    y <= \`LIMIT + double(DEPTH) + types_pkg::DEPTH;
  end
endmodule
`,
};

const root = mkdtempSync(path.join(tmpdir(), 'genrtl-language-'));
mkdirSync(path.join(root, 'src'));
for (const [name, text] of Object.entries(FILES)) writeFileSync(path.join(root, name), text);
afterAll(() => rmSync(root, { recursive: true, force: true }));
const service = new LanguageService();

/** Position of the nth occurrence of a text in a file. */
function at(file: keyof typeof FILES, text: string, nth = 1): { path: string; line: number; column: number } {
  let offset = -1;
  for (let count = 0; count < nth; count += 1) offset = FILES[file].indexOf(text, offset + 1);
  const before = FILES[file].slice(0, offset).split('\n');
  return { path: file, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
const definition = async (...where: Parameters<typeof at>): Promise<string> => {
  const [place] = await service.definition(root, at(...where));
  return place === undefined ? 'none' : `${place.path}:${place.line}:${place.column}`;
};

test('the outline names modules, ports with inherited directions, parameters, types and instances', async () => {
  const { symbols, folds } = await service.outline(root, 'src/fifo.sv');
  expect(symbols.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
    'module fifo',
    'parameter WIDTH',
    'parameter DEPTH',
    'port clk',
    'port wr_data',
    'port full',
    'port empty',
    'variable mem',
  ]);
  expect(symbols[6]).toMatchObject({ detail: 'output logic empty', parent: 0, line: 7 });
  expect(folds).toContainEqual([1, 11]);
  const top = await service.outline(root, 'src/top.sv');
  expect(top.symbols.filter(({ kind }) => kind === 'instance')).toMatchObject([
    { name: 'u_fifo', detail: 'fifo u_fifo' },
  ]);
});

describe('definitions', () => {
  test.each([
    ['a module at its instantiation', ['src/top.sv', 'fifo #('], 'src/fifo.sv:1:8'],
    ['a connected port', ['src/top.sv', 'wr_data('], 'src/fifo.sv:6:28'],
    ['an overridden parameter', ['src/top.sv', 'WIDTH('], 'src/fifo.sv:2:17'],
    ['a port with the name of a signal here: the signal in its parentheses', ['src/top.sv', 'full)'], 'src/top.sv:6:9'],
    ['an imported type', ['src/top.sv', 'state_t'], 'src/types_pkg.sv:2:40'],
    ['an enumerator', ['src/top.sv', 'IDLE'], 'src/types_pkg.sv:2:29'],
    ['a field of a struct', ['src/top.sv', 'data)'], 'src/types_pkg.sv:3:52'],
    ['a function of a package', ['src/top.sv', 'double'], 'src/types_pkg.sv:5:26'],
    ['a scoped name', ['src/top.sv', 'DEPTH;'], 'src/types_pkg.sv:4:17'],
    ['an imported parameter, not the one of another module', ['src/top.sv', 'DEPTH)'], 'src/types_pkg.sv:4:17'],
    ['a macro', ['src/top.sv', 'LIMIT +'], 'src/top.sv:1:9'],
    ['an old-style port', ['src/old.v', 'q = {'], 'src/old.v:3:16'],
    ['nothing in a keyword', ['src/top.sv', 'always_ff'], 'none'],
  ] as const)('%s', async (_name, [file, text], place) => expect(await definition(file, text)).toBe(place));
});

test('references are those of the same declaration, across files, with their lines', async () => {
  const found = await service.references(root, at('src/fifo.sv', 'full, empty'));
  expect(found.references.map(({ path: file, line }) => `${file}:${line}`)).toEqual([
    'src/fifo.sv:7',
    'src/fifo.sv:10',
    'src/top.sv:7',
  ]);
  const signal = await service.references(root, at('src/top.sv', 'full;'));
  expect(signal.references.map(({ line, column }) => `${line}:${column}`)).toEqual(['6:9', '7:67', '10:14']);
  expect(signal.references[0]?.text).toBe('  logic full;');
});

test('hover shows a module with parameters and ports, and a port as it is declared', async () => {
  expect((await service.hover(root, at('src/top.sv', 'fifo #('))).code).toBe(
    'module fifo #(\n  parameter int WIDTH = 8,\n  parameter int DEPTH = 16\n) (\n  input logic clk,\n  input logic [WIDTH-1:0] wr_data,\n  output logic full,\n  output logic empty\n);',
  );
  expect((await service.hover(root, at('src/top.sv', 'wr_data('))).code).toBe('input logic [WIDTH-1:0] wr_data');
});

describe('completion in a text that is being typed', () => {
  const complete = async (text: string): Promise<Map<string, string>> => {
    const full = `module t;\n  logic ready;\n${text}`;
    await service.update(root, 'src/typed.sv', full);
    const lines = full.split('\n');
    const items = await service.completion(root, {
      path: 'src/typed.sv',
      line: lines.length,
      column: (lines.at(-1)?.length ?? 0) + 1,
    });
    return new Map(items.map((item) => [item.label, item.insert]));
  };
  test('a module comes with all its ports', async () => {
    expect((await complete('  fi')).get('fifo')).toBe(
      'fifo #(\n\t.WIDTH(${2:8}),\n\t.DEPTH(${3:16})\n) ${1:u_fifo} (\n\t.clk(${4:clk}),\n\t.wr_data(${5:wr_data}),\n\t.full(${6:full}),\n\t.empty(${7:empty})\n);',
    );
  });
  test('ports that are connected are not offered again', async () => {
    const items = await complete('  fifo #(.WIDTH(8)) u_f (.clk(ready), .');
    expect([...items.keys()]).toEqual(['wr_data', 'full', 'empty']);
    expect([...(await complete('  fifo #(.')).keys()]).toEqual(['WIDTH', 'DEPTH']);
  });
  test('members of packages, macros, names in sight', async () => {
    expect([...(await complete('  assign x = types_pkg::')).keys()]).toEqual([
      'state_t',
      'IDLE',
      'RUN',
      'beat_t',
      'DEPTH',
      'double',
    ]);
    expect([...(await complete('  assign x = `L')).keys()]).toEqual(['LIMIT']);
    expect([...(await complete('  assign x = re')).keys()]).toContain('ready');
    expect([...(await complete('  // fi')).keys()]).toEqual([]);
    await service.update(root, 'src/typed.sv', null);
  });
  test('the open call is found through nested parentheses and comments', () => {
    const call = (text: string) => readBefore(text, text.length).call;
    expect(call('fifo #(.W(f(2)), /* ) */ .D(3)) u (.a(x), .b(')).toMatchObject({ name: 'fifo', part: 'ports' });
    expect(call('fifo #(.W(f(2)), /* ) */ .D(3)) u (.a(x), .')).toMatchObject({ name: 'fifo', part: 'ports', item: 1 });
    expect(call('assign y = (a + ')).toBeNull();
  });
});

test('an open document stands above the disk; a changed file is read again', async () => {
  await service.update(root, 'src/fifo.sv', FILES['src/fifo.sv'].replace('module fifo', 'module queue'));
  expect(await definition('src/top.sv', 'fifo #(')).toBe('none');
  await service.update(root, 'src/fifo.sv', null);
  expect(await definition('src/top.sv', 'fifo #(')).toBe('src/fifo.sv:1:8');
  writeFileSync(path.join(root, 'src/fifo.sv'), `// moved\n${FILES['src/fifo.sv']}`);
  await service.changed(root);
  expect(await definition('src/top.sv', 'fifo #(')).toBe('src/fifo.sv:2:8');
  const modules = await service.symbols(root, '');
  expect(modules.map(({ name }) => name)).toEqual(['fifo', 'old', 'top', 'types_pkg']);
});

test('the ports of an instance: what is missing, what its nets are, and the edits that mend it', async () => {
  const text = `module t (input logic clk);
  fifo #(.WIDTH(types_pkg::DEPTH)) u_fifo (.clk(clk), .full(fifo_full));
  user u_user ();
endmodule
module user import types_pkg::*; (input state_t state, input logic [DEPTH-1:0] lanes, old_if bus);
endmodule
`;
  await service.update(root, 'src/typed.sv', text);
  const instance = (line: number, column: number) => service.instance(root, { path: 'src/typed.sv', line, column });
  expect(await instance(2, 45)).toEqual({
    module: 'fifo',
    name: 'u_fifo',
    missing: ['wr_data', 'empty'],
    undeclared: ['fifo_full'],
    left: [],
    declares: ['wr_data', 'empty'],
    connect: [
      {
        line: 2,
        column: 1,
        end_line: 2,
        end_column: 1,
        text: '  logic [types_pkg::DEPTH-1:0] wr_data;\n  logic empty;\n',
      },
      { line: 2, column: 71, end_line: 2, end_column: 71, text: expect.stringContaining('.wr_data(wr_data)') },
    ],
    declare: [{ line: 2, column: 1, end_line: 2, end_column: 1, text: '  logic fifo_full;\n' }],
  });
  expect((await instance(3, 4))?.connect[0]?.text).toBe(
    '  types_pkg::state_t state;\n  logic [types_pkg::DEPTH-1:0] lanes;\n',
  );
  expect(await instance(1, 4)).toBeNull();
  await service.update(root, 'src/typed.sv', null);
});

describe('a suggested text is judged before it is shown', () => {
  const judged = async (before: string, inserted: string, after = '\nendmodule\n') => {
    await service.update(root, 'src/typed.sv', before + after);
    const lines = before.split('\n');
    const at = { path: 'src/typed.sv', line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
    return service.judgeInsertion(root, at, inserted);
  };
  test.each([
    ['code that fits', '  assign ', 'q = ~d;', null],
    ['what closes what was begun', '  always_comb begin\n', '    q = d;\n  end', null],
    ['the rest of an instance', '  fifo u_f (.clk(clk), ', '.full(full));', null],
    ['a second endmodule', '  ', 'assign q = d;\nendmodule', { reason: 'repeated_end', name: 'endmodule' }],
    ['a module of its own before the end', '  ', 'endmodule\n\nmodule other;', null],
    ['a block without an end', '  ', 'always_ff @(posedge clk) begin q <= d;', { reason: 'syntax', name: 'begin' }],
    ['a bracket too many', '  assign ', 'q = (d));', { reason: 'syntax', name: ')' }],
    ['a port that is not there', '  fifo u_f (.clk(clk), ', '.fill(full));', { reason: 'unknown_name', name: 'fill' }],
    ['a parameter that is not there', '  ', 'fifo #(.SIZE(4)) u_f (.clk);', { reason: 'unknown_name', name: 'SIZE' }],
    ['a module that nobody knows', '  ', 'nosuch #(.SIZE(4)) u_f (.x);', null],
  ] as const)('%s', async (_name, before, inserted, against) => {
    expect(await judged(`module t (input logic clk, d, output logic q);\n${before}`, inserted)).toEqual(against);
  });
});

test('work in many workspaces loses no unsaved text, and each still answers', async () => {
  const many = new LanguageService();
  const folders = Array.from({ length: 5 }, (_, at) => {
    const folder = mkdtempSync(path.join(tmpdir(), 'genrtl-many-'));
    writeFileSync(path.join(folder, 'a.sv'), `module disk_${at};\nendmodule\n`);
    return folder;
  });
  const [first = '', ...others] = folders;
  const names = async (folder: string): Promise<string[]> =>
    (await many.outline(folder, 'a.sv')).symbols.map(({ name }) => name);
  await many.update(first, 'a.sv', 'module typed;\nendmodule\n');
  for (const [at, folder] of others.entries()) expect(await names(folder)).toEqual([`disk_${at + 1}`]);
  expect(await names(first)).toEqual(['typed']);
  for (const [at, folder] of others.entries()) expect(await names(folder)).toEqual([`disk_${at + 1}`]);
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});
