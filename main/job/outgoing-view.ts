// What a job would send to a model, told before it does: for a person who opens a workspace with genRTL for the first
// time.
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { GenrtlError, type OutgoingView } from '@genrtl/contracts';
import { Outgoing } from '../cloud/outgoing.ts';
import type { BackendConnection } from '../processes/backend.ts';
import { loadProject } from '../project/load-project.ts';
import { readModelSources } from '../project/model-sources.ts';
import type { WorkspacePaths } from '../workspace/paths.ts';
import { AGENTS, agentsRules } from './project-scope.ts';
import { SENT_FILE } from '../workspace/run-folder.ts';
import { importSpecFile } from '../workspace/spec-import.ts';

/** Plan, evidence and notes come into being on the way and are listed then. Throws SPEC_*. */
export async function outgoingView(
  paths: WorkspacePaths,
  { specPath, model }: { readonly specPath: string | null; readonly model: string | null },
  { client, embedded }: BackendConnection,
  env: NodeJS.ProcessEnv,
): Promise<OutgoingView> {
  const files: OutgoingView['files'] = [];
  const list = (kind: OutgoingView['files'][number]['kind'], name: string, out: Outgoing): void => {
    files.push({ kind, path: name, bytes: out.bytes.length, redacted: out.redacted });
  };
  if (specPath !== null) {
    const spec = await importSpecFile(specPath);
    list('spec', spec.name, Outgoing.text(spec.markdown, client.secrets));
  }
  const project = await loadProject(paths.root, env);
  for (const file of await readModelSources(project, null))
    list('source', file.path, Outgoing.code(file.text, client.secrets));
  const rules = await agentsRules(project);
  if (rules !== null) list('rules', AGENTS, Outgoing.text(rules, client.secrets));
  const models = await client.models();
  const chosen = models.find(({ id, default_for: use }) => (model === null ? use.includes('plan') : id === model));
  if (chosen === undefined && model !== null) throw new GenrtlError('MODEL_UNKNOWN', `There is no model ${model}.`);
  const to = !embedded ? 'backend' : chosen === undefined || chosen.provider === 'builtin' ? 'nowhere' : 'model';
  const name = to === 'backend' ? new URL(client.http.endpoint.url).host : (chosen?.id ?? '');
  return { to, name, first: !(await sentBefore(paths)), files };
}

async function sentBefore(paths: WorkspacePaths): Promise<boolean> {
  const runs = paths.run('');
  for (const job of await readdir(runs).catch(() => []))
    for (const step of await readdir(path.join(runs, job)).catch(() => []))
      if (existsSync(path.join(runs, job, step, SENT_FILE))) return true;
  return false;
}
