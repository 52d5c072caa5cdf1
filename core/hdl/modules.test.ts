import { expect, it } from 'vitest';
import { scanModules, topModules } from './modules.ts';

const tops = (...texts: string[]): string[] =>
  topModules(scanModules(texts.map((text, index) => ({ path: `f${index}.sv`, text })))).map((module) => module.name);

it('finds the only uninstantiated module', () => {
  expect(tops('module leaf(input a); endmodule', 'module top; leaf u0(.a(1)); endmodule')).toEqual(['top']);
});

it('sees parameterised, escaped and generated instances', () => {
  expect(
    tops(
      'module a #(parameter W=8)(); endmodule module b; endmodule module c; endmodule',
      'module top; a #(.W(4)) u(); generate if (1) begin : g \\b  ub (); end endgenerate c u_c[3:0] (); endmodule',
    ),
  ).toEqual(['top']);
});

it('is not misled by comments, strings, ports, directives and number literals', () => {
  expect(
    tops(
      'module leaf; endmodule',
      'module top; // leaf u1();\n/* leaf u2(); */ initial $display("leaf u3();"); other o(.leaf (x)); wire [7:0] y = 8\'hbe; endmodule',
    ),
  ).toEqual(['leaf', 'top']);
});

it('gives lines and keeps instantiation apart by module', () => {
  const modules = scanModules([
    { path: 'x.v', text: '\n\nmodule a;\nendmodule\n/* two\nlines */ module automatic b; a u();\nendmodule' },
  ]);
  expect(modules.map(({ name, line, instantiates }) => [name, line, instantiates])).toEqual([
    ['a', 3, []],
    ['b', 6, ['a']],
  ]);
});

it('survives unclosed comments and strings', () => {
  expect(
    scanModules([
      { path: 'x.v', text: 'module a; /* never' },
      { path: 'y.v', text: 'module b; "open' },
    ]).length,
  ).toBe(2);
});
