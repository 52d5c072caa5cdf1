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
import { createRegistryRepository } from './repository.ts';
import { openSigningKey } from './sign.ts';

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
  const all = await parts.repository.all();
  expect(one.published.length + two.published.length).toBe(all.length);
  expect([...one.refused, ...two.refused]).toEqual([]);
  const again = await publishBuiltins(parts);
  expect(again.published).toEqual([]);
});

test('a listing comes back as it was published', async () => {
  const listed = await parts.repository.find('cbb_fifo_sync', '1.0.0');
  expect(listed?.listing.manifest.ports.find(({ name }) => name === 'level')?.width).toBe('$clog2(DEPTH+1)');
  expect(listed?.listing.evidence?.passed).toBe(true);
  expect(listed?.publicKey).toBe(parts.key.publicKey);
  expect(await parts.repository.find('cbb_fifo_sync', '0.9.0')).toBeNull();
  if (listed === null) throw new Error('not listed');
  expect(await parts.repository.insert({ ...listed, signature: 'forged' }, 'platform')).toBe(false);
  expect((await parts.repository.find('cbb_fifo_sync', '1.0.0'))?.signature).toBe(listed.signature);
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
