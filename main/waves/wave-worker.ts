// Worker thread that indexes and reduces waveforms, so that a 100 MB file never stops the main loop.
import { serveCalls } from '../workers/serve-calls.ts';
import { WaveLibrary } from './wave-library.ts';

const library = new WaveLibrary();

serveCalls({
  open: (absolute: string) => library.open(absolute),
  window: (absolute: string, signals: readonly string[], from: number, to: number, pixels: number) =>
    library.window(absolute, signals, from, to, pixels),
  edge: (absolute: string, signal: string, from: number, direction: 'next' | 'previous') =>
    library.edge(absolute, signal, from, direction),
  find: (...asked: Parameters<WaveLibrary['find']>) => library.find(...asked),
  compare: (...asked: Parameters<WaveLibrary['compare']>) => library.compare(...asked),
  close: () => library.close(),
});
