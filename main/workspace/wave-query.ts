// One window of a waveform for the command line and agents.
import { GenrtlError, type TimeValue, type WaveNote, type WaveSlice } from '@genrtl/contracts';
import { openWaves, parseTime } from '@genrtl/eda/waves/index.ts';

function time(text: string): TimeValue {
  const parsed = parseTime(text);
  if (parsed === null) throw new GenrtlError('USAGE', `${text} is no time such as 100ns or 2.5us.`);
  return parsed;
}

/** Times as text with a unit; null for the ends of the file. Throws USAGE for unknown signals and unreadable files. */
export async function queryWaves(
  file: string,
  signals: readonly string[],
  from: string | null,
  to: string | null,
): Promise<WaveSlice & { notes: readonly WaveNote[] }> {
  const waves = await openWaves(file);
  try {
    const unknown = signals.filter((name) => waves.find(name).length === 0);
    if (unknown.length > 0) throw new GenrtlError('USAGE', `There is no signal ${unknown.join(', ')} in ${file}.`);
    const slice = await waves.query({
      signals,
      ...(from === null ? {} : { from: time(from) }),
      ...(to === null ? {} : { to: time(to) }),
    });
    return { ...slice, notes: waves.notes };
  } finally {
    await waves.close();
  }
}
