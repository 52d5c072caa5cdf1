// Names of states for rows that show them: the waveform's own, else asked of the sources; and any row's value as text.
import { create } from 'zustand';
import type { StateName } from '@genrtl/contracts/language.ts';
import { bridge } from '../../bridge/bridge.ts';
import { formatValue } from './radix.ts';
import { bitOf } from './wave-rows.ts';
import type { SignalRow } from './wave-rows.ts';

/** Names by value in decimal digits; an empty map: the sources say nothing. */
type Names = ReadonlyMap<string, string>;
export type StateNames = ReadonlyMap<string, Names>;

const NONE: StateNames = new Map();
const BATCH = 500;

interface Known {
  readonly workspace: string;
  readonly names: StateNames;
}
export const useStateNames = create<Known>()(() => ({ workspace: '', names: NONE }));

/**
 * Asks anew: the sources may have changed since. What cannot be asked keeps its numbers. What the simulator wrote beside
 * the values (`own`) holds, whatever the sources say by now.
 */
export async function readStateNames(
  workspace: string,
  signals: readonly string[],
  own: Readonly<Record<string, readonly StateName[]>>,
): Promise<void> {
  const all = [...new Set(signals)].slice(0, BATCH);
  if (all.length === 0) return;
  if (all.some((name) => own[name] !== undefined)) keep(workspace, all, (name) => own[name] ?? []);
  const { found } = await bridge.call('language.state_names', {
    workspace,
    names: all.map((name) => name.replace(/\[[^.]*\]$/, '').split('.')),
  });
  keep(workspace, all, (name, at) => own[name] ?? found[at] ?? []);
}

function keep(
  workspace: string,
  signals: readonly string[],
  namesOf: (signal: string, at: number) => readonly StateName[],
): void {
  const before = useStateNames.getState();
  const names = new Map(before.workspace === workspace ? before.names : NONE);
  for (const [at, signal] of signals.entries())
    names.set(signal, new Map(namesOf(signal, at).map((state) => [state.value, state.name])));
  useStateNames.setState({ workspace, names });
}

export function rowText(row: SignalRow, value: string, states: StateNames): string {
  const own = bitOf(value, row);
  if (row.radix !== 'names' || !/^[01]+$/.test(own)) return formatValue(own, row.radix);
  return states.get(row.name)?.get(BigInt(`0b${own}`).toString()) ?? formatValue(own, 'hex');
}

/** The digits of a state's name, for searching; null for what is no name of the signal. */
export function stateBits(name: string, signal: string): string | null {
  const wanted = name.trim().toLowerCase();
  for (const [value, text] of useStateNames.getState().names.get(signal) ?? [])
    if (text.toLowerCase() === wanted) return BigInt(value).toString(2);
  return null;
}
