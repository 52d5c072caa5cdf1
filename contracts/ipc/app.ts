// Calls of the page: the app itself and its window layouts.
import { z } from 'zod';
import { JobStatus } from '../job.ts';
import { UnconfinedReason } from '../tools.ts';
import { FolderView } from '../workspace.ts';
import { call, None } from './call.ts';

export const APP_CALLS = {
  'app.info': call(
    None,
    z.object({
      version: z.string(),
      shell: z.enum(['electron', 'web']),
      node: z.string(),
      home: z.string(),
      locale: z.string(),
    }),
  ),
  /** whether code that jobs write is kept from the rest of this machine; null: it is */
  'app.confinement': call(None, z.object({ unconfined_reason: UnconfinedReason.nullable() })),
  'app.sample': call(z.object({ name: z.string() }), z.object({ workspace: z.string(), spec: z.string() })),
  'app.samples': call(
    None,
    z.object({ samples: z.array(z.object({ name: z.string(), title: z.string(), description: z.string() })) }),
  ),
  'app.recent': call(
    None,
    z.object({
      workspaces: z.array(z.string()),
      /** in the same order; status and time are those of the last job, null without one */
      details: z.array(
        z.object({
          path: z.string(),
          /** the folder is there */
          present: z.boolean(),
          status: JobStatus.nullable(),
          updated_at: z.string().nullable(),
        }),
      ),
    }),
  ),
  /** takes a workspace from the list; nothing of it is touched */
  'app.forget': call(z.object({ path: z.string() }), None),
  'app.folders': call(z.object({ path: z.string().nullable() }), FolderView),
  /** the saved window layout of a workspace, opaque to main; null when there is none */
  'layout.read': call(z.object({ workspace: z.string() }), z.object({ layout: z.string().nullable() })),
  'layout.write': call(z.object({ workspace: z.string(), layout: z.string().max(1_000_000) }), None),
} as const;
