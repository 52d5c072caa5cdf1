// Unified diffs: reading them out of answers, applying them under the patch policy, turning them round. Pure.
// Writing the result to a workspace is main/patch.
export { applyPatch } from './apply.ts';
export type { ApplyInput } from './apply.ts';
export { filesFrom } from './files-from.ts';
export { parsePatch } from './parse.ts';
export { pathFault } from './path-policy.ts';
export { otherPaths, resolvePaths } from './resolve-paths.ts';
export { reversePatch } from './reverse.ts';
export { DEFAULT_POLICY } from './types.ts';
export type {
  DiffLine,
  FileSection,
  Hunk,
  ParsedPatch,
  PatchChange,
  PatchFile,
  PatchFiles,
  PatchPolicy,
  PatchResult,
  Refusal,
} from './types.ts';
