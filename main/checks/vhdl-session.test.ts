// Workspaces of VHDL through GHDL, without a project file: order of units, and how benches that end say what they found.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runOnWorkspace } from './tool-session.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'genrtl-vhdl-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

async function run(action: 'lint' | 'simulate', texts: Readonly<Record<string, string>>) {
  for (const [name, text] of Object.entries(texts)) {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), text);
  }
  const { verdict, tool, tops } = await runOnWorkspace({
    workspace: root,
    tool: null,
    action,
    top: null,
    runDir: path.join(root, '.genRTL/build/last_run'),
    env: { ...process.env, GENRTL_HOME: path.join(root, '.home') },
    signal: new AbortController().signal,
  });
  return { verdict, tool, tops };
}

/** Used before it is declared, by the names of the files. */
const DESIGN = {
  'src/a_top.vhd':
    'use work.z_types.all; entity a_top is port (a : in byte; q : out byte); end; architecture r of a_top is begin u : entity work.leaf port map (a, q); end;',
  'src/leaf.vhdl':
    'use work.z_types.all; entity leaf is port (a : in byte; q : out byte); end; architecture r of leaf is begin q <= a + STEP; end;',
  'src/z_types.vhd': 'package z_types is subtype byte is integer range 0 to 255; constant STEP : byte := 2; end;',
};
const bench = (end: string): Record<string, string> => ({
  ...DESIGN,
  'tb/tb_top.vhd': `use work.z_types.all; library std; use std.env.all;
entity tb_top is end; architecture sim of tb_top is signal a : byte := 1; signal q : byte;
begin dut : entity work.a_top port map (a, q); process begin wait for 10 ns; ${end} end process; end;`,
});

test('lint takes every unit in its order', async () =>
  expect(await run('lint', DESIGN)).toEqual({ verdict: 'pass', tool: 'ghdl', tops: ['a_top'] }));

test.each([
  ['a word at its end', 'assert q = 3 report "FAIL"; report "PASS"; wait;', 'pass'],
  ['an assertion that fails', 'assert q = 4 report "q is wrong" severity error; wait;', 'fail'],
  ['finish of std.env', 'assert q = 3 severity failure; finish;', 'pass'],
  ['nothing at all', 'wait;', 'unknown'],
])('a bench with %s', async (_name, end, verdict) =>
  expect(await run('simulate', bench(end))).toEqual({ verdict, tool: 'ghdl', tops: ['tb_top'] }),
);
