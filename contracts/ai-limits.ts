// Limits and marks of the AI module that the page needs as well as the server: without schemas.
import type { AiEvent } from './ai-events.ts';

/** `context.text` from which a client warns, and at which it cuts and sets `options.truncated`. */
export const CONTEXT_SOFT_CHARS = 4_000;
export const CONTEXT_HARD_CHARS = 16_000;
/** A context that is named by its hash instead, for flows that work through long ones. */
export const CONTEXT_REF_BYTES = 10 << 20;
/** Texts of all `context` items together; a chat takes more. */
export const ITEM_CHARS = 64_000;

export const SNAPSHOT_CHARS = 64_000;
export const SELECTION_START = '[START_SELECTION]';
export const SELECTION_END = '[END_SELECTION]';

/** Nothing comes after it. */
export function endsStream(event: AiEvent): boolean {
  return event.type === 'final' || (event.type === 'error' && event.code !== 'BUDGET_EXCEEDED');
}
