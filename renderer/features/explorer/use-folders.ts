// Folders of the workspace as they are read, kept current from the watcher's messages.
import { useCallback, useEffect, useRef, useState } from 'react';
import type { FileNode } from '@genrtl/contracts/workspace.ts';
import { bridge } from '../../bridge/bridge.ts';
import { useLink } from '../../state/link-store.ts';
import { showError } from '../../state/notice-store.ts';
import { onDiskChange } from '../../state/pushes.ts';
import { parentOf } from './file-tree.ts';

export interface Folders {
  readonly folders: ReadonlyMap<string, readonly FileNode[]>;
  readonly has: (directory: string) => boolean;
  readonly load: (directories: readonly string[]) => Promise<void>;
  readonly refresh: () => Promise<void>;
}

export function useFolders(workspace: string | null): Folders {
  const epoch = useLink((store) => store.epoch);
  const [folders, setFolders] = useState<ReadonlyMap<string, readonly FileNode[]>>(new Map());
  const known = useRef(folders);
  known.current = folders;

  const load = useCallback(
    async (directories: readonly string[]): Promise<void> => {
      if (workspace === null) return;
      const listed = await Promise.all(
        [...new Set(directories)].map(async (directory) => {
          const { entries } = await bridge
            .call('workspace.list', { workspace, directory })
            .catch(() => ({ entries: null }));
          return [directory, entries] as const;
        }),
      );
      setFolders((before) => {
        const next = new Map(before);
        for (const [directory, entries] of listed) {
          if (entries === null) next.delete(directory);
          else next.set(directory, entries);
        }
        return next;
      });
    },
    [workspace],
  );
  const refresh = useCallback(() => load(['', ...known.current.keys()]), [load]);
  const has = useCallback((directory: string) => known.current.has(directory), []);

  useEffect(() => {
    refresh().catch(showError);
    return onDiskChange(({ paths, anywhere }) => {
      if (anywhere) {
        refresh().catch(showError);
        return;
      }
      const parents = new Set(paths.map(parentOf));
      // a new folder may appear together with what lies in it
      for (const parent of Array.from(parents)) for (let up = parent; up !== ''; up = parentOf(up)) parents.add(up);
      parents.add('');
      load([...parents].filter((parent) => parent === '' || known.current.has(parent))).catch(showError);
    });
  }, [refresh, load, epoch]);
  return { folders, has, load, refresh };
}
