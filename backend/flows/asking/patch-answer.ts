// A model's change of files, in the shapes that models give it, checked in the server against the files that the model
// saw, before it is handed to the client.
import type { ErrorCode, PatchRules } from '@genrtl/contracts';
import { applyPatch, filesFrom } from '@genrtl/core/patch/index.ts';
import type { PatchChange, PatchResult, Refusal } from '@genrtl/core/patch/index.ts';
import { DEFAULT_RULES } from '@genrtl/core/project/patch-rules.ts';
import { FILE_HEADERS_ONLY, formatPatch, structuredPatch } from 'diff';
import type { SourceFile } from './sources.ts';
import { carriedAnswers } from '../answers/carried.ts';
import { convertAnswer } from '../answers/convert.ts';
import { fittedIndentation } from '../answers/indentation.ts';
import { partOnly } from '../answers/sections.ts';
import type { Texts } from '../answers/sections.ts';
import { withoutThoughts } from '../answers/thoughts.ts';

export type PatchAnswer =
  | { readonly ok: true; readonly patch: string }
  | { readonly ok: false; readonly code: ErrorCode; readonly reasons: readonly string[] };

/** Reasons sent back to the model; more would not help it. */
const MAX_REASONS = 20;

/** Asked for where an answer holds no change in any shape that is read. */
const NO_CHANGE =
  'the answer holds no change of a file: answer with one unified diff (`--- a/path`, `+++ b/path`, `@@` hunks) and nothing else';

const NO_HUNKS =
  'below its file headers there is no `@@` hunk whose lines begin with “-” and “+”; give the lines that change so';

/**
 * Applies the answer's change to `files`. The result is the same change as an exact diff: right line numbers and
 * counts, no prose, only files that `rules` let be changed.
 */
export function checkPatchAnswer(
  answer: string,
  files: readonly SourceFile[],
  rules: PatchRules = DEFAULT_RULES,
): PatchAnswer {
  const given = withoutThoughts(answer);
  const texts = Object.fromEntries(files.map((file) => [file.path, file.text]));
  const { diff, result } = readings(given).reduce<{ diff: string; result: PatchResult } | null>((best, one) => {
    if (best?.result.ok === true) return best;
    const result = applied(one, texts, rules);
    // of what cannot be taken, the first reading that holds a change says why
    return best === null || result.ok || (saysNothing(best.result) && !saysNothing(result))
      ? { diff: one, result }
      : best;
  }, null) ?? { diff: given, result: applied(given, texts, rules) };
  if (!result.ok) return refuse(result.refusals);
  const parts = result.changes.flatMap(({ path, before, after }): Refusal[] => {
    const part = before === null && after !== null ? partOnly(path, after, {}) : undefined;
    return part === undefined ? [] : [{ code: 'PATCH_HUNK_FAILED', path, message: `${part}; send the whole file` }];
  });
  if (parts.length > 0) return refuse(parts);
  const exact = result.changes.map(exactDiff).join('');
  // Unified diffs cannot say everything (an empty file, say): then the answer stands as it came.
  return { ok: true, patch: saysTheSame(exact, texts, result.changes) ? exact : diff };
}

const saysNothing = (result: PatchResult): boolean =>
  !result.ok && result.refusals.every(({ code }) => code === 'PATCH_NO_DIFF');

/** The answer, and what it says where a page on its way made something else of it: entities, quotes, blanks. */
function readings(answer: string): string[] {
  const plain = answer
    .replaceAll('\u00a0', ' ')
    .replaceAll(/[\u200b\u2060\ufeff]/g, '')
    .replaceAll(/&(lt|gt|quot|#39|#x27|amp);/g, (_entity, name: string) => ENTITIES[name] ?? '');
  const quoted = /^(?: {4}|\t|> ?)--- /m.exec(answer)?.[0].slice(0, -4);
  const lines = quoted === undefined ? null : answer.split('\n');
  const bare = lines?.map((line) =>
    line.startsWith(quoted ?? '') ? line.slice(quoted?.length) : line.replace(/^>$/, ''),
  );
  return [
    answer,
    ...carriedAnswers(answer),
    ...(plain === answer ? [] : [plain]),
    ...(bare === undefined ? [] : [bare.join('\n')]),
  ];
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', '#39': "'", '#x27': "'", amp: '&' };

/** The answer as it came when it is a diff that applies; else what it means. */
function applied(diff: string, texts: Texts, rules: PatchRules): PatchResult {
  const [files, policy] = [filesFrom(texts), { rules }];
  const asGiven = applyPatch({ diff, files, policy });
  const converted = convertAnswer(diff, texts);
  if (converted === null) return asGiven.ok ? asGiven : withHint(asGiven);
  const { shape, sections, problems } = converted;
  // files in blocks of their own beside a diff are part of the change
  if (asGiven.ok && (shape !== 'diff' || sections.length <= asGiven.changes.length)) return asGiven;
  if (problems.length > 0)
    return { ok: false, refusals: problems.map((message): Refusal => ({ code: 'PATCH_HUNK_FAILED', message })) };
  const meant = applyPatch({ diff: { sections, problems: [] }, files, policy });
  if (meant.ok) return meant;
  const fitted = fittedIndentation(sections, texts);
  const indented = fitted === null ? meant : applyPatch({ diff: { sections: fitted, problems: [] }, files, policy });
  if (indented.ok) return indented;
  return shape === 'diff' && !asGiven.ok ? withHint(asGiven) : meant;
}

function withHint(result: Extract<PatchResult, { ok: false }>): PatchResult {
  return {
    ok: false,
    refusals: result.refusals.map((one) =>
      one.code === 'PATCH_NO_DIFF'
        ? { ...one, message: /nothing/.test(one.message) ? `${one.message}: ${NO_HUNKS}` : NO_CHANGE }
        : one,
    ),
  };
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

/** A file's change as an exact diff. */
export function exactDiff(change: Pick<PatchChange, 'path' | 'before' | 'after'>): string {
  const from = change.before === null ? '/dev/null' : `a/${change.path}`;
  const to = change.after === null ? '/dev/null' : `b/${change.path}`;
  return formatPatch(
    structuredPatch(from, to, change.before ?? '', change.after ?? '', undefined, undefined, { context: 3 }),
    FILE_HEADERS_ONLY,
  );
}
