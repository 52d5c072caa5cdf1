// Whether a skill's contract and metrics are legal beyond their shape. Pure: one list of findings, none thrown.
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormatsModule from 'ajv-formats';
import safeRegex from 'safe-regex2';
import type { MetricSpec, OutputSpec, SkillContract } from '@genrtl/contracts/skill-contract.ts';
import { DB_FORMS } from './db-forms.ts';
import { HOSTS } from './hosts.ts';

// CommonJS default export under NodeNext
const addFormats = addFormatsModule.default;

// One instance for all: its own meta-schema takes longer to compile than any skill's schema. Paths are judged where
// files are at hand.
const ajv = new Ajv2020({
  allErrors: true,
  strict: true,
  strictTypes: false,
  strictRequired: false,
  useDefaults: true,
});
addFormats(ajv);
for (const format of ['input-file', 'filelist', 'folder']) ajv.addFormat(format, true);

const compiled = new WeakMap<object, ValidateFunction>();

/**
 * A validator of a JSON Schema (2020-12); it fills in defaults. Throws Error for a schema that is none. Kept as long as
 * the schema lives.
 */
export function compileSchema(schema: Readonly<Record<string, unknown>>): ValidateFunction {
  const known = compiled.get(schema);
  if (known) return known;
  try {
    const validate = ajv.compile(schema);
    compiled.set(schema, validate);
    return validate;
  } finally {
    ajv.removeSchema(schema);
  }
}

export interface ContractFinding {
  /** place in the file, e.g. ["outputs", "required", 0, "path"] */
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** Plain relative path below reports/: no `..`, no `.`, no absolute path, no backslash, no control character. */
export function isReportPath(text: string): boolean {
  const parts = text.split('/');
  return (
    parts.length >= 2 && parts[0] === 'reports' && parts.every((part) => /^[A-Za-z0-9_][A-Za-z0-9_.+-]*$/.test(part))
  );
}

function patternFault(pattern: string, groups: 0 | 1): string | null {
  let groupCount: number;
  try {
    groupCount = (new RegExp(`${pattern}|`).exec('')?.length ?? 1) - 1;
  } catch (error) {
    return `the pattern is no regular expression: ${(error as Error).message}`;
  }
  if (!safeRegex(pattern)) return 'the pattern can take exponential time: avoid a repetition inside a repetition';
  if (groups === 1 && groupCount < 1) return 'the pattern needs one group around the value';
  return null;
}

/** Error lines that no skill can know of: a pattern that covers one of them covers any error. */
const UNKNOWN_ERRORS = [
  '',
  'Error: qz7 failed 4711',
  'Error 4711: qz7.sdc line 3, qz7',
  'Warning: qz7.sdc, 3 qz7 not found.',
  'ERROR: qz7 4711',
  'qz7.v:3: ERROR: qz7',
  '**ERROR: (QZ-4711):\tqz7',
  '**WARN: (QZ-4711): qz7',
  "Cell qz7 couldn't be read",
  'Call to undefined subcircuit qz7',
];

function blanketFault(pattern: string): string | null {
  const regex = new RegExp(pattern);
  return UNKNOWN_ERRORS.some((line) => regex.test(line))
    ? 'the pattern covers errors that nobody foresaw: name the one that is meant'
    : null;
}

function schemaFault(schema: Record<string, unknown>): string | null {
  try {
    compileSchema(schema);
    return null;
  } catch (error) {
    return `not a JSON Schema: ${(error as Error).message}`;
  }
}

function checkOutput(spec: OutputSpec, at: readonly (string | number)[]): ContractFinding[] {
  const findings: ContractFinding[] = [];
  if (!isReportPath(spec.path))
    findings.push({ path: [...at, 'path'], message: `'${spec.path}' is not a plain path below reports/` });
  spec.checks.forEach((check, index) => {
    const place = [...at, 'checks', index];
    if (check.type === 'json_schema') {
      const fault = schemaFault(check.schema);
      if (fault) findings.push({ path: [...place, 'schema'], message: fault });
      return;
    }
    const fault = patternFault(check.pattern, check.type === 'range' ? 1 : 0);
    if (fault) findings.push({ path: [...place, 'pattern'], message: fault });
    if (check.type === 'range' && check.min === undefined && check.max === undefined)
      findings.push({ path: place, message: 'a range needs min or max' });
  });
  return findings;
}

export function checkContract(contract: SkillContract): ContractFinding[] {
  const findings: ContractFinding[] = [];
  if (contract.outputs.required.length === 0)
    findings.push({ path: ['outputs', 'required'], message: 'at least one required output is needed' });
  const seen = new Set<string>();
  for (const group of ['required', 'optional'] as const) {
    contract.outputs[group].forEach((spec, index) => {
      findings.push(...checkOutput(spec, ['outputs', group, index]));
      if (seen.has(spec.path))
        findings.push({ path: ['outputs', group, index, 'path'], message: `'${spec.path}' is named twice` });
      seen.add(spec.path);
    });
  }
  if (!/^templates\/[A-Za-z0-9_][A-Za-z0-9_.-]*\.tcl$/.test(contract.template))
    findings.push({ path: ['template'], message: 'the template must be a .tcl file in templates/' });
  const { database } = contract;
  database?.forms.forEach((form, index) => {
    if (!HOSTS[contract.host].forms.includes(form))
      findings.push({ path: ['database', 'forms', index], message: `${contract.host} has no database form '${form}'` });
  });
  database?.not_asserted.forEach(({ assertion }, index) => {
    const known = database.forms.some((form) => Object.hasOwn(DB_FORMS[form].assertions, assertion));
    if (!known)
      findings.push({
        path: ['database', 'not_asserted', index],
        message: `${database.forms.join(', ')}: '${assertion}' is not asserted anyway`,
      });
  });
  contract.allowed_log_lines.forEach(({ pattern }, index) => {
    const message = patternFault(pattern, 0) ?? blanketFault(pattern);
    if (message) findings.push({ path: ['allowed_log_lines', index, 'pattern'], message });
  });
  const properties = (contract.parameters['properties'] ?? {}) as Readonly<Record<string, unknown>>;
  contract.one_of.forEach((name, index) => {
    if (name === 'database' ? database === null : !Object.hasOwn(properties, name))
      findings.push({ path: ['one_of', index], message: `'${name}' is no parameter, nor the database` });
  });
  const fault = schemaFault(contract.parameters);
  if (fault) findings.push({ path: ['parameters'], message: fault });
  else if (contract.parameters['type'] !== 'object')
    findings.push({ path: ['parameters', 'type'], message: 'parameters must be a schema of type object' });
  return findings;
}

export function checkMetrics(metrics: readonly MetricSpec[], contract: SkillContract): ContractFinding[] {
  const findings: ContractFinding[] = [];
  const declared = new Set([...contract.outputs.required, ...contract.outputs.optional].map((output) => output.path));
  const names = new Set<string>();
  metrics.forEach((metric, index) => {
    const at = ['metrics', index];
    if (names.has(metric.name))
      findings.push({ path: [...at, 'name'], message: `metric '${metric.name}' is defined twice` });
    names.add(metric.name);
    if (!declared.has(metric.report))
      findings.push({ path: [...at, 'report'], message: `'${metric.report}' is no output of the contract` });
    if ('pattern' in metric) {
      const message = patternFault(metric.pattern, metric.pick === 'count' ? 0 : 1);
      if (message) findings.push({ path: [...at, 'pattern'], message });
    }
  });
  return findings;
}
