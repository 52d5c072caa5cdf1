// The request for an answer: the text around its place, the document as far as it may be sent, and what the language
// index knows of the place. The person is told when something had to be cut.
import type { AiIntent } from '@genrtl/contracts';
import type { AiRequestBody, ContextItem } from '@genrtl/contracts/http/ai.ts';
import { CONTEXT_HARD_CHARS, CONTEXT_SOFT_CHARS, ITEM_CHARS } from '@genrtl/contracts/ai-limits.ts';
import { snapshotOf } from './anchor.ts';
import type { Anchor } from './anchor.ts';

export interface RequestParts {
  readonly intent: AiIntent;
  readonly path: string;
  readonly anchor: Anchor;
  readonly text: string;
  readonly items: readonly ContextItem[];
  readonly locale: string;
  readonly model: string | null;
  readonly retention: 'default' | 'none';
  readonly instruction?: string;
}

export type Prepared =
  | { readonly body: AiRequestBody; readonly truncated: boolean; readonly long: boolean }
  /** the text holds a mark of the protocol */
  | { readonly refused: 'marks' };

/** Control characters that the endpoints refuse, each as a blank. */
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g;
const plain = (text: string): string => text.replaceAll(CONTROL, ' ');

export function prepare(parts: RequestParts): Prepared {
  const { intent, anchor, text } = parts;
  const snapshot = snapshotOf(anchor);
  if (snapshot === null) return { refused: 'marks' };
  const context = around(text, anchor.start, CONTEXT_HARD_CHARS);
  const truncated = context.length < text.length;
  return {
    truncated,
    long: context.length > CONTEXT_SOFT_CHARS,
    body: {
      intent,
      doc: { id: parts.path, version: anchor.docVersion },
      context: { text: plain(context), chars: text.length, items: within(parts.items, ITEM_CHARS) },
      selectionRef: {
        mode: anchor.selected === '' ? 'around_cursor' : 'selection',
        snapshot: plain(snapshot),
      },
      ...(parts.instruction === undefined ? {} : { instruction: parts.instruction }),
      options: {
        locale: parts.locale,
        truncated,
        cancelOnDisconnect: intent === 'complete',
        ...(parts.model === null ? {} : { preferredModel: parts.model }),
        ...(parts.retention === 'none' ? { retention: 'none' as const } : {}),
      },
    },
  };
}

/** Mostly what is before the place, which says more of it than what follows. */
function around(text: string, at: number, chars: number): string {
  if (text.length <= chars) return text;
  const behind = Math.min(text.length - at, Math.floor(chars / 4));
  const from = Math.max(0, at - (chars - behind));
  const start = from === 0 ? 0 : text.indexOf('\n', from) + 1;
  return text.slice(start, Math.min(text.length, start + chars)).toWellFormed();
}

function within(items: readonly ContextItem[], chars: number): ContextItem[] {
  const kept: ContextItem[] = [];
  let left = chars;
  for (const item of items) {
    if (item.text.length > left) continue;
    left -= item.text.length;
    kept.push({ ...item, text: plain(item.text) });
  }
  return kept;
}
