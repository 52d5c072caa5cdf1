// Which tools are there: each adapter asked once per executable, the answer kept while path and modification time stay.
import { stat } from 'node:fs/promises';
import type { DetectedTool, DetectHost, ToolAdapter } from '../adapter.ts';
import { createDetectHost } from './host.ts';

/**
 * The tool as installed, or null. Finding the executables is repeated each time (it is cheap, and the PATH may differ);
 * the version query is answered from memory for an executable whose path, size and time are as before.
 */
export async function detectTool(
  adapter: ToolAdapter,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<DetectedTool | null> {
  const host = createDetectHost(env);
  const asked: DetectHost = {
    which: (name) => host.which(name),
    async capture(argv) {
      const key = await fingerprint(argv);
      const known = captured.get(key);
      if (known !== undefined) return known;
      const asking = host.capture(argv);
      captured.set(key, asking);
      const forget = (): boolean => captured.delete(key);
      asking.then(({ exitCode }) => exitCode === null && forget(), forget);
      return asking;
    },
  };
  return adapter.detect(asked);
}

type Answer = Awaited<ReturnType<DetectHost['capture']>>;
/** answers, and questions that are being asked */
const captured = new Map<string, Promise<Answer>>();

async function fingerprint(argv: readonly string[]): Promise<string> {
  const path = argv[0] ?? '';
  try {
    const { mtimeMs, size, ino } = await stat(path);
    return JSON.stringify([argv, mtimeMs, size, ino]);
  } catch {
    return JSON.stringify([argv, null]);
  }
}
