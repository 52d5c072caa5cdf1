// Calls of the page: what is wrong with the workspace's design, by whichever tool or step found it.
import { z } from 'zod';
import { Diagnostic } from '../diagnostic.ts';
import { FindingSource } from '../findings.ts';
import { call } from './call.ts';

export const FINDINGS_CALLS = {
  /**
   * every source that has spoken since the workspace was opened, the job's recorded ones included; none: nothing
   * checked
   */
  'findings.sources': call(z.object({ workspace: z.string() }), z.object({ sources: z.array(FindingSource) })),
  /** the findings of one source; empty when it is gone */
  'findings.read': call(
    z.object({ workspace: z.string(), source: z.string().max(300) }),
    z.object({ findings: z.array(Diagnostic) }),
  ),
} as const;
