// The installed packages that a set of packages needs at run time, each at the place where Node finds it.
import { existsSync, readFileSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import path from 'node:path';

interface Manifest {
  readonly dependencies?: Record<string, string>;
  readonly optionalDependencies?: Record<string, string>;
  readonly peerDependencies?: Record<string, string>;
  readonly peerDependenciesMeta?: Record<string, { readonly optional?: boolean }>;
}

/**
 * Not needed to run: types and sources of types, source maps, read-me files and what a native build left. By ending: a
 * folder `doc` may be code.
 */
const LEFT_OUT = /\.([mc]?tsx?|flow|map|tsbuildinfo|md|markdown|o|d|obj|pdb|cc|cpp|h|hpp|gypi?|vcxproj)$/i;
/**
 * Packages of which one part is used: Node without its installer, pdf.js without its viewer and without the canvas that
 * only drawing needs.
 */
const ONLY: Readonly<Record<string, RegExp>> = {
  'node_modules/node': /^(package\.json|bin(\/.*)?)$/,
  // the parser and its character maps; drawing is the page's, which has its own copy
  'node_modules/pdfjs-dist': /^(package\.json|legacy(\/build(\/pdf(\.worker)?\.mjs)?)?|cmaps(\/.*)?)$/,
};
/** Folders of node-pty that serve compiling it; its build is there. */
const NODE_PTY_SOURCES = /^(src|deps|third_party|scripts|node-addon-api|build\/(?!Release)[^/]+)(\/|$)/;
const LICENCE = /(^|\/)(licen[cs]e|copying|notice)[^/]*$/i;

/** Node's rule: the package lies in the `node_modules` of the folder that asks, or of one above it. */
function installedAt(root: string, from: string, name: string): string | null {
  for (let folder = from; ; folder = path.dirname(folder)) {
    const candidate = path.join(folder, 'node_modules', name);
    if (existsSync(path.join(root, candidate, 'package.json'))) return candidate;
    if (folder === '.' || folder === '') return null;
  }
}

/**
 * Folders relative to `root`, sorted. Optional packages of other platforms are not installed and so not in it.
 * Throws when a package that is needed is not installed.
 */
export function packageClosure(root: string, names: Iterable<string>): string[] {
  const folders = new Set<string>();
  const visit = (from: string, name: string, optional: boolean): void => {
    const folder = installedAt(root, from, name);
    if (folder === null) {
      if (optional) return;
      throw new Error(`${name}, needed by ${from}, is not installed`);
    }
    if (folders.has(folder)) return;
    folders.add(folder);
    if (folder in ONLY) return;
    const manifest = JSON.parse(readFileSync(path.join(root, folder, 'package.json'), 'utf8')) as Manifest;
    for (const dependency of Object.keys(manifest.optionalDependencies ?? {})) visit(folder, dependency, true);
    for (const dependency of Object.keys(manifest.dependencies ?? {}))
      visit(folder, dependency, dependency in (manifest.optionalDependencies ?? {}));
    for (const peer of Object.keys(manifest.peerDependencies ?? {})) {
      if (manifest.peerDependenciesMeta?.[peer]?.optional !== true) visit(folder, peer, true);
    }
  };
  for (const name of names) visit('.', name, false);
  return [...folders].sort();
}

/**
 * Copies the folders below `out`, each without the `node_modules` inside it, which are entries of their own. Symbolic
 * links stay links.
 */
export async function copyPackages(root: string, folders: readonly string[], out: string): Promise<void> {
  for (const folder of folders) {
    const source = path.join(root, folder);
    await cp(source, path.join(out, folder), {
      recursive: true,
      verbatimSymlinks: true,
      filter: (file) => {
        const inside = path.relative(source, file).replaceAll(path.sep, '/');
        if (inside === '' || LICENCE.test(inside)) return true;
        if (folder in ONLY) return ONLY[folder]?.test(inside) === true;
        if (folder === 'node_modules/node-pty' && NODE_PTY_SOURCES.test(inside)) return false;
        return inside !== 'node_modules' && !LEFT_OUT.test(inside) && !path.basename(inside).startsWith('.');
      },
    });
  }
}
