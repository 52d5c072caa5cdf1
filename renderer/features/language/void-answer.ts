import { errorBody } from '../../bridge/call-error.ts';

const VOID: ReadonlySet<string> = new Set(['CANCELLED', 'WORKSPACE_NOT_FOUND']);

/**
 * An edit in between makes an answer void, and so does a workspace that was moved or removed: there is none then, and
 * the next one is asked for by itself.
 */
export async function unlessVoid<T>(answer: Promise<T>, nothing: T): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (VOID.has(errorBody(error).code)) return nothing;
    throw error;
  }
}
