// Git submodules whose folders are empty.
import { expect, it } from 'vitest';
import { absentSubmodules, submoduleNotes } from './submodules.ts';
import { importProject } from './index.ts';
import { messages } from './in-memory.ts';

const GITMODULES = `[submodule "axi"]
	path = vendor/axi
	url = https://example.org/axi.git
[submodule "x y"]
	path = "vendor/x y/"
[submodule "here"]
  path=vendor/here
`;

it('are those without a file below them', () => {
  const absent = absentSubmodules(GITMODULES, ['rtl/a.sv', 'vendor/axis/a.sv', 'vendor/here/b.sv']);
  expect(absent).toEqual(['vendor/axi', 'vendor/x y']);
  expect(submoduleNotes(absent)).toMatchObject([
    { severity: 'warning', message: expect.stringMatching(/^2 git submodules/) as string },
  ]);
  expect(submoduleNotes([])).toEqual([]);
});

it('files of theirs are not said to be missing one by one', async () => {
  const found = await importProject({
    files: ['Bender.yml', 'a.sv'],
    read: () => Promise.resolve('package: { name: t }\nsources: [a.sv, vendor/axi/b.sv, c.sv]'),
    absent: ['vendor/axi'],
  });
  expect(found?.rtl.files).toEqual(['a.sv']);
  expect(found === null ? '' : messages(found)).toBe('c.sv is named and is not there.');
});
