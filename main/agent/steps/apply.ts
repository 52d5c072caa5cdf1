// apply: the approved patch reaches the workspace whole or not at all; a refusal goes back to its author, hunk by hunk.
import { writeFilelists } from '../../cbb/index.ts';
import { applyToWorkspace } from '../../patch/index.ts';
import { readRunFile } from '../request-log.ts';
import { need, type Step } from '../step.ts';

export const applyStep: Step = {
  name: 'apply',
  reads: ['patch_step', 'seen', 'files'],
  writes: ['files', 'patch_feedback'],
  async run(context) {
    const diff = readRunFile(context.paths, context.jobId, need(context.facts, 'patch_step'), 'patch.diff');
    if (diff.trim() === '') {
      await writeFilelists(context.paths.root);
      return { kind: 'next', event: 'OK', summary: 'nothing to change', facts: { patch_feedback: [] } };
    }
    const result = await applyToWorkspace({
      workspace: context.paths.root, diff, seen: context.facts.seen ?? {}, undoJob: context.jobId,
      sealed: context.settings.accept_dir === null ? [] : [context.settings.accept_dir],
    });
    if (!result.ok) {
      const feedback = result.refusals.map((refusal) => `${refusal.code} ${refusal.path ?? ''}${refusal.hunk ? ` hunk ${refusal.hunk}` : ''}: ${refusal.message}`);
      return { kind: 'next', event: 'REJECTED', summary: feedback[0] ?? 'refused', facts: { patch_feedback: feedback } };
    }
    await writeFilelists(context.paths.root);
    const written = result.files.filter((file) => file.kind !== 'delete').map((file) => file.path);
    const deleted = new Set(result.files.filter((file) => file.kind === 'delete').map((file) => file.path));
    const files = [...new Set([...(context.facts.files ?? []), ...written])].filter((file) => !deleted.has(file)).sort();
    return { kind: 'next', event: 'OK', summary: `${result.files.length} files`, facts: { files, patch_feedback: [] } };
  },
};
