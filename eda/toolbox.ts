// What is installed here, for `genrtl tools` and the app.
import type { ToolId, ToolInfo } from '@genrtl/contracts';
import type { ToolAdapter } from './adapter.ts';
import { adapters } from './adapters/index.ts';
import { detectTool } from './runner/index.ts';

/** Every adapter, found or not; all are asked at once, each for at most some seconds. */
export async function listTools(
  env: Readonly<Record<string, string | undefined>> = process.env,
  list: readonly ToolAdapter<ToolId>[] = adapters,
): Promise<ToolInfo[]> {
  return Promise.all(
    list.map(async (adapter): Promise<ToolInfo> => {
      const tool = await detectTool(adapter, env);
      return {
        id: adapter.id,
        title: adapter.title,
        actions: [...adapter.actions],
        tested_against_real_tool: adapter.testedAgainstRealTool,
        found: tool !== null,
        version: tool?.version ?? null,
        edition: tool?.edition ?? null,
        path: tool?.path ?? null,
      };
    }),
  );
}
