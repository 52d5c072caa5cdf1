// WaveJSON (wavedrom.com/tutorial.html) as far as data sheets of packages use it: lanes, groups, data labels, gaps,
// period and phase.
// Hostile input is fine: whatever is not understood is left out, sizes are bounded.

export type Level = 'low' | 'high' | 'unknown' | 'floating' | 'data' | 'clock' | 'clock-negative';

/** A stretch of one lane; times count in cycles. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly level: Level;
  /** label and colour number of a data stretch */
  readonly label?: string;
  readonly tint?: number;
}

export interface Lane {
  readonly name: string;
  /** depth of the groups around it, and the group's name when the lane is its first */
  readonly depth: number;
  readonly group?: string;
  readonly stretches: readonly Stretch[];
  /** times of drawn gaps */
  readonly gaps: readonly number[];
}

export interface TimingChart {
  readonly lanes: readonly Lane[];
  readonly cycles: number;
  readonly title: string | null;
}

const MAX_LANES = 64;
const MAX_CYCLES = 256;
const LEVELS: Readonly<Record<string, Level>> = {
  '0': 'low',
  l: 'low',
  L: 'low',
  d: 'low',
  '1': 'high',
  h: 'high',
  H: 'high',
  u: 'high',
  x: 'unknown',
  z: 'floating',
  p: 'clock',
  P: 'clock',
  n: 'clock-negative',
  N: 'clock-negative',
};

type Json = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value).slice(0, 200) : '';

/** Null for what is no WaveJSON with at least one lane. */
export function readWaveJson(text: string): TimingChart | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isObject(value) || !Array.isArray(value['signal'])) return null;
  const lanes: Lane[] = [];
  collect(value['signal'], 0, undefined, lanes);
  if (lanes.length === 0) return null;
  const head = value['head'];
  return {
    lanes,
    title: isObject(head) && textOf(head['text']) !== '' ? textOf(head['text']) : null,
    cycles: Math.max(1, ...lanes.map((lane) => lane.stretches.at(-1)?.to ?? 0)),
  };
}

function collect(entries: readonly unknown[], depth: number, group: string | undefined, lanes: Lane[]): void {
  let pending = group;
  for (const entry of entries) {
    if (lanes.length >= MAX_LANES || depth > 4) return;
    if (Array.isArray(entry)) {
      const [first, ...rest] = entry as unknown[];
      const named = typeof first === 'string' || typeof first === 'number';
      collect(named ? rest : [first, ...rest], depth + 1, named ? textOf(first) : undefined, lanes);
    } else if (isObject(entry)) {
      lanes.push(laneOf(entry, depth, pending));
      pending = undefined;
    }
  }
}

function laneOf(entry: Json, depth: number, group: string | undefined): Lane {
  const wave = textOf(entry['wave']).slice(0, MAX_CYCLES);
  const period = typeof entry['period'] === 'number' && entry['period'] > 0 ? Math.min(entry['period'], 16) : 1;
  const phase = typeof entry['phase'] === 'number' ? Math.max(-16, Math.min(entry['phase'], 16)) : 0;
  const data = Array.isArray(entry['data']) ? entry['data'].map(textOf) : textOf(entry['data']).split(/\s+/);
  const stretches: Stretch[] = [];
  const gaps: number[] = [];
  let labels = 0;
  for (const [cycle, mark] of [...wave].entries()) {
    const from = cycle * period - phase;
    const to = from + period;
    const before = stretches.at(-1);
    if (mark === '|') gaps.push(from + period / 2);
    if (mark === '.' || mark === '|') {
      if (before !== undefined) stretches[stretches.length - 1] = { ...before, to };
      continue;
    }
    const level: Level | undefined = /[2-9=]/.test(mark) ? 'data' : LEVELS[mark];
    if (level === undefined) continue;
    if (level === 'data') {
      stretches.push({ from, to, level, tint: mark === '=' ? 2 : Number(mark), label: data[labels] ?? '' });
      labels += 1;
    } else stretches.push({ from, to, level });
  }
  const shown = stretches
    .filter((stretch) => stretch.to > 0)
    .map((stretch) => ({ ...stretch, from: Math.max(0, stretch.from) }));
  return { name: textOf(entry['name']), depth, stretches: shown, gaps, ...(group === undefined ? {} : { group }) };
}
