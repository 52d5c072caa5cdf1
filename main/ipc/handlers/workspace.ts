// Calls about a workspace's files and the specification that is dropped into it.
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { GenrtlError } from '@genrtl/contracts';
import type { WorkspaceView } from '@genrtl/contracts/workspace.ts';
import type { IpcHandlers } from '@genrtl/contracts/ipc/index.ts';
import type { Findings } from '../../findings/findings.ts';
import { containedPath } from '../../workspace/contained-path.ts';
import { readLockfile } from '../../workspace/read-lockfile.ts';
import type { OpenWorkspaces } from '../../workspace/open-workspaces.ts';
import { ensureFolder, explain, listFolder, readTextFile, writeTextFile } from '../../workspace/workspace-files.ts';
import type { WorkspaceWatcher } from '../../workspace/workspace-watcher.ts';
import { writerAlive } from '@genrtl/disk/writer-lock.ts';
import { workspacePaths } from '../../workspace/paths.ts';
import type { IpcServices } from '../services.ts';

type WorkspaceCalls =
  | 'workspace.open'
  | 'workspace.create'
  | 'workspace.list'
  | 'workspace.read'
  | 'workspace.write'
  | 'spec.check'
  | 'spec.checkText'
  | 'spec.preview'
  | 'spec.import';

/** Base name without anything that a file system or a shell takes for more than a name. */
export function safeFileName(name: string): string {
  const base = path
    .basename(name.replaceAll('\\', '/'))
    .replace(/[\p{Cc}<>:"|?*]/gu, '_')
    .replace(/^\.+/, '')
    .trim()
    .slice(0, 120);
  return base === '' ? 'specification.md' : base;
}

/** Throws REQUEST_INVALID. */
function bytesOf(base64: string): Buffer {
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.length === 0 && base64 !== '') throw new GenrtlError('REQUEST_INVALID', 'bytes_base64: not base64');
  return bytes;
}

export function workspaceHandlers(
  services: IpcServices,
  workspaces: OpenWorkspaces,
  watcher: WorkspaceWatcher,
  findings: Findings,
): Pick<IpcHandlers, WorkspaceCalls> {
  const view = async (workspace: string): Promise<WorkspaceView> => {
    services.settings.remember(workspace);
    await watcher.watch(workspace);
    return {
      path: workspace,
      name: path.basename(workspace),
      job: await services.jobs.state(workspace),
      working: await writerAlive(workspacePaths(workspace).writerLock),
      lockfile: await readLockfile(workspacePaths(workspace)),
    };
  };
  return {
    'workspace.open': async ({ path: folder }) => view(await workspaces.open(folder)),
    'workspace.create': async ({ path: folder }) => view(await workspaces.create(folder)),
    'workspace.list': async ({ workspace, directory }) => ({
      entries: await listFolder(workspaces.require(workspace), directory),
    }),
    'workspace.read': async ({ workspace, path: file }) => readTextFile(workspaces.require(workspace), file),
    'workspace.write': async ({ workspace, path: file, text, expect_sha256 }) => ({
      sha256: await writeTextFile(workspaces.require(workspace), file, text, expect_sha256),
    }),
    'spec.preview': async ({ name, bytes_base64 }) => services.importSpec(safeFileName(name), bytesOf(bytes_base64)),
    'spec.checkText': async ({ name, markdown }) => services.checkSpec(safeFileName(name), markdown),
    'spec.check': async ({ workspace, path: file }) => {
      const root = workspaces.require(workspace);
      const at = new Date().toISOString();
      const bytes = await readFile(await containedPath(root, file)).catch((error: unknown) => {
        throw explain(error, file);
      });
      const { structured, diagnostics } = await services.importSpec(path.basename(file), bytes);
      const found = diagnostics.map((one) => ({ ...one, file }));
      findings.report(root, { source: 'specification', tool: null, at, findings: found });
      return { structured, diagnostics: found };
    },
    'spec.import': async ({ workspace, name, bytes_base64 }) => {
      const root = workspaces.require(workspace);
      const bytes = bytesOf(bytes_base64);
      const fileName = safeFileName(name);
      // Imported first: a file that cannot be read as a specification leaves nothing behind.
      const imported = await services.importSpec(fileName, bytes);
      const relative = `spec/${fileName}`;
      const absolute = await containedPath(root, relative);
      await ensureFolder(path.dirname(absolute))
        .then(() => writeFile(absolute, bytes))
        .catch((error: unknown) => {
          throw explain(error, relative);
        });
      return {
        path: absolute,
        markdown: imported.markdown,
        structured: imported.structured,
        diagnostics: imported.diagnostics,
      };
    },
  };
}
