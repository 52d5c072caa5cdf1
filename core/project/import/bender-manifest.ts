// Bender.yml and Bender.lock as they stand in their files: packages, their dependencies, conditions on targets.
import { parse } from 'yaml';
import { folderOf, pathIn } from './imported.ts';
import type { ProjectTree } from './imported.ts';

export type Yaml = Readonly<Record<string, unknown>>;
export const isMap = (value: unknown): value is Yaml =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
export const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

export interface Package {
  /** lower case, as Bender compares names */
  readonly name: string;
  readonly manifest: string;
  readonly folder: string;
  readonly yaml: Yaml;
}

export interface Dependency {
  readonly name: string;
  /** null: a folder or registry that is not named */
  readonly path: string | null;
  /** null: always */
  readonly target: string | null;
  readonly passes: readonly { readonly target: string | null; readonly pass: string }[];
}

export interface Packages {
  readonly root: Package;
  /** without the root; only those that are there */
  readonly byName: ReadonlyMap<string, Package>;
  /** what each package depends on, missing ones too */
  readonly needs: ReadonlyMap<string, readonly string[]>;
  readonly missing: readonly string[];
}

/** `all(a, b)`, `any(…)`, `not(…)`, `*`, a name; letters count alike in both cases. */
export function holds(target: string, given: ReadonlySet<string>): boolean {
  const words = target.toLowerCase().match(/[\p{L}\p{N}_.:-]+|[(),*]/gu) ?? [];
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

/** The names that a condition asks for. */
export const targetNames = (target: string): string[] =>
  (target.toLowerCase().match(/[\p{L}\p{N}_.-]+/gu) ?? []).filter((word) => !['all', 'any', 'not'].includes(word));

export const targetOf = (value: Yaml): string | null => (typeof value['target'] === 'string' ? value['target'] : null);

export function dependenciesOf({ yaml }: Package): Dependency[] {
  const { dependencies } = yaml;
  if (!isMap(dependencies)) return [];
  return Object.entries(dependencies).map(([name, given]) => {
    const how = isMap(given) ? given : {};
    const passes = list(how['pass_targets']).flatMap((one) =>
      typeof one === 'string'
        ? [{ target: null, pass: one }]
        : isMap(one) && typeof one['pass'] === 'string'
          ? [{ target: targetOf(one), pass: one['pass'] }]
          : [],
    );
    const path = typeof how['path'] === 'string' ? how['path'] : null;
    return { name: name.toLowerCase(), path, target: targetOf(how), passes };
  });
}

/** The package of a manifest with everything that it depends on, whatever the targets; null: it cannot be read. */
export async function readPackages(manifest: string, tree: ProjectTree): Promise<Packages | null> {
  const root = await readPackage(manifest, tree);
  if (root === null) return null;
  const known = await packagesByName(tree);
  const overrides = await overridden(root, tree);
  const locked = await lockedNeeds(root, tree);
  const byName = new Map<string, Package>();
  const needs = new Map<string, readonly string[]>();
  const missing = new Set<string>();
  const open: { readonly name: string; readonly places: readonly (string | null | undefined)[] }[] = [];
  const enter = (from: Package): void => {
    const direct = dependenciesOf(from);
    needs.set(
      from.name,
      direct.map(({ name }) => name),
    );
    for (const { name, path } of direct)
      open.push({ name, places: [path === null ? null : pathIn(from.folder, `${path}/Bender.yml`)] });
  };
  enter(root);
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { name, places } = next;
    if (needs.has(name)) continue;
    const found = await firstPackage([overrides.get(name), ...places, known.get(name)], name, tree);
    if (found === null) {
      missing.add(name);
      const below = locked.get(name) ?? [];
      needs.set(name, below);
      open.push(...below.map((each) => ({ name: each, places: [] })));
      continue;
    }
    byName.set(name, found);
    enter(found);
  }
  return { root, byName, needs, missing: [...missing].sort() };
}

/** Those that others need first, by the longest way from the root; of one length by name. The root is left out. */
export function inOrder({ root, needs }: Packages): string[] {
  const rank = new Map<string, number>([[root.name, 0]]);
  let pending = [root.name];
  // as long as the longest way that goes through no package twice
  for (let round = 0; pending.length > 0 && round <= needs.size; round++) {
    const next = new Set<string>();
    for (const name of pending)
      for (const below of needs.get(name) ?? []) {
        const at = (rank.get(name) ?? 0) + 1;
        if (below === root.name || (rank.get(below) ?? -1) >= at) continue;
        rank.set(below, at);
        next.add(below);
      }
    pending = [...next];
  }
  rank.delete(root.name);
  return [...rank].sort(([a, one], [b, other]) => other - one || (a < b ? -1 : 1)).map(([name]) => name);
}

async function readPackage(manifest: string, tree: ProjectTree): Promise<Package | null> {
  const yaml = await readYaml(manifest, tree);
  if (yaml === null) return null;
  const { package: head } = yaml;
  const name = isMap(head) && typeof head['name'] === 'string' ? head['name'] : folderOf(manifest);
  return { name: name.toLowerCase(), manifest, folder: folderOf(manifest), yaml };
}

async function readYaml(file: string, tree: ProjectTree): Promise<Yaml | null> {
  const text = await tree.read(file);
  if (text === null) return null;
  try {
    const yaml: unknown = parse(text, { maxAliasCount: 100, logLevel: 'silent', uniqueKeys: false });
    return isMap(yaml) ? yaml : null;
  } catch {
    return null;
  }
}

async function firstPackage(
  places: readonly (string | null | undefined)[],
  name: string,
  tree: ProjectTree,
): Promise<Package | null> {
  for (const place of places) {
    const found = typeof place === 'string' ? await readPackage(place, tree) : null;
    if (found !== null) return { ...found, name };
  }
  return null;
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

/** `overrides` of Bender.local that name a folder. */
async function overridden(root: Package, tree: ProjectTree): Promise<ReadonlyMap<string, string | null>> {
  const local = await readYaml(pathIn(root.folder, 'Bender.local') ?? '', tree);
  const { overrides } = local ?? {};
  return new Map(
    Object.entries(isMap(overrides) ? overrides : {}).map(([name, how]) => [
      name.toLowerCase(),
      isMap(how) && typeof how['path'] === 'string' ? pathIn(root.folder, `${how['path']}/Bender.yml`) : null,
    ]),
  );
}

/** What the lock file says of packages that are not there: their place in the order depends on it. */
async function lockedNeeds(root: Package, tree: ProjectTree): Promise<ReadonlyMap<string, readonly string[]>> {
  const lock = await readYaml(pathIn(root.folder, 'Bender.lock') ?? '', tree);
  const { packages } = lock ?? {};
  return new Map(
    Object.entries(isMap(packages) ? packages : {}).map(([name, one]) => [
      name.toLowerCase(),
      list(isMap(one) ? one['dependencies'] : null)
        .filter((each) => typeof each === 'string')
        .map((each) => each.toLowerCase()),
    ]),
  );
}
