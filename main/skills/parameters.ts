// A skill's parameters: checked against its JSON Schema, defaults filled in, input files resolved and hashed.
import { createHash } from 'node:crypto';
import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { GenrtlError } from '@genrtl/contracts';
import { regularChunks } from '@genrtl/disk/regular-file.ts';
import { readFilelists } from '@genrtl/eda/runner/filelist.ts';
import { compileSchema } from './contract-check.ts';
import { SkillFault } from './fault.ts';
import { tclWord, type TclValue } from './tcl-text.ts';

export async function sha256OfFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of regularChunks(file)) hash.update(chunk);
  return hash.digest('hex');
}

export interface CheckedParameters {
  /** in the schema's order; input files as absolute real paths */
  readonly values: Readonly<Record<string, TclValue>>;
  readonly inputs: Readonly<Record<string, string>>;
}

interface PropertySchema {
  readonly format?: unknown;
  readonly items?: { readonly format?: unknown };
}

/** What kind of path a parameter holds, alone or in a list; null for values that are none. */
export function pathFormatOf(
  schema: Readonly<Record<string, unknown>>,
  name: string,
): 'input-file' | 'filelist' | 'folder' | null {
  const properties = (schema['properties'] ?? {}) as Readonly<Record<string, PropertySchema>>;
  const format = properties[name]?.format ?? properties[name]?.items?.format;
  return format === 'input-file' || format === 'filelist' || format === 'folder' ? format : null;
}

/** Folders that the parameters name. */
export function foldersOf(
  schema: Readonly<Record<string, unknown>>,
  values: Readonly<Record<string, unknown>>,
): string[] {
  return Object.entries(values)
    .filter(([name]) => pathFormatOf(schema, name) === 'folder')
    .flatMap(([, value]) => listOf(value).map(String));
}

async function resolveFile(name: string, given: unknown, cwd: string, inputs: Record<string, string>): Promise<string> {
  const text = String(given);
  const file = await realpath(path.resolve(cwd, text)).catch(() => null);
  if (file === null || !(await stat(file)).isFile())
    throw new SkillFault(
      'PARAMETER_INVALID',
      `${name}: the file ${text} ${file === null ? 'does not exist' : 'is no regular file'}.`,
      ['job_manifest.json'],
    );
  inputs[file] ??= await sha256OfFile(file);
  return file;
}

async function resolveFolder(name: string, given: unknown, cwd: string): Promise<string> {
  const folder = await realpath(path.resolve(cwd, String(given))).catch(() => null);
  if (folder === null || !(await stat(folder)).isDirectory())
    throw new SkillFault('PARAMETER_INVALID', `${name}: the folder ${String(given)} does not exist.`, [
      'job_manifest.json',
    ]);
  return folder;
}

const listOf = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value];

/** Sources, include folders and defines of all file lists, before what is given beside them. */
async function expandFilelists(
  schema: Readonly<Record<string, unknown>>,
  filled: Record<string, unknown>,
  cwd: string,
): Promise<void> {
  const properties = (schema['properties'] ?? {}) as Readonly<Record<string, PropertySchema>>;
  const lists = Object.keys(properties)
    .filter((name) => pathFormatOf(schema, name) === 'filelist')
    .flatMap((name) => listOf(filled[name]).map(String));
  if (lists.length === 0) return;
  const found = await readFilelists(cwd, lists).catch((error: unknown) => {
    throw error instanceof GenrtlError
      ? new SkillFault('PARAMETER_INVALID', error.message, ['job_manifest.json'], error)
      : error;
  });
  const defines = Object.entries(found.defines).map(([name, value]) => (value === null ? name : `${name}=${value}`));
  for (const [name, values] of [
    ['sources', found.sources],
    ['include_dirs', found.includeDirs],
    ['defines', defines],
  ] as const) {
    if (values.length === 0) continue;
    if (!Object.hasOwn(properties, name))
      throw new SkillFault('PARAMETER_INVALID', `The file lists name ${name}, for which the skill has no parameter.`, [
        'job_manifest.json',
      ]);
    filled[name] = [...values, ...listOf(filled[name])];
  }
}

function isTclValue(value: unknown): value is TclValue {
  if (value === null || ['string', 'number', 'boolean'].includes(typeof value)) return true;
  return Array.isArray(value) && value.every(isTclValue);
}

/** Throws SkillFault PARAMETER_INVALID naming every parameter at fault. */
export async function checkParameters(
  schema: Readonly<Record<string, unknown>>,
  given: Readonly<Record<string, unknown>>,
  cwd: string,
): Promise<CheckedParameters> {
  const filled: Record<string, unknown> = structuredClone({ ...given });
  const validate = compileSchema(schema);
  if (!validate(filled)) {
    const faults = (validate.errors ?? []).map((error) => {
      const name = error.instancePath.slice(1).replaceAll('/', '.');
      const extra =
        error.keyword === 'additionalProperties'
          ? ` (${String((error.params as { additionalProperty: unknown }).additionalProperty)})`
          : '';
      return `${name === '' ? '' : `${name} `}${error.message ?? error.keyword}${extra}`;
    });
    throw new SkillFault('PARAMETER_INVALID', `Parameters: ${faults.join('; ')}.`, [
      'job_manifest.json',
      'contract.json',
    ]);
  }
  await expandFilelists(schema, filled, cwd);
  const properties = (schema['properties'] ?? {}) as Readonly<Record<string, PropertySchema>>;
  const inputs: Record<string, string> = {};
  const values: Record<string, TclValue> = {};
  const names = [
    ...Object.keys(properties),
    ...Object.keys(filled)
      .filter((name) => !Object.hasOwn(properties, name))
      .sort(),
  ];
  for (const name of names) {
    let value = filled[name];
    if (value === undefined) continue;
    const format = pathFormatOf(schema, name);
    if (format !== null) {
      const resolve = (each: unknown): Promise<string> =>
        format === 'folder' ? resolveFolder(name, each, cwd) : resolveFile(name, each, cwd, inputs);
      value = Array.isArray(value) ? await Promise.all(value.map(resolve)) : await resolve(value);
    }
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) || !isTclValue(value))
      throw new SkillFault('PARAMETER_INVALID', `${name}: only plain values and lists can be given to Tcl.`);
    try {
      tclWord(value);
    } catch (error) {
      throw new SkillFault('PARAMETER_INVALID', `${name}: ${(error as Error).message}.`);
    }
    values[name] = value;
  }
  return { values, inputs };
}
