// The text behind `context.ref`: a blob that this account has sent.
import { CONTEXT_REF_BYTES } from '@genrtl/contracts/ai-limits.ts';
import { GenrtlError } from '@genrtl/contracts';
import type { AiServices } from './services.ts';
import { sentSize } from './repository/blobs.ts';

/** Throws NOT_FOUND, REQUEST_TOO_LARGE, REQUEST_INVALID (no text). */
export async function readSentText(services: AiServices, accountId: string, sha256: string): Promise<string> {
  const size = await sentSize(services.pool, accountId, sha256);
  if (size === null) throw new GenrtlError('NOT_FOUND', `context.ref: the blob ${sha256} was not sent`);
  if (size > CONTEXT_REF_BYTES)
    throw new GenrtlError('REQUEST_TOO_LARGE', `context.ref: more than ${String(CONTEXT_REF_BYTES)} bytes`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await services.objects.read(sha256));
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new GenrtlError('REQUEST_INVALID', 'context.ref: the blob is no UTF-8 text', { cause: error });
  }
}
