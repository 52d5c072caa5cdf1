// What a prompt says of a project that keeps its files elsewhere than in src/ and tb/.
import type { JobRequest } from '@genrtl/contracts';
import { fence } from './fence.ts';

/** Patterns and names shown at most of each kind; the rest is the same kind over again. */
const SHOWN_PATTERNS = 60;
const SHOWN_MODULES = 400;

/** Null for a workspace without rules of its own. */
export function projectPart(request: JobRequest): string | null {
  const { rules } = request;
  if (rules === undefined) return null;
  const existing = request.kind === 'plan' ? (request.existing ?? []) : [];
  const lines = [
    ...rules.edit.slice(0, SHOWN_PATTERNS).map((pattern) => `may be changed: ${pattern}`),
    ...rules.read_only.slice(0, SHOWN_PATTERNS).map((pattern) => `read-only: ${pattern}`),
    ...rules.filelists
      .slice(0, SHOWN_PATTERNS)
      .map((file) => `file list, may gain lines that name files which the same patch creates: ${file}`),
  ];
  const parts = [
    `This is an existing project with rules of its own; where the general rules say src/ and tb/, these hold instead. Put new files beside those that they belong with; change existing files only where the specification asks for it, and keep every other line as it is. Makefiles, scripts and genrtl.yaml are never changed.\n${fence('project rules', lines.join('\n'))}`,
  ];
  if (existing.length > 0)
    parts.push(
      `Modules that the project has already; they may be instantiated and are not planned again:\n${fence('existing modules', existing.slice(0, SHOWN_MODULES).join(' '))}`,
    );
  return parts.join('\n\n');
}
