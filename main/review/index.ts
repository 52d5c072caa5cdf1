// The person's review of a job's changes, and what it remembers.
export { decideReview, readReview, restoreRejected } from './job-review.ts';
export { rejectedOfJob, returningChanges } from './returning.ts';
export { leaveOutProposed, readProposed } from './proposed.ts';
