// What was imported, as the text of a project file with the comments that tell a person what each part is.
import { stringify } from 'yaml';
import type { ToolId } from '@genrtl/contracts';
import type { Imported, ImportedSet } from './imported.ts';

export interface ProjectChoices {
  readonly lint: ToolId;
  /** null: there is no testbench to run */
  readonly sim: ToolId | null;
}

export function projectText(found: Imported, { lint, sim }: ProjectChoices): string {
  const from = found.from === null ? 'the folders' : found.from;
  const parts = [
    `# What this project is made of, and what verifies it. Made from ${from}; docs/project-file.md explains every field.`,
    'version: 1',
    found.top === null
      ? '# top: the module that nobody instantiates, where there are several'
      : stringify({ top: found.top }).trim(),
    setText('rtl', found.rtl),
    setText('tb', found.tb),
    ...(Object.keys(found.variables).length === 0 ? [] : [stringify({ variables: found.variables }).trim()]),
    '# edit: what patches may touch; default: the files of rtl and tb\n# read_only: ["rtl/vendor/**"]\n# hidden: ["**/*.pem"]   # never leaves the machine',
    [
      'checks:',
      `  - { name: lint, lint: ${lint} }`,
      ...(sim === null ? [] : [`  - { name: sim, sim: ${sim} }`]),
      '  # an own flow: it runs only after you trusted exactly this command',
      '  # - { name: smoke, command: [make, sim], cwd: dv, results: build/results.xml, pass: "TEST PASSED" }',
    ].join('\n'),
  ];
  return `${parts.join('\n')}\n`;
}

function setText(name: 'rtl' | 'tb', set: ImportedSet): string {
  const value: Record<string, unknown> = {};
  const inLibraries = new Set(Object.values(set.libraries).flat());
  const files = set.files.filter((file) => !inLibraries.has(file));
  if (files.length > 0) value['files'] = files;
  if (set.filelists.length > 0)
    value['filelists'] = set.filelists.map(({ file, folder }) => (folder === '.' ? file : { file, folder }));
  if (set.include_dirs.length > 0) value['include_dirs'] = set.include_dirs;
  if (Object.keys(set.defines).length > 0) value['defines'] = set.defines;
  if (inLibraries.size > 0) value['libraries'] = set.libraries;
  return stringify({ [name]: Object.keys(value).length === 0 ? {} : value }, { lineWidth: 0 }).trim();
}
