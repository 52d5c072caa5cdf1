// The parameter sets that a package is verified at: `tb/parameter_sets.json`, part of the package.
import { GenrtlError } from '@genrtl/contracts';
import { z } from 'zod';
import type { PackageSource } from '../package-source.ts';

export const PARAMETER_SETS_FILE = 'tb/parameter_sets.json';

const ParameterSets = z.strictObject({
  schema_version: z.literal(1),
  parameter_sets: z
    .array(
      z.strictObject({
        name: z.string().min(1).max(80),
        /**
         * overrides of the bench's parameters as literals, strings in quotes; the first set is the default and has none
         */
        parameters: z.record(z.string().regex(/^[A-Za-z_]\w*$/), z.string().regex(/^([\w'+-]+|"[\w./-]*")$/)),
      }),
    )
    .min(1)
    .max(20),
});
export type ParameterSet = z.infer<typeof ParameterSets>['parameter_sets'][number];

/** Throws CBB_GATE_FAILED when the file is missing or wrong. */
export function readParameterSets(source: PackageSource): ParameterSet[] {
  const file = source.files.find(({ path }) => path === PARAMETER_SETS_FILE);
  const refuse = (what: string): GenrtlError =>
    new GenrtlError('CBB_GATE_FAILED', `${source.manifest.cbb_id}: ${PARAMETER_SETS_FILE} ${what}.`);
  if (file === undefined) throw refuse('is missing');
  let json: unknown;
  try {
    json = JSON.parse(file.bytes.toString('utf8'));
  } catch {
    throw refuse('is not JSON');
  }
  const parsed = ParameterSets.safeParse(json);
  if (!parsed.success) throw refuse(`is invalid at ${parsed.error.issues[0]?.path.join('.') ?? 'its root'}`);
  return parsed.data.parameter_sets;
}

/** The default and at least two more; a package without parameters has only the one. */
export function parameterSetFindings(source: PackageSource, sets: readonly ParameterSet[]): string[] {
  const { parameters } = source.manifest;
  const findings: string[] = [];
  if (Object.keys(sets[0]?.parameters ?? {}).length > 0)
    findings.push('the first parameter set must be the default, without overrides');
  const distinct = new Set(sets.map((set) => JSON.stringify(Object.entries(set.parameters).sort())));
  if (distinct.size < sets.length) findings.push('two parameter sets are equal');
  if (parameters.length > 0 && distinct.size < 3)
    findings.push('at least two parameter sets beside the default are needed');
  for (const parameter of parameters) {
    const used = new Set(sets.map((set) => set.parameters[parameter.name] ?? parameter.default));
    if (used.size < 2) findings.push(`no parameter set changes ${parameter.name}`);
  }
  return findings;
}
