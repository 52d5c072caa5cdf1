// A model's diff, checked in the server against the files that the model saw, before it is handed to the client.
import type { ErrorCode, PatchRules } from '@genrtl/contracts';
import { applyPatch, filesFrom } from '@genrtl/core/patch/index.ts';
import type { PatchChange, Refusal } from '@genrtl/core/patch/index.ts';
import { DEFAULT_RULES } from '@genrtl/core/project/patch-rules.ts';
import { FILE_HEADERS_ONLY, formatPatch, structuredPatch } from 'diff';
import type { SourceFile } from './sources.ts';
import { withoutThoughts } from './json-answer.ts';

export type PatchAnswer =
  | { readonly ok: true; readonly patch: string }
  | { readonly ok: false; readonly code: ErrorCode; readonly reasons: readonly string[] };

/** Reasons sent back to the model; more would not help it. */
const MAX_REASONS = 20;

/**
 * Applies the answer's diff to `files`. The result is the same change as an exact diff: right line numbers and counts,
 * no prose, only files that `rules` let be changed.
 */
export function checkPatchAnswer(
  answer: string,
  files: readonly SourceFile[],
  rules: PatchRules = DEFAULT_RULES,
): PatchAnswer {
  const diff = withoutThoughts(answer);
  const texts = Object.fromEntries(files.map((file) => [file.path, file.text]));
  const result = applyPatch({ diff, files: filesFrom(texts), policy: { rules } });
  if (!result.ok) return refuse(result.refusals);
  const exact = result.changes.map(exactDiff).join('');
  // Unified diffs cannot say everything (an empty file, say): then the answer stands as it came.
  return { ok: true, patch: saysTheSame(exact, texts, result.changes) ? exact : diff };
}

function saysTheSame(exact: string, texts: Readonly<Record<string, string>>, changes: readonly PatchChange[]): boolean {
  const again = applyPatch({ diff: exact, files: filesFrom(texts) });
  return (
    again.ok &&
    again.changes.length === changes.length &&
    again.changes.every(
      (change, index) => change.path === changes[index]?.path && change.after === changes[index].after,
    )
  );
}

function refuse(refusals: readonly Refusal[]): PatchAnswer {
  const reasons = refusals.slice(0, MAX_REASONS).map((refusal) => {
    const place = refusal.path === undefined ? '' : `${refusal.path}: `;
    const hunk = refusal.hunk === undefined ? '' : `hunk ${String(refusal.hunk)}: `;
    return `${place}${hunk}${refusal.message} (${refusal.code})`;
  });
  return { ok: false, code: refusals[0]?.code ?? 'PATCH_NO_DIFF', reasons };
}

function exactDiff(change: PatchChange): string {
  const from = change.before === null ? '/dev/null' : `a/${change.path}`;
  const to = change.after === null ? '/dev/null' : `b/${change.path}`;
  return formatPatch(
    structuredPatch(from, to, change.before ?? '', change.after ?? '', undefined, undefined, { context: 3 }),
    FILE_HEADERS_ONLY,
  );
}
