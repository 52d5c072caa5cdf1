// What a request names by hash, fetched and checked: specification, plan, sources, packages, evidence.
import { EvidenceBundle, GenrtlError, Plan } from '@genrtl/contracts';
import type { CbbManifest, FileRef } from '@genrtl/contracts';
import type { z } from 'zod';
import type { JobCtx } from '../context.ts';
import type { SourceFile } from './sources.ts';

/** Throws REQUEST_INVALID when the blob is no plan. */
export async function readPlan(context: JobCtx, sha256: string): Promise<Plan> {
  return readJson(context, sha256, 'plan', Plan);
}

/** Throws REQUEST_INVALID when the blob is no evidence bundle. */
export async function readEvidence(context: JobCtx, sha256: string): Promise<EvidenceBundle> {
  return readJson(context, sha256, 'evidence', EvidenceBundle);
}

async function readJson<S extends z.ZodType>(
  context: JobCtx,
  sha256: string,
  name: string,
  schema: S,
): Promise<z.infer<S>> {
  const text = await context.readText(sha256);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new GenrtlError('REQUEST_INVALID', `The blob named as ${name} is not JSON.`, { cause });
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new GenrtlError(
    'REQUEST_INVALID',
    `The blob named as ${name} is invalid at ${issue?.path.join('.') ?? 'its root'}: ${issue?.message ?? 'wrong shape'}.`,
  );
}

/** The project's AGENTS.md, where the request names one. */
export async function readAgents(context: JobCtx): Promise<string | null> {
  const { agents } = context.request;
  return agents === undefined ? null : context.readText(agents);
}

/** In the order of paths, so that the same workspace gives the same prompt. */
export async function readFiles(context: JobCtx, refs: readonly FileRef[]): Promise<SourceFile[]> {
  const sorted = [...refs].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  const files: SourceFile[] = [];
  for (const ref of sorted) files.push({ path: ref.path, text: await context.readText(ref.sha256) });
  return files;
}

/** Manifests of exactly the versions that the request names. Throws CBB_NOT_FOUND. */
export function manifestsOf(
  catalog: readonly CbbManifest[],
  cbbs: readonly { cbb_id: string; version: string }[],
): CbbManifest[] {
  return cbbs.map(({ cbb_id, version }) => {
    const manifest = catalog.find((candidate) => candidate.cbb_id === cbb_id && candidate.version === version);
    if (manifest === undefined) throw new GenrtlError('CBB_NOT_FOUND', `The registry holds no ${cbb_id} ${version}.`);
    return manifest;
  });
}
