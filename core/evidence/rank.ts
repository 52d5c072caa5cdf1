// Ranks the signals that may be wrong behind a failing check: what all failing outputs share and passing ones do not,
// what a linter warned of, what stands unknown or still in the waveform, and of these the nearest first.
import type { Diagnostic } from '@genrtl/contracts';
import { baseName } from './base-name.ts';
import type { HdlDeclaration } from './hdl-declarations.ts';
import { keyOf } from './signal-graph.ts';
import type { Drive, SignalGraph } from './signal-graph.ts';

export interface Suspect {
  readonly module: string;
  readonly signal: string;
  /** places that set it, in the order of the text */
  readonly drives: readonly Drive[];
  readonly declared: HdlDeclaration | null;
  /** steps to the nearest failing signal, as the graph counts them */
  readonly distance: number;
  /** why it stands where it does, in words */
  readonly reasons: readonly string[];
  /** what tools warned of */
  readonly clues: readonly Diagnostic[];
}

export interface RankInput {
  readonly graph: SignalGraph;
  readonly declarations: ReadonlyMap<string, HdlDeclaration>;
  /** modules in which a failing name is looked for, the likeliest first */
  readonly modules: readonly string[];
  /** as the bench names them, the first to fail first */
  readonly failing: readonly string[];
  /** outputs of the design that no check complains of */
  readonly passing: readonly string[];
  /** what the code itself contradicts, in words, by key of the signal */
  readonly oddities: ReadonlyMap<string, string>;
  /** findings of the linter */
  readonly clues: readonly Diagnostic[];
}

const MAX_DISTANCE = 20;
/** What a further assignment between signal and failure takes off the suspicion. */
const DECAY = 0.9;
/** How much a passing output speaks for what it depends on; it may just not have been looked at yet. */
const EXONERATION = 0.5;
/** What contradicts the code around it is nearly as telling as a warning. */
const ODD = 1;
/** Suspicion of an input of the design's top. */
const INPUT = 0.3;
/** A warning at the very place outweighs distance. */
const CLUE = 3;

export function rankSuspects(input: RankInput): Suspect[] {
  const failing = input.failing.map((name) => startOf(name, input)).filter((key) => key !== null);
  const passing = input.passing
    .map((name) => startOf(name, input))
    .filter((key) => key !== null && !failing.includes(key))
    .filter((key) => key !== null);
  const near = failing.map((key) => input.graph.distances(key, MAX_DISTANCE));
  const exonerating = passing.map((key) => input.graph.distances(key, MAX_DISTANCE));
  const order = new Map<string, { distance: number; at: number }>();
  for (const distances of near) {
    for (const [key, distance] of distances) {
      const known = order.get(key);
      if (known === undefined) order.set(key, { distance, at: order.size });
      else if (distance < known.distance) known.distance = distance;
    }
  }
  const ranked: { suspect: Suspect; score: number; at: number }[] = [];
  for (const [key, { distance, at }] of order) {
    const drives = input.graph.drivesOf(key);
    const declared = input.declarations.get(key) ?? null;
    if (drives.length === 0 && declared === null) continue;
    const warned = input.clues.filter((clue) => isAt(clue, drives, declared) || speaksOf(clue, key));
    const odd = input.oddities.get(key);
    const weight = (lists: readonly ReadonlyMap<string, number>[]): number =>
      lists.reduce((sum, list) => sum + (list.has(key) ? DECAY ** (list.get(key) ?? 0) : 0), 0);
    // inputs of the top are the bench's: suspicious only for how they are declared
    const trust = drives.length === 0 ? INPUT : 1;
    const [against, inFavour] = [weight(near), weight(exonerating)];
    const score =
      trust * (against / Math.sqrt(near.length * (against + EXONERATION * inFavour))) +
      (warned.length > 0 ? CLUE : 0) +
      (odd === undefined ? 0 : ODD);
    const [module = '', signal = ''] = key.split('\0');
    ranked.push({
      suspect: {
        module,
        signal,
        drives,
        declared,
        distance,
        clues: warned,
        reasons: [
          ...warned.map((clue) => `${clue.tool} warned: ${clue.message.slice(0, 200)}`),
          ...(odd === undefined ? [] : [odd]),
        ],
      },
      score,
      at,
    });
  }
  return ranked.sort((a, b) => b.score - a.score || a.at - b.at).map(({ suspect }) => suspect);
}

function startOf(name: string, { graph, modules }: RankInput): string | null {
  const base = baseName(name);
  return modules.map((module) => keyOf(module, base)).find((key) => graph.drivesOf(key).length > 0) ?? null;
}

/** Names in quotes or brackets, as in `Port 3 (wr_data) of fifo expects 8 bits`. */
function speaksOf(clue: Diagnostic, key: string): boolean {
  const name = key.slice(key.indexOf('\0') + 1);
  const at = clue.message.indexOf(name);
  return (
    clue.severity !== 'info' &&
    at > 0 &&
    '\'"`('.includes(clue.message.charAt(at - 1)) &&
    '\'"`)'.includes(clue.message.charAt(at + name.length) || ' ')
  );
}

function isAt(clue: Diagnostic, drives: readonly Drive[], declared: HdlDeclaration | null): boolean {
  if (clue.line === undefined || clue.severity === 'info') return false;
  const { file, line } = clue;
  const holds = (drive: Drive): boolean => {
    const { start, end } = drive.isConnection === true ? drive.block : drive;
    return drive.file === file && start <= line && line <= end;
  };
  return drives.some(holds) || (declared?.file === file && declared?.line === line);
}
