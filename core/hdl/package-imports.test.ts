import { describe, expect, it } from 'vitest';
import { packageNames, withoutImports } from './package-imports.ts';

const PACKAGE = `package p;
  localparam int W = 8, D = W * 2;
  typedef logic [W-1:0] byte_t;
  typedef enum logic [1:0] { IDLE, RUN = 2'd2 } state_e;
  typedef struct packed { logic a; byte_t b; } pair_t;
  function automatic int twice(input int x); twice = 2 * x; endfunction
endpackage
`;
const NAMES = packageNames(PACKAGE);

describe('imports', () => {
  it('of what a package declares', () => {
    expect([...(NAMES.get('p') ?? [])]).toEqual(['W', 'D', 'byte_t', 'IDLE', 'RUN', 'state_e', 'pair_t', 'twice']);
  });

  it.each([
    [
      'in a header',
      'module m import p::*; (input byte_t a);\nendmodule',
      'module m              (input p::byte_t a);\nendmodule',
    ],
    [
      'in a body',
      'module m;\nimport p::W, p::RUN;\nwire [W-1:0] x = D;\nendmodule',
      'module m;\n                    \nwire [p::W-1:0] x = D;\nendmodule',
    ],
    [
      'of the file',
      'import p::*;\nmodule a; wire x = IDLE; endmodule',
      '            \nmodule a; wire x = p::IDLE; endmodule',
    ],
  ])('%s are written out, lines stay', (_where, text, expected) => {
    expect(withoutImports(text, NAMES)).toBe(expected);
  });

  it('a name of the module’s own stays, as do members, port names and what says its package already', () => {
    const text = 'module m import p::*; (input logic W);\n sub u(.W(W), .D(D));\n assign x = s.IDLE + p::W;\nendmodule';
    expect(withoutImports(text, NAMES)?.split('\n').slice(1)).toEqual([
      ' sub u(.W(W), .D(p::D));',
      ' assign x = s.IDLE + p::W;',
      'endmodule',
    ]);
  });

  it('one module’s imports are not another’s; an unknown package is left to the tool', () => {
    expect(withoutImports('module a; import p::*; endmodule\nmodule b; wire x = W; endmodule', NAMES)).toContain(
      'x = W;',
    );
    expect(withoutImports('module a; import q::*; endmodule', NAMES)).toBeNull();
    expect(withoutImports('import "DPI-C" function int f(); module a; endmodule', NAMES)).toBeNull();
  });
});
