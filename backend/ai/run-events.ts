// Events that are made in more than one place: where a run works, and where its row is all that is left of it.
import type { RenderMode } from '@genrtl/contracts';
import type { AiRequest } from '@genrtl/contracts/http/ai.ts';
import type { Draft } from '../flows/context.ts';

interface Start {
  readonly renderMode: RenderMode;
  readonly docVersion: number | null;
  readonly attempt: number;
  readonly model: string;
  readonly flow: string;
  readonly truncated?: boolean;
}

/** An attempt begins; what the one before it showed is replaced. */
export function startEvent({ renderMode, docVersion, attempt, model, flow, truncated = false }: Start): Draft {
  return {
    type: 'step',
    phase: 'start',
    name: renderMode === 'atomic-patch' ? 'suggest' : 'draft',
    renderMode,
    docVersion,
    attempt,
    ...(attempt > 1 ? { replaces: attempt - 1 } : {}),
    model,
    flow,
    ...(truncated ? { truncated } : {}),
  };
}

export function patchEvent({ docId, selectionRef }: AiRequest, text: string): Draft {
  return {
    type: 'patch',
    op: 'replace_text',
    target: {
      type: 'selectionRef',
      ref: {
        ...(docId === null ? {} : { docId }),
        ...(selectionRef?.snapshotHash === undefined ? {} : { snapshotHash: selectionRef.snapshotHash }),
        ...(selectionRef?.snapshot === undefined ? {} : { snapshot: selectionRef.snapshot }),
        ...(selectionRef?.blockIds === undefined ? {} : { blockIds: selectionRef.blockIds }),
      },
    },
    text,
  };
}
