// What is read of sources to choose among them: what only looks like a declaration is none, and heads are whole.
import { expect, it } from 'vitest';
import { headersOf, scanSources } from './scan-sources.ts';

const file = (path: string, text: string) => ({ path, text, sha256: '' });

it('comments, strings and variables declare nothing; heads end with the port list, whatever stands before it', async () => {
  const { files, declaredIn } = await scanSources([
    file(
      'a.sv',
      '// module ghost\nmodule automatic a import p::*; #(parameter W = 8) (input i);\n  b u (.i);\nendmodule\n',
    ),
    file(
      'b.sv',
      '`define STEP 1\nmodule b (input i);\n  virtual interface bus vif;\n  initial $display("module c");\nendmodule\n',
    ),
    file('p.sv', 'package p;\n  localparam D = `STEP;\nendpackage\n'),
  ]);
  expect([...declaredIn.keys()].sort()).toEqual(['`STEP', 'a', 'b', 'p']);
  expect(files.map(({ uses }) => [...uses].sort())).toEqual([['b', 'p'], [], ['`STEP']]);
  expect(files.map(headersOf)).toEqual([
    'module automatic a import p::*; #(parameter W = 8) (input i);',
    'module b (input i);',
    '',
  ]);
});

it('a VHDL entity is shown with generics and ports', async () => {
  const entity = 'entity fifo is\n  generic (W : natural := 8);\n  port (d : in bit);\nend';
  const { files } = await scanSources([
    file('f.vhd', `-- entity ghost is\n${entity} fifo;\npackage body q is\nend;\n`),
  ]);
  expect(files[0]).toMatchObject({ modules: ['fifo'], shared: [] });
  expect(files.map(headersOf)).toEqual([entity]);
});
