// Bender.yml: what `bender script flist -t rtl` gives is rtl, what its targets for tests add is tb, both in Bender's
// order of packages and files. Simulation models of dependencies belong to tb, their own tests do not.
import { filelistWords } from '../../filelist/words.ts';
import { globMatcher } from '../glob.ts';
import { ImportDraft, folderOf, pathIn } from './imported.ts';
import type { Imported, ProjectTree } from './imported.ts';
import { dependenciesOf, holds, inOrder, isMap, list, readPackages, targetNames, targetOf } from './bender-manifest.ts';
import type { Package, Packages, Yaml } from './bender-manifest.ts';

const RTL_TARGETS = ['flist', 'rtl'] as const;
const MODEL_TARGETS = ['simulation', 'sim'] as const;
const TEST_TARGETS = ['test', 'tb', 'testbench', 'dv', 'verification'] as const;

interface Source {
  readonly folder: string;
  /** relative to the folder */
  readonly file: string;
}

/** One run of `bender script`. */
interface Listing {
  readonly sources: Source[];
  readonly includeDirs: Source[];
  /** `NAME` or `NAME=value` */
  readonly defines: string[];
  /** conditions that did not hold */
  readonly unmet: Set<string>;
  /** packages that the targets ask for */
  readonly used: ReadonlySet<string>;
}

export async function importBender(manifest: string, tree: ProjectTree): Promise<Imported> {
  const draft = new ImportDraft(manifest, tree);
  const packages = await readPackages(manifest, tree);
  if (packages === null) {
    draft.note('warning', 'The manifest cannot be read.');
    return draft.done();
  }
  const lists = {
    rtl: await listing(packages, tree, [...RTL_TARGETS], []),
    tb: await listing(packages, tree, [...RTL_TARGETS, ...MODEL_TARGETS], [...TEST_TARGETS]),
  };
  // macros that Bender gives to every source
  draft.define('rtl', 'TARGET_RTL');
  for (const target of ['SIMULATION', 'TEST']) draft.define('tb', `TARGET_${target}`);
  for (const set of ['rtl', 'tb'] as const) {
    for (const { folder, file } of lists[set].includeDirs)
      if (set === 'rtl' || !draft.rtl.include_dirs.includes(pathIn(folder, file) ?? ''))
        draft.includeDir(set, folder, file);
    // a file of both stands where the design has it
    for (const { folder, file } of lists[set].sources) draft.source(set, folder, file);
    for (const text of lists[set].defines)
      if (set === 'rtl' || !lists.rtl.defines.includes(text)) draft.define(set, text);
  }
  const missing = packages.missing.filter((name) => lists.tb.used.has(name));
  if (missing.length > 0)
    draft.note(
      'warning',
      `${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} not in the workspace: fetch what the manifest needs (\`bender checkout\` or \`bender vendor\`), then import again.`,
    );
  const unmet = [...lists.tb.unmet].sort();
  if (unmet.length > 0) draft.note('info', `Sources for these targets are left out: ${unmet.join('; ')}.`);
  return draft.done();
}

async function listing(
  packages: Packages,
  tree: ProjectTree,
  targets: readonly string[],
  ownTargets: readonly string[],
): Promise<Listing> {
  const { root, byName } = packages;
  const given = (name: string): Set<string> => new Set([...targets, ...(name === root.name ? ownTargets : [])]);
  const active = new Map<string, ReadonlySet<string>>([[root.name, given(root.name)]]);
  const order = inOrder(packages);
  // from the root down: who is used, and with which targets
  for (const name of [root.name, ...order.toReversed()]) {
    const from = name === root.name ? root : byName.get(name);
    const on = active.get(name);
    if (from === undefined || on === undefined) continue;
    for (const { name: below, target, passes } of dependenciesOf(from)) {
      // Bender asks the root's conditions of what the dependency is given
      const scope = from === root ? (active.get(below) ?? given(below)) : on;
      if (target !== null && !holds(target, scope)) continue;
      const passed = new Set(active.get(below) ?? given(below));
      for (const one of passes)
        if (one.target === null || holds(one.target, scope)) add(passed, one.pass.toLowerCase());
      active.set(below, passed);
    }
  }
  const used = new Set(active.keys());
  const found: Listing = { sources: [], includeDirs: [], defines: [], unmet: new Set(), used };
  const overrides = new Map<string, Source>();
  for (const name of [...order, root.name]) {
    const one = name === root.name ? root : byName.get(name);
    const on = active.get(name);
    if (one === undefined || on === undefined) continue;
    await addPackage(found, one, on, tree, overrides);
  }
  const sources = found.sources.map((source) => overrides.get(nameOf(source.file)) ?? source);
  found.sources.splice(0, found.sources.length, ...sources);
  return found;
}

/** `-name` takes a target away. */
function add(targets: Set<string>, text: string): void {
  if (text.startsWith('-')) targets.delete(text.slice(1));
  else targets.add(text);
}

const nameOf = (file: string): string => file.slice(file.lastIndexOf('/') + 1);

async function addPackage(
  found: Listing,
  { folder, yaml }: Package,
  targets: ReadonlySet<string>,
  tree: ProjectTree,
  overrides: Map<string, Source>,
): Promise<void> {
  addIncludeDirs(found, folder, yaml['export_include_dirs'], targets);
  const group = async (source: Yaml): Promise<void> => {
    const target = targetOf(source);
    if (target !== null && !holds(target, targets)) {
      if (!targetNames(target).every((name) => targets.has(name))) found.unmet.add(target);
      return;
    }
    addIncludeDirs(found, folder, source['include_dirs'], targets);
    addDefines(found, source['defines'], targets);
    const before = found.sources.length;
    for (const one of list(source['files'])) await any(one);
    for (const external of list(source['external_flists']))
      if (typeof external === 'string') await addFlist(found, folder, external, tree);
    if (source['override_files'] === true)
      for (const one of found.sources.splice(before)) overrides.set(nameOf(one.file), one);
  };
  const any = async (source: unknown): Promise<void> => {
    if (typeof source === 'string') {
      for (const file of expanded(source, folder, tree)) found.sources.push({ folder, file });
      return;
    }
    if (!isMap(source)) return;
    // one file by its language: `{ sv: path }`
    const single = ['sv', 'v', 'vhd'].map((key) => source[key]).find((one) => typeof one === 'string');
    await (single === undefined ? group(source) : any(single));
  };
  const { sources } = yaml;
  if (isMap(sources)) await group(sources);
  for (const source of list(sources)) await any(source);
}

/** Folders as text, or with a condition: `{ target: …, dir: … }`. */
function addIncludeDirs(found: Listing, folder: string, dirs: unknown, targets: ReadonlySet<string>): void {
  for (const one of list(dirs)) {
    const dir = isMap(one) ? one['dir'] : one;
    const target = isMap(one) ? targetOf(one) : null;
    if (typeof dir === 'string' && (target === null || holds(target, targets)))
      found.includeDirs.push({ folder, file: dir });
  }
}

function addDefines(found: Listing, defines: unknown, targets: ReadonlySet<string>): void {
  const add = (text: string): unknown => !found.defines.includes(text) && found.defines.push(text);
  for (const text of list(defines)) if (typeof text === 'string') add(text);
  for (const [name, given] of Object.entries(isMap(defines) ? defines : {})) {
    const target = isMap(given) ? targetOf(given) : null;
    const value = isMap(given) ? given['value'] : given;
    if (target === null || holds(target, targets))
      add(value === null || value === undefined ? name : `${name}=${String(value)}`);
  }
}

async function addFlist(found: Listing, folder: string, external: string, tree: ProjectTree): Promise<void> {
  const text = await tree.read(pathIn(folder, external) ?? '');
  if (text === null) return;
  const inner = folderOf(external);
  for (const { text: word } of filelistWords(text, () => undefined)) {
    const [, option, rest = ''] = /^\+(incdir|define)\+(.*)$/.exec(word) ?? [];
    if (option === 'incdir')
      for (const dir of rest.split('+')) found.includeDirs.push({ folder, file: `${inner}/${dir}` });
    else if (option === 'define') found.defines.push(...rest.split('+'));
    else if (!word.startsWith('+')) found.sources.push({ folder, file: `${inner}/${word}` });
  }
}

/**
 * As Bender expands: only `*` and `?` make a pattern; name by name, what lies below a folder where the folder stands.
 */
function expanded(source: string, folder: string, tree: ProjectTree): string[] {
  if (!/[*?]/.test(source)) return [source];
  const pattern = pathIn(folder, source);
  if (pattern === null) return [];
  const matches = globMatcher(pattern);
  return tree.files
    .filter(matches)
    .map((file) => (folder === '.' ? file : file.slice(folder.length + 1)))
    .map((file) => ({ file, key: file.split('/') }))
    .sort((a, b) => compareNames(a.key, b.key))
    .map(({ file }) => file);
}

function compareNames(a: readonly string[], b: readonly string[]): number {
  for (let at = 0; at < Math.min(a.length, b.length); at++) {
    const [one = '', other = ''] = [a[at], b[at]];
    if (one !== other) return one < other ? -1 : 1;
  }
  return a.length - b.length;
}
