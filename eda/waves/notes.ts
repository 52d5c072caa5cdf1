// What a waveform's reader had to guess or could not read, in a sentence for the command line and for agents.
import type { WaveNote } from '@genrtl/contracts/waves.ts';

const TEXTS: Readonly<Record<WaveNote['code'], (detail: string) => string>> = {
  cut_off: () => 'The file ends in the middle: the simulation was stopped while it wrote.',
  time_goes_back: (detail) => `Time goes back behind ${detail}; what follows is shown at that time.`,
  timescale_missing: () => 'The file names no time scale; a tick is taken for 1 ns.',
  timescale_unknown: (detail) => `The time scale "${detail}" is not understood; a tick is taken for 1 ns.`,
  not_understood: (detail) =>
    `${detail} pieces of the file are no changes of a declared signal; they were passed over.`,
  changes_cut: (detail) => `More changes than are given: ${detail}. A narrower window shows the rest.`,
};

export const waveNoteText = ({ code, detail }: WaveNote): string => TEXTS[code](detail ?? '');
