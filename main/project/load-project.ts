// Reads what a project is made of: genrtl.yaml, tools' file lists, the workspace's files, and the facts of each source.
import { stat as statAsync } from 'node:fs/promises';
import { statSync } from 'node:fs';
import path from 'node:path';
import { GenrtlError, IGNORE_FILE, PROJECT_FILE } from '@genrtl/contracts';
import type { Diagnostic, FileSetConfig, PatchRules, ProjectFile } from '@genrtl/contracts';
import { expandFilelists } from '@genrtl/core/filelist/expand.ts';
import type { ExpandedFilelist } from '@genrtl/core/filelist/expand.ts';
import type { SourceFacts } from '@genrtl/core/filelist/source-facts.ts';
import type { Matcher } from '@genrtl/core/project/glob.ts';
import { hiddenFiles } from '@genrtl/core/project/ignore.ts';
import { patchRules } from '@genrtl/core/project/rules-of.ts';
import { MAX_PROJECT_BYTES } from '@genrtl/contracts/project-names.ts';
import { resolveProject } from '@genrtl/core/project/resolve.ts';
import type { ResolvedProject } from '@genrtl/core/project/resolve.ts';
import { EMPTY_LIST, fileSets, selectSources } from '@genrtl/core/project/select.ts';
import { realRoot } from '@genrtl/disk/real-root.ts';
import { readText } from '@genrtl/disk/records.ts';
import { listFiles } from '../workspace/list-files.ts';
import { readRegular } from '@genrtl/disk/regular-file.ts';
import { readSources } from './read-sources.ts';

const MAX_LIST_BYTES = 16 * 1024 * 1024;
/** Rounds of reading what the files read before named: includes of includes; deeper ones are left to the tools. */
const MAX_ROUNDS = 64;

export interface LoadedProject extends ResolvedProject {
  /** real path of the workspace */
  readonly root: string;
  /** what patches may touch */
  readonly rules: PatchRules;
  /** true for paths that never leave the machine */
  readonly isHidden: Matcher;
  /** every file of the workspace that was looked at, sorted */
  readonly files: readonly string[];
}

/**
 * Throws WORKSPACE_NOT_FOUND, and PROJECT_INVALID with `details.diagnostics` for a project file or file list that
 * cannot be followed.
 */
export async function loadProject(workspace: string, env: NodeJS.ProcessEnv): Promise<LoadedProject> {
  const root = await realRoot(workspace);
  const config = await readProjectFile(root);
  const [listing, ignore] = await Promise.all([
    // without a project file only the folders of the sources matter, however large the rest is
    listFiles(root, undefined, config === null ? ['src', 'tb'] : ['']),
    readText(path.join(root, IGNORE_FILE)),
  ]);
  const isHidden = hiddenFiles(config?.hidden ?? [], ignore);
  const present = new Set(listing.files);
  const isFile = (file: string): boolean =>
    present.has(file) ||
    (leadsOut(file) && statSync(path.resolve(root, file), { throwIfNoEntry: false })?.isFile() === true);
  const sets = fileSets(config);
  const [rtl, tb] = await Promise.all(
    [sets.rtl, sets.tb].map((set) => readLists(root, set, config?.variables ?? {}, env)),
  );
  const lists = { rtl: rtl ?? EMPTY_LIST, tb: tb ?? EMPTY_LIST };
  requireSound([...lists.rtl.notes, ...lists.tb.notes]);
  const known = new Map<string, SourceFacts | null>();
  const input = { config, files: listing.files, lists, facts: (file: string) => known.get(file), isFile };
  const selection = selectSources(input);
  await readSources(
    root,
    [...selection.rtl, ...selection.tb].map((source) => source.path),
    known,
  );
  let resolution = resolveProject(input, selection);
  for (let round = 0; round < MAX_ROUNDS && resolution.unread.length > 0; round++) {
    await readSources(root, resolution.unread, known);
    resolution = resolveProject(input, selection);
  }
  const { project } = resolution;
  const notes: Diagnostic[] = [
    ...project.notes,
    ...listing.leadingOut.map(
      (link): Diagnostic => ({
        tool: 'genrtl',
        severity: 'info',
        code: 'LINK_LEADS_OUT',
        message: `${link} leads out of the workspace and is not followed; name its files in ${PROJECT_FILE} by their own path.`,
        file: link,
      }),
    ),
  ];
  return { ...project, notes, root, rules: patchRules(project), isHidden, files: listing.files };
}

/** Null when there is none. Throws PROJECT_INVALID. */
export async function readProjectFile(root: string): Promise<ProjectFile | null> {
  const file = path.join(root, PROJECT_FILE);
  const info = await statAsync(file).catch(() => null);
  if (info === null) return null;
  if (!info.isFile() || info.size > MAX_PROJECT_BYTES)
    throw new GenrtlError('PROJECT_INVALID', `${PROJECT_FILE} is no text file of moderate size.`);
  // the reader of YAML is loaded where there is some
  const { readProjectText } = await import('@genrtl/core/project/read-project.ts');
  const read = readProjectText(await readRegular(file, 'utf8'));
  if (read.ok) return read.value;
  throw projectError(read.diagnostics);
}

function requireSound(notes: readonly Diagnostic[]): void {
  const errors = notes.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw projectError(errors);
}

export function projectError(diagnostics: readonly Diagnostic[]): GenrtlError {
  const [first] = diagnostics;
  const place =
    first === undefined
      ? PROJECT_FILE
      : [first.file ?? PROJECT_FILE, first.line, first.column].filter(Boolean).join(':');
  const more = diagnostics.length > 1 ? ` ${diagnostics.length - 1} more.` : '';
  return new GenrtlError('PROJECT_INVALID', `${place}: ${first?.message ?? 'cannot be read.'}${more}`, {
    hint: first?.file !== undefined && first.file !== PROJECT_FILE ? `Correct ${first.file} at that line.` : undefined,
    details: { diagnostics: [...diagnostics] },
  });
}

const leadsOut = (file: string): boolean => file.startsWith('/') || file.startsWith('../');

async function readLists(
  root: string,
  { filelists }: FileSetConfig,
  variables: Readonly<Record<string, string>>,
  env: NodeJS.ProcessEnv,
): Promise<ExpandedFilelist> {
  if (filelists.length === 0) return EMPTY_LIST;
  return expandFilelists(
    filelists.map((entry) =>
      typeof entry === 'string'
        ? { path: entry }
        : { path: entry.file, ...(entry.folder ? { folder: entry.folder } : {}) },
    ),
    {
      read: async (file) => {
        const absolute = path.resolve(root, file);
        const info = await statAsync(absolute).catch(() => null);
        if (info?.isFile() !== true || info.size > MAX_LIST_BYTES) return null;
        return readRegular(absolute, 'utf8').catch(() => null);
      },
      exists: (file) =>
        statAsync(path.resolve(root, file)).then(
          () => true,
          () => false,
        ),
      variable: (name) => variables[name] ?? env[name],
    },
  );
}
