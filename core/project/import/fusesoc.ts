// FuseSoC cores (CAPI=2): the file sets of the root's default target and of the cores that it needs are rtl, in
// FuseSoC's own order; what its sim target needs beyond them is tb. Generators are not run.
import { coreFlags, coreOrder } from './fusesoc-order.ts';
import { appended, filesetsOf, isMap, list, targetsOf, words } from './fusesoc-cores.ts';
import type { Core } from './fusesoc-cores.ts';
import { ImportDraft, folderOf } from './imported.ts';
import type { Imported, ProjectTree } from './imported.ts';

/** Of the cores nearest to the root the one that has a top and brings the most with it; null: there is none. */
export function rootCore(cores: readonly Core[]): Core | null {
  const depth = (file: string): number => file.split('/').length;
  const shallowest = Math.min(...cores.map(({ file }) => depth(file)));
  const rank = (core: Core): number => (toplevelOf(core, designTarget(core)) === null ? 0 : 1);
  return (
    cores
      .filter(({ file }) => depth(file) === shallowest)
      .map((core) => ({ core, size: coreOrder(core, cores, designTarget(core)).cores.length }))
      .sort((a, b) => b.size - a.size || rank(b.core) - rank(a.core) || (a.core.file < b.core.file ? -1 : 1))[0]
      ?.core ?? null
  );
}

export function importFusesoc(root: Core, cores: readonly Core[], tree: ProjectTree): Imported {
  const draft = new ImportDraft(root.file, tree);
  const design = designTarget(root);
  addTarget(draft, root, cores, design, 'rtl');
  for (const target of testTargets(root)) addTarget(draft, root, cores, target, 'tb');
  draft.top = [design, 'synth', 'lint'].map((target) => toplevelOf(root, target)).find((top) => top !== null) ?? null;
  return draft.done();
}

const hasFilesets = (root: Core, target: string): boolean => {
  const chosen = targetsOf(root)[target];
  return isMap(chosen) && appended(chosen, 'filesets').length > 0;
};

/** The target that stands for the design. */
function designTarget(root: Core): string {
  const named = ['default', 'synth', 'lint'].find((target) => hasFilesets(root, target));
  const others = Object.keys(targetsOf(root)).filter((target) => hasFilesets(root, target));
  return named ?? others.find((target) => !TEST_TARGET.test(target)) ?? others[0] ?? 'default';
}

const TEST_TARGET = /(?:^|[_-])(?:sim|simulation|tb|test|verilator_tb)(?:$|[_-])/i;

/** `sim` and `test` as everybody names them, else the first that is named after them. */
function testTargets(root: Core): string[] {
  const names = Object.keys(targetsOf(root)).filter((target) => hasFilesets(root, target));
  const usual = ['sim', 'simulation', 'tb', 'test'].filter((target) => names.includes(target));
  return usual.length > 0 ? usual : names.filter((target) => TEST_TARGET.test(target)).slice(0, 1);
}

function addTarget(draft: ImportDraft, root: Core, cores: readonly Core[], target: string, into: 'rtl' | 'tb'): void {
  const { cores: ordered, missing, otherVersion } = coreOrder(root, cores, target);
  for (const core of ordered) {
    const own = core === root ? target : 'default';
    const flags = coreFlags(core, root, target);
    addFilesets(draft, core, own, flags, into);
    addDefines(draft, core, own, flags, into, ordered);
    noteGenerated(draft, core, own, flags);
  }
  if (missing.length > 0)
    draft.note(
      'warning',
      `${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} not in the workspace: fetch what the core depends on, then import again.`,
    );
  if (otherVersion.length > 0)
    draft.note('warning', `These cores are there in another version only: ${otherVersion.join(', ')}.`);
}

function addFilesets(
  draft: ImportDraft,
  core: Core,
  target: string,
  flags: ReadonlySet<string>,
  into: 'rtl' | 'tb',
): void {
  const folder = folderOf(core.file);
  for (const set of filesetsOf(core, target, flags)) {
    for (const entry of appended(set, 'files')) {
      // `path`, `path: { attributes }`; several in one entry are as many files
      for (const [text, given] of isMap(entry) ? Object.entries(entry) : [[entry, null] as const]) {
        const attributes = isMap(given) ? given : {};
        const attribute = (name: string): string => words(String(attributes[name] ?? set[name] ?? ''), flags)[0] ?? '';
        const type = attribute('file_type');
        for (const file of words(text, flags))
          if (attributes['is_include_file'] === true)
            draft.includeDir(into, folder, attribute('include_path') || folderOf(file));
          else if (type === '' || /^(?:systemVerilog|verilog|vhdl)/i.test(type))
            draft.source(into, folder, file, (attribute('logical_name') || 'work').toLowerCase());
      }
    }
  }
}

/** Macros among the parameters that a core's target names, with their defaults; of its own or of cores before it. */
function addDefines(
  draft: ImportDraft,
  core: Core,
  target: string,
  flags: ReadonlySet<string>,
  into: 'rtl' | 'tb',
  ordered: readonly Core[],
): void {
  const chosen = targetsOf(core)[target];
  if (!isMap(chosen)) return;
  const known = (name: string): unknown =>
    [core, ...ordered.slice(0, ordered.indexOf(core)).toReversed()]
      .map(({ yaml }) => (isMap(yaml['parameters']) ? yaml['parameters'][name] : undefined))
      .find((one) => one !== undefined);
  for (const named of appended(chosen, 'parameters').flatMap((name) => words(name, flags))) {
    const equals = named.indexOf('=');
    const name = equals < 0 ? named : named.slice(0, equals);
    const parameter = known(name);
    if (!isMap(parameter) || parameter['paramtype'] !== 'vlogdefine') continue;
    const value = equals < 0 ? parameter['default'] : named.slice(equals + 1);
    if (value === undefined || value === '' || value === false || value === 'false') continue;
    draft.define(into, value === true || value === 'true' ? name : `${name}=${String(value)}`);
  }
}

function noteGenerated(draft: ImportDraft, core: Core, target: string, flags: ReadonlySet<string>): void {
  const chosen = targetsOf(core)[target];
  if (!isMap(chosen)) return;
  const names = appended(chosen, 'generate').flatMap((one) =>
    (isMap(one) ? Object.keys(one) : [one]).flatMap((name) => words(name, flags)),
  );
  if (names.length > 0)
    draft.note(
      'warning',
      `${core.id} has files made by generators (${names.join(', ')}), which are not run: run FuseSoC once and name what it makes.`,
      core.file,
    );
  if (isMap(core.yaml['provider']))
    draft.note(
      'info',
      `${core.id} fetches its files from elsewhere (${String(core.yaml['provider']['name'])}).`,
      core.file,
    );
}

function toplevelOf(root: Core, target: string): string | null {
  const chosen = targetsOf(root)[target];
  const flags = coreFlags(root, root, target);
  const [first] = isMap(chosen) ? list(chosen['toplevel']).flatMap((one) => words(one, flags)) : [];
  return first?.split(/\s+/)[0] ?? null;
}
