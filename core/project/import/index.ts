// Which other tool's project a workspace holds, and what it says.
import { importBender } from './bender.ts';
import { importFilelists } from './filelists.ts';
import { importFolders } from './folders.ts';
import { readCores } from './fusesoc-cores.ts';
import { importFusesoc, rootCore } from './fusesoc.ts';
import { importQuartus } from './quartus.ts';
import { importVivado } from './vivado.ts';
import type { Imported, ProjectTree } from './imported.ts';

export { designSources } from './imported.ts';
export type { Imported, ImportedSet, ProjectTree } from './imported.ts';

/** Manifests in the order in which they are believed; the first that gives sources is taken. */
const KINDS = [
  { name: 'bender', matches: /(?:^|\/)Bender\.yml$/ },
  { name: 'fusesoc', matches: /\.core$/ },
  { name: 'vivado', matches: /\.xpr$/ },
  { name: 'quartus', matches: /\.qsf$/ },
] as const;

/**
 * `from`: the manifest to read; null: what stands nearest to the root, file lists after manifests, folders at last.
 * Null for a `from` of no kind that is known.
 */
export async function importProject(tree: ProjectTree, from: string | null = null): Promise<Imported | null> {
  if (from !== null) return read(from, tree);
  const depth = (file: string): number => file.split('/').length;
  for (const { matches } of KINDS) {
    const [nearest] = tree.files
      .filter((file) => matches.test(file) && !file.includes('.bender/'))
      .sort((a, b) => depth(a) - depth(b) || (a < b ? -1 : 1));
    // a manifest deep below is a part's, not the project's
    if (nearest === undefined || depth(nearest) > 2) continue;
    const found = await read(nearest, tree, true);
    if (found !== null && found.rtl.files.length + found.tb.files.length > 0) return found;
  }
  return (await importFilelists(tree)) ?? importFolders(tree);
}

async function read(file: string, tree: ProjectTree, chooseCore = false): Promise<Imported | null> {
  const kind = KINDS.find(({ matches }) => matches.test(file))?.name;
  switch (kind) {
    case 'bender':
      return importBender(file, tree);
    case 'fusesoc': {
      const cores = await readCores(tree);
      const root = chooseCore ? rootCore(cores) : (cores.find((core) => core.file === file) ?? null);
      return root === null ? null : importFusesoc(root, cores, tree);
    }
    case 'vivado':
      return importVivado(file, tree);
    case 'quartus':
      return importQuartus(file, tree);
    default:
      return importFilelists(tree, file);
  }
}
