// What a job's requests say of the project that they are for.
import { readFile, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import type { JobRequest, PatchRules } from '@genrtl/contracts';
import type { LoadedProject } from '../project/load-project.ts';

/** Nothing for a workspace without a project file: `src/` and `tb/` are what everybody knows. */
export const rulesPart = (project: LoadedProject): { rules?: PatchRules } =>
  project.config === null ? {} : { rules: project.rules };

/** Of a plan: what it may change and what it may instantiate. */
export function planScope(project: LoadedProject): Pick<Extract<JobRequest, { kind: 'plan' }>, 'rules' | 'existing'> {
  if (project.config === null) return {};
  const benches = new Set(project.benches.map(({ name }) => name));
  return {
    ...rulesPart(project),
    existing: [...new Set(project.units.map(({ name }) => name))].filter((name) => !benches.has(name)).sort(),
  };
}

export const AGENTS = 'AGENTS.md';
/** Rules longer than this are no rules any more; they would take the window from the specification. */
const MAX_AGENTS_BYTES = 64 * 1024;

/**
 * The AGENTS.md at the workspace's root; null: there is none, it is hidden from models, a link that leads out, no text,
 * or too long.
 */
export async function agentsRules({
  root,
  isHidden,
}: Pick<LoadedProject, 'root' | 'isHidden'>): Promise<string | null> {
  if (isHidden(AGENTS)) return null;
  const absolute = await realpath(path.join(root, AGENTS)).catch(() => null);
  if (absolute === null || !absolute.startsWith(root + path.sep)) return null;
  if (isHidden(path.relative(root, absolute).replaceAll(path.sep, '/'))) return null;
  const stats = await stat(absolute);
  if (!stats.isFile() || stats.size > MAX_AGENTS_BYTES) return null;
  const bytes = await readFile(absolute);
  return bytes.includes(0) ? null : bytes.toString('utf8');
}
