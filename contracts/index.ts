// What the command line, the job and the backend share. Shapes that only the page and its host exchange (`ask.ts`,
// `git.ts`, `language.ts`, `review.ts`, `schematic.ts`, `skill-views.ts`, `waves.ts`, `workspace.ts`, `ipc/`) are
// imported from their own files: building their schemas would cost every start of the command line.
export * from './primitives.ts';
export * from './money.ts';
export * from './diagnostic.ts';
export * from './findings.ts';
export * from './plan.ts';
export * from './evidence.ts';
export * from './cbb.ts';
export * from './error-details.ts';
export * from './errors.ts';
export { ErrorBody } from './error-body.ts';
export * from './verdicts.ts';
export * from './tools.ts';
export * from './attempts.ts';
export * from './steps.ts';
export * from './job.ts';
export { StepName } from './job.ts';
export * from './sent.ts';
export * from './usage.ts';
export * from './usage-csv.ts';
export * from './http/routes.ts';
export * from './http/jobs.ts';
export * from './http/budgets.ts';
export * from './http/models.ts';
export * from './composer.ts';
export * from './http/cbb.ts';
export * from './http/blobs.ts';
export * from './http/health.ts';
export * from './job-events.ts';
export * from './ai-intents.ts';
export * from './spec-formats.ts';
export * from './spec-import.ts';
export * from './settings.ts';
export * from './project.ts';
