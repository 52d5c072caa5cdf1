// A diff from a model: refused ones go back with the reason for each hunk.
import { COMPOSER_MODEL, GenrtlError } from '@genrtl/contracts';
import type { JobCtx } from '../context.ts';
import type { ModelPrompt } from '../../models/model.ts';
import { refusedPatch } from './prompt.ts';
import type { SourceFile } from './sources.ts';
import { ask } from './ask.ts';
import { PatchPieces } from './patch-pieces.ts';

/** Room for a design of some 3,000 lines with its testbench, reasoning included. */
export const PATCH_OUTPUT_TOKENS = 32_000;

/**
 * `expected`: files that the change is to make or touch, as far as it is known. Throws the first refusal's PATCH_*
 * code, with all reasons in `details.reasons`, when the last answer fails too.
 */
export function askForPatch(
  context: JobCtx,
  name: string,
  files: readonly SourceFile[],
  prompt: ModelPrompt,
  expected: readonly string[] = [],
): Promise<string> {
  const pieces = new PatchPieces(files, context.request.rules, expected);
  return ask({
    context,
    name,
    prompt,
    check(answer) {
      // The composer, and it alone, says by an empty diff that the sources are what the specification asks for already.
      if (answer.text === '' && answer.usage.model === COMPOSER_MODEL) return { ok: true, value: '' };
      const checked = pieces.check(answer.text);
      if (checked.ok) return { ok: true, value: checked.patch };
      return {
        ok: false,
        problems: checked.reasons,
        error: () =>
          new GenrtlError(checked.code, `The model’s patch was refused: ${checked.reasons[0] ?? 'it holds no diff'}.`, {
            details: { reasons: checked.reasons },
          }),
      };
    },
    complain: (problems) => [refusedPatch(problems), pieces.note()].filter((part) => part !== null).join('\n\n'),
    keep: (cut) => pieces.keep(cut),
  });
}
