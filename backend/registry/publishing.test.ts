// Publishing on request with a gate that tests script: what is verified, what is believed, what happens twice at once.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { CbbEvidence, GenrtlError, type CbbManifest, type Publication } from '@genrtl/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { publishFolder } from '../../main/cbb/publish.ts';
import { FolderStore } from '../objects/index.ts';
import { memoryRepository } from '../test/memory-registry.ts';
import { BUILTIN_PACKAGES } from './catalog.ts';
import { unpack } from './pack.ts';
import { readPackage, sourceHash } from './package-source.ts';
import { Publishing, type Gate } from './publishing.ts';
import type { Publisher } from './repository/claims.ts';
import { openSigningKey, type SigningKey } from './sign.ts';

const LOCAL_PUBLISHER: Publisher = { accountId: 'local', role: 'local', personId: null };

let root: string;
let folder: string;
let key: SigningKey;
let objects: FolderStore;
let repository: ReturnType<typeof memoryRepository>;
/** packages that the gate ran on */
let gated: string[];
let publishing: Publishing;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'genrtl-publishing-'));
  key = await openSigningKey(join(root, 'secrets'));
  objects = new FolderStore(join(root, 'objects'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));
beforeEach(() => {
  folder = join(mkdtempSync(join(root, 'package-')), 'cbb_counter');
  cpSync(join(BUILTIN_PACKAGES, 'cbb_counter'), folder, { recursive: true });
  setVersion('7.0.0');
  repository = memoryRepository();
  gated = [];
  publishing = make();
});

const recorded = CbbEvidence.parse(
  JSON.parse(readFileSync(join(BUILTIN_PACKAGES, 'cbb_counter', 'evidence.json'), 'utf8')),
);
/** Passes every package with the recorded measurements; `slow` until released. */
const passing: Gate = async (where, { onPart }) => {
  const source = await readPackage(where);
  gated.push(source.manifest.version);
  onPart('benches');
  return { ...recorded, version: source.manifest.version, source_sha256: sourceHash(source) };
};
const make = (gate: Gate = passing, waitMs = 5000): Publishing =>
  new Publishing({ repository, objects, key, gate, waitMs });

function setVersion(version: string, change: Partial<CbbManifest> = {}): void {
  const path = join(folder, 'manifest.json');
  writeFileSync(
    path,
    JSON.stringify({ ...(JSON.parse(readFileSync(path, 'utf8')) as CbbManifest), version, ...change }),
  );
}

/** The desktop's own packing and polling, straight onto the registry. */
const publish = (parts: string[] = []): Promise<Publication> =>
  publishFolder(
    folder,
    {
      putBytes: async (bytes) => (await objects.put(Readable.from([bytes]), {})).sha256,
      publish: (archive) => publishing.publish(archive, LOCAL_PUBLISHER),
    },
    { onPart: (part) => parts.push(part) },
  );

async function refusal(work: Promise<unknown>): Promise<GenrtlError> {
  const error: unknown = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof GenrtlError) return error;
  throw new Error(`not refused: ${String(error)}`);
}

describe('publishing', () => {
  test('a package that passes becomes a signed version whose manifest says what the gate measured', async () => {
    setVersion('7.0.0', {
      verification: { tools: [], tests: 9999, mutants: { killed: 1, total: 1 }, coverage: 'all of it' },
    });
    const done = await publish();
    expect(done).toMatchObject({ cbb_id: 'cbb_counter', version: '7.0.0', status: 'published' });
    expect(done.listing?.manifest.verification.mutants).toEqual(recorded.mutants);
    const archived = await unpack(await objects.read(done.listing?.sha256 ?? ''));
    const manifest = JSON.parse(
      archived.find(({ path }) => path === 'manifest.json')?.bytes.toString() ?? '',
    ) as CbbManifest;
    expect(manifest.verification.tests).not.toBe(9999);
    expect(archived.some(({ path }) => path === 'evidence.json')).toBe(false);
  });

  test('evidence that comes along is not believed: the gate runs', async () => {
    await publish();
    expect(gated).toEqual(['7.0.0']);
  });

  test('asked again after it was published: the same version, without another run of the tools', async () => {
    const first = await publish();
    expect(await publish()).toMatchObject({ status: 'unchanged', listing: { sha256: first.listing?.sha256 } });
    expect(gated).toHaveLength(1);
  });

  test('a version that was sold never changes: other contents under its number are refused before the gate', async () => {
    await publish();
    writeFileSync(join(folder, 'README.md'), 'other');
    expect(await refusal(publish())).toMatchObject({
      code: 'CBB_GATE_FAILED',
      message: expect.stringContaining('raise the version') as string,
    });
    expect(gated).toHaveLength(1);
  });

  test('two publishers of the same number race: one wins, the other is refused, never both', async () => {
    const other = join(root, 'race', 'cbb_counter');
    cpSync(folder, other, { recursive: true });
    writeFileSync(join(other, 'README.md'), 'another text');
    const mine = publish();
    folder = other;
    const results = await Promise.allSettled([mine, publish()]);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect([...repository.rows.values()]).toHaveLength(1);
  });

  test('the findings of the gate reach the publisher, and nothing is published', async () => {
    publishing = make(async (where) => ({
      ...(await passing(where, { signal: new AbortController().signal, onPart: () => undefined })),
      passed: false,
      checks: [{ name: 'lint', passed: false, findings: ['rtl/a.sv:3: WIDTH'] }],
    }));
    const error = await refusal(publish());
    expect(error).toMatchObject({ code: 'CBB_GATE_FAILED', details: { findings: ['lint: rtl/a.sv:3: WIDTH'] } });
    expect(repository.rows.size).toBe(0);
  });

  test('a slow gate: requests answer `verifying` with the part, all of them join one run', async () => {
    const release = Promise.withResolvers<void>();
    publishing = make(async (where, options) => {
      const evidence = await passing(where, options);
      await release.promise;
      return evidence;
    }, 20);
    const parts: string[] = [];
    const both = Promise.all([publish(parts), publish()]);
    // a question that comes before the first part hears of the files
    await expect.poll(() => parts.at(-1)).toBe('benches');
    release.resolve();
    expect((await both).map(({ version }) => version)).toEqual(['7.0.0', '7.0.0']);
    expect(gated).toHaveLength(1);
  });

  test('too many at once: RATE_LIMITED, which may be asked again', async () => {
    const release = Promise.withResolvers<void>();
    publishing = make(async (where, options) => {
      await release.promise;
      return passing(where, options);
    }, 1);
    const archives: string[] = [];
    for (const version of ['7.0.1', '7.0.2', '7.0.3']) {
      setVersion(version);
      await publishFolder(folder, {
        putBytes: async (bytes) => (await objects.put(Readable.from([bytes]), {})).sha256,
        publish: (archive) => {
          archives.push(archive);
          return Promise.resolve({ cbb_id: 'cbb_counter', version, status: 'published', part: null, listing: null });
        },
      });
    }
    expect((await publishing.publish(archives[0] ?? '', LOCAL_PUBLISHER)).status).toBe('verifying');
    expect((await publishing.publish(archives[1] ?? '', LOCAL_PUBLISHER)).status).toBe('verifying');
    expect(await refusal(publishing.publish(archives[2] ?? '', LOCAL_PUBLISHER))).toMatchObject({
      code: 'RATE_LIMITED',
      retryable: true,
    });
    release.resolve();
    await expect.poll(() => repository.rows.size).toBe(2);
    await expect
      .poll(() =>
        publishing.publish(archives[2] ?? '', LOCAL_PUBLISHER).then(
          ({ status }) => status,
          () => 'refused',
        ),
      )
      .not.toBe('refused');
  });

  test('a stopping backend ends the verification', async () => {
    const began = Promise.withResolvers<void>();
    publishing = make(
      (_where, { signal }) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason as Error));
          began.resolve();
        }),
    );
    const asked = refusal(publish());
    await began.promise;
    publishing.stop();
    expect((await asked).code).toBe('CANCELLED');
    expect((await refusal(publish())).code).toBe('CANCELLED');
  });

  test('what is no package: no manifest, a broken one, an archive with a link', async () => {
    expect(
      await refusal(
        publishing.publish((await objects.put(Readable.from([Buffer.from('not gzip')]), {})).sha256, LOCAL_PUBLISHER),
      ),
    ).toMatchObject({ code: 'CBB_ARCHIVE_INVALID' });
    writeFileSync(join(folder, 'manifest.json'), '{"schema_version": 1}');
    expect(await refusal(publish())).toMatchObject({
      code: 'CBB_GATE_FAILED',
      details: { findings: expect.arrayContaining([expect.stringContaining('cbb_id')]) as string[] },
    });
    rmSync(join(folder, 'manifest.json'));
    expect((await refusal(publish())).code).toBe('CBB_GATE_FAILED');
  });
});
