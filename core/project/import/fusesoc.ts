// FuseSoC cores (CAPI=2): file sets of the default target, cores that it depends on first; what its sim target adds is
// tb.
import { parse } from 'yaml';
import { ImportDraft, folderOf, looksLikeTest, pathIn } from './imported.ts';
import type { Imported, ProjectTree } from './imported.ts';

type Yaml = Readonly<Record<string, unknown>>;
const isMap = (value: unknown): value is Yaml => typeof value === 'object' && value !== null && !Array.isArray(value);
const list = (value: unknown): unknown[] =>
  Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];

export interface Core {
  /** `vendor:library:name` */
  readonly id: string;
  readonly version: string;
  readonly file: string;
  readonly yaml: Yaml;
}

/** Every core of the workspace that can be read. */
export async function readCores(tree: ProjectTree): Promise<Core[]> {
  const cores: Core[] = [];
  for (const file of tree.files.filter((path) => path.endsWith('.core')).slice(0, 5_000)) {
    const text = await tree.read(file);
    if (text === null || !/^\s*CAPI=2\s*:?/.test(text)) continue;
    try {
      const yaml: unknown = parse(text.replace(/^\s*CAPI=2\s*:?[^\n]*/, ''), {
        merge: true,
        maxAliasCount: 1000,
        logLevel: 'silent',
        uniqueKeys: false,
      });
      if (isMap(yaml) && typeof yaml['name'] === 'string') cores.push({ ...idOf(yaml['name']), file, yaml });
    } catch {
      // no core that anybody can read
    }
  }
  return cores;
}

/** `>=a:b:c:1.0`, `a:b:c`, `c`: name without version, and the version. */
function idOf(name: string): { id: string; version: string } {
  const parts = name.replace(/^[<>=~^!]+/, '').split(':');
  if (parts.length === 1) return { id: `::${parts[0]?.replace(/-r?[\d.]+$/, '') ?? ''}`, version: '' };
  return { id: [parts[0], parts[1] ?? '', parts[2] ?? ''].join(':'), version: parts[3] ?? '' };
}

/** Of the cores nearest to the root the one that has a top and brings the most with it; null: there is none. */
export function rootCore(cores: readonly Core[]): Core | null {
  const byId = providers(cores);
  const depth = (file: string): number => file.split('/').length;
  const shallowest = Math.min(...cores.map(({ file }) => depth(file)));
  const rank = (core: Core): number => (toplevelOf(core, 'default') === null ? 0 : 1);
  return (
    cores
      .filter(({ file }) => depth(file) === shallowest)
      .map((core) => ({ core, size: closure(core, byId, () => undefined).length }))
      .sort((a, b) => b.size - a.size || rank(b.core) - rank(a.core) || (a.core.file < b.core.file ? -1 : 1))[0]
      ?.core ?? null
  );
}

/** Cores by id, and by the ids of virtual cores that they stand in for; of several of those a generic one. */
function providers(cores: readonly Core[], root: Core | null = null): Map<string, Core> {
  const byId = new Map<string, Core>();
  for (const core of cores) if (!byId.has(core.id) || core === root) byId.set(core.id, core);
  const generic = [...cores].sort((a, b) => Number(b.id.includes('generic')) - Number(a.id.includes('generic')));
  for (const core of generic)
    for (const name of list(core.yaml['virtual']))
      if (typeof name === 'string' && !byId.has(idOf(name).id)) byId.set(idOf(name).id, core);
  return byId;
}

export function importFusesoc(root: Core, cores: readonly Core[], tree: ProjectTree): Imported {
  const draft = new ImportDraft(root.file, tree);
  const byId = providers(cores, root);
  const missing = new Set<string>();
  for (const core of closure(root, byId, (name) => missing.add(name)))
    addFilesets(draft, core, 'default', flagsOf('default', core === root), 'rtl');
  for (const target of ['sim', 'test', 'lint'])
    if (isMap(targets(root)[target]) && target !== 'lint')
      addFilesets(draft, root, target, flagsOf(target, true), 'tb');
  addDefines(draft, root, 'default');
  draft.top = toplevelOf(root, 'default') ?? toplevelOf(root, 'synth') ?? toplevelOf(root, 'lint');
  if (missing.size > 0)
    draft.note(
      'warning',
      `${[...missing].sort().join(', ')} ${missing.size === 1 ? 'is' : 'are'} not in the workspace: fetch what the core depends on, then import again.`,
    );
  return draft.done();
}

const flagsOf = (target: string, top: boolean): ReadonlySet<string> =>
  new Set([`target_${target}`, ...(top ? ['is_toplevel'] : [])]);

/** Dependencies first, each core once, in the order in which they are named. */
function closure(root: Core, byId: ReadonlyMap<string, Core>, missing: (name: string) => void): Core[] {
  const ordered: Core[] = [];
  const entered = new Set<Core>([root]);
  const stack: { core: Core; names: string[]; next: number }[] = [];
  const enter = (core: Core): void => {
    stack.push({ core, names: dependenciesOf(core, flagsOf('default', core === root)), next: 0 });
  };
  enter(root);
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const name = top.names[top.next];
    top.next += 1;
    if (name === undefined) {
      ordered.push(top.core);
      stack.pop();
      continue;
    }
    const core = byId.get(idOf(name).id);
    if (core === undefined) missing(name);
    else if (!entered.has(core)) {
      entered.add(core);
      enter(core);
    }
  }
  return ordered;
}

const targets = ({ yaml }: Core): Yaml => (isMap(yaml['targets']) ? yaml['targets'] : {});

function filesetsOf(core: Core, target: string, flags: ReadonlySet<string>): Yaml[] {
  const chosen = targets(core)[target];
  const { filesets } = core.yaml;
  if (!isMap(filesets)) return [];
  const names = isMap(chosen)
    ? [...list(chosen['filesets']), ...list(chosen['filesets_append'])]
    : Object.keys(filesets);
  return names
    .flatMap((name) => words(name, flags))
    .map((name) => filesets[name])
    .filter(isMap);
}

function dependenciesOf(core: Core, flags: ReadonlySet<string>): string[] {
  return filesetsOf(core, 'default', flags).flatMap((set) => list(set['depend']).flatMap((one) => words(one, flags)));
}

function addFilesets(
  draft: ImportDraft,
  core: Core,
  target: string,
  flags: ReadonlySet<string>,
  wanted: 'rtl' | 'tb',
): void {
  const folder = folderOf(core.file);
  for (const set of filesetsOf(core, target, flags)) {
    const library = typeof set['logical_name'] === 'string' ? set['logical_name'] : null;
    for (const entry of list(set['files'])) {
      const [text, given] = isMap(entry) ? (Object.entries(entry)[0] ?? ['', null]) : [entry, null];
      const attributes: Yaml = isMap(given) ? given : {};
      const type = String(attributes['file_type'] ?? set['file_type'] ?? '');
      if (type !== '' && !/^(?:systemVerilog|verilog|vhdl)/i.test(type)) continue;
      for (const file of words(text, flags)) {
        const path = pathIn(folder, file);
        // tests that a core's default target brings along are no design
        const into = wanted === 'rtl' && path !== null && target !== 'default' && looksLikeTest(path) ? 'tb' : wanted;
        if (attributes['is_include_file'] === true || set['is_include_file'] === true)
          draft.includeDir(into, folder, String(attributes['include_path'] ?? folderOf(file)));
        else draft.source(into, folder, file, String(attributes['logical_name'] ?? library ?? 'work').toLowerCase());
      }
    }
  }
}

/** Macros among the parameters that the target names, with their defaults. */
function addDefines(draft: ImportDraft, core: Core, target: string): void {
  const { parameters } = core.yaml;
  const chosen = targets(core)[target];
  if (!isMap(parameters) || !isMap(chosen)) return;
  for (const named of list(chosen['parameters']).flatMap((name) => words(name, flagsOf(target, true)))) {
    const [name = '', given] = named.split('=');
    const parameter = parameters[name];
    if (!isMap(parameter) || parameter['paramtype'] !== 'vlogdefine') continue;
    const value = given ?? parameter['default'];
    if (value === undefined || value === false || value === 'false') continue;
    draft.define('rtl', value === true || value === 'true' ? name : `${name}=${String(value)}`);
  }
}

function toplevelOf(core: Core, target: string): string | null {
  const chosen = targets(core)[target];
  const [first] = isMap(chosen) ? list(chosen['toplevel']).flatMap((one) => words(one, flagsOf(target, true))) : [];
  return first ?? null;
}

/** The words that stand whatever holds, and those behind `flag ? (…)` and `!flag ? (…)` that do. */
export function words(text: unknown, flags: ReadonlySet<string>): string[] {
  if (typeof text !== 'string') return [];
  const tokens = text.match(/[?()]|[^\s?()]+/g) ?? [];
  const found: string[] = [];
  /** whether each open parenthesis holds */
  const open: boolean[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at] ?? '';
    if (token === ')') open.pop();
    else if (tokens[at + 1] === '?' && tokens[at + 2] === '(') {
      const not = token.startsWith('!');
      open.push(flags.has(not ? token.slice(1) : token) !== not);
      at += 2;
    } else if (token !== '?' && token !== '(' && open.every(Boolean)) found.push(token);
  }
  return found;
}
