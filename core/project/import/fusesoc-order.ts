// Which cores a target of a FuseSoC core needs, and in which order FuseSoC gives their files to the tools: by the
// longest chain below each core, cores of one length by name.
import { compareVersions, filesetsOf, flagsOf, list, appended, neededCore, satisfies, words } from './fusesoc-cores.ts';
import type { Core, Needed } from './fusesoc-cores.ts';

export interface CoreOrder {
  /** dependencies first, the root last */
  readonly cores: readonly Core[];
  readonly missing: readonly string[];
  /** cores that are there in versions that nobody asked for, as `NEEDED (there is VERSION)` */
  readonly otherVersion: readonly string[];
}

/** What a core needs where `root` is built for `target`. */
export const needsOf = (core: Core, root: Core, target: string): Needed[] =>
  filesetsOf(core, core === root ? target : 'default', coreFlags(core, root, target)).flatMap((set) =>
    appended(set, 'depend')
      .flatMap((one) => words(one, coreFlags(core, root, target)))
      .map(neededCore),
  );

export const coreFlags = (core: Core, root: Core, target: string): ReadonlySet<string> =>
  core === root ? new Set([...flagsOf(root, target), 'is_toplevel']) : flagsOf(root, target);

/** Rounds in which versions and stand-ins are settled; each round can only add what the last one chose. */
const MAX_ROUNDS = 20;

export function coreOrder(root: Core, cores: readonly Core[], target: string): CoreOrder {
  const byId = new Map<string, Core[]>();
  for (const core of cores) byId.set(core.id, [...(byId.get(core.id) ?? []), core]);
  const virtual = virtualCores(cores);
  let chosen = new Map<string, Core>([[root.id, root]]);
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const next = choose(root, target, { byId, virtual, before: chosen });
    const same = next.size === chosen.size && [...next].every(([id, core]) => chosen.get(id) === core);
    chosen = next;
    if (same) break;
  }
  const edges = new Map<Core, Core[]>();
  const missing = new Set<string>();
  const otherVersion = new Set<string>();
  for (const core of new Set(chosen.values())) {
    const below = needsOf(core, root, target).flatMap((need) => {
      const found = chosen.get(need.id);
      if (found === undefined) missing.add(need.id.replace(/^::/, ''));
      else if (found.id === need.id && !satisfies(found.version, need))
        otherVersion.add(`${need.relation}${need.id}:${need.version} (there is ${found.version || 'none'})`);
      return found === undefined || found === core ? [] : [found];
    });
    edges.set(core, below);
  }
  return { cores: byDepth(root, edges), missing: [...missing].sort(), otherVersion: [...otherVersion].sort() };
}

/** Cores by the ids that they stand in for. */
function virtualCores(cores: readonly Core[]): Map<string, Core[]> {
  const found = new Map<string, Core[]>();
  for (const core of cores)
    for (const name of list(core.yaml['virtual']))
      if (typeof name === 'string') {
        const { id } = neededCore(name);
        found.set(id, [...(found.get(id) ?? []), core]);
      }
  return found;
}

interface Known {
  readonly byId: ReadonlyMap<string, readonly Core[]>;
  readonly virtual: ReadonlyMap<string, readonly Core[]>;
  /** what the round before chose */
  readonly before: ReadonlyMap<string, Core>;
}

/** The newest version that everything asks for; for a virtual core one that is needed anyway, else a generic one. */
function choose(root: Core, target: string, { byId, virtual, before }: Known): Map<string, Core> {
  const wanted = new Map<string, Needed[]>();
  for (const core of new Set(before.values()))
    for (const need of needsOf(core, root, target)) wanted.set(need.id, [...(wanted.get(need.id) ?? []), need]);
  const chosen = new Map<string, Core>([[root.id, root]]);
  const newest = (candidates: readonly Core[], needs: readonly Needed[]): Core | undefined => {
    const sorted = [...candidates].sort((a, b) => compareVersions(b.version, a.version));
    return sorted.find(({ version }) => needs.every((need) => satisfies(version, need))) ?? sorted[0];
  };
  const reached = new Set<Core>();
  const open: Needed[] = needsOf(root, root, target);
  const deferred: string[] = [];
  const take = (id: string, core: Core | undefined): void => {
    if (core === undefined) return;
    chosen.set(id, core);
    chosen.set(core.id, core);
    if (reached.has(core)) return;
    reached.add(core);
    open.push(...needsOf(core, root, target));
  };
  for (;;) {
    const need = open.shift();
    if (need !== undefined) {
      if (chosen.has(need.id)) continue;
      const real = byId.get(need.id);
      if (real !== undefined) take(need.id, newest(real, wanted.get(need.id) ?? [need]));
      else if (virtual.has(need.id)) deferred.push(need.id);
      continue;
    }
    const id = deferred.shift();
    if (id === undefined) return chosen;
    if (!chosen.has(id)) take(id, standIn(virtual.get(id) ?? [], reached));
  }
}

const standIn = (candidates: readonly Core[], reached: ReadonlySet<Core>): Core | undefined =>
  [...candidates].sort(
    (a, b) =>
      Number(reached.has(b)) - Number(reached.has(a)) ||
      Number(b.id.includes('generic')) - Number(a.id.includes('generic')) ||
      (a.id < b.id ? -1 : a.id > b.id ? 1 : compareVersions(b.version, a.version)),
  )[0];

/** FuseSoC's solver knows cores by such names, and sorts by them. */
const solverName = ({ id }: Core): string => id.replaceAll(':', '_').replace(/^_+/, '').replaceAll('-', '__');

function byDepth(root: Core, edges: ReadonlyMap<Core, readonly Core[]>): Core[] {
  const ordered: Core[] = [];
  const placed = new Set<Core>();
  const reached = new Set<Core>([root]);
  for (const core of reached) for (const below of edges.get(core) ?? []) reached.add(below);
  const waiting = new Set(reached);
  while (waiting.size > 0) {
    const ready = [...waiting].filter((core) => (edges.get(core) ?? []).every((below) => placed.has(below)));
    // FuseSoC refuses cores that need each other; they are taken as they come
    const level = ready.length > 0 ? ready : [...waiting];
    level.sort((a, b) => (solverName(a) < solverName(b) ? -1 : 1));
    for (const core of level) {
      ordered.push(core);
      waiting.delete(core);
      placed.add(core);
    }
  }
  return ordered;
}
