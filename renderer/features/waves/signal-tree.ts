// Scopes and signals of a waveform as a tree, and search by the letters that a person types.
import type { WaveSignalInfo } from '@genrtl/contracts/waves.ts';

export interface Scope {
  readonly name: string;
  readonly path: string;
  readonly scopes: readonly Scope[];
  readonly signals: readonly WaveSignalInfo[];
}

interface Growing {
  name: string;
  path: string;
  scopes: Map<string, Growing>;
  signals: WaveSignalInfo[];
}

const lastDot = (name: string): number => name.lastIndexOf('.');
/** Last part of a hierarchical name. */
export const leafName = (name: string): string => name.slice(lastDot(name) + 1);

/** Names as they are shown together: the last part, with as many scopes in front as it takes to tell them apart. */
export function shortNames(names: readonly string[]): Map<string, string> {
  const short = new Map<string, string>();
  let open = [...new Set(names)];
  for (let parts = 1; open.length > 0; parts += 1) {
    const groups = Map.groupBy(open, (name) => name.split('.').slice(-parts).join('.'));
    open = [];
    for (const [text, group] of groups) {
      for (const name of group) {
        if (group.length === 1 || text === name) short.set(name, text);
        else open.push(name);
      }
    }
  }
  return short;
}

export function buildScopes(signals: readonly WaveSignalInfo[]): Scope[] {
  const root: Growing = { name: '', path: '', scopes: new Map(), signals: [] };
  const known = new Map<string, Growing>([['', root]]);
  const scopeOf = (path: string): Growing => {
    const present = known.get(path);
    if (present !== undefined) return present;
    const cut = lastDot(path);
    const made: Growing = { name: path.slice(cut + 1), path, scopes: new Map(), signals: [] };
    scopeOf(cut === -1 ? '' : path.slice(0, cut)).scopes.set(made.name, made);
    known.set(path, made);
    return made;
  };
  for (const signal of signals) {
    const cut = lastDot(signal.name);
    scopeOf(cut === -1 ? '' : signal.name.slice(0, cut)).signals.push(signal);
  }
  const freeze = (scope: Growing): Scope => ({
    name: scope.name,
    path: scope.path,
    signals: scope.signals,
    scopes: [...scope.scopes.values()].map(freeze),
  });
  const { scopes, signals: loose } = freeze(root);
  return loose.length === 0 ? [...scopes] : [{ name: '/', path: '', scopes: [], signals: loose }, ...scopes];
}

/** Signals whose name has all the words, shallow ones first. */
export function searchSignals(signals: readonly WaveSignalInfo[], text: string, limit: number): WaveSignalInfo[] {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const found = signals.filter(({ name }) => {
    const lower = name.toLowerCase();
    return words.every((word) => lower.includes(word));
  });
  return found
    .sort((a, b) => a.name.split('.').length - b.name.split('.').length || a.name.localeCompare(b.name))
    .slice(0, limit);
}

/** The signal that a failure names: its full name or the shallowest that ends with it. */
export function findSignal(signals: readonly WaveSignalInfo[], name: string): WaveSignalInfo | null {
  const exact = signals.find((signal) => signal.name === name);
  if (exact !== undefined) return exact;
  const ending = `.${name}`;
  const [best] = signals
    .filter((signal) => signal.name.endsWith(ending))
    .sort((a, b) => a.name.split('.').length - b.name.split('.').length);
  return best ?? null;
}
