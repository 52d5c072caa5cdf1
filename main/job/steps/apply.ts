// apply: the approved patch reaches the workspace whole or not at all; a refusal goes back to its author, hunk by hunk.
import { stepSummary } from '@genrtl/contracts/step-summary.ts';
import { writeFilelists } from '../../cbb/index.ts';
import { parsePatch } from '@genrtl/core/patch/index.ts';
import { loadProject } from '../../project/load-project.ts';
import { applyToWorkspace } from '../../patch/index.ts';
import { measureBefore } from '../job-checks.ts';
import { readRunFile } from '../job-files.ts';
import { defineStep, need } from '../step.ts';

export const applyStep = defineStep({
  name: 'apply',
  reads: ['patch_step', 'seen', 'files', 'only_files', 'checks_before'],
  writes: ['files', 'patch_feedback', 'only_files', 'checks_before'],
  async run(context) {
    const diff = readRunFile(context.paths, context.jobId, need(context.facts, 'patch_step'), 'patch.diff');
    if (diff.trim() === '') {
      await writeFilelists(context.paths.root, context.env);
      return { kind: 'next', event: 'OK', summary: stepSummary('nothingToChange'), facts: { patch_feedback: [] } };
    }
    const before = await measureBefore(context);
    const beyond = beyondLimit(diff, context.facts.only_files ?? []);
    if (beyond.length > 0)
      return {
        kind: 'next',
        event: 'REJECTED',
        summary: beyond[0] ?? 'refused',
        facts: { ...before, patch_feedback: beyond },
      };
    const result = await applyToWorkspace({
      workspace: context.paths.root,
      diff,
      seen: context.facts.seen ?? {},
      undoJob: context.jobId,
      policy: { rules: (await loadProject(context.paths.root, context.env)).rules },
      sealed: context.settings.accept_dir === null ? [] : [context.settings.accept_dir],
    });
    if (!result.ok) {
      const feedback = result.refusals.map(
        (refusal) =>
          `${refusal.code} ${refusal.path ?? ''}${refusal.hunk ? ` hunk ${refusal.hunk}` : ''}: ${refusal.message}`,
      );
      return {
        kind: 'next',
        event: 'REJECTED',
        summary: feedback[0] ?? 'refused',
        facts: { ...before, patch_feedback: feedback },
      };
    }
    await writeFilelists(context.paths.root, context.env);
    const written = result.files.filter((file) => file.kind !== 'delete').map((file) => file.path);
    const deleted = new Set(result.files.filter((file) => file.kind === 'delete').map((file) => file.path));
    const files = [...new Set([...(context.facts.files ?? []), ...written])]
      .filter((file) => !deleted.has(file))
      .sort();
    return {
      kind: 'next',
      event: 'OK',
      summary: stepSummary('files', { count: result.files.length }),
      facts: { ...before, files, patch_feedback: [], only_files: [] },
    };
  },
});

/** Files that a patch which may mend one file only would change as well. */
function beyondLimit(diff: string, only: readonly string[]): string[] {
  if (only.length === 0) return [];
  const named = parsePatch(diff)
    .sections.flatMap((section) => [section.oldPath, section.newPath])
    .filter((file) => file !== null);
  return [...new Set(named)]
    .filter((file) => !only.includes(file))
    .map((file) => `PATCH_PROTECTED ${file}: this repair may change ${only.join(', ')} only`);
}
