// Contract validation of a finished run: "it ran" is not "it is good". Outputs must exist, hold something and satisfy
// their checks.
import { lstat, realpath } from 'node:fs/promises';
import path from 'node:path';
import type { OutputCheck, OutputSpec, SkillContract } from '@genrtl/contracts/skill-contract.ts';
import { compileSchema } from './contract-check.ts';
import { SkillFault } from './fault.ts';
import { readJsonReport } from './json-report.ts';
import { sha256OfFile } from './parameters.ts';
import { parseReportNumber, reportLines } from './report-lines.ts';
import type { RunDir } from './run-dir.ts';

export interface ValidatedOutput {
  readonly path: string;
  readonly size_bytes: number;
  readonly sha256: string;
}

/** Null when the check holds, else what is wrong. */
async function checkFault(file: string, check: OutputCheck): Promise<string | null> {
  if (check.type === 'json_schema') {
    try {
      const validate = compileSchema(check.schema);
      const report = await readJsonReport(file);
      if (validate(report.value)) return null;
      const [first] = validate.errors ?? [];
      return `does not satisfy its schema at ${first?.instancePath || '/'}: ${first?.message ?? ''}`;
    } catch (error) {
      return `is no readable JSON: ${(error as Error).message}`;
    }
  }
  const pattern = new RegExp(check.pattern);
  for await (const line of reportLines(file)) {
    const match = pattern.exec(line.text);
    if (!match) continue;
    if (check.type === 'regex')
      return check.absent
        ? `line ${line.number} matches /${check.pattern}/, which must not occur: ${line.text.trim().slice(0, 200)}`
        : null;
    const value = parseReportNumber(match[1] ?? '');
    if (value === null) return `line ${line.number}: '${match[1] ?? ''}' is no number`;
    if (check.min !== undefined && value < check.min) return `line ${line.number}: ${value} is below ${check.min}`;
    if (check.max !== undefined && value > check.max) return `line ${line.number}: ${value} is above ${check.max}`;
    return null;
  }
  return check.type === 'regex' && check.absent ? null : `has no line that matches /${check.pattern}/`;
}

async function validateOne(dir: RunDir, spec: OutputSpec, required: boolean): Promise<ValidatedOutput | null> {
  const file = path.join(dir.root, spec.path);
  const info = await lstat(file).catch(() => null);
  if (info === null) {
    if (!required) return null;
    throw new SkillFault('OUTPUT_MISSING', `${spec.path} does not exist.`, ['reports']);
  }
  // a link would let evidence lie outside the run directory
  const real = await realpath(file).catch(() => '');
  if (!info.isFile() || real !== path.join(await realpath(dir.root), spec.path))
    throw new SkillFault('OUTPUT_INVALID', `${spec.path} is no regular file of the run directory.`, [spec.path]);
  if (spec.non_empty && info.size === 0) throw new SkillFault('OUTPUT_EMPTY', `${spec.path} is empty.`, [spec.path]);
  for (const check of spec.checks) {
    const fault = await checkFault(file, check);
    if (fault !== null) throw new SkillFault('OUTPUT_INVALID', `${spec.path} ${fault}.`, [spec.path]);
  }
  return { path: spec.path, size_bytes: info.size, sha256: await sha256OfFile(file) };
}

/** Throws OUTPUT_MISSING, OUTPUT_EMPTY or OUTPUT_INVALID for the first output at fault, in the contract's order. */
export async function validateOutputs(dir: RunDir, contract: SkillContract): Promise<ValidatedOutput[]> {
  const outputs: ValidatedOutput[] = [];
  for (const [group, required] of [
    ['required', true],
    ['optional', false],
  ] as const) {
    for (const spec of contract.outputs[group]) {
      const output = await validateOne(dir, spec, required);
      if (output !== null) outputs.push(output);
    }
  }
  return outputs;
}
