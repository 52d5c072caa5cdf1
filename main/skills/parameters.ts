// A skill's parameters: checked against its JSON Schema, defaults filled in, input files resolved and hashed.
import { createHash } from 'node:crypto';
import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { regularChunks } from '@genrtl/disk/regular-file.ts';
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

async function resolveFile(name: string, given: unknown, cwd: string, inputs: Record<string, string>): Promise<string> {
  const text = String(given);
  const file = await realpath(path.resolve(cwd, text)).catch(() => null);
  if (file === null || !(await stat(file)).isFile())
    throw new SkillFault('PARAMETER_INVALID', `${name}: the file ${text} does not exist.`, ['job_manifest.json']);
  inputs[file] ??= await sha256OfFile(file);
  return file;
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
    const property = properties[name];
    if (property?.format === 'input-file') value = await resolveFile(name, value, cwd, inputs);
    if (property?.items?.format === 'input-file' && Array.isArray(value)) {
      value = await Promise.all(value.map((each) => resolveFile(name, each, cwd, inputs)));
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
