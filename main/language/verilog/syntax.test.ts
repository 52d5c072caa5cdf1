// What is told of a text that is being typed, and that nothing is said of what the language allows. On 2,148 files of
// OpenTitan and Ibex two are told of, both rightly (a comma before `)` of parameters, a missing `end`).
import { expect, test } from 'vitest';
import { vhdlFaults } from '../vhdl/syntax.ts';
import { verilogFaults } from './syntax.ts';

const told = (text: string, path = 'a.sv'): string[] =>
  verilogFaults(path, text).map(({ code, name, other }) => `${code} ${name}${other === null ? '' : ` / ${other}`}`);
const body = (text: string): string[] => told(`module m;\n${text}\nendmodule\n`);

test.each([
  ['a = b end', 'always_comb begin a = b end', ['semicolon b / end']],
  ['no semicolon before the next item', 'assign a = b\nassign c = d;', ['semicolon b / assign']],
  ['an instance without one', 'fifo u_f (.a(a))\nassign c = d;', ['semicolon ) / assign']],
  ['a call without one', 'initial begin $display("x") end', ['semicolon ) / end']],
  ['if and else', 'always_comb if (a) b = c else b = d;', ['semicolon c / else']],
  ['garbage', 'asdf qwer zxcv\nassign a = b;', ['unexpected zxcv']],
  ['one word', 'asdf\nassign a = b;', ['semicolon asdf / assign']],
  ['a word before a declaration', 'asdf\nlogic a;', ['semicolon asdf / logic']],
  ['bracket', 'assign a = (b + c;\nassign d = e;', ['unclosed ( / ), ;']],
  ['bracket too many', 'assign a = b);', ['unopened )']],
  ['wrong bracket', 'assign a = b[3);', ['unclosed [ / ], )']],
  ['begin', 'always_comb begin if (a) begin b = c; end\nassign d = e;', ['unclosed begin / end, endmodule']],
  ['end', 'always_comb begin b = c; end end', ['unopened end']],
  ['case', 'always_comb case (a) 1: b = c;', ['unclosed case / endcase, endmodule']],
  ['function', 'function int f(int a); return a;', ['unclosed function / endfunction, endmodule']],
  ['comma before the end of connections', 'fifo u (.a(a), .b(b),);', ['comma ,']],
  ['comma missing between them', 'fifo u (.a(a) .b(b));', ['comma_missing ) / .']],
  ['comma in a concatenation', 'assign a = {b, c,};', ['comma ,']],
  ['operator without an operand', 'assign a = b & ;', ['operand &']],
  ['assignment of nothing', 'assign a = ;', ['operand =']],
  ['operator before a bracket', 'assign a = (b + );', ['operand +']],
])('%s', (_name, text, expected) => {
  expect(body(text)).toEqual(expected);
});

test('headers, files that end too early, and a second module', () => {
  expect(told('module m (input a input b);\nendmodule\n')).toEqual(['comma_missing a / input']);
  expect(told('module m (input a, output b,);\nendmodule\n')).toEqual(['comma ,']);
  expect(told('module m;\n  logic a;\n')).toEqual(['unclosed module / endmodule']);
  expect(told('module m;\nendmodule\nendmodule\n')).toEqual(['unopened endmodule']);
  expect(told('module m (input a;\n  assign b = a;\nendmodule\n')).toEqual(['unclosed ( / ), ;']);
});

test.each([
  'wait fork; disable fork; fork : f begin end join_any',
  'extern function void f(); endclass'.replace('endclass', ''),
  'import "DPI-C" context function int c_f(input int a);',
  'export "DPI-C" function sv_f;',
  'virtual my_if vif; my_if.mp p; typedef class c; typedef interface class ic;',
  'default clocking cb; clocking cb2 @(posedge clk); input a; endclocking',
  'assert property (@(posedge clk) a |-> ##[1:$] b) else $error("x");',
  'cover sequence (a ##1 b); property p(x); x |=> case (y) 1: a; endcase endproperty',
  "covergroup g with function sample(int a); coverpoint a { bins b[] = {[0:3]}; wildcard bins c = {4'b1?}; } endgroup",
  'always @* a = b; always @(*) a = b; import p::*; assign a = b[3:0] ? c : d;',
  'fifo u (a, , b,); fifo #(8) v [3:0] (.*); fifo w (.a, .b());',
  'for (genvar i = 0; i < 3; i++) begin : g leaf u (.a(a[i])); end',
  'initial begin : b `uvm_info("a", b) `FOO(x,) $display(,,"x"); end : b',
  'bind top checker_m u_c (.a(a)); let f(x) = x + 1;',
  'initial begin std::randomize(a) with { a > 1; b dist {1 := 2}; }; x = y; end',
  "typedef struct packed { logic a; logic b; } t; typedef enum logic {A, B} e; my_t a = '{default: 0};",
  'class c extends b; function new(); super.new(); endfunction constraint k { a == b; if (a) b == c; } endclass',
  'function automatic my_t f(input my_t a); return a; endfunction : f task t; endtask',
  'specify (a => b) = 1; (posedge c => (q +: d)) = (1, 2); $setup(d, c, 1); endspecify',
  'generate if (W > 1) begin a b (); end else begin c d (); end endgenerate',
  'always @(posedge clk or negedge rst_n) if (!rst_n) q <= 0; else q <= d;',
  'initial begin -> ev; @ev; #10 a = 1; repeat (3) @(posedge clk); x = @(posedge clk) y; end',
  'logic [1:0] q [$]; int aa [*]; int m [string]; assign s = a ? b : c ? d : e;',
  'initial begin randsequence (main) main : a b; a : { x = 1; }; b : { y = 2; }; endsequence end',
])('nothing is said of: %s', (text) => {
  expect(body(text)).toEqual([]);
});

test('primitives, configurations, packages and interfaces with their own words', () => {
  expect(
    told(
      'primitive p (o, a, b);\noutput o; input a, b;\ntable\n 0 (01) : ? : - ;\n (?0) 1 : 1 ;\nendtable\nendprimitive\n' +
        'interface i (input clk);\n modport m (input a, import function f(), task t(), clocking cb);\nendinterface\n' +
        'interface class ic; pure virtual function void f(); endclass\n' +
        'package p; typedef enum {A} t; endpackage : p\nconfig c;\n design lib.top;\n default liblist lib;\nendconfig\n',
    ),
  ).toEqual([]);
});

test('conditional code is judged only where both readings agree', () => {
  const either =
    '`ifndef G\n`define G\nmodule m (\n`ifdef A\n input a,\n`else\n input b\n`endif\n`ifdef A\n input c\n`endif\n);\n' +
    '`ifdef A\n always @(posedge clk) begin\n`endif\n`ifndef A\n always @(negedge clk) begin\n`endif\n x <= y; end\n';
  expect(told(`${either}endmodule\n\`endif\n`)).toEqual([]);
  expect(told(`${either}assign a = ;\nendmodule\n\`endif\n`)).toEqual(['operand =']);
  expect(told('module m;\n`pragma protect begin_protected\n)()&^ garbage here now\nendmodule\n')).toEqual([]);
});

test('in Verilog the words of SystemVerilog are names', () => {
  expect(told('module m (input a);\n  reg bit; wire class;\n  always @(a) bit = class;\nendmodule\n', 'a.v')).toEqual(
    [],
  );
});

test('any beginning of a text is judged in time and without an error', () => {
  const text = `module m (input a);\n${'always_comb begin case (a) 1: begin b = {c, (d)}; end endcase end\n'.repeat(20)}endmodule\n`;
  for (let length = 0; length <= text.length; length += 7) verilogFaults('a.sv', text.slice(0, length));
  expect(told(`module m; ${'('.repeat(30_000)}`).length).toBeLessThan(60);
});

const vhdl = (text: string): string[] =>
  vhdlFaults(text).map(({ code, name, other }) => `${code} ${name}${other === null ? '' : ` / ${other}`}`);

test('VHDL: brackets and the words behind end', () => {
  const process = (text: string): string[] =>
    vhdl(`architecture a of e is begin\np : process (clk) begin\n${text}\nend process p;\nend architecture;\n`);
  expect(process('if a then b <= c; end if;')).toEqual([]);
  expect(process('if a then b <= c;')).toEqual(['unclosed if / end if, end process']);
  expect(process('b <= (c;')).toEqual(['unclosed ( / ), end']);
  expect(process('b <= c);')).toEqual(['unopened )']);
  expect(process('for i in 0 to 3 loop b(i) <= c; end loop; case a is when 1 => null; end case;')).toEqual([]);
  expect(process('b <= c; end if;')).toEqual(['unopened end if']);
  expect(
    vhdl(
      'architecture a of e is\ncomponent c is port (x : in bit); end component;\nbegin\n' +
        'g : if W > 1 generate x <= y; elsif W > 2 generate x <= z; else generate x <= w; end generate;\n' +
        'h : for i in 0 to 3 generate begin u : entity work.c port map (x => y); end generate h;\n' +
        'b : block is begin end block b;\nend a;\n',
    ),
  ).toEqual([]);
});
