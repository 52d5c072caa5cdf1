// Messages from the main process to the page.
import { z } from 'zod';
import { ErrorBody } from '../error-body.ts';
import { FindingSource } from '../findings.ts';
import { JobUpdate } from '../job.ts';
import { CheckResult } from '../project.ts';
import { SkillState } from '../skill-run.ts';
import { AiPush } from './ai.ts';

export const IPC_PUSHES = {
  'job.update': z.object({ workspace: z.string(), update: JobUpdate }),
  /** a source of findings has spoken anew; with its id alone when it went */
  'findings.changed': z.object({ workspace: z.string(), source: FindingSource.or(FindingSource.pick({ id: true })) }),
  /** paths are relative to the workspace; `anywhere`: others may have changed too */
  'workspace.changed': z.object({ workspace: z.string(), paths: z.array(z.string()), anywhere: z.boolean() }),
  /** HEAD or the index of the workspace's repository changed */
  'git.changed': z.object({ workspace: z.string() }),
  /** a check began (`result` null) or ended */
  'checks.update': z.object({ workspace: z.string(), name: z.string(), result: CheckResult.nullable() }),
  'ai.event': AiPush,
  /** a thread has a new question, or its answer has ended */
  'ask.changed': z.object({ workspace: z.string(), thread_id: z.string() }),
  'terminal.data': z.object({ terminal_id: z.string(), data: z.string() }),
  'terminal.exit': z.object({ terminal_id: z.string(), code: z.number().int() }),
  'skills.event': z.object({ workspace: z.string(), job_id: z.string(), state: SkillState, message: z.string() }),
  /** somebody signed in or out; with an error: a sign-in failed */
  'account.changed': z.object({ error: ErrorBody.nullable() }),
  'backend.state': z.object({ state: z.enum(['starting', 'ready', 'down']), error: ErrorBody.nullable() }),
} as const;
