// What sources of every style declare: one line a declaration, `kind name (in its parent): detail`.
import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { readVerilog } from './reader.ts';

function outline(text: string, path = 'x.sv'): string[] {
  const { declarations, scopes } = readVerilog(path, text).syntax;
  return declarations.map(({ kind, name, scope, detail }) => {
    let owner: number | null = null;
    for (let at = scope; at > 0 && owner === null; at = scopes[at]?.parent ?? -1) owner = scopes[at]?.owner ?? null;
    return `${kind} ${name}${owner === null ? '' : ` (${declarations[owner]?.name ?? ''})`}: ${detail}`;
  });
}
/** Kinds and names only. */
const names = (text: string, path = 'x.sv'): string[] =>
  outline(text, path).map((line) => line.replace(/( \(.*)?: .*$/, ''));

describe('parameters', () => {
  test('types, lists without the word, several under one word, none at all', () => {
    expect(
      outline(`module box #(parameter type T = logic, U = int, parameter int W = 8, D, localparam X = W * 2,
        parameter pkg::cfg_t C = '{default: 0}, parameter bit [3:0] M [2] = '{1, 2}) (input T d); endmodule`).slice(
        1,
        8,
      ),
    ).toEqual([
      'parameter T (box): parameter type T = logic',
      'parameter U (box): parameter type U = int',
      'parameter W (box): parameter int W = 8',
      'parameter D (box): parameter int D',
      'localparam X (box): localparam X = W * 2',
      "parameter C (box): parameter pkg::cfg_t C = '{default: 0}",
      "parameter M (box): parameter bit [3:0] M [2] = '{1, 2}",
    ]);
    expect(outline('module crate #(int A = 1, B = 2, string S = "x, y") (); endmodule').slice(1)).toEqual([
      'parameter A (crate): parameter int A = 1',
      'parameter B (crate): parameter int B = 2',
      'parameter S (crate): parameter string S = "x, y"',
    ]);
    expect(names('module m #() (); endmodule')).toEqual(['module m']);
  });
  test('members of a type parameter’s default', () => {
    expect(
      outline('module m #(parameter type req_t = struct packed { logic v; logic [3:0] d; }) (); endmodule'),
    ).toEqual([
      'module m: module m #(parameter type req_t = struct packed { logic v; logic [3:0] d; }) ()',
      'parameter req_t (m): parameter type req_t = struct packed { logic v; logic [3:0] d; }',
      'field v (req_t): logic v',
      'field d (req_t): logic [3:0] d',
    ]);
  });
  test('behind conditionals, wherever their commas stand', () => {
    expect(
      names(
        'module m #(\n`ifdef A\n parameter X = 1,\n`else\n parameter Y = 1,\n`endif\n parameter Z = 1\n`ifdef B\n , parameter Q = 2\n`endif\n)(input a); endmodule',
      ),
    ).toEqual(['module m', 'parameter X', 'parameter Y', 'parameter Z', 'parameter Q', 'port a']);
  });
  test('in a body, a package, a class', () => {
    expect(
      outline(
        'package p; parameter int A = 1, B = A; localparam type t = logic [3:0]; endpackage class c #(int W = 4, type T = int); localparam L = W; endclass',
      ),
    ).toEqual([
      'package p: package p',
      'parameter A (p): parameter int A = 1',
      'parameter B (p): parameter int B = A',
      'localparam t (p): localparam type t = logic [3:0]',
      'class c: class c #(int W = 4, type T = int)',
      'parameter W (c): parameter int W = 4',
      'parameter T (c): parameter type T = int',
      'localparam L (c): localparam L = W',
    ]);
  });
});

describe('ports', () => {
  test('take what they do not say from the one before', () => {
    expect(
      outline(`module pair (input logic clk, rst_n, output logic [7:0] lo, hi, [3:0] nib, inout wire pad,
        input pkg::req_t r, s, output var logic signed [3:0] y [2] = '0); endmodule`).slice(1),
    ).toEqual([
      'port clk (pair): input logic clk',
      'port rst_n (pair): input logic rst_n',
      'port lo (pair): output logic [7:0] lo',
      'port hi (pair): output logic [7:0] hi',
      'port nib (pair): output [3:0] nib',
      'port pad (pair): inout wire pad',
      'port r (pair): input pkg::req_t r',
      'port s (pair): input pkg::req_t s',
      "port y (pair): output var logic signed [3:0] y [2] = '0",
    ]);
  });
  test('interfaces with and without modport, for any interface, in arrays, and structs that are written out', () => {
    expect(
      outline(
        'module d (bus_if.slave bus, bus_if chan [2], interface any, interface.m some, input logic clk, bus_if late, input struct packed { logic v; } s); endmodule',
      ).slice(1),
    ).toEqual([
      'port bus (d): bus_if.slave bus',
      'port chan (d): bus_if chan [2]',
      'port any (d): interface any',
      'port some (d): interface.m some',
      'port clk (d): input logic clk',
      'port late (d): bus_if late',
      'port s (d): input struct packed { logic v; } s',
      'field v (s): logic v',
    ]);
  });
  test('among macros, whose names and arguments are none', () => {
    expect(
      names(
        'module dma (\n `AXI_PORTS,\n `M(a, b)\n input logic clk,\n input `T q, output [`W-1:0] r, `LAST\n); logic busy; endmodule',
      ),
    ).toEqual(['module dma', 'port clk', 'port q', 'port r', 'variable busy']);
  });
  test('in the branches of a conditional', () => {
    expect(
      names(
        'module m (input a,\n`ifdef F\n output logic f\n`elsif G\n output logic g\n`else\n output logic h\n`endif\n); endmodule',
      ),
    ).toEqual(['module m', 'port a', 'port f', 'port g', 'port h']);
  });
  test('in the old style: expressions, concatenations, types that follow', () => {
    expect(
      outline(
        `module r (a, .z(zz), {c, d}, .y({p, q}), e); input a; output zz; input c, d; output [1:0] p, q;
        output reg [3:0] e; reg [1:0] p; reg a_q; endmodule`,
        'x.v',
      ).slice(1),
    ).toEqual([
      'port a (r): input a',
      'port z (r): output .z(zz)',
      'port c (r): input c',
      'port d (r): input d',
      'port y (r): output .y({p, q})',
      'port e (r): output reg [3:0] e',
      'net zz (r): output zz',
      'net p (r): output reg [1:0] p',
      'net q (r): output [1:0] q',
      'variable a_q (r): reg a_q',
    ]);
    expect(outline('module old(a, q); input a; output [3:0] q; reg [3:0] q; endmodule', 'x.v').slice(1)).toEqual([
      'port a (old): input a',
      'port q (old): output reg [3:0] q',
    ]);
  });
});

describe('functions and tasks', () => {
  test('arguments in both styles, with inherited and missing types', () => {
    expect(
      outline(`module m; function [3:0] twice; input [3:0] p; reg r; twice = p; endfunction
        task copy; input a; output b; b = a; endtask
        function automatic int f(input int a, b, ref logic [3:0] c, const ref int d, int e = 3); endfunction
        function void g(x, y); endfunction
        task automatic t(input logic clk, output o); endtask endmodule`),
    ).toEqual([
      'module m: module m',
      'function twice (m): function [3:0] twice',
      'argument p (twice): input [3:0] p',
      'variable r (twice): reg r',
      'task copy (m): task copy',
      'argument a (copy): input a',
      'argument b (copy): output b',
      'function f (m): function automatic int f(input int a, b, ref logic [3:0] c, const ref int d, int e = 3)',
      'argument a (f): input int a',
      'argument b (f): input int b',
      'argument c (f): ref logic [3:0] c',
      'argument d (f): ref int d',
      'argument e (f): ref int e = 3',
      'function g (m): function void g(x, y)',
      'argument x (g): input x',
      'argument y (g): input y',
      'task t (m): task automatic t(input logic clk, output o)',
      'argument clk (t): input logic clk',
      'argument o (t): output o',
    ]);
  });
  test('prototypes, imports of C, methods of parameterised classes, bodies that stand elsewhere', () => {
    expect(
      names(`import "DPI-C" context c_name = function int dpi(int a);
        class c extends b #(int)::base; extern function new(string n); pure virtual task run(c #(3) x);
        local static function c #(8)::t get(); return null; endfunction endclass
        function c::new(string n); endfunction`),
    ).toEqual([
      'function dpi',
      'argument a',
      'class c',
      'function new',
      'argument n',
      'task run',
      'argument x',
      'function get',
      'function new',
      'argument n',
    ]);
  });
});

describe('types', () => {
  test('structs, unions and enumerations, nested and with several declarators', () => {
    expect(
      outline(`typedef enum logic [1:0] { IDLE, RUN = 2, LAST[2] } state_t;
        typedef struct packed { logic v; union packed { logic [3:0] a; logic [3:0] b; } u; inner_t [1:0] i, j; } beat_t;
        struct { int x; } p, q; typedef class fwd; typedef fwd2; typedef beat_t alias_t [4]; typedef enum e_t;`),
    ).toEqual([
      'type state_t: typedef enum logic [1:0] { IDLE, RUN = 2, LAST[2] } state_t',
      'enumerator IDLE: IDLE',
      'enumerator RUN: RUN = 2',
      'enumerator LAST0: LAST[2]',
      'enumerator LAST1: LAST[2]',
      'type beat_t: typedef struct packed { logic v; union packed { logic [3:0] a; logic [3:0] b; } u; inner_t [1:0] i, j; } beat_t',
      'field v (beat_t): logic v',
      'field u (beat_t): union packed { logic [3:0] a; logic [3:0] b; } u',
      'field a (u): logic [3:0] a',
      'field b (u): logic [3:0] b',
      'field i (beat_t): inner_t [1:0] i',
      'field j (beat_t): inner_t [1:0] j',
      'variable p: struct { int x; } p',
      'field x (p): int x',
      'variable q: struct { int x; } q',
      'type alias_t: typedef beat_t alias_t [4]',
    ]);
  });
});

describe('units', () => {
  test('primitives, checkers, programs, interfaces with modports and clocking, properties', () => {
    expect(
      names(`primitive mux_p (o, a, s); output o; input a, s; table 0 ? : 0; endtable endprimitive
        checker chk (logic clk); endchecker program prg; initial begin end endprogram
        interface i #(int W = 1) (input logic clk); logic [W-1:0] d; modport a (input d), b (output d, import f);
          clocking cb @(posedge clk); input d; endclocking endinterface
        module m; property p(x, y = 1); @(posedge clk) x |-> y; endproperty sequence s; a ##1 b; endsequence
          covergroup cg(int n) with function sample(bit v); coverpoint v { bins z = {0}; } endgroup
          default clocking dc @(posedge clk); endclocking let both(a, b) = a && b; endmodule`),
    ).toEqual([
      'udp mux_p',
      'port o',
      'port a',
      'port s',
      'checker chk',
      'port clk',
      'program prg',
      'interface i',
      'parameter W',
      'port clk',
      'variable d',
      'modport a',
      'modport b',
      'clocking cb',
      'module m',
      'property p',
      'argument x',
      'argument y',
      'sequence s',
      'covergroup cg',
      'argument n',
      'argument v',
      'clocking dc',
      'function both',
    ]);
  });
  test('headers with imports, lifetimes and conditionals around them', () => {
    expect(
      names('module automatic m import p::*, q::t; #(parameter W = 1) import r::*; (input t a); endmodule : m'),
    ).toEqual(['module m', 'parameter W', 'port a']);
    const { declarations } = readVerilog(
      'x.sv',
      '`ifdef A\nmodule m (input a);\n`else\nmodule m (input a, b);\n`endif\n  wire w;\nendmodule\nmodule n; endmodule',
    ).syntax;
    expect(declarations.map(({ kind, name, last_line }) => `${kind} ${name} ${last_line}`)).toEqual([
      'module m 2',
      'port a 2',
      'module m 7',
      'port a 4',
      'port b 4',
      'net w 6',
      'module n 8',
    ]);
  });
  test('a file whose words are names in Verilog-2005', () => {
    expect(names('module m (input bit, output [7:0] byte, do); reg final; wire interface; endmodule', 'x.v')).toEqual([
      'module m',
      'port bit',
      'port byte',
      'port do',
      'variable final',
      'net interface',
    ]);
  });
});

describe('statements', () => {
  test('instances in all forms, and what looks like one and is none', () => {
    expect(
      outline(`module m; fifo #(.W(8), .T(logic)) u_a (.clk, .d(x)), u_b [3:0] (.*); fifo #(8) u_c (clk, x); and g1 (o, a, b);
        \`MACRO(u_not) \`MOD u_mac (.a(b)); mux_p #3 m (o, a); pkg::t v; req_t [1:0] r = '0; initial begin foo bar; f(x); a.b(c); end
        if (W) buf_cell u_d (.a); else begin : g_e buf_cell u_e (); end
        bind fifo chk #(.N(2)) u_chk (.clk(clk)); endmodule`)
        .filter((line) => /instance|variable|block/.test(line))
        .map((line) => line.replace(/: .*/, '')),
    ).toEqual([
      'instance u_a (m)',
      'instance u_b (m)',
      'instance u_c (m)',
      'instance u_mac (m)',
      'instance m (m)',
      'variable v (m)',
      'variable r (m)',
      'variable bar (m)',
      'instance u_d (m)',
      'block g_e (m)',
      'instance u_e (g_e)',
      'instance u_chk (m)',
    ]);
    const [instance] = readVerilog(
      'x.sv',
      'module m; f #(.W(8 + {1, 2}), .T(a)) u (); endmodule',
    ).syntax.declarations.filter(({ kind }) => kind === 'instance');
    expect(instance).toMatchObject({
      of: 'f',
      overrides: [
        { name: 'W', value: '8 + {1, 2}' },
        { name: 'T', value: 'a' },
      ],
    });
  });
  test('blocks, loops and their variables, generate constructs in old and new form', () => {
    expect(
      outline(`module m; genvar i; generate for (i = 0; i < 2; i = i + 1) begin : g wire w; end endgenerate
        for (genvar j = 0; j < 2; j++) begin : h end : h
        always_ff @(posedge clk) begin : run logic l; for (int k = 0; k < 2; k++) x[k] <= 0; end
        initial fork : f int z; join
        always @* case (s) A, B: begin y = 1; end default: begin int q; end endcase
        initial foreach (mem[a, b]) mem[a][b] = 0;
        label : begin reg v; end endmodule`)
        .slice(1)
        .map((line) => line.replace(/: (?!generate|begin).*/, '')),
    ).toEqual([
      'genvar i (m)',
      'block g (m): generate block',
      'net w (g)',
      'genvar j (m)',
      'block h (m): generate block',
      'block run (m): begin … end',
      'variable l (run)',
      'variable k (run)',
      'block f (m): begin … end',
      'variable z (f)',
      'variable q (m)',
      'variable a (m)',
      'variable b (m)',
      'block label (m): generate block',
      'variable v (label)',
    ]);
  });
  test('macros that are statements, types or modules', () => {
    expect(
      names(
        'module m;\n`ASSERT(A, x |-> y)\n`uvm_info("a", "b", 1);\n`T [3:0] q;\n`W r = 1;\nlogic s;\n`MAC\nlogic t;\nendmodule\n`define LATE(x) \\\n  wire x;\n',
      ),
    ).toEqual(['module m', 'variable q', 'variable r', 'variable s', 'variable t', 'macro LATE']);
  });
  test('what is left open costs no more than itself', () => {
    expect(
      names(
        'module a (input x);\n  fifo u (.clk(\nendmodule\nmodule b; logic y;\nalways_ff @(posedge clk) begin\n q <= (\nendmodule\nmodule c; endmodule',
      ),
    ).toEqual(['module a', 'port x', 'instance u', 'module b', 'variable y', 'module c']);
    expect(names('module a; end end endfunction logic x; endmodule endmodule module b; endmodule')).toEqual([
      'module a',
      'variable x',
      'module b',
    ]);
  });
});

test('any text is read in time linear in it, with places inside it', () => {
  const pieces = fc.constantFrom(
    ...'module m endmodule ( ) [ ] { } ; , . # :: \' " ` `ifdef `else `endif begin end case endcase typedef struct enum input logic parameter type foo bar = <= @ function endfunction for if else // /* */ \n bind class interface'.split(
      ' ',
    ),
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 80 }), (words) => {
      const text = words.join(' ');
      const { syntax, occurrences } = readVerilog('x.sv', text);
      for (const { at, name, start, end } of syntax.declarations) {
        expect(text.slice(at, at + name.length)).toBe(name);
        expect(start).toBeLessThanOrEqual(at);
        expect(end).toBeGreaterThan(at);
      }
      for (const { offset, name } of occurrences()) expect(text.slice(offset, offset + name.length)).toBe(name);
    }),
    { numRuns: 300 },
  );
  for (const piece of [
    '(',
    'begin ',
    '`ifdef X\n',
    'a b (',
    '{',
    'typedef struct {',
    '.a',
    'module m #(',
    ', ',
    "'{",
  ]) {
    readVerilog('x.sv', piece.repeat(4000)).occurrences();
  }
});
