// Formatting through the worker as the page asks for it: with the tool where it is, else by indentation; and the other
// questions that only the worker answers.
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { formatSource } from './format.ts';
import { Languages } from './languages.ts';
import { Sources } from './workspace.fixture.ts';

const sources = new Sources({
  'top.sv': 'module top (input logic a);\n  leaf u_leaf (.b(a));\nendmodule\n',
  'leaf.sv': 'module leaf (input logic b);\nendmodule\n',
});
const languages = new Languages();
afterAll(async () => {
  await languages.close();
  sources.remove();
});
const request = { path: 'rtl/x.sv', text: 'module m;\nassign a = b;\nendmodule\n', tabSize: 4, insertSpaces: true };

test('without Verible by indentation, with the person’s step', async () => {
  const env = { PATH: path.join(sources.root, 'nothing') };
  expect(await formatSource(languages, env, request)).toEqual({
    text: 'module m;\n    assign a = b;\nendmodule\n',
    by: 'genrtl',
  });
  expect((await formatSource(languages, env, { ...request, insertSpaces: false })).text).toContain('\n\tassign');
});

test('a text that does not parse, and VHDL, are refused', async () => {
  const env = { PATH: '' };
  await expect(formatSource(languages, env, { ...request, text: 'module m;\nbegin\nendmodule' })).rejects.toMatchObject(
    {
      code: 'REQUEST_INVALID',
      message: expect.stringContaining('line 2') as string,
    },
  );
  await expect(formatSource(languages, env, { ...request, path: 'x.vhd' })).rejects.toMatchObject({
    code: 'REQUEST_INVALID',
  });
});

test('with Verible what it prints; its reason when it cannot', async () => {
  const tools = path.join(sources.root, 'tools');
  mkdirSync(tools);
  const tool = path.join(tools, 'verible-verilog-format');
  const env = { PATH: `${tools}:/usr/bin:/bin` };
  // the last argument is the file, the step comes as a flag
  writeFileSync(tool, '#!/bin/sh\nfor last; do :; done\necho "// $3 $(basename "$last")"\ncat "$last"\n');
  chmodSync(tool, 0o755);
  expect(await formatSource(languages, env, request)).toEqual({
    text: `// ./x.sv x.sv\n${request.text}`,
    by: 'verible',
  });
  writeFileSync(tool, '#!/bin/sh\necho "x.sv:2:1: syntax error" >&2\nexit 1\n');
  await expect(formatSource(languages, env, request)).rejects.toMatchObject({
    code: 'REQUEST_INVALID',
    hint: 'x.sv:2:1: syntax error',
  });
});

test('the worker knows every question', async () => {
  const at = { path: 'top.sv', line: 2, column: 3 };
  expect(await languages.ask('named', sources.root, at)).toMatchObject({ name: 'leaf', places: [{ path: 'leaf.sv' }] });
  expect(await languages.ask('locate', sources.root, [['top', 'u_leaf', 'b']])).toMatchObject([{ unit: 'leaf' }]);
  expect(await languages.ask('hierarchyPath', sources.root, 'leaf')).toMatchObject([
    { name: 'top' },
    { name: 'u_leaf' },
  ]);
  expect((await languages.ask('outline', sources.root, 'top.sv')).problems).toEqual([]);
});
