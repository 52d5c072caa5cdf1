// What `project init` writes for whole folders: the tools that fit the design, and what git has not brought yet.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { initProject } from './init.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'genrtl-init-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function made(texts: Readonly<Record<string, string>>) {
  for (const [file, text] of Object.entries(texts)) {
    await mkdir(path.dirname(path.join(root, file)), { recursive: true });
    await writeFile(path.join(root, file), text);
  }
  return initProject(root, null);
}

it.each([
  [
    'VHDL that a list names, with a bench of Verilog beside it',
    { 'rtl/l.f': '$X/rtl/a.vhd\n', 'rtl/a.vhd': '' },
    'ghdl',
  ],
  [
    'Verilog that a list names, with a model of VHDL elsewhere',
    { 'rtl/l.f': 'a.v\n', 'rtl/a.v': '', 'pkg/m.vhd': '' },
    'verilator',
  ],
  ['folders of VHDL', { 'hdl/a.vhdl': '' }, 'ghdl'],
] as const)('%s', async (_name, texts, lint) => {
  const { text } = await made({ ...texts, ...(lint === 'ghdl' ? {} : { 'tb/t.vhd': '' }), 'tb/t.v': '' });
  expect(text).toContain(`lint: ${lint} }`);
});

it('submodules that are not checked out are said', async () => {
  const { notes } = await made({ 'rtl/a.v': '', '.gitmodules': '[submodule "x"]\n\tpath = ip/x\n' });
  expect(notes.map(({ message }) => message).join()).toContain('(ip/x)');
});
