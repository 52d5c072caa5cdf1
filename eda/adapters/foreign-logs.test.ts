// Logs as other people's machines write them: blanks and brackets in paths, Windows, ranges over lines, fatal ends,
// messages whose place comes last. One line a finding: severity, code, file:line:column, time, scope, message.
import { describe, expect, test } from 'vitest';
import type { ToolId } from '@genrtl/contracts';
import { parseLogs } from '../parse.ts';

async function read(tool: ToolId, log: string | Uint8Array, workspace?: string): Promise<string[]> {
  const bytes = typeof log === 'string' ? Buffer.from(log) : log;
  const { diagnostics } = await parseLogs(tool, [{ chunks: [bytes.subarray(0, 2), bytes.subarray(2)] }], workspace);
  return diagnostics.map(({ severity, code, file, line, column, time, scope, message, related }) =>
    [
      severity,
      code ?? '-',
      file === undefined ? '-' : [file, line, column].filter((part) => part !== undefined).join(':'),
      ...(time === undefined ? [] : [`@${time}`]),
      ...(scope === undefined ? [] : [`in ${scope}`]),
      message,
      ...(related ?? []).map((one) => `<${one.file}:${one.line} ${one.message}>`),
    ].join(' '),
  );
}

describe.each<readonly [name: string, tool: ToolId, log: string, findings: readonly string[]]>([
  [
    'Questa: an assertion that says when it started and what it expected',
    'questa',
    `# ** Error: Assertion error.
#    Time: 10 ns Started: 8 ns  Scope: tb.a1 File: tb.sv Line: 9 Expr: a==b`,
    ['error - tb.sv:9 @10 ns in tb.a1 Assertion error.'],
  ],
  [
    'Quartus Pro: no blank before the number',
    'quartus',
    `Error(13411): Verilog HDL syntax error at top.sv(5) near end of file File: /w/top.sv Line: 5
Critical Warning(332148): Timing requirements not met`,
    [
      'error 13411 /w/top.sv:5 Verilog HDL syntax error at top.sv(5) near end of file',
      'warning 332148 - critical: Timing requirements not met',
    ],
  ],
  [
    'xsim: an assertion with no blank before its line',
    'vivado',
    `Error: Assertion violation
Time: 35 ns Started: 25 ns Scope: /tb/dut File: /my w/tb.sv Line:12`,
    ['error - /my w/tb.sv:12 @35 ns in /tb/dut Assertion violation'],
  ],
  [
    'Yosys: ranges with points, and words that its lexer takes for names',
    'yosys',
    `Lexer warning: The SystemVerilog keyword \`bit' (at my src/a.v:5) is not recognized without -sv!
C:\\w\\top.sv:12.5-12.9: Warning: Identifier \`\\x' is implicitly declared.
a.sv:3.1-9.4: ERROR: Module is declared twice.`,
    [
      "warning - my src/a.v:5 The SystemVerilog keyword `bit' (at my src/a.v:5) is not recognized without -sv!",
      "warning - C:/w/top.sv:12:5 Identifier `\\x' is implicitly declared.",
      'error - a.sv:3:1 Module is declared twice.',
    ],
  ],
  [
    'Verible: a rule that it could mend',
    'verible',
    'b.sv:5:1: Remove the blank. [Style: trailing-spaces] [no-trailing-spaces] (autofix available)',
    ['warning no-trailing-spaces b.sv:5:1 Remove the blank.'],
  ],
  [
    'VCS: a warning without a text, and a message of UVM behind it',
    'vcs',
    `Warning: "tb.sv", 11: tb.x: at time 0 ps
UVM_ERROR /w/env.sv(30) @ 100: uvm_test_top.env [SCB] mismatch`,
    ['warning - tb.sv:11 @0 ps in tb.x ', 'error SCB /w/env.sv:30 @100 in uvm_test_top.env mismatch'],
  ],
  [
    'GHDL: assertions of PSL',
    'ghdl',
    'a.vhd:9:3:@5ns:(psl assertion error): Assertion violation',
    ['error - a.vhd:9:3 @5 ns Assertion violation'],
  ],
  [
    'Questa: paths with blanks, brackets and of another machine',
    'questa',
    `** Error: /home/ann/my designs/src/top.v(12): (vlog-2730) Undefined variable: 'x'.
** Error (suppressible): C:/Users/ann/OneDrive - Firm/top.v(14): (vlog-2892) Net type of 'a' was not declared.
** Error: (vlog-13069) C:/Users/ann/OneDrive - Firm/top.v(20): near "endmodule": syntax error.
** Error: C:\\work (2)\\a b\\top.vhd(7): (vcom-1136) Unknown identifier "q".
** Error: \\\\server\\share\\my rtl\\top.sv(3): (vlog-2110) Illegal reference.
** Warning: my file.v(4): (vlog-2623) Undefined variable: nxt.
** Error: (vsim-3033) Instantiation of 'foo' failed for value (3) is given: no unit.
** Error: (vlog-7) Failed to open design unit file x.v(3): No such file.`,
    [
      "error vlog-2730 /home/ann/my designs/src/top.v:12 Undefined variable: 'x'.",
      "error vlog-2892 C:/Users/ann/OneDrive - Firm/top.v:14 Net type of 'a' was not declared.",
      'error vlog-13069 C:/Users/ann/OneDrive - Firm/top.v:20 near "endmodule": syntax error.',
      'error vcom-1136 C:/work (2)/a b/top.vhd:7 Unknown identifier "q".',
      'error vlog-2110 //server/share/my rtl/top.sv:3 Illegal reference.',
      'warning vlog-2623 my file.v:4 Undefined variable: nxt.',
      "error vsim-3033 - Instantiation of 'foo' failed for value (3) is given: no unit.",
      'error vlog-7 - Failed to open design unit file x.v(3): No such file.',
    ],
  ],
  [
    'Questa: the way to a place inside macros and includes',
    'questa',
    `# ** Error: ** while parsing macro expansion: 'CHECK_EQ' starting at tb/my tb.sv(42)
# ** at tb/my tb.sv(42): (vlog-2730) Undefined variable: 'got'.
# ** Error: (vlog-13069) ** while parsing file included at src/top_pkg.sv(3)
# ** while parsing macro expansion: 'FIELD' starting at src/regs.svh(9)
# ** at src/class_a.svh(5): near "function": syntax error.
# ** Warning: ** while parsing file included at tb/tb_top.sv(14)
# ** Error: src/a.sv(1): (vlog-2) another one`,
    [
      "error vlog-2730 tb/my tb.sv:42 Undefined variable: 'got'. <tb/my tb.sv:42 while parsing macro expansion: 'CHECK_EQ'>",
      'error vlog-13069 src/class_a.svh:5 near "function": syntax error. <src/top_pkg.sv:3 while parsing file included>' +
        " <src/regs.svh:9 while parsing macro expansion: 'FIELD'>",
      'warning - tb/tb_top.sv:14 while parsing file included <tb/tb_top.sv:14 while parsing file included>',
      'error vlog-2 src/a.sv:1 another one',
    ],
  ],
  [
    'Questa: where a fatal error stopped',
    'questa',
    `# ** Fatal: (vsim-3421) Value -1 for n is out of range 0 to 7.
#    Time: 320 ns  Iteration: 1  Process: /tb/dut/ctrl File: /w/src/other.vhd
# Fatal error in Process ctrl at /w/my src/ctrl.vhd line 46
#
# HDL call sequence:
# Stopped at /w/my src/ctrl.vhd 46 Process ctrl
# ** Fatal: (SIGSEGV) Bad handle or reference.
#    Time: 0 ns  Iteration: 0  Process: /tb/#INITIAL#4
# Stopped at tb.sv 7 Module tb
# ** Fatal: gave up
#    Time: 5 ns  Scope: tb File: tb.sv Line: 9
# Fatal error in Module tb at other.sv line 10
# ** Fatal: no place at all
#    Time: 6 ns  Iteration: 0
# PASS`,
    [
      'error vsim-3421 /w/my src/ctrl.vhd:46 @320 ns in /tb/dut/ctrl Value -1 for n is out of range 0 to 7.',
      'error FATAL tb.sv:7 @0 ns in /tb/#INITIAL#4 (SIGSEGV) Bad handle or reference.',
      'error FATAL tb.sv:9 @5 ns in tb gave up',
      'error FATAL - @6 ns no place at all',
    ],
  ],
  [
    'VCS: blanks in a path, wrapped or not',
    'vcs',
    `Error-[IND] Identifier not declared
/home/ann/my designs/src/top.sv, 10
  Identifier 'x' has not been declared yet.

Error-[URMI] Unresolved modules
/home/ann/my very long folder name/another folder/
src/top.sv, 3
"sub u (a);"

Error-[SE] Syntax error
  Following verilog source has syntax error :
  "C:\\my work\\top.v", 5: token is 'endmodule'
  endmodule
           ^

Warning-[TMR] Text macro redefined
  Expected 3, 4 given.

`,
    [
      "error IND /home/ann/my designs/src/top.sv:10 Identifier not declared: Identifier 'x' has not been declared yet.",
      'error URMI /home/ann/my very long folder name/another folder/src/top.sv:3 Unresolved modules: "sub u (a);"',
      "error SE C:/my work/top.v:5 Syntax error: Following verilog source has syntax error : token is 'endmodule'",
      'warning TMR - Text macro redefined: Expected 3, 4 given.',
    ],
  ],
  [
    'Quartus: UNC paths and blanks',
    'quartus',
    `Error (10170): Verilog HDL syntax error at my top.v(1888) near text: "x at y.v(3)"; expecting "(". File: //wsl$/Ubuntu/home/ann/my build/my top.v Line: 1888
Error (10161): Verilog HDL error at my top.v(12): object "n" is not declared
Error (10228): Verilog HDL error at top.v(3): module "m" cannot be declared more than once File: \\\\nas\\rtl\\top.v Line: 3`,
    [
      'error 10170 //wsl$/Ubuntu/home/ann/my build/my top.v:1888 Verilog HDL syntax error at my top.v(1888) near text:' +
        ' "x at y.v(3)"; expecting "(".',
      'error 10161 my top.v:12 Verilog HDL error at my top.v(12): object "n" is not declared',
      'error 10228 //nas/rtl/top.v:3 Verilog HDL error at top.v(3): module "m" cannot be declared more than once',
    ],
  ],
  [
    'xsim: the kernel’s own ends',
    'vivado',
    `FATAL_ERROR: Iteration limit 10000 is reached. Possible zero delay oscillation detected.
Time: 1493 ns  Iteration: 10000
FATAL_ERROR: Vivado Simulator kernel has discovered an exceptional condition.
Time: 3925 ns  Iteration: 1  Process: /tb/dut/Always140_874  File: /w/my src/store.sv
HDL Line: /w/my src/store.sv:366
ERROR: Index 8 out of bound 0 to 7
Time: 10 ns  Iteration: 1  Process: /tb/p  File: C:/w/tb.vhd
HDL Line: C:/w/tb.vhd:42
ERROR: Value out of range
Time: 11 ns  Iteration: 0  Process: /tb/q
  File: /w/tb.vhd

HDL Line: /w/tb.vhd:43
ERROR: Array sizes do not match
ERROR: 0
Failure: gave up
Time: 5 ns  Iteration: 0  Process: /tb/p  File: /w/tb.vhd Line: 3
Error: no line follows
Time: 6 ns  Iteration: 0  Process: /tb/r  File: /w/my tb.vhd
ERROR: [VRFC 10-91] q is not declared [C:/Users/ann/My Project/top.v:12]`,
    [
      'error FATAL - @1493 ns Iteration limit 10000 is reached. Possible zero delay oscillation detected.',
      'error FATAL /w/my src/store.sv:366 @3925 ns in /tb/dut/Always140_874 Vivado Simulator kernel has discovered an exceptional condition.',
      'error - C:/w/tb.vhd:42 @10 ns in /tb/p Index 8 out of bound 0 to 7',
      'error - /w/tb.vhd:43 @11 ns in /tb/q Value out of range',
      'error - - Array sizes do not match',
      'error - /w/tb.vhd:3 @5 ns in /tb/p gave up',
      'error - /w/my tb.vhd @6 ns in /tb/r no line follows',
      'error VRFC 10-91 C:/Users/ann/My Project/top.v:12 q is not declared',
    ],
  ],
  [
    'Verible: ranges over several lines',
    'verible',
    `src/top.sv:5:3:7:9: Define a default case. [Style: case-statements] [case-missing-default]
my src/top.sv:9:1-5: Use spaces, not tabs. [Style: tabs] [no-tabs]
src/top.sv:11:4: 7:9 is a time. [Style: x] [y]`,
    [
      'warning case-missing-default src/top.sv:5:3 Define a default case.',
      'warning no-tabs my src/top.sv:9:1 Use spaces, not tabs.',
      'warning y src/top.sv:11:4 7:9 is a time.',
    ],
  ],
  [
    'GHDL: every back end, also on Windows',
    'ghdl',
    `./tb_top:error: index (4) out of bounds (0 to 3) at tb.vhd:11
in process .tb_top(sim).p
./tb_top:error: simulation failed
/w/vunit out/lib.tb_pll.all/tb_pll-tb:error: bound check failure at /w/my src/pll.vhd:180
in process .tb_pll(tb).main
C:\\msys64\\mingw64\\bin\\ghdl.exe:error: cannot open c:\\Users\\ann\\johnson_counter.vhd
C:\\w\\tb_top.exe:error: overflow detected at C:\\w\\tb.vhd:9
C:\\w\\tb.vhd:13:9: no declaration for "q"
ghdl-mcode:error: bound check failure at bounds.vhd:5
./tb_top:info: simulation stopped by --stop-time @1us
uart:error: this is a bench's own talk`,
    [
      'error - tb.vhd:11 in .tb_top(sim).p index (4) out of bounds (0 to 3)',
      'error - /w/my src/pll.vhd:180 in .tb_pll(tb).main bound check failure',
      'error - - cannot open c:\\Users\\ann\\johnson_counter.vhd',
      'error - C:/w/tb.vhd:9 overflow detected',
      'error - C:/w/tb.vhd:13:9 no declaration for "q"',
      'error - bounds.vhd:5 bound check failure',
    ],
  ],
  [
    'Xcelium: brackets and blanks in a path',
    'xcelium',
    `xmvlog: *E,UNDIDN (C:\\work (2)\\my top.sv,12|4): 'x': undeclared identifier.
xmsim: *E,ASRTST (/w/a,b/tb.sv,42): (time 100 NS) Assertion tb.a has failed`,
    [
      "error UNDIDN C:/work (2)/my top.sv:12:5 'x': undeclared identifier.",
      'error ASRTST /w/a,b/tb.sv:42 @100 NS in tb.a Assertion tb.a has failed',
    ],
  ],
  [
    'Icarus, Verilator and Yosys on Windows',
    'icarus',
    "C:\\my work\\top.v:12: error: Unable to bind wire `x'",
    ["error - C:/my work/top.v:12 Unable to bind wire `x'"],
  ],
  ['', 'verilator', '%Error: C:\\my work\\top.v:12:5: syntax error', ['error - C:/my work/top.v:12:5 syntax error']],
  [
    '',
    'yosys',
    'Warning: Identifier is implicitly declared at C:/my work/bad.sv:11.28-11.34.\nWarning: found logic loop:\n    cell $and$C:/my work/x.v:2$1 ($and)',
    [
      'warning - C:/my work/bad.sv:11:28 Identifier is implicitly declared at C:/my work/bad.sv:11.28-11.34.',
      'warning - C:/my work/x.v:2 found logic loop: cell $and$C:/my work/x.v:2$1 ($and)',
    ],
  ],
])('%s (%s)', (_name, tool, log, findings) => {
  test('each finding with its place', async () => expect(await read(tool, log)).toEqual(findings));
  test('the same with Windows line ends', async () =>
    expect(await read(tool, log.replaceAll('\n', '\r\n'))).toEqual(findings));
  test('the same as UTF-16, which PowerShell writes, and with a byte order mark', async () => {
    expect(await read(tool, Buffer.from(`\ufeff${log}`, 'utf16le'))).toEqual(findings);
    expect(await read(tool, Buffer.from(`\ufeff${log}`))).toEqual(findings);
  });
});

test('paths of the workspace are relative to it, whatever the letter case of a drive', async () => {
  const log = (file: string): string => `${file}:12: error: no`;
  expect(await read('icarus', log('C:\\W\\src\\a.v'), 'c:\\W')).toEqual(['error - src/a.v:12 no']);
  expect(await read('icarus', log('\\\\wsl$\\Ubuntu\\w\\src\\a.v'), '\\\\wsl$\\Ubuntu\\w')).toEqual([
    'error - src/a.v:12 no',
  ]);
  expect(await read('icarus', log('\\\\?\\C:\\W\\a.v'), 'C:\\W')).toEqual(['error - a.v:12 no']);
  expect(await read('icarus', log('//w/src/a.v'), '/w')).toEqual(['error - src/a.v:12 no']);
  expect(await read('icarus', log('//w/src/a.v'), '/x')).toEqual(['error - //w/src/a.v:12 no']);
});
