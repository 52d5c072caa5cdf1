// How far a run on a long document is: its parts as its events tell them.
import type { AiEvent } from '@genrtl/contracts/ai-events.ts';

export interface LongProgress {
  readonly parts: number;
  /** answered before, for nothing */
  readonly reused: number;
  readonly done: number;
  /** about, of what is asked */
  readonly inputTokens: number | null;
  readonly costUsd: string | null;
}

/** Null until a run has told that it works in parts. */
export function withPart(progress: LongProgress | null, event: AiEvent): LongProgress | null {
  if (event.type === 'plan') {
    const { chunks, reused = 0, inputTokens = null, costUsd = null } = event;
    return { parts: chunks.length, reused, done: 0, inputTokens, costUsd };
  }
  if (event.type !== 'map:end' || progress === null) return progress;
  return { ...progress, done: Math.min(progress.parts, progress.done + 1) };
}

/** Told at each tenth, so that a thousand parts are no thousand lines. */
export const isMilestone = ({ parts, done }: LongProgress): boolean =>
  done > 0 && (done === parts || Math.floor((done * 10) / parts) > Math.floor(((done - 1) * 10) / parts));
