// What `genrtl project show` and the app tell of a project.
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { PROJECT_FILE } from '@genrtl/contracts';
import type { CheckView, Diagnostic, FileSetView, ProjectView } from '@genrtl/contracts';
import type { ResolvedFileSet } from '@genrtl/core/project/resolve.ts';
import { readWorkspaceWaivers } from './effective.ts';
import type { LoadedProject } from './load-project.ts';
import { readModelSources } from './model-sources.ts';

/** `sealedFolder`: of the workspace's job. */
export async function projectView(
  project: LoadedProject,
  checks: readonly CheckView[],
  sealedFolder: string | null = null,
): Promise<ProjectView> {
  const [rtl, tb, model, waive] = await Promise.all([
    setView(project.root, project.rtl),
    setView(project.root, project.tb),
    readModelSources(project, sealedFolder),
    readWorkspaceWaivers(project.root),
  ]);
  return {
    file: project.config === null ? null : PROJECT_FILE,
    top: project.top,
    tops: project.tops.map(({ name }) => name),
    benches: project.benches.map(({ name, file }) => ({ name, file })),
    rtl,
    tb,
    include_dirs: [...project.includeDirs],
    headers: [...project.headers],
    edit: project.rules.edit,
    read_only: project.rules.read_only,
    hidden: project.files
      .filter(project.isHidden)
      .filter((file) => !file.startsWith('.genRTL/') && !file.startsWith('.git/')),
    model: model.map((file) => ({ path: file.path, bytes: Buffer.byteLength(file.text) })),
    checks: [...checks],
    waive,
    notes: [...project.notes, ...missingIncludes(project)],
  };
}

async function setView(root: string, { sources, defines }: ResolvedFileSet): Promise<FileSetView> {
  const files = await Promise.all(
    sources.map(async (source) => ({
      path: source.path,
      language: source.language,
      library: source.library,
      bytes: (await stat(path.resolve(root, source.path)).catch(() => null))?.size ?? 0,
    })),
  );
  return { files, defines: { ...defines } };
}

/** Includes that lead nowhere: of tools' own libraries, of generated files, or wrong. */
function missingIncludes({ includes }: LoadedProject): Diagnostic[] {
  const missing = new Map(includes.filter(({ path: found }) => found === null).map((one) => [one.name, one]));
  return [...missing.values()].map(({ name, from, line }) => ({
    tool: 'genrtl',
    severity: 'info',
    code: 'INCLUDE_NOT_FOUND',
    message: `No file of the workspace is "${name}"; a tool may bring it.`,
    file: from,
    line,
  }));
}
