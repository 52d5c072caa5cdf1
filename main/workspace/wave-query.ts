// One window of a waveform for the command line and agents. What a file does not say is an error here, never a guess.
import { GenrtlError, type TimeValue, type WaveSlice } from '@genrtl/contracts';
import type { WaveNote } from '@genrtl/contracts/waves.ts';
import { openWaves, parseTime, timeToTicks, type WaveFile } from '@genrtl/eda/waves/index.ts';

/** Candidates that an error names. */
const NAMED = 8;
/** Changes of one signal; a note names those that have more. */
const MAX_CHANGES = 100_000;

function time(text: string): TimeValue {
  const parsed = parseTime(text);
  if (parsed === null) throw new GenrtlError('USAGE', `${text} is no time such as 100ns or 2.5us.`);
  return parsed;
}

const plain = ({ value, unit }: TimeValue): string => `${value} ${unit}`;

/**
 * The full name of a signal. Several signals of that ending are no matter where they are one stored variable, as ports
 * that are wired straight through. Throws USAGE for unknown and ambiguous names.
 */
function fullName(waves: WaveFile, file: string, name: string): string {
  const found = waves.find(name);
  const [first] = found;
  if (first === undefined) throw new GenrtlError('USAGE', `There is no signal ${name} in ${file}.`);
  if (found.some((signal) => signal.variable !== first.variable)) {
    const names = found.slice(0, NAMED).map((signal) => signal.name);
    const more = found.length > NAMED ? ` and ${found.length - NAMED} more` : '';
    throw new GenrtlError('USAGE', `${name} names ${found.length} signals: ${names.join(', ')}${more}.`, {
      hint: 'Give as much of the path as tells them apart.',
    });
  }
  return first.name;
}

/** Throws USAGE for a window that ends before it begins and for times that the file does not reach. */
function checkWindow(waves: WaveFile, from: TimeValue | null, to: TimeValue | null): void {
  const ticks = (value: TimeValue): number => timeToTicks(value, waves.timescale);
  for (const each of [from, to]) {
    if (each === null || ticks(each) <= ticks(waves.end)) continue;
    throw new GenrtlError('USAGE', `${plain(each)} is past the end of the waveform, ${plain(waves.end)}.`, {
      hint: 'Without an end the window goes to the end of the waveform.',
    });
  }
  const [first, last] = [from ?? waves.start, to ?? waves.end];
  if (ticks(first) > ticks(last))
    throw new GenrtlError('USAGE', `The window ends at ${plain(last)}, before it begins at ${plain(first)}.`);
}

/**
 * Times as text with a unit; null for the ends of the file. Throws USAGE for unknown and ambiguous signals, for times
 * outside the waveform, and for unreadable files.
 */
export async function queryWaves(
  file: string,
  signals: readonly string[],
  from: string | null,
  to: string | null,
): Promise<WaveSlice & { notes: readonly WaveNote[] }> {
  const window = { from: from === null ? null : time(from), to: to === null ? null : time(to) };
  const waves = await openWaves(file);
  try {
    checkWindow(waves, window.from, window.to);
    const slice = await waves.query({
      signals: signals.map((name) => fullName(waves, file, name)),
      ...(window.from === null ? {} : { from: window.from }),
      ...(window.to === null ? {} : { to: window.to }),
      maxChanges: MAX_CHANGES + 1,
    });
    const notes = [...waves.notes];
    for (const signal of slice.signals) {
      if (signal.changes.length <= MAX_CHANGES) continue;
      signal.changes.length = MAX_CHANGES;
      notes.push({ code: 'changes_cut', detail: `${signal.name}: ${MAX_CHANGES}` });
    }
    return { ...slice, notes };
  } finally {
    await waves.close();
  }
}

export interface WaveListing {
  /** of those that match, in the file's order, at most `limit` */
  readonly signals: readonly { readonly name: string; readonly width: number; readonly type: string }[];
  readonly matching: number;
  readonly total: number;
  readonly window: { readonly from: TimeValue; readonly to: TimeValue };
  readonly notes: readonly WaveNote[];
}

/** The signals whose full name contains `part`, letter case apart. Throws USAGE for unreadable files. */
export async function listWaveSignals(file: string, part: string, limit: number): Promise<WaveListing> {
  const waves = await openWaves(file);
  try {
    const wanted = part.toLowerCase();
    const found = waves.signals.filter((signal) => signal.name.toLowerCase().includes(wanted));
    return {
      signals: found.slice(0, limit).map(({ name, width, type }) => ({ name, width, type })),
      matching: found.length,
      total: waves.signals.length,
      window: { from: waves.start, to: waves.end },
      notes: waves.notes,
    };
  } finally {
    await waves.close();
  }
}
