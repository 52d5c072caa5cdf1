// Patches on a workspace: applied whole or not at all, recovered after a crash, undone by job.
export { applyToWorkspace } from './apply-to-workspace.ts';
export type { ApplyOutcome, ApplyRequest } from './apply-to-workspace.ts';

export { recoverPatch } from './journal.ts';
export type { RecoverOptions } from './journal.ts';
export { rewriteFiles } from './rewrite-files.ts';
export type { RewrittenFile } from './rewrite-files.ts';
export { jobFiles, undoJob, undoneFiles, writtenBy } from './undo.ts';
export type { AppliedFile, JobFile, UndoOptions, WrittenFile } from './undo.ts';
