// The window of a waveform around a failure: the failing signals, clock and reset, and what the signals depend on.
import { access } from 'node:fs/promises';
import type { TimeValue, WaveSlice } from '@genrtl/contracts';
import type { WaveWish } from '@genrtl/core/evidence/index.ts';
import { openWaves, parseTime, ticksToTime, timeToTicks } from '@genrtl/eda/waves/index.ts';
import type { Timescale, WaveFile } from '@genrtl/eda/waves/index.ts';

/** Clock periods shown before and after the failing edge. */
const PERIODS_BEFORE = 16;
const PERIODS_AFTER = 2;
const MAX_SIGNALS = 24;
const MAX_CHANGES = 400;

export interface DesignNames {
  readonly clocks: readonly string[];
  readonly resets: readonly string[];
  readonly ports: readonly string[];
}

/** Null when there is no waveform or none of the failing signals stands in it. */
export async function waveWindow(file: string, wish: WaveWish, design: DesignNames): Promise<WaveSlice | null> {
  if (
    !(await access(file).then(
      () => true,
      () => false,
    ))
  )
    return null;
  // a waveform cut off by a full disk or a killed tool is no reason to go without the rest of the evidence
  const wave = await openWaves(file).catch(() => null);
  if (wave === null) return null;
  try {
    const failing = wish.signals.slice(0, wish.failing);
    const names = unique(wave, [
      ...failing,
      ...design.clocks,
      ...design.resets,
      ...design.ports,
      ...wish.signals.slice(wish.failing),
    ]);
    if (!failing.some((name) => wave.find(name).length > 0)) return null;
    const window = await windowAround(wave, wish.time, design.clocks);
    return window && (await wave.query({ signals: names, ...window, maxChanges: MAX_CHANGES }));
  } finally {
    await wave.close();
  }
}

/** Full names, each stored variable once: a port and the net on it are the same wave. */
function unique(wave: WaveFile, wanted: readonly string[]): string[] {
  const variables = new Set<number>();
  const names: string[] = [];
  for (const name of wanted) {
    const [signal] = wave.find(name);
    if (
      signal === undefined ||
      signal.type === 'parameter' ||
      variables.has(signal.variable) ||
      names.length >= MAX_SIGNALS
    )
      continue;
    variables.add(signal.variable);
    names.push(signal.name);
  }
  return names;
}

async function windowAround(
  wave: WaveFile,
  time: string,
  clocks: readonly string[],
): Promise<{ from: TimeValue; to: TimeValue } | null> {
  const at = ticksOf(time, wave.timescale);
  if (at === null) return null;
  const end = timeToTicks(wave.end, wave.timescale);
  const period = (await periodOf(wave, clocks)) ?? Math.max(1, Math.floor(at / 20));
  const from = Math.max(timeToTicks(wave.start, wave.timescale), at - PERIODS_BEFORE * period);
  const to = Math.min(end, at + PERIODS_AFTER * period);
  return from > to ? null : { from: ticksToTime(from, wave.timescale), to: ticksToTime(to, wave.timescale) };
}

/** A time without unit counts ticks, as simulators print it. */
function ticksOf(time: string, scale: Timescale): number | null {
  const parsed = parseTime(time, 'none');
  if (parsed === null) return null;
  return parsed.unit === 'none' ? Number(parsed.value) : timeToTicks(parsed, scale);
}

async function periodOf(wave: WaveFile, clocks: readonly string[]): Promise<number | null> {
  for (const clock of clocks) {
    const [signal] = wave.find(clock);
    if (signal?.width !== 1) continue;
    const {
      signals: [slice],
    } = await wave.query({ signals: [signal.name], maxChanges: 8 });
    const rising = (slice?.changes ?? [])
      .filter(([, value]) => value === '1')
      .map(([time]) => timeToTicks(time, wave.timescale));
    const [first, second] = rising.slice(-2);
    if (first !== undefined && second !== undefined && second > first) return second - first;
  }
  return null;
}
