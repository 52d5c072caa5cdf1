// Calls of the page: the project file and the checks that verify the project.
import { z } from 'zod';
import { Diagnostic } from '../diagnostic.ts';
import { CheckResult, CheckView, LiveLint, PatchRules, ProjectView } from '../project.ts';
import { call, None } from './call.ts';

const OfWorkspace = z.object({ workspace: z.string() });

export const CHECKS_CALLS = {
  'project.show': call(OfWorkspace, ProjectView),
  /** what may be the design's top, the project's own first; the files that hold the design; what patches may touch */
  'project.tops': call(
    OfWorkspace,
    z.object({ tops: z.array(z.string()), rtl: z.array(z.string()), rules: PatchRules }),
  ),
  /** writes genrtl.yaml from other tools' projects or the folders; PROJECT_EXISTS where there is one */
  'project.init': call(OfWorkspace, z.object({ from: z.string().nullable(), notes: z.array(Diagnostic) })),
  /** the checks in their order, the last result of each, and which are running now */
  'checks.list': call(
    OfWorkspace,
    z.object({
      /** null: no project file */
      file: z.string().nullable(),
      checks: z.array(CheckView),
      last: z.array(CheckResult),
      running: z.array(z.string()),
    }),
  ),
  /** the newest first */
  'checks.history': call(
    z.object({ workspace: z.string(), name: z.string() }),
    z.object({ results: z.array(CheckResult) }),
  ),
  /**
   * runs some or all (`names` empty), one after the other; PROJECT_UNTRUSTED before anything ran, BUSY while others of
   * the workspace run
   */
  'checks.run': call(
    z.object({ workspace: z.string(), names: z.array(z.string()), accept_unconfined: z.boolean().optional() }),
    z.object({ results: z.array(CheckResult) }),
  ),
  'checks.stop': call(OfWorkspace, None),
  /**
   * the project's linter on what is being typed: `texts` stand above the disk, nothing is written to the workspace, and
   * no finding of a run is touched. CANCELLED by a newer call of the workspace and by `checks.stop_live`; NOT_FOUND: no
   * list of the project has the file; TOOL_MISSING, TOOL_TIMEOUT, TOOL_FAILED, CONFINEMENT_UNAVAILABLE
   */
  'checks.live': call(
    z.object({
      workspace: z.string(),
      /** the file that is being typed */
      path: z.string(),
      texts: z.array(z.object({ path: z.string(), text: z.string().max(1_000_000) })).max(40),
    }),
    LiveLint,
  ),
  'checks.stop_live': call(OfWorkspace, None),
  /** a person trusts exactly these commands, by the keys that `checks.list` gave; others are left as they are */
  'checks.trust': call(
    z.object({ workspace: z.string(), keys: z.array(z.string()) }),
    z.object({ trusted: z.array(z.string()) }),
  ),
  /** a window of a run's log, as `job.log`; `run_folder` of a result */
  'checks.log': call(
    z.object({
      workspace: z.string(),
      run_folder: z.string(),
      stream: z.enum(['stdout', 'stderr']),
      offset: z.number().int(),
    }),
    z.object({ text: z.string(), next_offset: z.number().int(), size_bytes: z.number().int() }),
  ),
} as const;
