// Exchanges the stand-ins of a streamed answer for what was taken out of the request, across the borders of its pieces.

export interface TextRestorer {
  /** what can be shown now; a piece that may be the beginning of a stand-in is kept back */
  feed(text: string): string;
  /** what was kept back */
  rest(): string;
}

const UNFINISHED = /\[(?:r(?:e(?:d(?:a(?:c(?:t(?:e(?:d(?:-\d{0,6})?)?)?)?)?)?)?)?)?$/;
const STAND_IN = /\[redacted-\d{1,6}\]/g;

/** `originals`: what stood where, by stand-in. */
export function textRestorer(originals: ReadonlyMap<string, string>): TextRestorer {
  if (originals.size === 0) return { feed: (text) => text, rest: () => '' };
  let kept = '';
  const restored = (text: string): string => text.replace(STAND_IN, (standIn) => originals.get(standIn) ?? standIn);
  return {
    feed: (text) => {
      const all = kept + text;
      kept = UNFINISHED.exec(all)?.[0] ?? '';
      return restored(all.slice(0, all.length - kept.length));
    },
    rest: () => {
      const last = restored(kept);
      kept = '';
      return last;
    },
  };
}
