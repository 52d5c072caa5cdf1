// Macros go on from source to source, so that a design could answer what a sealed test asks for: `ifndef WANTED` with a
// default behind it. Between the two stands a source that takes those away which the job defined. Nothing else is taken:
// a test may use what the project defines.
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { lex } from '@genrtl/core/hdl/lexer.ts';
import { filesBelow } from '@genrtl/disk/files-below.ts';
import { readRegular } from '@genrtl/disk/regular-file.ts';
import { changesOfJob } from './job-changes.ts';

const DEFINES = /^`define\s+([A-Za-z_]\w*)/;
const ASKS = /^`(?:ifdef|ifndef|elsif)\s+([A-Za-z_]\w*)/;

/** A file of `folder` for the sources behind the design and before the test; null where there is nothing to take. */
export async function sealedFromMacros(
  root: string,
  jobId: string,
  test: string,
  folder: string,
): Promise<string | null> {
  const asked = await askedFor(test);
  const names = asked.size === 0 ? [] : [...(await definedByJob(root, jobId))].filter((name) => asked.has(name));
  if (names.length === 0) return null;
  await mkdir(folder, { recursive: true });
  const file = path.join(folder, 'sealed-macros.sv');
  await writeFile(
    file,
    names
      .sort()
      .map((name) => `\`undef ${name}\n`)
      .join(''),
  );
  return file;
}

/** Of the test and of the helpers beside it. */
async function askedFor(test: string): Promise<ReadonlySet<string>> {
  const include = path.join(path.dirname(test), 'include');
  const helpers = await filesBelow(include).catch(() => []);
  const texts = await Promise.all(
    [test, ...helpers.map((file) => path.join(include, file.path))].map((file) =>
      readRegular(file, 'utf8').catch(() => ''),
    ),
  );
  return new Set(texts.flatMap((text) => directives(text, ASKS).map(({ name }) => name)));
}

async function definedByJob(root: string, jobId: string): Promise<ReadonlySet<string>> {
  const { added } = await changesOfJob(root, jobId);
  const found = await Promise.all(
    [...added].map(async ([file, lines]) => {
      const text = await readRegular(path.join(root, file), 'utf8').catch(() => '');
      return directives(text, DEFINES).flatMap(({ name, line }) => (lines.has(line) ? [name] : []));
    }),
  );
  return new Set(found.flat());
}

function directives(text: string, form: RegExp): { name: string; line: number }[] {
  return lex(text).flatMap(({ kind, start, end, line }) => {
    const name = kind === 'directive' ? form.exec(text.slice(start, end))?.[1] : undefined;
    return name === undefined ? [] : [{ name, line }];
  });
}
