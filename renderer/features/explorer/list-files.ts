// All files of a workspace, breadth first and bounded; build folders and run records are left out.
import { bridge } from '../../bridge/bridge.ts';

const LEFT_OUT = new Set(['.genRTL/runs', '.genRTL/build', '.genRTL/undo', 'node_modules']);

export async function listFiles(workspace: string, limit: number): Promise<string[]> {
  const files: string[] = [];
  let level = [''];
  while (level.length > 0 && files.length < limit) {
    const listed = await Promise.all(
      level.slice(0, 200).map((directory) =>
        bridge.call('workspace.list', { workspace, directory }).then(
          (answer) => answer.entries,
          () => [],
        ),
      ),
    );
    level = [];
    for (const entry of listed.flat()) {
      if (entry.kind === 'file') files.push(entry.path);
      else if (!LEFT_OUT.has(entry.path)) level.push(entry.path);
    }
  }
  return files.slice(0, limit);
}
