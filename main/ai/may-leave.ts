// Which files of a workspace a person may put before a model: what its ignore rules hide, acceptance tests, packages
// and genRTL's own records stay, whatever a page asks for.
import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { GenrtlError, IGNORE_FILE } from '@genrtl/contracts';
import { hiddenFiles } from '@genrtl/core/project/ignore.ts';
import type { Matcher } from '@genrtl/core/project/glob.ts';
import { readText } from '@genrtl/disk/records.ts';
import { readProjectFile } from '../project/load-project.ts';
import { containedPath, isLocked } from '../workspace/contained-path.ts';
import { workspacePaths } from '../workspace/paths.ts';
import { readState } from '../workspace/state-store.ts';

export interface LeavingRules {
  readonly root: string;
  readonly isHidden: Matcher;
  /** real path of the acceptance tests */
  readonly sealed: string | null;
}

/** Read anew for each request: what was hidden a moment ago stays. Throws PROJECT_INVALID. */
export async function leavingRules(workspace: string): Promise<LeavingRules> {
  const root = await realpath(workspace).catch((cause: unknown) => {
    throw new GenrtlError('WORKSPACE_NOT_FOUND', 'The folder of the workspace is not there any more.', { cause });
  });
  const [config, ignore, state] = await Promise.all([
    readProjectFile(root),
    readText(path.join(root, IGNORE_FILE)),
    readState(workspacePaths(root)).catch(() => null),
  ]);
  const accept = state?.settings.accept_dir ?? null;
  return {
    root,
    isHidden: hiddenFiles(config?.hidden ?? [], ignore),
    sealed: accept === null ? null : await realpath(accept).catch(() => path.resolve(accept)),
  };
}

/** Absolute path of a file that may leave. Throws CONTEXT_FORBIDDEN, REQUEST_INVALID for a path that leads out. */
export async function requireMayLeave(rules: LeavingRules, file: string): Promise<string> {
  const absolute = await containedPath(rules.root, file);
  const real = await realpath(absolute).catch(() => absolute);
  const names = [file.replaceAll('\\', '/').replace(/^(?:\.\/)+/, ''), path.relative(rules.root, real)].map((name) =>
    name.split(path.sep).join('/'),
  );
  const { sealed } = rules;
  const isSealed = sealed !== null && (real === sealed || real.startsWith(sealed + path.sep));
  if (isSealed || names.some((name) => isLocked(name) || rules.isHidden(name)))
    throw new GenrtlError('CONTEXT_FORBIDDEN', `${file} is kept from models${isSealed ? ': it is sealed' : ''}.`, {
      details: { files: [file] },
    });
  return absolute;
}
