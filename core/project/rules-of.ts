// The patch rules that follow from a project.
import { PROJECT_FILE } from '@genrtl/contracts';
import type { PatchRules } from '@genrtl/contracts';
import { folderOf } from '../filelist/includes.ts';
import { DEFAULT_RULES } from './patch-rules.ts';
import type { ResolvedProject } from './resolve.ts';
import { fileSets } from './select.ts';

/**
 * Without `edit`: the globs of rtl and tb, the files that are named one by one, and new sources in their folders. What
 * lies outside the workspace is never touched.
 */
export function patchRules(project: ResolvedProject): PatchRules {
  const { config, filelists } = project;
  if (config === null) return DEFAULT_RULES;
  const sources = [...project.rtl.sources, ...project.tb.sources].filter(({ fromLibrary }) => !fromLibrary);
  const named = [...sources.map(({ path }) => path), ...project.headers].filter(isInside);
  const globs = Object.values(fileSets(config)).flatMap(({ files }) => files.filter((glob) => !glob.startsWith('!')));
  const beside = [...new Set(named.map(folderOf))].map(
    (folder) => `${folder === '.' ? '' : `${folder}/`}*.{sv,v,svh,vh,vhd,vhdl}`,
  );
  return {
    edit: config.edit ?? [...new Set([...globs, ...beside, ...named])].filter(isInside),
    read_only: [...config.read_only, PROJECT_FILE],
    filelists: filelists.filter(isInside),
  };
}

const isInside = (path: string): boolean => !path.startsWith('/') && !path.startsWith('../');
