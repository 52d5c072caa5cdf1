// How a skill job fails: an exception that carries its class of the taxonomy and the evidence that shows it.
import { GenrtlError } from '@genrtl/contracts';
import { SKILL_FAILURES, type SkillErrorType } from '@genrtl/contracts/skill-failures.ts';
import type { SkillFailure, SkillState } from '@genrtl/contracts/skill-run.ts';
import { diskTrouble } from '@genrtl/disk/disk-trouble.ts';

export class SkillFault extends Error {
  readonly type: SkillErrorType;
  /** paths relative to the run directory, most telling first */
  readonly evidence: readonly string[];

  constructor(type: SkillErrorType, message: string, evidence: readonly string[] = [], cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'SkillFault';
    this.type = type;
    this.evidence = evidence;
  }
}

/** Any thrown value as a fault: file-system errors by their code, everything unforeseen as INTERNAL. */
export function asSkillFault(error: unknown): SkillFault {
  if (error instanceof SkillFault) return error;
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof GenrtlError && error.code === 'DISK_FULL')
    return new SkillFault('DISK_FULL', message, [], error);
  if (error instanceof GenrtlError && error.code === 'WORKSPACE_READ_ONLY')
    return new SkillFault('RUN_DIR_FAIL', message, [], error);
  const trouble = diskTrouble(error);
  const type = trouble === null ? 'INTERNAL' : trouble === 'full' ? 'DISK_FULL' : 'RUN_DIR_FAIL';
  return new SkillFault(type, message, ['session/supervisor.log'], error);
}

/** The manifest's record of a fault; the hint is the taxonomy's cause and first place to look. */
export function failureRecord(fault: SkillFault, state: SkillState): SkillFailure {
  const entry = SKILL_FAILURES[fault.type];
  return {
    error_type: fault.type,
    state,
    message: fault.message,
    hint: `${entry.cause} Look at ${entry.look}.`,
    evidence_paths: [...fault.evidence],
  };
}
