// Which suggestion stands at the cursor, and for how long: pure. A suggestion was made for a place and the text before
// it; it holds while what is typed is what it says, and is gone with the first letter that is not.

/** Where the person writes. */
export interface GhostPlace {
  readonly path: string;
  /** of the cursor in the document */
  readonly offset: number;
  /** the text before the cursor, at most COMPARED_CHARS of it */
  readonly before: string;
  /** the rest of the cursor's line */
  readonly restOfLine: string;
}

export interface Suggestion {
  readonly place: GhostPlace;
  readonly text: string;
}

/** Before the cursor so much has to be as it was. */
export const COMPARED_CHARS = 2_000;
const MAX_KEPT = 8;

/** What was typed since a place: null when something else changed. */
export function typedSince(then: GhostPlace, now: GhostPlace): string | null {
  const count = now.offset - then.offset;
  if (then.path !== now.path || then.restOfLine !== now.restOfLine || count < 0 || count > MAX_TYPED) return null;
  const kept = now.before.slice(0, now.before.length - count);
  return then.before.endsWith(kept) || kept.endsWith(then.before) ? now.before.slice(kept.length) : null;
}
const MAX_TYPED = 200;

/** What remains of a suggestion here: null when it does not fit, empty when all of it was typed. */
export function remaining({ place, text }: Suggestion, now: GhostPlace): string | null {
  const typed = typedSince(place, now);
  return typed !== null && text.startsWith(typed) ? text.slice(typed.length) : null;
}

/** Whether an answer that is still coming may yet be what is being typed. */
export function mayStillFit(soFar: string, place: GhostPlace, now: GhostPlace): boolean {
  const typed = typedSince(place, now);
  return typed !== null && (soFar.startsWith(typed) || typed.startsWith(soFar));
}

/** Suggestions that were shown, the newest first. What was never shown is never kept. */
export class ShownSuggestions {
  #kept: Suggestion[] = [];

  shown(suggestion: Suggestion): void {
    this.#kept = [suggestion, ...this.#kept.filter((one) => one !== suggestion)].slice(0, MAX_KEPT);
  }

  at(now: GhostPlace): string | null {
    for (const one of this.#kept) {
      const rest = remaining(one, now);
      if (rest !== null && rest !== '') return rest;
    }
    return null;
  }

  clear(): void {
    this.#kept = [];
  }
}

const MAX_LINES = 40;

/**
 * A model's answer as it may stand at the cursor: without a fence, without what is there already before and behind the
 * cursor, without blank lines at its end. Empty: nothing to show.
 */
export function trimmedSuggestion(answer: string, { before, restOfLine }: GhostPlace): string {
  let text = answer.split('\n').slice(0, MAX_LINES).join('\n').trimEnd();
  // models say the begun line again
  const line = before.slice(before.lastIndexOf('\n') + 1);
  const begun = line.trimStart();
  const word = /[\w$`]+$/.exec(begun)?.[0] ?? '';
  if (begun.length > 2 && text.trimStart().startsWith(begun)) text = text.trimStart().slice(begun.length);
  else if (word !== '' && text.startsWith(word)) text = text.slice(word.length);
  if (/\s$/.test(line) && /^[ \t]/.test(text)) text = text.trimStart();
  const rest = restOfLine.trim();
  if (rest !== '' && text.endsWith(rest)) text = text.slice(0, text.length - rest.length);
  return text.trim() === '' ? '' : text;
}

/** Why nothing is suggested, as the status item says it. */
export type GhostReason =
  | 'off'
  | 'no_model'
  | 'read_only'
  | 'language'
  | 'large'
  | 'comment'
  | 'asking'
  | 'empty'
  | 'syntax'
  | 'unknown_name'
  | 'repeated_end'
  | 'failed'
  | 'shown'
  | 'waiting';

const BETWEEN: ReadonlySet<GhostReason> = new Set(['no_model', 'off', 'waiting']);

/**
 * What is true to say before and between suggestions: without a model nothing is ready, whatever the last suggestion
 * came to, and nothing comes by itself unless the person wants it (`on`); null while nobody knows.
 */
export function reasonToSay(last: GhostReason, hasModel: boolean | null, on: boolean): GhostReason | null {
  if (hasModel === null) return null;
  if (!hasModel) return 'no_model';
  return BETWEEN.has(last) ? (on ? 'waiting' : 'off') : last;
}

export interface GhostState {
  readonly on: boolean;
  readonly hasModel: boolean;
  readonly writable: boolean;
  readonly language: string;
  readonly large: boolean;
  readonly inComment: boolean;
  readonly explicit: boolean;
}

const LANGUAGES: ReadonlySet<string> = new Set(['systemverilog', 'verilog', 'vhdl', 'markdown']);

/** null: a suggestion may be asked for. An explicit request works with automatic ones off, and in comments. */
export function reasonAgainst(state: GhostState): GhostReason | null {
  if (!state.hasModel) return 'no_model';
  if (!state.writable) return 'read_only';
  if (!LANGUAGES.has(state.language)) return 'language';
  if (state.large) return 'large';
  if (!state.explicit && !state.on) return 'off';
  if (!state.explicit && state.inComment) return 'comment';
  return null;
}
