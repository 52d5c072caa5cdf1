// Publishing on request: an archive that was sent goes through the gate on this server and becomes a version.
// Everything is named by content: whoever asks again joins the verification under way, or learns what was published;
// after a crash it runs anew.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { GenrtlError } from '@genrtl/contracts';
import type { CbbEvidence, CbbListing, CbbVisibility, Publication } from '@genrtl/contracts';
import { publishPackage, type CatalogParts } from './catalog.ts';
import { manifestText, verifiedManifest } from './gate/verified-manifest.ts';
import {
  EVIDENCE_FILE,
  MANIFEST_FILE,
  readManifest,
  sourceHash,
  type PackageFile,
  type PackageSource,
} from './package-source.ts';
import { unpack } from './pack.ts';
import type { Publisher } from './repository/claims.ts';
import type { Attempt, PublicationLog } from './repository/publications.ts';

/** Runs the gate on an unpacked package. Evidence that says `passed: false` is an answer, no exception. */
export type Gate = (
  folder: string,
  options: { signal: AbortSignal; onPart: (part: string) => void },
) => Promise<CbbEvidence>;

export interface PublishingOptions extends CatalogParts {
  /** the real gate unless a test passes another */
  readonly gate?: Gate;
  /** packages of others are verified in a sandbox or not at all; default: wherever the machine can */
  readonly confined?: boolean;
  /** where attempts are written down */
  readonly attempts?: PublicationLog;
  /** told when an attempt could not be written down */
  readonly onLost?: (error: unknown) => void;
  /** how long one request waits for a verification before it answers `verifying` */
  readonly waitMs?: number;
}

interface Order {
  readonly publisher: Publisher;
  readonly visibility: CbbVisibility | undefined;
}

interface Verification {
  part: string;
  readonly done: Promise<CbbListing>;
}

/** A verification is minutes of tools: this many at once, the next asks again later. */
const MAX_VERIFICATIONS = 2;
const WAIT_MS = 10_000;

export class Publishing {
  readonly #options: PublishingOptions;
  readonly #running = new Map<string, Verification>();
  readonly #stop = new AbortController();

  constructor(options: PublishingOptions) {
    this.#options = options;
  }

  /**
   * Publishes the package in the archive, a blob of the object store, for the publisher. CBB_ARCHIVE_INVALID,
   * CBB_GATE_FAILED with `details.findings`, FORBIDDEN for another's name, RATE_LIMITED when too many are being
   * verified, TOOL_MISSING when this server lacks a tool.
   */
  async publish(archive: string, publisher: Publisher, visibility?: CbbVisibility): Promise<Publication> {
    const source = await this.#read(archive);
    const { cbb_id, version } = source.manifest;
    const identity = sourceHash(source);
    // Before what is there is told: it may be private.
    await this.#options.repository.requireName(cbb_id, publisher);
    const published = (await this.#options.repository.find(cbb_id, version, null))?.listing;
    if (published !== undefined) {
      if (published.evidence?.source_sha256 === identity)
        return { cbb_id, version, status: 'unchanged', part: null, listing: published };
      throw refused(`${cbb_id} ${version} is already published with other contents; raise the version`, []);
    }
    const verification = this.#running.get(identity) ?? this.#begin(identity, source, { publisher, visibility });
    const listing = await Promise.race([
      verification.done,
      delay(this.#options.waitMs ?? WAIT_MS, null, { ref: false }),
    ]);
    return listing === null
      ? { cbb_id, version, status: 'verifying', part: verification.part, listing: null }
      : { cbb_id, version, status: 'published', part: null, listing };
  }

  /** Ends what runs; the tools' processes end with it. */
  stop(): void {
    this.#stop.abort(new GenrtlError('CANCELLED', 'The backend stops'));
  }

  async #read(archive: string): Promise<PackageSource> {
    const bytes = await this.#options.objects.read(archive);
    // Evidence that comes along is somebody's claim; this server makes its own.
    const files = (await unpack(bytes)).filter(({ path }) => path !== EVIDENCE_FILE);
    return { manifest: readManifest(files, 'The package'), files };
  }

  #begin(identity: string, source: PackageSource, order: Order): Verification {
    this.#stop.signal.throwIfAborted();
    if (this.#running.size >= MAX_VERIFICATIONS)
      throw new GenrtlError('RATE_LIMITED', 'Other packages are being verified');
    const { cbb_id: cbbId, version } = source.manifest;
    const attempt = { account: order.publisher.accountId, source: identity, cbbId, version };
    const note = this.#notes(attempt);
    const done = note.begun
      .then(() =>
        this.#verify(source, order, (part) => {
          verification.part = part;
          note.part(part);
        }),
      )
      .then(
        // Whoever is answered finds it written down.
        async (listing) => note.end(null).then(() => listing),
        async (error: unknown) => note.end(findingsOf(error)).then(() => Promise.reject(error)),
      );
    const verification: Verification = { part: 'files', done };
    this.#running.set(identity, verification);
    // Whoever waits sees the failure; it must not end the process when nobody does.
    done.catch(() => undefined).finally(() => this.#running.delete(identity));
    return verification;
  }

  /** Written down in order; what cannot be written stops no publication. */
  #notes(attempt: Attempt) {
    const { attempts, onLost = () => undefined } = this.#options;
    let last = attempts?.begin(attempt).catch(onLost) ?? Promise.resolve();
    const then = (write: () => Promise<void> | undefined): Promise<void> => (last = last.then(write).catch(onLost));
    return {
      begun: last,
      part: (part: string) => void then(() => attempts?.part(attempt, part)),
      end: (findings: readonly string[] | null) => then(() => attempts?.end(attempt, findings)),
    };
  }

  async #verify(
    source: PackageSource,
    { publisher, visibility }: Order,
    onPart: (part: string) => void,
  ): Promise<CbbListing> {
    const { manifest } = source;
    const scratch = await mkdtemp(join(tmpdir(), 'genrtl-publish-'));
    try {
      const folder = join(scratch, manifest.cbb_id);
      await write(folder, source.files);
      const evidence = await (this.#options.gate ?? realGate(this.#options.confined ?? false))(folder, {
        signal: this.#stop.signal,
        onPart,
      });
      const label = `${manifest.cbb_id} ${manifest.version}`;
      if (!evidence.passed) {
        const findings = evidence.checks.flatMap((check) =>
          check.findings.map((finding) => `${check.name}: ${finding}`),
        );
        throw refused(`${label} does not pass the publishing gate: ${findings[0] ?? 'a check failed'}`, findings);
      }
      const verified = verifiedManifest(manifest, evidence);
      const files = source.files.map((file) =>
        file.path === MANIFEST_FILE ? { path: file.path, bytes: Buffer.from(manifestText(verified)) } : file,
      );
      await publishPackage(this.#options, { manifest: verified, files }, evidence, null, publisher, visibility);
      const published = await this.#options.repository.find(manifest.cbb_id, manifest.version, null);
      if (published === null) throw new GenrtlError('INTERNAL', `${label} was published and is not there`);
      return published.listing;
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  }
}

/** Loaded when the first package is verified: a backend's start does not pay for the tools' adapters. */
const realGate =
  (confined: boolean): Gate =>
  async (folder, { signal, onPart }) => {
    const [{ runGate }, { createToolRunner }] = await Promise.all([
      import('./gate/index.ts'),
      import('../tool-runner/index.ts'),
    ]);
    const runner = createToolRunner(confined ? { confinement: { mode: 'required' } } : {});
    return runGate(folder, { runner, signal, onPart });
  };

async function write(folder: string, files: readonly PackageFile[]): Promise<void> {
  for (const { path, bytes } of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), bytes, { mode: path.endsWith('.sh') ? 0o755 : 0o644 });
  }
}

/** What the publisher and the operators are shown of a failure. */
function findingsOf(error: unknown): string[] {
  const { message, details } = GenrtlError.of(error);
  const findings = details?.['findings'];
  return Array.isArray(findings) && findings.length > 0 ? findings.map(String) : [message];
}

function refused(message: string, findings: readonly string[]): GenrtlError {
  return new GenrtlError('CBB_GATE_FAILED', message, { details: { findings: [...findings] } });
}
