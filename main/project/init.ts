// Writes a project file from what other tools say of the workspace, or from its folders. Nothing is overwritten.
import { readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { GenrtlError, PROJECT_FILE } from '@genrtl/contracts';
import type { Diagnostic } from '@genrtl/contracts';
import { designSources, importProject } from '@genrtl/core/project/import/index.ts';
import type { Imported, ProjectTree } from '@genrtl/core/project/import/index.ts';
import { GITMODULES, absentSubmodules, submoduleNotes } from '@genrtl/core/project/import/submodules.ts';
import { projectText } from '@genrtl/core/project/import/project-text.ts';
import { MAX_PROJECT_BYTES } from '@genrtl/contracts/project-names.ts';
import { sourceLanguage } from '@genrtl/core/filelist/source-facts.ts';
import { realRoot } from '@genrtl/disk/real-root.ts';
import { asDiskError } from '@genrtl/disk/records.ts';
import { listFiles } from '../workspace/list-files.ts';

export interface NewProject {
  /** what it was made from; null: the folders */
  readonly from: string | null;
  readonly text: string;
  readonly notes: readonly Diagnostic[];
}

/**
 * `from`: a manifest or list, relative to the workspace. Throws PROJECT_EXISTS, WORKSPACE_NOT_FOUND, NOT_FOUND when
 * there is no source, USAGE for a manifest of no kind that is known.
 */
export async function initProject(workspace: string, from: string | null): Promise<NewProject> {
  const root = await realRoot(workspace);
  const target = path.join(root, PROJECT_FILE);
  if ((await stat(target).catch(() => null)) !== null) throw exists(workspace);
  const tree = await treeOf(root);
  const found = await importProject(tree, from);
  if (found === null)
    throw new GenrtlError('USAGE', `${from ?? 'That'} is no project that genRTL reads.`, {
      hint: 'It reads FuseSoC .core, Bender.yml, file lists, Vivado .xpr and Quartus .qsf.',
    });
  const everything = [found.rtl, found.tb].flatMap(({ files, filelists }) => [...files, ...filelists]);
  if (everything.length === 0)
    throw new GenrtlError('NOT_FOUND', `There is no Verilog, SystemVerilog or VHDL source in ${workspace}.`, {
      hint: 'Without a project file src/ and tb/ hold: a job can begin there at once.',
    });
  const text = projectText(found, toolsFor(found, tree));
  await writeFile(target, text, { flag: 'wx', flush: true }).catch((error: unknown) => {
    throw (error as NodeJS.ErrnoException).code === 'EEXIST' ? exists(workspace) : asDiskError(error, target);
  });
  return { from: found.from, text, notes: [...submoduleNotes(tree.absent ?? []), ...found.notes] };
}

const exists = (workspace: string): GenrtlError =>
  new GenrtlError('PROJECT_EXISTS', `There is a ${PROJECT_FILE} in ${workspace} already.`);

async function treeOf(root: string): Promise<ProjectTree> {
  const { files } = await listFiles(root);
  const read = async (file: string): Promise<string | null> => {
    const absolute = path.resolve(root, file);
    const info = await stat(absolute).catch(() => null);
    if (info?.isFile() !== true || info.size > MAX_PROJECT_BYTES) return null;
    return readFile(absolute, 'utf8').catch(() => null);
  };
  const gitmodules = files.includes(GITMODULES) ? await read(GITMODULES) : null;
  return { files, read, absent: absentSubmodules(gitmodules ?? '', files) };
}

/** GHDL where the design is VHDL, whatever else its benches are, else the tools for Verilog. */
function toolsFor({ rtl, tb, listed }: Imported, tree: ProjectTree) {
  const named = [...rtl.files, ...listed].filter((file) => sourceLanguage(file) !== null);
  const [design = []] = [named, designSources(tree), tree.files].filter((some) =>
    some.some((file) => sourceLanguage(file) !== null),
  );
  const languages = new Set(design.map(sourceLanguage).filter((language) => language !== null));
  const vhdl = languages.size > 0 && !languages.has('verilog');
  const benches = tb.files.length + tb.filelists.length > 0;
  return { lint: vhdl ? 'ghdl' : 'verilator', sim: benches ? (vhdl ? 'ghdl' : 'icarus') : null } as const;
}
