// A change that comes in several answers: what was whole when an answer was cut off stands, the rest is asked for.
import type { ErrorCode, PatchRules } from '@genrtl/contracts';
import { applyPatch, filesFrom } from '@genrtl/core/patch/index.ts';
import { DEFAULT_RULES } from '@genrtl/core/project/patch-rules.ts';
import { standingOf } from '../answers/cut-off.ts';
import { withoutThoughts } from '../answers/thoughts.ts';
import { listOf } from './prompt.ts';
import { checkPatchAnswer, exactDiff } from './patch-answer.ts';
import type { PatchAnswer } from './patch-answer.ts';
import type { SourceFile } from './sources.ts';
import type { Kept } from './ask.ts';

/** It broke off before the answer began. */
const THINKING = /^\s*<(?:think|thinking|thought|reasoning)>|^\s*<\|(?:start\|>assistant\s*<\|)?channel\|>\s*analysis/i;
/** Paths named to the model at most. */
const MAX_NAMED = 100;

export class PatchPieces {
  readonly #original: Readonly<Record<string, string>>;
  readonly #rules: PatchRules;
  /** files of the change that is to come, as far as anybody knows */
  readonly #expected: readonly string[];
  #files: readonly SourceFile[];
  /** files of the pieces that stand */
  readonly #taken = new Set<string>();

  constructor(files: readonly SourceFile[], rules: PatchRules = DEFAULT_RULES, expected: readonly string[] = []) {
    this.#files = files;
    this.#original = textsOf(files);
    this.#rules = rules;
    this.#expected = expected;
  }

  /** Takes what stands of an answer that was cut off; null: nothing does. */
  keep(cut: string): Kept | null {
    const answer = withoutThoughts(cut);
    // drafts inside thoughts are no answer
    if (THINKING.test(answer)) return null;
    const standing = standingOf(answer, textsOf(this.#files));
    if (standing === null) return null;
    const applied = applyPatch({
      diff: { sections: standing.sections, problems: [] },
      files: filesFrom(textsOf(this.#files)),
      policy: { rules: this.#rules },
    });
    if (!applied.ok || applied.changes.length === 0) return null;
    for (const { path, after } of applied.changes) {
      this.#taken.add(path);
      const rest = this.#files.filter((file) => file.path !== path);
      this.#files = after === null ? rest : [...rest, { path, text: after }];
    }
    const missing = this.#expected.filter((path) => !this.#taken.has(path)).slice(0, MAX_NAMED);
    const broke =
      standing.brokeIn === null ? '' : ` It broke off inside ${standing.brokeIn}: give that file again, whole.`;
    const names = missing.length === 0 ? '' : ` Still missing:\n${listOf('missing files', missing)}`;
    return {
      answered: applied.changes.map(exactDiff).join(''),
      said: `Your answer was cut off at its limit. These files were whole and are taken as you gave them:\n${this.#list()}\nAnswer with the remaining files only; do not repeat those.${broke}${names}`,
    };
  }

  /** The whole change once the answer is its last piece. */
  check(answer: string): PatchAnswer {
    const checked = checkPatchAnswer(answer, this.#files, this.#rules);
    if (!checked.ok || this.#taken.size === 0) return checked;
    const last = applyPatch({
      diff: checked.patch,
      files: filesFrom(textsOf(this.#files)),
      policy: { rules: this.#rules },
    });
    if (!last.ok)
      return { ok: false, code: last.refusals[0]?.code ?? ('PATCH_NO_DIFF' satisfies ErrorCode), reasons: [] };
    const now: Record<string, string | undefined> = textsOf(this.#files);
    for (const { path, after } of last.changes) now[path] = after ?? undefined;
    const paths = [...new Set([...this.#taken, ...last.changes.map(({ path }) => path)])].sort();
    const diffs = paths.map((path) => ({ path, before: this.#original[path] ?? null, after: now[path] ?? null }));
    return {
      ok: true,
      patch: diffs
        .filter(({ before, after }) => before !== after)
        .map(exactDiff)
        .join(''),
    };
  }

  /** To be said with a refusal; null: no piece stands. */
  note(): string | null {
    return this.#taken.size === 0
      ? null
      : `The files of your earlier answers stand and are not to be repeated:\n${this.#list()}`;
  }

  #list(): string {
    return listOf('files taken', [...this.#taken].slice(0, MAX_NAMED));
  }
}

const textsOf = (files: readonly SourceFile[]): Record<string, string> =>
  Object.fromEntries(files.map(({ path, text }) => [path, text]));
