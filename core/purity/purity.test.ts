// What job-written code may say. Good code of every style passes; whatever speaks, ends, reaches out or asks for its
// tool is found, by whatever road it comes.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { judgePurity } from './index.ts';
import type { PurityInput } from './index.ts';

const all = (text: string): ReadonlySet<number> => new Set(text.split('\n').map((_, at) => at + 1));

interface Given {
  readonly design?: string;
  readonly bench?: string;
  readonly header?: string;
  /** default: every line of every file */
  readonly added?: PurityInput['added'];
  readonly file?: string;
}

function found({ design = '', bench = '', header = '', added, file = 'src/d.sv' }: Given): string[] {
  const files = { [file]: design, 'tb/tb.sv': bench, 'src/d.svh': header };
  const { findings } = judgePurity({
    design: [{ path: file, text: design }],
    benches: [{ path: 'tb/tb.sv', text: bench }],
    include: (name) => (name === 'd.svh' ? { path: 'src/d.svh', text: header } : null),
    added: added ?? new Map(Object.entries(files).map(([path, text]) => [path, all(text)])),
  });
  return findings.map(({ code, file: at, line, message }) => `${code} ${at}:${line} ${message}`);
}

/** What a testbench might do so that a design hears from it. */
const BUSY = `task passed; n = 1; endtask integer f; initial begin f = $fopen("answers.bin", "w"); n = post(1, 1); end`;
const inModule = (code: string): string => `module d(input clk, input [3:0] a, output reg q);\n${code}\nendmodule\n`;

describe('a design', () => {
  it.each([
    [
      '$clog2 and its like',
      'localparam N = $clog2(16) + $bits(a); wire signed [3:0] s = $signed(a); wire [3:0] u = $unsigned(s); localparam L = $left(a) + $size(a);',
    ],
    ['a memory image by its name', 'reg [7:0] m [0:3]; initial $readmemh("data/rom.hex", m);'],
    [
      'a memory image by a parameter',
      'parameter INIT = "", FILE = "rom.hex"; reg [7:0] m [0:3]; initial begin if (INIT != "") $readmemh(INIT, m); $readmemb(FILE, m); end',
    ],
    [
      'checks of parameters that can only fail',
      'parameter W = 4; generate if (W > 8) begin : bad initial $error("W is too wide: %0d", W); end endgenerate initial if (W < 1) $fatal(1, "W is 0");',
    ],
    [
      'members of structures, also of arrays, and methods',
      'typedef struct packed { logic x; logic [1:0] y; } s_t; s_t s; s_t t [0:1]; enum {A, B} e; assign s.x = t[0].y[1] & (e.first() == A);',
    ],
    ['named and implicit connections', 'wire [3:0] b; sub #(.W(4)) u (.clk(clk), .a, .q(q), .*); sub v(clk, a, b);'],
    [
      'names of its own generate blocks',
      'genvar g; generate for (g = 0; g < 4; g = g + 1) begin : bits wire x; assign x = a[g]; end endgenerate assign q = bits[0].x ^ bits[3].x;',
    ],
    [
      'packages of constants, types and functions that keep nothing',
      "endmodule\npackage automatic p; localparam W = 4; typedef struct packed { logic a; } s_t; const int T [2] = '{1, 2}; function int post(int x); int y; y = x; return y; endfunction endpackage : p\npackage r; typedef enum logic [1:0] {A, B} e_t; function automatic logic [3:0] post(logic [3:0] x); return x; endfunction function logic even(logic [3:0] x); even = ^x; endfunction endpackage\nclass c; static function int g(); return 1; endfunction endclass\nimport p::*;\nmodule e;",
    ],
    [
      'parts of it on its nets',
      'wire [3:0] b; low u(.y(b[0])); low v(b[1]); low w(.y(q)); endmodule\nmodule low(output y); assign y = 0;',
    ],
    [
      'attributes that only place',
      '(* ram_style = "block", keep = "true" *) reg [7:0] m [0:3]; (* ASYNC_REG = "TRUE" *) reg [1:0] meta;',
    ],
    [
      'words in comments that are no commands',
      '// synthesis of the counter, see verilator.org\n// Verilator reports WIDTH here\n/* lint is clean */',
    ],
    [
      'conditionals on macros of its own',
      '`ifndef D_WIDTH\n`define D_WIDTH 4\n`endif\n`ifdef DEBUG_PORT\nwire dbg;\n`endif\nwire [`D_WIDTH-1:0] w;',
    ],
    ['messages in strings and names that look like calls', 'wire \\$display = clk; localparam T = "$display PASS";'],
    ['constants of a package', 'assign q = pkg::DEFAULT.x;'],
    [
      'functions and tasks of its own and of packages, blocks that it leaves, gates, and lists of events',
      'import pkg::*; function automatic logic odd(input logic [3:0] v); odd = ^v; endfunction task t; q = 0; endtask always @(posedge clk or negedge a) begin : blk if (odd(a)) disable blk; else t; q <= pkg::even(a); end or (q, a[0], a[1]); my_cell u (clk, q), v (clk, q);',
    ],
    [
      'delays of flops, gates and nets, and clocks that run for ever',
      'always @(posedge clk) q <= #1 a[0]; task t; q <= #1 0; endtask reg c, e; initial begin c = 0; forever #5 c = ~c; end always #(10/2) e = !e; wire #1 w = c; assign #2 w2 = a[0]; and #1 (g, a[0], a[1]); initial q = c#(4)::f();',
    ],
    [
      'functions of their arguments, now or at clocks before',
      'localparam N = $rtoi($ceil(7.0 / 2)); assign q = $onehot(a) ^ $countones(a); assert property (@(posedge clk) q |-> $past(a[0]) or $rose(q));',
    ],
    [
      'words that only keep, and sentences that begin with the name of a tool',
      'wire w /* synthesis keep */; // Synthesis keeps this register\n// Synthesis infers a block RAM here\n// synthesis on FPGAs takes 12 LUTs\n// Lint off-by-one errors\n// coverage on all states\n// vcs on Linux\n// synthesis attribute keep of w is true\n// Xilinx keeps it',
    ],
    [
      'keywords of an older standard',
      'endmodule\n`begin_keywords "1800-2012"\nmodule e; endmodule\n`end_keywords\nmodule f;',
    ],
    ['a port that is called like a method', 'sub u(.randomize(clk), .q(q));'],
  ])('may hold %s', (_name, code) => {
    expect(found({ design: inModule(code) })).toEqual([]);
  });

  it.each([
    ['print', '$display("PASS");', '$display'],
    ['print by a macro', '`define SAY $display\n`SAY("PASS");', '$display'],
    ['print by a pasted macro', '`define CALL(x) $``x\ninitial `CALL(display)("PASS");', '$display'],
    [
      'print by a macro of a macro with arguments',
      '`define A(f, s) `B(f, s)\n`define B(f, s) f(s)\ninitial `A($write, "PASS\\n");',
      '$write',
    ],
    ['print in a branch that is off', '`ifdef NEVER\ninitial $display("PASS");\n`endif', '$display'],
    ['end', 'initial #100 $finish;', '$finish'],
    ['ask for plusargs', 'initial if ($test$plusargs("x")) q = 1;', '$test$plusargs'],
    ['draw numbers', 'initial q = $urandom;', '$urandom'],
    ['know the time', 'always @* q = $time > 100;', '$time'],
    ['call a shell', 'initial $system("rm -rf /");', '$system'],
    ['open a file', 'integer f; initial f = $fopen("x");', '$fopen'],
    ['say something in the end', 'final q = 1;', 'final'],
    ['force', 'initial force tb.q = 1;', 'force'],
    ['read its testbench', 'always @* q = tb.expected;', 'tb.expected'],
    ['read below an instance', 'sub u(clk); always @* q = u.state;', 'u.state'],
    ['read below a generate block', 'generate begin : g sub u(clk); end endgenerate always @* q = g.u.x;', 'g.u.x'],
    ['set what is below', 'sub u(clk); defparam u.W = 4;', 'u.W'],
    ['start at the root', 'always @* q = $root.tb.x;', '$root'],
    ['call C', 'import "DPI-C" function int system(string s);', 'DPI'],
    ['bind', 'endmodule\nbind tb spy s(.*);\nmodule e;', 'bind'],
    ['ask for Icarus', '`ifdef __ICARUS__\nassign q = 0;\n`endif', '__ICARUS__'],
    ['ask for synthesis', '`ifndef SYNTHESIS\nassign q = 0;\n`endif', 'SYNTHESIS'],
    ['ask for Verilator behind another question', '`ifdef X\n`elsif VERILATOR\nassign q = 0;\n`endif', 'VERILATOR'],
    ['use what only a tool defines', 'assign q = `VERILATOR;', 'VERILATOR'],
    ['silence a linter', '/* verilator lint_off WIDTH */ assign q = a;', 'verilator lint_off'],
    ['silence a linter on a line', '// verilator lint_off LATCH\nassign q = a;', 'verilator lint_off'],
    ['hide from synthesis', '// synopsys translate_off\nassign q = 0;\n// synopsys translate_on', 'translate_off'],
    ['lie about a case', '(* full_case, parallel_case *) reg r;', 'full_case'],
    ['move its lines', '`line 1 "tb/tb.sv" 1', '`line'],
    ['speak C++ to Verilator', '`systemc_implementation', '`systemc_implementation'],
    ['read the password file', 'reg [7:0] m [0:3]; initial $readmemh("/etc/passwd", m);', '/etc/passwd'],
    ['read upwards', 'reg [7:0] m [0:3]; initial $readmemh("../x.hex", m);', '../x.hex'],
    ['read a computed path', 'reg [7:0] m [0:3]; reg [99:0] p; initial $readmemh(p, m);', '$readmemh'],
    ['include from outside', '`include "/etc/passwd"', '/etc/passwd'],
    ['fail with a computed text', 'reg [99:0] p; initial $error(p);', '$error'],
    [
      'read its testbench from a function of the file',
      'endmodule\nfunction f(input x); f = tb.q; endfunction\nmodule e;',
      'tb.q',
    ],
    [
      'read it from a package',
      'endmodule\npackage p; function f(); f = tb.q; endfunction endpackage\nmodule e;',
      'tb.q',
    ],
    ['read it from a class', 'endmodule\nclass c; function f(); return tb.q; endfunction endclass\nmodule e;', 'tb.q'],
    [
      'hide the testbench’s name behind a block that is not there',
      'generate if (0) begin : tb wire q; end endgenerate initial q = tb.q;',
      'tb.q',
    ],
    [
      'hide it behind a variable of a function',
      'function f(input x); reg tb; f = x; endfunction initial q = tb.q;',
      'tb.q',
    ],
    ['hide the instance’s name behind a wire', 'wire dut; initial q = dut.clk;', 'dut.clk'],
    ['call a task of its testbench', 'initial q = 1;\nalways @(posedge clk) passed;', 'passed'],
    ['call a function of its testbench', 'always @* q = expected(a);', 'expected'],
    ['end a block of its testbench', 'always @(posedge clk) disable checks;', 'disable checks'],
    ['drive its own inputs', 'assign (supply1, supply0) clk = 1;', 'clk'],
    ['drive them by a gate', 'pullup (clk);', 'clk'],
    ['drive a bit of them', 'assign {q, a[0]} = 2;', 'the input a'],
    ['choose what its testbench is made of', 'endmodule\nconfig c; design tb; endconfig\nmodule e;', 'which modules'],
    ['wait and become another', 'initial begin q = 0; #100000 q = 1; end', 'wait'],
    ['wait and become another at an assignment', "initial q <= #100000 1'b1;", 'wait'],
    ['wait before a clock that runs for ever', 'reg t; initial begin #1000 q = 1; forever #5 t = ~t; end', 'wait'],
    ['wait in an always block', 'always begin #100000 q = 1; #1000000; end', 'wait'],
    ['wait in a task', 'task w; #100000; endtask initial begin w; q = 1; end', 'wait'],
    ['wait for a constant', "wire late; assign #100000 late = 1'b1; always @* q = late;", 'wait'],
    ['pull its inputs up', 'endmodule\nmodule e(clk); input clk; supply1 clk;', 'the input clk'],
    ['pull them up when nobody drives them', 'endmodule\nmodule e(clk); input clk; tri1 clk;', 'the input clk'],
    ['draw numbers by a solver', "initial void'(std::randomize(q));", 'draws no numbers'],
    ['draw one of several', 'initial randcase 1: q = 1; 1: q = 0; endcase', 'draws no numbers'],
    ['draw members of a class', 'endmodule\nclass c; rand int x; endclass\nmodule e;', 'draws no numbers'],
    ['silence Verible', '// verilog_lint: waive-start explicit-begin\nassign q = a;', 'verilog_lint'],
    ['silence svlint', '/* svlint off blocking_assignment_in_always_ff */ assign q = a;', 'svlint off'],
    ['silence a linter by its number', '// verilint 123 off\nassign q = a;', 'verilint'],
    ['silence a linter on the next line', '// NOLINTNEXTLINE(width)\nassign q = a;', 'NOLINTNEXTLINE'],
    ['hide from coverage', '// coverage off -item b 1\nassign q = a;', 'coverage off'],
    ['know where it stands', 'localparam MOVED = `__FILE__ != "src/d.sv";', '`__FILE__'],
    ['have a name that others make', 'endmodule\n`define NAME e\nmodule `NAME;', 'made by a macro'],
    [
      'read what its testbench expects',
      'reg m [0:3]; initial $readmemb("./tb/data/expected.hex", m);',
      'lies with the testbenches',
    ],
    ['hand a path from outside to a memory', 'rom #(.INIT("../../secret.hex")) r(clk);', 'secret.hex'],
    ['hide behind a vendor’s word', '// rtl_synthesis off\nassign q = 0;', 'rtl_synthesis'],
    ['hide behind any word', '// acme_tool translate_off\nassign q = 0;', 'translate_off'],
    ['be free for a prover', '(* anyconst *) reg r;', 'anyconst'],
    ['drive its inputs by a part of it', 'low u(.y(clk));', 'the input clk'],
    ['drive them by a part’s positions', 'low u(a[0]);', 'the input a'],
    ['drive them by a switch', 'wire w; tran (w, clk);', 'the input clk'],
    ['drive them by another name', 'alias clk = q;', 'the input clk'],
    ['hear from its testbench by a file', 'reg m [0:3]; initial $readmemb("./answers.bin", m);', 'a testbench writes'],
    [
      'hear from it while it runs',
      'reg m [0:3]; always @(posedge clk) begin $readmemb("rom.bin", m); q = m[0]; end',
      'before the first clock',
    ],
    ['hear from it by a variable of the file', 'endmodule\nlogic [8:0] mail, more;\nmodule e;', 'mail is a variable'],
    ['hear from it by a net of the file', 'endmodule\nwire [8:0] mail;\nmodule e;', 'mail is a variable'],
    [
      'hear from it by a mailbox',
      'endmodule\npackage p;\nmailbox #(int) m = new;\nendpackage\nmodule e;',
      'm is a variable',
    ],
    [
      'hear from it by a structure',
      'endmodule\npackage p; struct packed { logic a; } s; endpackage\nmodule e;',
      's is a variable',
    ],
    [
      'hear from it by a function that keeps a variable',
      'endmodule\nfunction automatic int f(int x); static int kept; return kept; endfunction\nmodule e;',
      'a static variable',
    ],
    [
      'hear from it by a function that keeps its result',
      'endmodule\npackage p; function int post(int x, bit put); if (put) post = x; endfunction endpackage\nmodule e;',
      'post keeps its variables',
    ],
    ['hear from it by a class', 'endmodule\nclass c; static int mail; endclass\nmodule e;', 'a static variable'],
  ])('may not %s', (_name, code, named) => {
    const low = 'module low(output y); assign y = 0; endmodule\n';
    const findings = found({ design: `${inModule(code)}${low}`, bench: inBench(BUSY) });
    expect(findings.length).toBeGreaterThan(0);
    expect(findings.join('\n')).toContain(named);
    for (const finding of findings) expect(finding).toMatch(/^DESIGN_IMPURE src\/d\.sv:[1-9]/);
  });

  it('hears nothing by a file whose name is a parameter of its testbench', () => {
    const bench = inBench('localparam ANSWERS = "answers.hex"; integer f; initial f = $fopen(ANSWERS, "w");');
    const design = inModule('reg m [0:3]; initial $readmemb("answers.hex", m);');
    expect(found({ design, bench }).join()).toContain('a testbench writes');
    const rom = inModule('parameter INIT = ""; reg m [0:3]; initial if (INIT != "") $readmemb(INIT, m);');
    expect(found({ design: rom, bench: inBench('string f = ""; initial $dumpfile(f);') }).join()).not.toContain(
      'writes',
    );
  });

  it('has interfaces as ports, also of the name that the testbench gives to its own', () => {
    const bus = 'interface bus; logic v; logic [3:0] d; modport s(input d, output v); endinterface\n';
    const design = `${bus}module d(bus.s b, output logic z); assign b.v = b.d[0]; assign z = b.d[1]; endmodule\n`;
    expect(found({ design, bench: 'module tb; bus b(); logic z; d u(.b(b), .z(z)); endmodule' })).toEqual([]);
  });

  it('is judged by what the job added only', () => {
    const design = inModule('initial $display("mine");\nassign q = 0;\n`ifdef VERILATOR\nwire v;\n`endif');
    const added = (...lines: number[]): PurityInput['added'] => new Map([['src/d.sv', new Set(lines)]]);
    expect(found({ design, added: added(3) })).toEqual([]);
    expect(found({ design, added: added() })).toEqual([]);
    expect(found({ design, added: added(2) }).length).toBe(1);
  });

  it('inside a conditional of the person is judged in both its branches', () => {
    const design = inModule('`ifdef VERILATOR\nwire v;\n$display("x");\n`else\n$finish;\n`endif');
    const added = new Map([['src/d.sv', new Set([4, 6])]]);
    expect(found({ design, added }).map((one) => one.split(' ')[1])).toEqual(['src/d.sv:4', 'src/d.sv:6']);
  });

  it('answers for macros that others use: a definition by the job is code of the job', () => {
    const design = `\`include "d.svh"\n${inModule('`CHECK(a)')}`;
    const header = '`define CHECK(x) initial $display(x);\n';
    expect(found({ design, header, added: new Map([['src/d.svh', new Set([1])]]) })).toHaveLength(1);
    expect(found({ design, header, added: new Map([['src/d.sv', new Set([3])]]) })).toHaveLength(1);
    expect(found({ design, header, added: new Map([['src/d.sv', new Set([1, 2])]]) })).toEqual([]);
  });

  it('may use the project’s macros that say where they are used, and write none', () => {
    const design = `\`include "d.svh"\n${inModule('`CHECK(a)')}`;
    const header = '`define CHECK(x) initial if (!(x)) $error("at %s:%0d", `__FILE__, `__LINE__);\n';
    expect(found({ design, header, added: new Map([['src/d.sv', all(design)]]) })).toEqual([]);
    expect(found({ design, header }).join()).toContain('`__FILE__');
  });

  it('may not be another one under its own testbench', () => {
    const design = inModule('`ifdef FAST_TEST\nassign q = 0;\n`endif');
    expect(found({ design, bench: '`define FAST_TEST\nmodule tb; endmodule' }).join()).toContain(
      'only a testbench defines',
    );
    expect(
      found({ design: `\`define FAST_TEST\n${design}`, bench: '`define FAST_TEST\nmodule tb; endmodule' }),
    ).toEqual([]);
  });

  it('that cannot be followed is untried', () => {
    const text = '`define A `A `A\nmodule d; `A endmodule';
    const { untried } = judgePurity({
      design: [{ path: 'src/d.sv', text }],
      benches: [],
      include: () => null,
      added: new Map([['src/d.sv', all(text)]]),
    });
    expect(untried).toEqual([
      { kind: 'purity', name: 'src/d.sv', why: expect.stringContaining('without end') as string },
    ]);
  });
});

const inBench = (code: string): string =>
  `module tb;\n reg clk = 0; wire q; d dut(.clk(clk), .q(q));\n helper h(.clk(clk));\n${code}\nendmodule\nmodule helper(input clk); integer n; task t; n = 1; endtask d inner(); endmodule`;

describe('a testbench', () => {
  it.each([
    ['print, end, draw and time', 'initial begin $display("PASS %0t", $time); if ($urandom % 2) $finish; end'],
    [
      'dump where it is told',
      'reg [1023:0] f; initial if ($value$plusargs("vcd=%s", f)) begin $dumpfile(f); $dumpvars(0, tb, dut.core.x); end',
    ],
    [
      'read and write beside it',
      'integer f; initial begin f = $fopen("tb/data/in.txt", "r"); $readmemh("tb/data/x.hex", mem); $dumpfile("waves.vcd"); end',
    ],
    [
      'pull up what nobody drives, and read plusargs by name',
      'pullup (q); initial if ($test$plusargs("fast") || $value$plusargs("n=%d", n)) $finish;',
    ],
    [
      'dump to a file of its own where it is told none',
      'string f; initial begin if (!$value$plusargs("vcd=%s", f)) f = "dump.vcd"; $dumpfile(f); $dumpvars; end',
    ],
    [
      'hand a memory image to the design and dump where it is told',
      'string f; initial begin f = "w.vcd"; if ($value$plusargs("vcd=%s", f)) ; $dumpfile(f); end d #(.INIT("rom.hex")) e();',
    ],
    [
      'open files whose names are parameters',
      'parameter VECTORS = "tb/data/x.hex"; localparam string LOG = "log.txt"; integer f; initial begin $readmemh(VECTORS, mem); f = $fopen(LOG, "w"); end',
    ],
    ['set a parameter of the design in the old way', 'defparam dut.W = 8;'],
    ['drive the bits beside an output', 'endmodule\nmodule t2; wire [7:0] y; d u(.q(y[3:0])); assign y[7:4] = 0;'],
    ['use its helpers', 'initial begin h.t; $display("%0d", h.n); tb.h.t; end'],
    ['name its own blocks', 'initial begin : main integer i; i = 0; disable main; end'],
    ['ask for its tool', '`ifdef VERILATOR\n// verilator lint_off STMTDLY\ninitial $dumpfile("a.vcd");\n`endif'],
  ])('may %s', (_name, code) => {
    expect(found({ design: inModule(''), bench: inBench(code) })).toEqual([]);
  });

  it.each([
    ['look below the design', 'initial if (dut.state == 1) $display("PASS");', 'dut.state'],
    ['look below it by its own name', 'initial if (tb.dut.q) $display("PASS");', 'tb.dut.q'],
    ['look below it from the root', 'initial if ($root.tb.dut.q) $display("PASS");', 'dut.q'],
    ['look through a helper', 'initial if (h.inner.q) $display("PASS");', 'h.inner.q'],
    ['force below it', 'initial force dut.q = 1;', 'dut.q'],
    ['set what is below it', 'defparam dut.core.W = 8;', 'dut.core.W'],
    ['look below it by a library', 'initial void\'(uvm_hdl_read("tb.dut.q", n));', 'uvm_hdl_read'],
    [
      'choose what the design is made of',
      'endmodule\nconfig c; design tb; endconfig\nmodule e;',
      'what the design is made of',
    ],
    ['open what a parameter names elsewhere', 'parameter P = "/etc/x"; initial $readmemh(P, mem);', '/etc/x'],
    [
      'open a parameter that is given another name',
      'endmodule\nmodule u #(parameter P = "x.hex"); initial $readmemh(P, mem); endmodule\nmodule t2; u #(.P({"/etc", "/x"})) v();',
      '$readmemh',
    ],
    [
      'open a variable that starts as a text',
      'string p = "x.hex"; initial begin p = {"/etc", "/x"}; $readmemh(p, mem); end',
      '$readmemh',
    ],
    ['call a shell', 'initial $system("id > /tmp/x");', '$system'],
    ['call a shell by a macro', '`define S(x) $sys``x\ninitial `S(tem)("id");', '$system'],
    ['speak C to Verilator', 'initial $c("system(\\"id\\");");', '$c'],
    ['call C', 'import "DPI-C" function int system(input string s);', 'DPI'],
    ['bind', 'bind d spy s(.*);', 'bind'],
    ['write elsewhere', 'integer f; initial f = $fopen("/tmp/x", "w");', '/tmp/x'],
    ['write upwards', 'integer f; initial f = $fopen("../x", "w");', '../x'],
    ['write into the tools’ folders', 'integer f; initial f = $fopen(".genRTL/state.json", "w");', '.genRTL'],
    ['open a computed path', 'integer f; reg [99:0] p; initial f = $fopen(p, "w");', '$fopen'],
    [
      'dump to a computed path',
      'reg [1023:0] f; initial begin f = "/tmp/x"; if ($value$plusargs("vcd=%s", f)) ; $dumpfile(f); end',
      '$dumpfile',
    ],
    ['speak C++ to Verilator', '`systemc_implementation', '`systemc_implementation'],
    [
      'look below the design from a helper',
      'endmodule\nmodule spy; initial if (dut.state) $display("x");',
      'dut.state',
    ],
    [
      'look below it from a function of the file',
      'endmodule\nfunction f(); f = tb.dut.q; endfunction\nmodule e;',
      'tb.dut.q',
    ],
    ['open a file by an old name', 'integer f; initial f = $fopenw("/tmp/x");', '$fopenw'],
    ['call what a tool adds', 'initial $my_vpi("id");', '$my_vpi'],
    ['read the design’s text', 'integer f; initial f = $fopen("src/d.sv", "r");', 'src/d.sv'],
    ['ask for any plusarg', 'initial if ($test$plusargs("z")) $finish;', '"z"'],
    ['read any plusarg', 'reg [99:0] s; initial if ($value$plusargs("%s", s)) $finish;', '"%s"'],
    ['ask for a computed plusarg', 'reg [99:0] s; initial if ($test$plusargs(s)) $finish;', 'literal name'],
    ['give the answer itself', 'assign q = clk;', 'q is an output of the design'],
    ['give it by a declaration', 'endmodule\nmodule t2; wire q = 1; d u(.q);', 'q is an output of the design'],
    [
      'give it by a helper',
      'low l(q);\nendmodule\nmodule low(output y); assign y = 1;',
      'q is an output of the design',
    ],
    [
      'give some bits of it',
      'endmodule\nmodule t2; wire [7:0] y; d u(.q(y[3:0])); assign y[4:2] = 0;',
      'y is an output of the design',
    ],
    ['give it by a switch', 'reg v; tran (v, q);', 'q is an output of the design'],
    [
      'write a file and hand it to the design',
      'd #(.INIT("x.hex")) e(); initial $writememh("./x.hex", m);',
      'given to the design',
    ],
  ])('may not %s', (_name, code, named) => {
    const findings = found({ design: inModule(''), bench: inBench(code) });
    expect(findings.join('\n')).toContain(named);
    for (const finding of findings) expect(finding).toMatch(/^BENCH_IMPURE tb\/tb\.sv:[1-9]/);
  });

  it('of the person stays as it is', () => {
    expect(
      found({ design: inModule(''), bench: inBench('initial if (dut.state) $system("make");'), added: new Map() }),
    ).toEqual([]);
  });
});

describe('a VHDL design unit', () => {
  const file = 'src/d.vhd';
  it.each([
    [
      'library ieee; use ieee.std_logic_1164.all; use ieee.numeric_std.all;\nassert W > 0 report "W" severity failure;\nassert W > 0;',
    ],
    ["q <= '1' when rising_edge(clk) and clk'event else '0'; -- synthesis of q"],
    ['if full then report "full" severity error; end if;'],
    ['package p is procedure f(signal x : in bit); end; architecture a of e is signal s : bit; shared variable m : t;'],
  ])('may hold %s', (design) => {
    expect(found({ design, file })).toEqual([]);
  });
  it.each([
    ['use std.env.all;', 'std.env'],
    ['std.env.stop(0);', 'std.env'],
    ['use std.textio.all;', 'textio'],
    ['use ieee.std_logic_textio.all;', 'textio'],
    ['report "PASS";', 'message'],
    ['REPORT "PASS" SEVERITY NOTE;', 'message'],
    ['assert false report "PASS" severity warning;', 'message'],
    ['attribute foreign of f : function is "VHPIDIRECT system";', 'outside itself'],
    ['x <= << signal .tb.expected : std_logic >>;', 'external name'],
    ['file f : text open write_mode is "x";', 'files'],
    ['-- synthesis translate_off', 'translate_off'],
    ['package p is signal mail : bit; end;', 'a signal of a package'],
    ['package body p is shared variable mail : bit; end;', 'a shared variable of a package'],
    ['begin stop; end', 'std.env'],
  ])('may not hold %s', (design, named) => {
    const findings = found({ design, file });
    expect(findings.join('\n')).toContain(named);
    expect(findings[0]).toMatch(/^DESIGN_IMPURE src\/d\.vhd:1/);
  });
});

it('nothing is found in the packages and their testbenches, which follow the same rules', () => {
  const root = join(import.meta.dirname, '../../resources/cbb');
  for (const id of readdirSync(root).filter((name) => existsSync(join(root, name, 'tb')))) {
    const read = (folder: string) =>
      readdirSync(join(root, id, folder))
        .filter((name) => /\.s?v$/.test(name))
        .map((name) => ({ path: `${folder}/${name}`, text: readFileSync(join(root, id, folder, name), 'utf8') }));
    const [design, benches] = [read('rtl'), read('tb')];
    const { findings } = judgePurity({
      design,
      benches,
      include: () => null,
      added: new Map([...design, ...benches].map(({ path, text }) => [path, all(text)])),
    });
    expect(findings.map(({ file, line, message }) => `${id} ${file}:${line} ${message}`)).toEqual([]);
  }
});
