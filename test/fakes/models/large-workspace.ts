// A project that is larger than any window: a top with blocks, a package, a bench, and much that has nothing to do with
// them.
export function largeWorkspace({ files, bytes }: { files: number; bytes: number }): { path: string; text: string }[] {
  const filler = (name: string, length: number): string => {
    const lines: string[] = [];
    for (let at = 0, size = 0; size < length; at += 1) {
      const line = `  assign ${name}_w${at} = (a[${at % 32}] & b[${(at * 7) % 32}]) | sel_${at % 13};`;
      lines.push(line);
      size += line.length + 1;
    }
    return lines.join('\n');
  };
  const block = (name: string, inside: string): string =>
    `// ${name}\nmodule ${name} (\n  input  logic        clk,\n  input  logic [31:0] a, b,\n  output logic [31:0] q\n);\n${inside}\nendmodule\n`;
  const own = [
    { path: 'rtl/soc_pkg.sv', text: 'package soc_pkg;\n  parameter int WIDTH = 32;\nendpackage\n' },
    {
      path: 'rtl/soc_top.sv',
      text: `module soc_top import soc_pkg::*; (\n  input  logic clk,\n  output logic [31:0] q\n);\n${[0, 1, 2, 3]
        .map((n) => `  block_${n} u_${n} (.clk, .a('0), .b('0), .q());`)
        .join('\n')}\nendmodule\n`,
    },
    { path: 'rtl/timer.sv', text: 'module timer (input logic clk, output logic tick);\nendmodule\n' },
    { path: 'tb/tb_soc_top.sv', text: 'module tb_soc_top;\n  logic clk;\n  soc_top dut (.clk, .q());\nendmodule\n' },
  ];
  const count = files - own.length;
  const each = Math.floor(bytes / count);
  const blocks = Array.from({ length: count }, (_, n) => ({
    path: `rtl/block_${n}.sv`,
    text: block(`block_${n}`, filler(`n${n}`, each)),
  }));
  return [...own, ...blocks].toSorted((a, b) => (a.path < b.path ? -1 : 1));
}
