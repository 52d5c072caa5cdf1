// Yosys reads include folders whatever their names: blanks in them are no faults of the design.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { detectTool, runTool } from '../../runner/index.ts';
import type { RunToolResult } from '../../runner/types.ts';
import { yosys } from './index.ts';

const workspace = mkdtempSync(join(tmpdir(), 'genrtl yosys-'));
afterAll(() => rmSync(workspace, { recursive: true, force: true }));

const lintWith = async (folder: string): Promise<RunToolResult> => {
  if ((await detectTool(yosys)) === null) throw new Error('yosys is missing: scripts/setup installs it');
  mkdirSync(join(workspace, folder), { recursive: true });
  writeFileSync(join(workspace, folder, 'width.svh'), '`define WIDTH 4\n');
  writeFileSync(
    join(workspace, 'm.sv'),
    '`include "width.svh"\nmodule m(input wire [`WIDTH-1:0] a, output wire y);\n  assign y = ^a;\nendmodule\n',
  );
  return runTool({
    adapter: yosys,
    action: 'lint',
    workspace,
    sources: ['m.sv'],
    includeDirs: [folder],
    top: 'm',
    runDir: join(workspace, 'run'),
  });
};

it.each(['my headers', 'a [c] $d', 'it\'s "so"; x'])('include folder %s', async (folder) => {
  const { verdict, diagnostics } = await lintWith(folder);
  expect([verdict, diagnostics]).toEqual(['pass', []]);
});

it('a name that no script can hold is refused as such', async () => {
  await expect(lintWith('a {b}')).rejects.toMatchObject({ code: 'USAGE' });
});
