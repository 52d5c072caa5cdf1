// genrtl.yaml: what it may say, and where it says something else.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { projectSchema } from './json-schema.ts';
import { readProjectText, readWaiverText } from './read-project.ts';

const PAGE = `version: 1
top: soc_top                  # else the only module that nobody instantiates; several: asked for
rtl: { files: ["rtl/**/*.sv"], filelists: [scripts/rtl.f], include_dirs: [rtl/include], defines: { SYNTH: "1" } }
tb:  { files: ["dv/**/*.sv"], filelists: [], include_dirs: [], defines: {} }
edit: ["rtl/**", "dv/**"]     # what patches may touch; default: the files of rtl and tb inside the workspace
read_only: ["rtl/vendor/**"]
hidden: ["**/*.pem", "keys/**"]   # never leaves the machine; .genrtlignore adds to it
checks:                       # what verifies, in order; default: lint, then every bench of tb
  - { name: lint, lint: verilator, waivers: lint/waivers.yaml }
  - { name: smoke, command: [make, sim, TEST=smoke], cwd: dv, log: build/smoke.log, parser: questa, results: build/results.xml, pass: "TEST PASSED", timeout_s: 900 }
waive: ["output:spare=not bonded out"]
min_strength: 0.8
`;

/** `line:column message` of each finding. */
function faults(text: string): string[] {
  const read = readProjectText(text);
  return read.ok ? [] : read.diagnostics.map(({ line, column, message }) => `${line}:${column} ${message}`);
}

it('reads the file of the documentation', () => {
  const read = readProjectText(PAGE);
  expect(read).toMatchObject({
    ok: true,
    value: {
      top: 'soc_top',
      rtl: { defines: { SYNTH: '1' } },
      checks: [{ lint: 'verilator' }, { command: ['make', 'sim', 'TEST=smoke'], parser: 'questa' }],
      waive: [{ kind: 'output', name: 'spare', reason: 'not bonded out' }],
    },
  });
});

it('an empty file of version 1 is a project', () => {
  expect(readProjectText('version: 1\n').ok).toBe(true);
  expect(faults('')).toEqual(['1:1 version: Invalid input: expected 1.']);
});

it.each([
  ['version: 1\nrtl: { file: [] }\n', ['2:8 rtl.file is no field that genRTL knows.']],
  ['version: 1\nrtl:\n  files: rtl/a.sv\n', ['3:10 rtl.files: Invalid input: expected array, received string.']],
  ['version: 1\nrtl: { defines: { "a b": 1 } }\n', ['2:19 rtl.defines.a b: is no macro name.']],
  ['version: 1\nchecks:\n  - { name: a }\n', ['3:5 checks.0: needs one of lint, sim and command.']],
  [
    'version: 1\nchecks:\n  - { name: a, lint: verilator, sim: icarus }\n',
    ['3:38 checks.0.sim: has lint and sim: one is right.'],
  ],
  ['version: 1\nchecks:\n  - { name: a, lint: spyglass }\n', ['3:22 checks.0.lint: ']],
  ['version: 1\nchecks:\n  - { name: a, lint: iverilog, cwd: x }\n', ['3:37 checks.0.cwd: belongs to command checks.']],
  [
    'version: 1\nchecks:\n  - name: a\n    command: [make]\n',
    ['4:14 checks.0.command: needs results, pass or parser: an exit code alone proves nothing.'],
  ],
  [
    'version: 1\nchecks:\n  - { name: a, lint: verilator }\n  - { name: a, lint: yosys }\n',
    ['4:13 checks.1.name: two checks are named a.'],
  ],
  ['version: 1\nwaive: ["output:spare="]\n', ['2:9 waive.0: ']],
  ['version: 1\nrtl: [\n', ['3:1 ']],
  ['version: 1\ntop: a\ntop: b\n', ['3:1 Map keys must be unique.']],
  ['version: 1\nrtl: &a { files: [*a] }\n', ['']],
])('%j is refused where it is wrong', (text, expected) => {
  const found = faults(text);
  expect(found).toHaveLength(expected.length);
  for (const [at, start] of expected.entries()) expect(found[at]).toContain(start);
});

it('waivers need a reason and something to hold on to', () => {
  const of = (entry: string) => readWaiverText(`waivers:\n  - ${entry}\n`, 'lint/waivers.yaml');
  expect(of('{ code: UNUSED, reason: later, owner: ann, expires: 2027-03-31, line: [3, 9] }')).toMatchObject({
    ok: true,
    value: { waivers: [{ expires: '2027-03-31', line: [3, 9] }] },
  });
  for (const entry of ['{ code: UNUSED }', '{ reason: all }', '{ code: X, reason: r, expires: tomorrow }'])
    expect(of(entry)).toMatchObject({ ok: false, diagnostics: [{ file: 'lint/waivers.yaml', line: 2 }] });
});

it('the published schema is the one that is read', () => {
  const published = readFileSync(path.join(import.meta.dirname, '../../docs/genrtl.schema.json'), 'utf8');
  expect(JSON.parse(published), 'core/project/json-schema.ts says how to write it anew').toEqual(
    JSON.parse(JSON.stringify(projectSchema())),
  );
});
