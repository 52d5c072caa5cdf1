// A project of texts in memory, for tests and for whoever has the texts already.
import { ProjectFile } from '@genrtl/contracts';
import type { ProjectFileInput } from '@genrtl/contracts';
import { readFacts } from '../filelist/source-facts.ts';
import type { ExpandedFilelist } from '../filelist/expand.ts';
import { resolveProject } from './resolve.ts';
import type { ResolvedProject } from './resolve.ts';
import { EMPTY_LIST } from './select.ts';

/** Texts by path; `config` null: no project file. */
export function projectOf(
  texts: Readonly<Record<string, string>>,
  config: Omit<ProjectFileInput, 'version'> | null = null,
  lists: { readonly rtl?: ExpandedFilelist; readonly tb?: ExpandedFilelist } = {},
): ResolvedProject {
  const files = Object.keys(texts).sort();
  return resolveProject({
    config: config === null ? null : ProjectFile.parse({ version: 1, ...config }),
    files,
    lists: { rtl: lists.rtl ?? EMPTY_LIST, tb: lists.tb ?? EMPTY_LIST },
    isFile: (path) => texts[path] !== undefined,
    facts: (path) => {
      const text = texts[path];
      return text === undefined ? null : readFacts({ path, text });
    },
  }).project;
}
