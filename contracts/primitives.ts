// Small shapes that several contracts share.
import { z } from 'zod';
import { CBB_ID, SEMVER } from './patterns.ts';

/** Lowercase hex sha256. */
export const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);
/** Path relative to the workspace root, forward slashes, no `..`, no leading slash. */
export const WorkspacePath = z.string().min(1).max(1024);
/** ISO 8601 instant in UTC. */
export const Instant = z.iso.datetime();
export const Identifier = z.string().regex(/^[A-Za-z_][A-Za-z0-9_$]*$/);
export const JobId = z.string().regex(/^[a-z0-9_-]{1,64}$/i);
/** `<step>_<n>`, n counted from 1 for each step of a job, e.g. `lint_2`. */
export const StepId = z.string().regex(/^[a-z_]+_\d+$/);
export const CbbId = z.string().regex(CBB_ID);
export const Semver = z.string().regex(SEMVER);
