// FuseSoC cores (CAPI=2) as they stand in their files: names, versions, targets, file sets, conditions on flags.
import { parse } from 'yaml';
import type { ProjectTree } from './imported.ts';

type Yaml = Readonly<Record<string, unknown>>;
export const isMap = (value: unknown): value is Yaml =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
export const list = (value: unknown): unknown[] =>
  Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];

export interface CoreName {
  /** `vendor:library:name` */
  readonly id: string;
  /** `1.2-r3`; empty: none */
  readonly version: string;
}

export interface Core extends CoreName {
  readonly file: string;
  readonly yaml: Yaml;
}

export interface Needed extends CoreName {
  readonly relation: '' | '==' | '>=' | '<=' | '>' | '<' | '^' | '~';
}

/** Every core of the workspace that can be read. */
export async function readCores(tree: ProjectTree): Promise<Core[]> {
  const cores: Core[] = [];
  const ignored = tree.files
    .filter((path) => /(?:^|\/)FUSESOC_IGNORE$/.test(path))
    .map((path) => path.slice(0, -'FUSESOC_IGNORE'.length));
  for (const file of tree.files.filter((path) => path.endsWith('.core')).slice(0, 5_000)) {
    if (ignored.some((folder) => file.startsWith(folder))) continue;
    const text = await tree.read(file);
    if (text === null || !/^\s*CAPI=2\s*:?/.test(text)) continue;
    try {
      const yaml: unknown = parse(text.replace(/^\s*CAPI=2\s*:?[^\n]*/, ''), {
        merge: true,
        maxAliasCount: 1000,
        logLevel: 'silent',
        uniqueKeys: false,
      });
      if (isMap(yaml) && typeof yaml['name'] === 'string') cores.push({ ...neededCore(yaml['name']), file, yaml });
    } catch {
      // no core that anybody can read
    }
  }
  return cores;
}

/** `>=a:b:c:1.0`, `a:b:c`, `c-1.0-r1`, `c`; a version without a relation is meant exactly. */
export function neededCore(text: string): Needed {
  const [, sign = '', name = ''] = /^!?(>=|<=|[<>=~^])?([\s\S]*)$/.exec(text.trim()) ?? [];
  const parts = name.split(':');
  let [id, version] = [[parts[0] ?? '', parts[1] ?? '', parts[2] ?? ''].join(':'), parts[3] ?? ''];
  if (parts.length === 1) {
    const [, stem = name, end = ''] = /^(.*?)((?:-\d[^-]*)?(?:-r\d+)?)$/.exec(name) ?? [];
    [id, version] = [`::${stem}`, end.replace(/^-/, '')];
  }
  const relation = sign === '=' || (sign === '' && version !== '') ? '==' : (sign as Needed['relation']);
  return { id, version, relation };
}

const parts = (version: string): [string[], number] => {
  const [, digits = '', revision = '0'] = /^(.*?)(?:-r(\d+))?$/.exec(version) ?? [];
  return [digits === '' ? ['0'] : digits.split('.'), Number(revision)];
};

export function compareVersions(a: string, b: string): number {
  const [[left, leftRevision], [right, rightRevision]] = [parts(a), parts(b)];
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    const [one, other] = [left[at] ?? '0', right[at] ?? '0'];
    const order = one.localeCompare(other, 'en', { numeric: true });
    if (order !== 0) return order;
  }
  return leftRevision - rightRevision;
}

export function satisfies(version: string, { relation, version: wanted }: Needed): boolean {
  if (relation === '') return true;
  const order = compareVersions(version, wanted);
  switch (relation) {
    case '==':
      return order === 0;
    case '>=':
      return order >= 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '<':
      return order < 0;
    case '^':
    case '~': {
      const same = relation === '^' ? 1 : 2;
      const [[own], [given]] = [parts(version), parts(wanted)];
      return order >= 0 && given.slice(0, same).every((part, at) => Number(own[at] ?? 0) === Number(part));
    }
  }
}

/** The words that stand whatever holds, and those behind `flag ? (…)` and `!flag ? (…)` that do. */
export function words(text: unknown, flags: ReadonlySet<string>): string[] {
  if (typeof text !== 'string') return [];
  // FuseSoC reads conditions only where there is one
  if (!text.includes('?')) return text.trim() === '' ? [] : [text.trim()];
  const tokens = text.match(/[!?()]|[^\s!?()]+/g) ?? [];
  const found: string[] = [];
  /** whether each open parenthesis holds */
  const open: boolean[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at] ?? '';
    const not = token === '!';
    const name = not ? (tokens[at + 1] ?? '') : token;
    const next = at + (not ? 2 : 1);
    if (token === ')') open.pop();
    else if (tokens[next] === '?' && tokens[next + 1] === '(') {
      open.push(flags.has(name) !== not);
      at = next + 1;
    } else if (!/^[!?(]$/.test(token) && open.every(Boolean)) found.push(token);
  }
  return found;
}

export const targetsOf = ({ yaml }: Core): Yaml => (isMap(yaml['targets']) ? yaml['targets'] : {});

/** `name_append` lists belong to `name`. */
export const appended = (map: Yaml, name: string): unknown[] => [...list(map[name]), ...list(map[`${name}_append`])];

/** What a target holds on: its name, its tool, flags of its own; `is_toplevel` for the core itself. */
export function flagsOf(root: Core, target: string): ReadonlySet<string> {
  const flags = new Set([`target_${target}`]);
  const chosen = targetsOf(root)[target];
  if (!isMap(chosen)) return flags;
  if (typeof chosen['default_tool'] === 'string') flags.add(`tool_${chosen['default_tool']}`);
  for (const [name, value] of Object.entries(isMap(chosen['flags']) ? chosen['flags'] : {}))
    if (value === true) flags.add(name);
    else if (value !== false && value !== null) flags.add(`${name}_${String(value)}`);
  return flags;
}

/** The file sets that a core gives to a target; a core below gives those of its own `default`, or nothing. */
export function filesetsOf(core: Core, target: string, flags: ReadonlySet<string>): Yaml[] {
  const { filesets } = core.yaml;
  const chosen = targetsOf(core)[target];
  if (!isMap(filesets)) return [];
  if (flags.has('is_toplevel') && Object.keys(targetsOf(core)).length === 0)
    return Object.values(filesets).filter(isMap);
  if (!isMap(chosen)) return [];
  return appended(chosen, 'filesets')
    .flatMap((name) => words(name, flags))
    .map((name) => filesets[name])
    .filter(isMap);
}
