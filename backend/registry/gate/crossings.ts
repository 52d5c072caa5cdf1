// Clock crossings: each one that the netlist has must be listed in the manifest, end in a marked chain of flops without
// logic before or between them, and be of a kind that may cross so. What time does to them is judged in skew.ts.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CbbCrossing, CbbManifest } from '@genrtl/contracts';
import type { ElaborationContext } from './elaboration.ts';
import { checked } from './findings.ts';
import type { Check } from './findings.ts';
import { FlatNetlist, Netlist } from './netlist.ts';
import type { Bit, Flop, Leaf } from './netlist.ts';
import type { ParameterSet } from './parameter-sets.ts';
import { skewFindings } from './skew.ts';

/** One bit that arrives: the register's bit and where it comes from. */
export interface Arrival {
  readonly crossing: CbbCrossing;
  /** null when it comes from a pin */
  readonly source: Bit | null;
  readonly flop: Flop;
}

export interface CrossingsOfSet {
  readonly findings: readonly string[];
  readonly arrivals: readonly Arrival[];
  /** crossings of the manifest that were there */
  readonly seen: ReadonlySet<CbbCrossing>;
}

/** The netlist at every parameter set, then the bench with crossings that arrive at any time. */
export async function checkCrossings(context: ElaborationContext, sets: readonly ParameterSet[]): Promise<Check> {
  const { manifest } = context;
  const findings = new Set<string>(listFindings(manifest));
  const seen = new Set<CbbCrossing>();
  const skewed: { set: ParameterSet; netlist: Netlist; arrivals: readonly Arrival[] }[] = [];
  for (const set of sets) {
    const netlist = await flatNetlist(context, set);
    if (typeof netlist === 'string') {
      findings.add(`Yosys refuses the set "${set.name}": ${netlist}`);
      continue;
    }
    const found = crossingsOf(netlist, manifest);
    for (const finding of found.findings) findings.add(finding);
    for (const crossing of found.seen) seen.add(crossing);
    if (found.arrivals.some(({ source }) => source !== null)) skewed.push({ set, netlist, arrivals: found.arrivals });
  }
  for (const crossing of manifest.crossings ?? []) {
    if (!seen.has(crossing))
      findings.add(`nothing crosses from ${crossing.from} to ${crossing.to} into ${crossing.into}`);
  }
  // Time is tried only on crossings that are built right: their names are known then.
  if (findings.size === 0 && skewed.length > 0)
    for (const finding of await skewFindings(context, skewed)) findings.add(finding);
  return checked('crossings', [...findings]);
}

/** What the netlist says of the manifest's list. Pure. */
export function crossingsOf(netlist: Netlist, manifest: CbbManifest): CrossingsOfSet {
  const findings = new Set<string>();
  const seen = new Set<CbbCrossing>();
  const arrivals: Arrival[] = [];
  const listed = manifest.crossings ?? [];
  const asynchronous = new Set(
    listed.filter(({ kind, from }) => kind !== 'reset' && from in netlist.ports).map(({ from }) => from),
  );
  const clocks = new Set(manifest.clock_domains.map(({ clock }) => clock));
  const foreign = (leaf: Leaf, clock: string | null): string[] =>
    leaf.kind === 'flop'
      ? leaf.flop.clock === clock
        ? []
        : [leaf.flop.clock ?? 'a clock made inside']
      : leaf.kind === 'memory'
        ? leaf.memory.clocks.filter((one) => one !== clock).map((one) => one ?? 'a clock made inside')
        : asynchronous.has(leaf.port) && !clocks.has(leaf.port)
          ? [leaf.port]
          : [];
  const nameOf = (leaf: Leaf): string =>
    leaf.kind === 'memory' ? leaf.memory.name : netlist.nameOf(leaf.kind === 'flop' ? leaf.flop.q : leaf.bit);
  const matching = (from: string, to: string | null, into: string, bit: Bit | null): CbbCrossing | undefined =>
    listed.find(
      (one) =>
        one.from === from &&
        one.to === to &&
        (bit === null
          ? one.into === into
          : netlist.namesOf(bit).some(({ base, index }) => one.into === base || one.into === `${base}[${index}]`)),
    );

  /** Findings about everything foreign that the bit depends on but does not take directly. */
  const throughLogic = (bit: Bit, clock: string | null, what: string): void => {
    for (const leaf of netlist.leavesOf(bit)) {
      for (const from of foreign(leaf, clock)) {
        const guarded = matching(from, clock, nameOf(leaf), leaf.kind === 'flop' ? leaf.flop.q : null);
        if (guarded?.kind === 'guarded') seen.add(guarded);
        else findings.add(`${what} depends on ${nameOf(leaf)} of ${from} through logic, without a synchroniser`);
      }
    }
  };

  const usedBy = new Map<string, Set<string>>();
  for (const flop of netlist.flops) {
    const name = netlist.nameOf(flop.q);
    if (flop.clock === null) findings.add(`the clock of ${name} is no input`);
    for (const input of flop.inputs) {
      for (const leaf of netlist.leavesOf(input)) {
        if (leaf.kind !== 'port') continue;
        const used = usedBy.get(leaf.port) ?? new Set();
        usedBy.set(leaf.port, used.add(flop.clock ?? ''));
      }
    }
    const direct = netlist.leafAt(flop.d);
    const from = direct === null ? undefined : foreign(direct, flop.clock)[0];
    if (netlist.isMarked(flop.q) && from === undefined && netlist.leafAt(flop.d)?.kind !== 'flop') {
      if (!listed.some((one) => one.kind === 'reset' && netlist.namesOf(flop.q).some(({ base }) => base === one.into)))
        findings.add(`${name} is marked as the first flop of a synchroniser, and no crossing is listed for it`);
    }
    if (direct === null || from === undefined) {
      for (const input of flop.inputs) throughLogic(input, flop.clock, `${name} (${flop.clock ?? 'no clock'})`);
    } else {
      const crossing = matching(from, flop.clock, name, flop.q);
      if (crossing === undefined || crossing.kind === 'guarded' || crossing.kind === 'reset') {
        findings.add(
          `${nameOf(direct)} crosses from ${from} to ${flop.clock ?? '?'} into ${name}, which no listed synchroniser does`,
        );
      } else {
        seen.add(crossing);
        arrivals.push({ crossing, source: direct.kind === 'flop' ? direct.flop.q : null, flop });
        findings.add(chainFinding(netlist, flop) ?? '');
        for (const input of flop.inputs.slice(1)) throughLogic(input, flop.clock, `the enable of ${name}`);
      }
    }
    const reset = flop.asyncReset;
    if (reset !== null) {
      for (const leaf of netlist.leavesOf(reset)) {
        if (leaf.kind === 'flop' && leaf.flop.clock !== flop.clock)
          findings.add(`${name} is reset by ${nameOf(leaf)} of another clock`);
      }
      const port = netlist.portAt(reset);
      const release = listed.find((one) => one.kind === 'reset' && one.from === port && one.to === flop.clock);
      if (release !== undefined && netlist.namesOf(flop.q).some(({ base }) => base === release.into)) {
        seen.add(release);
        if (!netlist.isMarked(flop.q)) findings.add(unmarked(name));
      }
    }
  }
  for (const memory of netlist.memories.values()) {
    if (memory.clocks.length > 1) findings.add(`${memory.name} is written with several clocks`);
    for (const bit of memory.writeInputs)
      throughLogic(bit, memory.clocks[0] ?? null, `${memory.name} (written with ${memory.clocks[0] ?? '?'})`);
  }
  for (const [port, { direction, bits }] of Object.entries(netlist.ports)) {
    if (direction === 'input') continue;
    outputFindings(netlist, port, bits, listed, seen).forEach((finding) => findings.add(finding));
  }
  for (const [port, used] of usedBy) {
    if (used.size > 1 && !clocks.has(port))
      findings.add(`the input ${port} goes to registers of ${[...used].sort().join(' and ')}`);
  }
  for (const finding of severalBits(netlist, arrivals)) findings.add(finding);
  findings.delete('');
  return { findings: [...findings], arrivals, seen };
}

/** A first flop is marked and feeds nothing but a second one that is marked, too. */
function chainFinding(netlist: Netlist, first: Flop): string | null {
  const name = netlist.nameOf(first.q);
  if (!netlist.isMarked(first.q)) return unmarked(name);
  const second = netlist.flops.find(({ d, clock }) => d === first.q && clock === first.clock);
  if (second === undefined) return `${name} is no synchroniser: there is no second flop behind it`;
  if (netlist.readersOf(first.q) > 1)
    return `${name} may be between two levels and is read by more than the second flop`;
  return netlist.isMarked(second.q) ? null : unmarked(netlist.nameOf(second.q));
}

function unmarked(name: string): string {
  return `${name} is part of a synchroniser and not marked with ASYNC_REG`;
}

/** Two bits of one register that cross one by one arrive in different cycles: together they are no value. */
function severalBits(netlist: Netlist, arrivals: readonly Arrival[]): string[] {
  const groups = new Map<string, Set<Bit>>();
  for (const { crossing, source } of arrivals) {
    if (crossing.kind !== 'bit' || source === null) continue;
    const key = `${netlist.namesOf(source)[0]?.base ?? ''} crosses from ${crossing.from} to ${crossing.to}`;
    groups.set(key, (groups.get(key) ?? new Set()).add(source));
  }
  return [...groups]
    .filter(([, bits]) => bits.size > 1)
    .map(([what, bits]) => `${what} with ${bits.size} bits, each for itself: they arrive in different cycles`);
}

/** An output belongs to one clock, but for words that stand still while they are read. */
function outputFindings(
  netlist: Netlist,
  port: string,
  bits: readonly Bit[],
  listed: readonly CbbCrossing[],
  seen: Set<CbbCrossing>,
): string[] {
  const clocks = new Set<string>();
  const memories = new Set<string>();
  for (const leaf of bits.flatMap((bit) => netlist.leavesOf(bit))) {
    if (leaf.kind === 'flop') clocks.add(leaf.flop.clock ?? '?');
    if (leaf.kind === 'memory') memories.add(leaf.memory.name);
  }
  for (const name of memories) {
    const from = netlist.memories.get(name)?.clocks[0] ?? '?';
    const guarded = listed.find(
      (one) => one.kind === 'guarded' && one.into === name && one.from === from && clocks.has(one.to),
    );
    if (guarded === undefined) clocks.add(from);
    else seen.add(guarded);
  }
  return clocks.size > 1 ? [`the output ${port} depends on ${[...clocks].sort().join(' and ')}`] : [];
}

/** What can be said of the list itself. */
function listFindings(manifest: CbbManifest): string[] {
  const clocks = new Set(manifest.clock_domains.map(({ clock }) => clock));
  const inputs = new Set(manifest.ports.filter(({ direction }) => direction === 'input').map(({ name }) => name));
  return (manifest.crossings ?? []).flatMap(({ from, to, kind }) => [
    ...(clocks.has(to) ? [] : [`a crossing goes to ${to}, which is no clock`]),
    ...(inputs.has(from) ? [] : [`a crossing comes from ${from}, which is neither a clock nor an input`]),
    ...(from === to ? [`a crossing goes from ${from} to itself`] : []),
    ...(kind === 'gray' && !clocks.has(from)
      ? [`a Gray code from ${from}: a pin tells nothing of how it changes`]
      : []),
  ]);
}

async function flatNetlist(
  { runner, folder, manifest, signal }: ElaborationContext,
  set: ParameterSet,
): Promise<Netlist | string> {
  const parameters = Object.fromEntries(
    Object.entries(set.parameters).filter(([name]) =>
      manifest.parameters.some((parameter) => parameter.name === name && parameter.type !== 'string'),
    ),
  );
  return runner.run(
    {
      tool: 'yosys',
      action: 'elaborate',
      workspace: folder,
      sources: manifest.filesets.rtl,
      includeDirs: manifest.include_dirs,
      top: manifest.toplevel,
      parameters,
      options: { flatten: true },
      limits: { timeoutMs: 60_000 },
      ...(signal === undefined ? {} : { signal }),
    },
    async (result, runDir) => {
      if (result.verdict !== 'pass')
        return (
          result.diagnostics.find(({ severity }) => severity === 'error')?.message ?? `it ended as ${result.verdict}`
        );
      const { modules } = FlatNetlist.parse(JSON.parse(await readFile(join(runDir, 'elaborated.json'), 'utf8')));
      const top = Object.values(modules).find((module) => module.attributes?.['top'] !== undefined);
      return top === undefined ? 'it wrote no top module' : new Netlist(top);
    },
  );
}
