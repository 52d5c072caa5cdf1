// The table of published versions on a real PostgreSQL: what goes in comes out, and never changes.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FolderStore } from '../objects/index.ts';
import { openTestDatabase } from '../test/database.ts';
import type { TestDatabase } from '../test/database.ts';
import { publishBuiltins } from './catalog.ts';
import type { CatalogParts } from './catalog.ts';
import { createRegistry } from './registry.ts';
import { createRegistryRepository } from './repository/versions.ts';
import { PLATFORM, type Publisher } from './repository/claims.ts';
import { openSigningKey } from './sign.ts';
import { skeletonOf } from './names.ts';
import { verifyStatement } from './statement.ts';

const LOCAL: Publisher = { accountId: 'local', role: 'local', personId: null };
const SOMEBODY: Publisher = { ...LOCAL, accountId: 'user_x', role: 'person' };

let database: TestDatabase;
let folder: string;
let parts: CatalogParts;

beforeAll(async () => {
  database = await openTestDatabase();
  folder = mkdtempSync(join(tmpdir(), 'genrtl-repository-'));
  parts = {
    repository: createRegistryRepository(database.pool),
    objects: new FolderStore(join(folder, 'objects')),
    key: await openSigningKey(join(folder, 'secrets')),
  };
});
afterAll(async () => {
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

test('two backends that start at once publish each package once, and a third start publishes nothing', async () => {
  const [one, two] = await Promise.all([publishBuiltins(parts), publishBuiltins(parts)]);
  const all = await parts.repository.all(null);
  // within one millisecond both may take the row for their own: each name is in one list at least, and its row is there
  // once
  const named = new Set([...one.published, ...two.published]);
  expect(all.map(({ listing }) => `${listing.manifest.cbb_id} ${listing.manifest.version}`).sort()).toEqual(
    [...named].sort(),
  );
  expect([...one.refused, ...two.refused]).toEqual([]);
  const again = await publishBuiltins(parts);
  expect(again.published).toEqual([]);
});

test('a listing comes back as it was published', async () => {
  const listed = await parts.repository.find('cbb_fifo_sync', '1.0.0', null);
  expect(listed?.listing.manifest.ports.find(({ name }) => name === 'level')?.width).toBe('$clog2(DEPTH+1)');
  expect(listed?.listing.evidence?.passed).toBe(true);
  expect(listed?.publicKey).toBe(parts.key.publicKey);
  expect(await parts.repository.find('cbb_fifo_sync', '0.9.0', null)).toBeNull();
  if (listed === null) throw new Error('not listed');
  expect(await parts.repository.insert({ ...listed, signature: 'forged' }, PLATFORM)).toBe(false);
  expect((await parts.repository.find('cbb_fifo_sync', '1.0.0', null))?.signature).toBe(listed.signature);
});

test('what never changes of a version is read once and cannot be changed by who got it; what may change is asked anew', async () => {
  const before = await parts.repository.find('cbb_fifo_sync', '1.0.0', null);
  await parts.repository.yank('cbb_fifo_sync', '1.0.0', LOCAL, 'a fault');
  const after = (await parts.repository.all(null)).find(({ listing }) => listing.manifest.cbb_id === 'cbb_fifo_sync');
  expect(after?.listing.yanked?.reason).toBe('a fault');
  expect(after?.listing.manifest).toBe(before?.listing.manifest);
  expect(() => after?.listing.manifest.ports.pop()).toThrow(TypeError);
  await parts.repository.yank('cbb_fifo_sync', '1.0.0', LOCAL, null);
  expect((await parts.repository.find('cbb_fifo_sync', '1.0.0', null))?.listing.yanked).toBeUndefined();
});

test.each(["UPDATE cbb_versions SET sha256 = repeat('0', 64)", 'DELETE FROM cbb_versions', 'TRUNCATE cbb_versions'])(
  'the database refuses: %s',
  async (sql) => {
    await expect(database.pool.query(sql)).rejects.toThrow('immutable');
  },
);

test('a row whose manifest names another package is refused', async () => {
  await expect(
    database.pool.query(
      `INSERT INTO cbb_versions (cbb_id, version, account_id, manifest, sha256, size_bytes, signature, public_key)
     SELECT 'cbb_other', version, account_id, manifest, sha256, size_bytes, signature, public_key FROM cbb_versions LIMIT 1`,
    ),
  ).rejects.toMatchObject({ code: '23514' });
});

test('the statement of a version tells gate, tools and hashes, and verifies without the network', async () => {
  const [signed, published] = await Promise.all([
    parts.repository.statement('cbb_fifo_sync', '1.0.0'),
    parts.repository.find('cbb_fifo_sync', '1.0.0', null),
  ]);
  if (signed === null || published === null) throw new Error('not published');
  const archive = await parts.objects.read(published.listing.sha256);
  const verdict = verifyStatement(signed, archive, [parts.key.publicKey]);
  if (!verdict.valid) throw new Error(verdict.why);
  const { gate } = verdict.statement;
  expect(gate?.passed).toBe(true);
  expect(gate?.tools.map(({ name }) => name)).toEqual(expect.arrayContaining(['icarus', 'verilator', 'yosys']));
  expect(gate?.checks.map(({ name }) => name)).toContain('strength');
  const other = await openSigningKey(join(folder, 'other'));
  const forged = signed.statement.replace('"passed":true', '"passed": true');
  for (const [statement, bytes, keys, why] of [
    [signed, archive, [other.publicKey], 'key'],
    [{ ...signed, statement: forged }, archive, [parts.key.publicKey], 'signature'],
    [
      { statement: forged, signature: other.sign(Buffer.from(forged)), public_key: parts.key.publicKey },
      archive,
      [parts.key.publicKey],
      'signature',
    ],
    [signed, archive.subarray(1), [parts.key.publicKey], 'archive'],
    [
      { statement: '{}', signature: parts.key.sign(Buffer.from('{}')), public_key: parts.key.publicKey },
      archive,
      [parts.key.publicKey],
      'form',
    ],
  ] as const)
    expect(verifyStatement(statement, bytes, keys)).toEqual({ valid: false, why });
});

test('a withdrawn version is not chosen any more, and still delivered to who has it', async () => {
  const registry = createRegistry(parts);
  const requirement = { id: 'r', function: 'cbb_fifo_sync', needs_tb: false };
  const chosen = async (): Promise<string | undefined> =>
    (await registry.seenBy('local').resolve([requirement]))[0]?.quote?.cbb_id;
  expect(await chosen()).toBe('cbb_fifo_sync');
  await expect(parts.repository.yank('cbb_fifo_sync', '1.0.0', SOMEBODY, 'mine?')).rejects.toMatchObject({
    code: 'FORBIDDEN',
  });
  await expect(parts.repository.yank('cbb_none', '1.0.0', PLATFORM, 'x')).rejects.toMatchObject({
    code: 'CBB_NOT_FOUND',
  });
  await parts.repository.yank('cbb_fifo_sync', '1.0.0', PLATFORM, 'wrong at DEPTH 3');
  expect(await chosen()).toBeUndefined();
  expect((await registry.seenBy('local').search('cbb_fifo_sync')).map(({ manifest }) => manifest.cbb_id)).not.toContain(
    'cbb_fifo_sync',
  );
  expect((await registry.seenBy('local').find('cbb_fifo_sync', '1.0.0'))?.yanked?.reason).toBe('wrong at DEPTH 3');
  const { sizeBytes, stream } = await registry.openArchive('cbb_fifo_sync', '1.0.0');
  stream.destroy();
  expect(sizeBytes).toBeGreaterThan(0);
  await parts.repository.yank('cbb_fifo_sync', '1.0.0', PLATFORM, null);
  expect(await chosen()).toBe('cbb_fifo_sync');
});

test('a name that looks like another package’s is refused, and so is another publisher', async () => {
  const listed = await parts.repository.find('cbb_fifo_sync', '1.0.0', null);
  if (listed === null) throw new Error('not listed');
  const publish = (cbbId: string, version: string, account: string): Promise<boolean> =>
    parts.repository.insert(
      { ...listed, listing: { ...listed.listing, manifest: { ...listed.listing.manifest, cbb_id: cbbId, version } } },
      account === 'local' ? LOCAL : SOMEBODY,
    );
  for (const alike of ['cbb_fif0_sync', 'cbb_fifosync', 'cbb_flfo_sync', 'cbb_f1fo_5ync', 'cbb_fifo__sync'])
    await expect(publish(alike, '1.0.0', 'local'), alike).rejects.toMatchObject({ code: 'CBB_GATE_FAILED' });
  await expect(publish('cbb_fifo_sync', '8.0.0', 'local')).rejects.toMatchObject({ code: 'FORBIDDEN' });
  expect(await publish('cbb_fifo_wide', '1.0.0', 'local')).toBe(true);
  // of the built-in packages none looks like another
  const ids = [...new Set((await parts.repository.all(null)).map(({ listing }) => listing.manifest.cbb_id))];
  expect(new Set(ids.map(skeletonOf)).size).toBe(ids.length);
});
