// Calls of the page: EDA tools and models.
import { z } from 'zod';
import { ModelProbe, ModelView } from '../http/models.ts';
import { Diagnostic, ToolId } from '../diagnostic.ts';
import { Identifier } from '../primitives.ts';
import { Confinement, TestResult, ToolInfo, ToolVerdict } from '../tools.ts';
import { ModelServers } from '../settings.ts';
import { call, None } from './call.ts';

export const TOOLS_CALLS = {
  /** one run of a tool over the workspace's sources, without a job; its files lie in .genRTL/build/last_run */
  'tools.run': call(
    z.object({
      workspace: z.string(),
      /** null: the project's own, else that of the settings */
      tool: z.string().nullable(),
      action: z.enum(['lint', 'elaborate', 'simulate', 'synthesise']),
      waves: z.boolean(),
      /** where several modules are uninstantiated: USAGE with `details.tops` asks for one of them */
      top: Identifier.optional(),
      /** the answer to CONFINEMENT_UNAVAILABLE; remembered for the workspace */
      accept_unconfined: z.boolean().optional(),
    }),
    z.object({
      tool: ToolId,
      /** what was run, the design's top or a testbench */
      top: z.string().nullable(),
      passed: z.boolean(),
      verdict: ToolVerdict,
      diagnostics: z.array(Diagnostic),
      tests: z.array(TestResult),
      waves: z.string().nullable(),
      /** of the netlist that was made */
      cells: z.number().int().nullable(),
      confinement: Confinement.nullable(),
    }),
  ),
  /** a window of the log of the last run of `tools.run`, as `job.log` */
  'tools.log': call(
    z.object({ workspace: z.string(), stream: z.enum(['stdout', 'stderr']), offset: z.number().int() }),
    z.object({ text: z.string(), next_offset: z.number().int(), size_bytes: z.number().int() }),
  ),
  'tools.list': call(None, z.object({ tools: z.array(ToolInfo) })),
  /**
   * asks a server for its models, with the person's key; throws MODEL_AUTH, MODEL_UNAVAILABLE, MODEL_TIMEOUT,
   * MODEL_MALFORMED
   */
  'models.probe': call(
    z.object({
      server: ModelProbe.shape.server,
      /** a further server, asked with the key of that variable or none, never with the one of OpenAI */
      url: z.url().optional(),
      key_env: ModelServers.element.shape.key_env.optional(),
    }),
    ModelProbe,
  ),
  'models.list': call(None, z.object({ models: z.array(ModelView) })),
} as const;
