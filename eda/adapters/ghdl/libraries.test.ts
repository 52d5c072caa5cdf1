// Libraries that depend on each other's files in turns: what GHDL analysed into one stays while it is added to.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { detectTool, runTool } from '../../runner/index.ts';
import { ghdl } from './index.ts';

const workspace = mkdtempSync(join(tmpdir(), 'genrtl-ghdl-'));
afterAll(() => rmSync(workspace, { recursive: true, force: true }));

const run = async (texts: Readonly<Record<string, string>>, libraries: Readonly<Record<string, string>> = {}) => {
  if ((await detectTool(ghdl)) === null) throw new Error('ghdl is missing: scripts/setup installs it');
  for (const [file, text] of Object.entries(texts)) writeFileSync(join(workspace, file), text);
  const { verdict, diagnostics } = await runTool({
    adapter: ghdl,
    action: 'lint',
    workspace,
    sources: Object.keys(texts),
    libraries,
    top: null,
    runDir: join(workspace, 'run'),
  });
  return [verdict, diagnostics.filter(({ severity }) => severity === 'error').map(({ message }) => message)];
};

it('core, work, core, work', async () => {
  const texts = {
    'one.vhd': 'package one is constant a : integer := 1; end;',
    'mid.vhd': 'library core; package mid is constant m : integer := core.one.a; end;',
    'two.vhd': 'package two is constant b : integer := work.one.a; end;',
    'end.vhd': 'library core; package fin is constant c : integer := core.one.a + core.two.b + work.mid.m; end;',
  };
  expect(await run(texts, { 'one.vhd': 'core', 'two.vhd': 'core' })).toEqual(['pass', []]);
});

it('what other tools take without being asked: std_logic_arith, shared variables of any type', async () => {
  const texts = {
    'old.vhd': `library ieee; use ieee.std_logic_1164.all; use ieee.std_logic_arith.all; use ieee.std_logic_unsigned.all;
entity old is port (a : in std_logic_vector(3 downto 0); q : out std_logic_vector(3 downto 0)); end;
architecture rtl of old is shared variable seen : integer := 0; begin q <= a + 1; end;`,
  };
  expect(await run(texts)).toEqual(['pass', []]);
});
