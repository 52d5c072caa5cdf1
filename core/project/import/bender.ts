// Bender.yml: sources by target, packages in Bender's order: those that others need first, by name where nothing
// decides.
import { parse } from 'yaml';
import { globMatcher, isGlob } from '../glob.ts';
import { ImportDraft, folderOf, pathIn } from './imported.ts';
import type { Imported, ProjectTree } from './imported.ts';

type Yaml = Readonly<Record<string, unknown>>;
const isMap = (value: unknown): value is Yaml => typeof value === 'object' && value !== null && !Array.isArray(value);
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const texts = (value: unknown): string[] => list(value).filter((each): each is string => typeof each === 'string');

interface Package {
  readonly name: string;
  readonly manifest: string;
  readonly folder: string;
  readonly yaml: Yaml;
}

/** What `bender script flist` gives is rtl; what its simulation and test targets add is tb. */
const RTL_TARGETS: ReadonlySet<string> = new Set(['flist', 'rtl']);
const TB_TARGETS: ReadonlySet<string> = new Set(['flist', 'rtl', 'simulation', 'test']);

export async function importBender(manifest: string, tree: ProjectTree): Promise<Imported> {
  const draft = new ImportDraft(manifest, tree);
  const root = await readPackage(manifest, tree);
  if (root === null) {
    draft.note('warning', 'The manifest cannot be read.');
    return draft.done();
  }
  const ordered = await inOrder(root, tree, draft);
  for (const { name, folder, yaml } of ordered) {
    for (const dir of texts(yaml['export_include_dirs'])) draft.includeDir('rtl', folder, dir);
    // tests of other packages are theirs
    for (const source of list(yaml['sources'])) addSource(draft, tree, folder, source, name === root.name, []);
  }
  return draft.done();
}

function addSource(
  draft: ImportDraft,
  tree: ProjectTree,
  folder: string,
  source: unknown,
  own: boolean,
  targets: readonly string[],
): void {
  if (typeof source === 'string') {
    const set = targets.every((target) => holds(target, RTL_TARGETS))
      ? 'rtl'
      : own && targets.every((target) => holds(target, TB_TARGETS))
        ? 'tb'
        : null;
    if (set !== null) for (const file of expanded(source, folder, tree)) draft.source(set, folder, file);
    return;
  }
  if (!isMap(source)) return;
  const inner = typeof source['target'] === 'string' ? [...targets, source['target']] : targets;
  const set = inner.every((target) => holds(target, RTL_TARGETS)) ? 'rtl' : 'tb';
  if (set === 'rtl' || (own && inner.every((target) => holds(target, TB_TARGETS)))) {
    for (const dir of texts(source['include_dirs'])) draft.includeDir(set, folder, dir);
    const { defines } = source;
    for (const text of texts(defines)) draft.define(set, text);
    if (isMap(defines))
      for (const [name, value] of Object.entries(defines))
        draft.define(set, value === null ? name : `${name}=${String(value)}`);
    if (source['external_flists'] !== undefined)
      draft.note('info', 'external_flists are not read: name those lists in the project file.');
  }
  const files = source['files'];
  for (const one of list(files)) addSource(draft, tree, folder, one, own, inner);
  // one file by its language: `{ sv: path }`
  for (const key of ['sv', 'v', 'vhd']) {
    const one = source[key];
    if (typeof one === 'string') addSource(draft, tree, folder, one, own, inner);
  }
}

function expanded(source: string, folder: string, tree: ProjectTree): string[] {
  if (!isGlob(source)) return [source];
  const pattern = pathIn(folder, source);
  if (pattern === null) return [];
  const matches = globMatcher(pattern);
  return tree.files.filter(matches).map((file) => (folder === '.' ? file : file.slice(folder.length + 1)));
}

/** `all(a, b)`, `any(…)`, `not(…)`, `*`, a name. */
export function holds(target: string, given: ReadonlySet<string>): boolean {
  const words = target.match(/[A-Za-z_][\w-]*|[(),*]/g) ?? [];
  let at = 0;
  const expression = (depth: number): boolean => {
    const word = words[at++] ?? '';
    if (word === '*') return true;
    if (words[at] !== '(' || depth > 100) return given.has(word);
    at += 1;
    const values: boolean[] = [];
    while (at < words.length && words[at] !== ')') {
      values.push(expression(depth + 1));
      if (words[at] === ',') at += 1;
    }
    at += 1;
    return word === 'not' ? values[0] !== true : word === 'any' ? values.some(Boolean) : values.every(Boolean);
  };
  return expression(0);
}

async function readPackage(manifest: string, tree: ProjectTree): Promise<Package | null> {
  const text = await tree.read(manifest);
  if (text === null) return null;
  let yaml: unknown;
  try {
    yaml = parse(text, { maxAliasCount: 100, logLevel: 'silent' });
  } catch {
    return null;
  }
  if (!isMap(yaml)) return null;
  const { package: head } = yaml;
  const name = isMap(head) && typeof head['name'] === 'string' ? head['name'] : folderOf(manifest);
  return { name, manifest, folder: folderOf(manifest), yaml };
}

/** By distance from the root, the farthest first, each rank by name: as Bender ranks them. */
async function inOrder(root: Package, tree: ProjectTree, draft: ImportDraft): Promise<Package[]> {
  const packages = new Map<string, Package>([[root.name, root]]);
  const rank = new Map<string, number>([[root.name, 0]]);
  const missing = new Set<string>();
  const known = await packagesByName(tree);
  let pending = [root.name];
  for (let round = 0; pending.length > 0 && round < 200; round++) {
    const next = new Set<string>();
    for (const name of pending) {
      const from = packages.get(name);
      if (from === undefined) continue;
      for (const [dependency, how] of dependencies(from)) {
        const found = packages.get(dependency) ?? (await find(dependency, how, from, tree, known));
        if (found === null) {
          missing.add(dependency);
          continue;
        }
        packages.set(dependency, found);
        const at = (rank.get(name) ?? 0) + 1;
        if ((rank.get(dependency) ?? -1) >= at) continue;
        rank.set(dependency, at);
        next.add(dependency);
      }
    }
    pending = [...next];
  }
  if (missing.size > 0)
    draft.note(
      'warning',
      `${[...missing].sort().join(', ')} ${missing.size === 1 ? 'is' : 'are'} not in the workspace: fetch what the manifest needs (\`bender checkout\` or \`bender vendor\`), then import again.`,
    );
  return [...packages.values()].sort(
    (a, b) => (rank.get(b.name) ?? 0) - (rank.get(a.name) ?? 0) || (a.name < b.name ? -1 : 1),
  );
}

function dependencies({ yaml }: Package): [string, Yaml][] {
  const { dependencies: all } = yaml;
  if (!isMap(all)) return [];
  return Object.entries(all)
    .map(([name, how]): [string, Yaml] => [name, isMap(how) ? how : {}])
    .filter(([, how]) => typeof how['target'] !== 'string' || holds(how['target'], RTL_TARGETS));
}

async function packagesByName(tree: ProjectTree): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>();
  const manifests = tree.files.filter((file) => /(?:^|\/)Bender\.yml$/.test(file)).slice(0, 2_000);
  // checkouts of Bender itself before copies that lie elsewhere
  const ranked = [...manifests].sort((a, b) => Number(b.includes('.bender/')) - Number(a.includes('.bender/')));
  for (const manifest of ranked) {
    const read = await readPackage(manifest, tree);
    if (read !== null && !names.has(read.name)) names.set(read.name, manifest);
  }
  return names;
}

async function find(
  name: string,
  how: Yaml,
  from: Package,
  tree: ProjectTree,
  known: ReadonlyMap<string, string>,
): Promise<Package | null> {
  const places: (string | null | undefined)[] = [];
  if (typeof how['path'] === 'string') places.push(pathIn(from.folder, `${how['path']}/Bender.yml`));
  places.push(known.get(name));
  for (const place of places) {
    const found = typeof place === 'string' ? await readPackage(place, tree) : null;
    if (found !== null) return { ...found, name };
  }
  return null;
}
