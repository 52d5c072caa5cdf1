// What a request of a job sends, listed before it leaves: `sent.json` in the run folder.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { SentList, type JobRequest, type LeftOut, type SentFile, type SentKind } from '@genrtl/contracts';
import { restorePatch } from '@genrtl/core/evidence/restore-patch.ts';
import { readJson, sha256, writeJson } from '@genrtl/disk/records.ts';
import type { BackendClient } from '../cloud/backend-client.ts';
import { Outgoing } from '../cloud/outgoing.ts';
import { SENT_FILE } from '../workspace/run-folder.ts';
import type { StepContext } from './step.ts';

export class Sending {
  readonly #backend: BackendClient;
  readonly #runDir: string;
  readonly #attempt: number;
  readonly #leftOut: LeftOut[] = [];
  readonly #parts: { readonly outgoing: Outgoing; readonly listed: SentFile }[] = [];

  constructor(backend: BackendClient, context: Pick<StepContext<never>, 'runDir'>, attempt: number) {
    this.#backend = backend;
    this.#runDir = context.runDir;
    this.#attempt = attempt;
  }

  /** Takes a text in and returns the name under which the request refers to it. */
  add(kind: Exclude<SentKind, 'source' | 'request'>, name: string, text: string): string {
    return this.#take(kind, name, Outgoing.text(text, this.#backend.secrets));
  }

  /** `file.sha256`: of the file on the disk, which is what a patch must find there again. */
  addSource(file: { readonly path: string; readonly text: string; readonly sha256: string }): string {
    return this.#take('source', file.path, Outgoing.code(file.text, this.#backend.secrets), file.sha256);
  }

  /** A source that is not sent at all. */
  leaveOut(path: string): void {
    this.#leftOut.push({ attempt: this.#attempt, path, shown: 'nothing', why: 'size' });
  }

  /** Sends what was taken in, once the list is on the disk. Returns the exact bytes of the request. */
  async send(request: JobRequest): Promise<string> {
    const body = Outgoing.json(request, this.#backend.secrets);
    this.#take('request', 'request.json', body);
    const file = path.join(this.#runDir, SENT_FILE);
    const listed = this.#parts.map((part) => part.listed);
    // of earlier attempts, and of this one when it could not be sent as a whole
    const old = await readJson(file, SentList);
    const before = (old?.files ?? []).filter(
      (was) => !listed.some((one) => one.attempt === was.attempt && one.path === was.path && one.sha256 === was.sha256),
    );
    await writeJson(file, {
      schema_version: 1,
      backend: this.#backend.http.endpoint.url,
      model: request.model,
      files: [...before, ...listed],
      left_out: [...(old?.left_out ?? []).filter(({ attempt }) => attempt !== this.#attempt), ...this.#leftOut],
    } satisfies SentList);
    for (const { outgoing, listed: part } of this.#parts)
      if (part.kind !== 'request') await this.#backend.put(outgoing);
    return body.text;
  }

  #take(kind: SentKind, name: string, outgoing: Outgoing, source = outgoing.sha256): string {
    const listed: SentFile = {
      attempt: this.#attempt,
      kind,
      path: name,
      bytes: outgoing.bytes.length,
      sha256: outgoing.sha256,
      redacted: outgoing.redacted,
      ...(source === outgoing.sha256 ? {} : { source_sha256: source }),
    };
    this.#parts.push({ outgoing, listed });
    return outgoing.sha256;
  }
}

/** What the backend says that the prompts of a request do not hold, beside the list of what was sent for it. */
export async function recordLeftOut(
  { runDir }: Pick<StepContext<never>, 'runDir'>,
  leftOut: readonly LeftOut[],
): Promise<void> {
  const file = path.join(runDir, SENT_FILE);
  const list = leftOut.length === 0 ? null : await readJson(file, SentList);
  if (list === null) return;
  const same = (a: LeftOut, b: LeftOut): boolean => a.attempt === b.attempt && a.path === b.path;
  const before = (list.left_out ?? []).filter((one) => !leftOut.some((next) => same(one, next)));
  const after = leftOut.filter((one, at) => leftOut.findIndex((other) => same(one, other)) === at);
  await writeJson(file, { ...list, left_out: [...before, ...after] } satisfies SentList);
}

/** Sources as the author of a patch saw them: hashes of the files on the disk, and the patch against those. */
export interface Seen {
  readonly hashes: Record<string, string>;
  readonly patch: string;
}

/** `files`: path and hash of the request that was answered; `patch`: the answer. */
export async function seenFromDisk(
  context: StepContext<never>,
  files: readonly { readonly path: string; readonly sha256: string }[],
  patch: string,
): Promise<Seen> {
  const sent = (await readJson(path.join(context.runDir, SENT_FILE), SentList))?.files ?? [];
  const backend = await context.backend();
  const hashes: Record<string, string> = {};
  const originals = new Map<string, ReadonlyMap<string, string>>();
  for (const file of files) {
    const source = sent.find((one) => one.path === file.path && one.sha256 === file.sha256)?.source_sha256;
    hashes[file.path] = source ?? file.sha256;
    if (source === undefined) continue;
    const bytes = await readFile(path.join(context.paths.root, file.path)).catch(() => null);
    // changed since: applying will say so
    if (bytes === null || sha256(bytes) !== source) continue;
    originals.set(file.path, Outgoing.code(bytes.toString('utf8'), backend.secrets).originals);
  }
  return { hashes, patch: restorePatch(patch, originals) };
}
