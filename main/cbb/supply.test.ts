import { mkdtempSync, realpathSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GenrtlError } from '@genrtl/contracts';
import type { CbbListing } from '@genrtl/contracts';
import { sample, sampleManifest } from './fixtures/sample-package.ts';
import type { Sample } from './fixtures/sample-package.ts';
import { listInstalled } from './index.ts';
import { installFromRegistry, restoreAll, upgrade } from './supply.ts';
import type { SupplyClient } from './supply.ts';

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(path.join(tmpdir(), 'genrtl-supply-')));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** A registry in memory: what it sold and what it delivered is counted. */
class Registry {
  readonly bought: string[] = [];
  readonly delivered: string[] = [];
  readonly packages = new Map<string, Sample>();
  readonly listings: CbbListing[] = [];

  add(id: string, version: string, more: Parameters<typeof sampleManifest>[2] = {}): void {
    const made = sample(id, version, more);
    this.packages.set(`rcpt_${id}_${version}`, made);
    this.listings.push({
      manifest: sampleManifest(id, version, more),
      sha256: made.delivery.sha256,
      size_bytes: made.archive.length,
      published_at: '2026-01-01T00:00:00Z',
    });
  }

  get client(): SupplyClient {
    return {
      http: { call: () => Promise.reject(new GenrtlError('CBB_NOT_FOUND', 'no such version')) },
      searchCbbs: () => Promise.resolve(this.listings),
      resolve: (_workspace, requirements) =>
        Promise.resolve(
          requirements.map((each) => ({
            requirement_id: each.id,
            status: 'not_found' as const,
            quote: null,
            candidates: [],
          })),
        ),
      checkout: (body) => {
        const { cbb_id, version, workspace_id, price_usd } = JSON.parse(body) as Record<string, string>;
        const made = this.packages.get(`rcpt_${cbb_id}_${version}`);
        this.bought.push(`${cbb_id}@${version}`);
        return Promise.resolve({
          receipt_id: `rcpt_${cbb_id}_${version}`,
          cbb_id: cbb_id ?? '',
          version: version ?? '',
          workspace_id: workspace_id ?? '',
          charged_usd: price_usd ?? '',
          price_usd: price_usd ?? '',
          bucket: 'included' as const,
          sha256: made?.delivery.sha256 ?? '',
          at: '2026-01-01T00:00:00Z',
        });
      },
      deliver: ([receipt = '']) => {
        this.delivered.push(receipt);
        const made = this.packages.get(receipt);
        return Promise.resolve(made ? [{ ...made.delivery, receipt_id: receipt, download_url: receipt }] : []);
      },
      download: (url) => Promise.resolve(Readable.from([this.packages.get(url)?.archive ?? Buffer.alloc(0)])),
    };
  }
}

const order = (id: string, registry: Registry, agreed = true): Parameters<typeof installFromRegistry>[0] => ({
  workspace: root,
  id,
  agreed,
  client: registry.client,
});

describe('supply', () => {
  it('buys a package with its dependencies, dependencies first, each at the best version in range', async () => {
    const registry = new Registry();
    registry.add('cbb_low', '1.0.0');
    registry.add('cbb_low', '1.4.0');
    registry.add('cbb_low', '2.0.0');
    registry.add('cbb_top', '1.0.0', { dependencies: [{ cbb_id: 'cbb_low', range: '^1.0.0' }] });
    expect(await installFromRegistry(order('cbb_top', registry))).toEqual([
      { cbb_id: 'cbb_low', version: '1.4.0', state: 'installed' },
      { cbb_id: 'cbb_top', version: '1.0.0', state: 'installed' },
    ]);
    expect(registry.bought).toEqual(['cbb_low@1.4.0', 'cbb_top@1.0.0']);
  });

  it('asks before it pays, naming the prices, and buys nothing', async () => {
    const registry = new Registry();
    registry.add('cbb_a', '1.0.0', { price_usd: '0.40' });
    await expect(installFromRegistry(order('cbb_a', registry, false))).rejects.toMatchObject({
      code: 'APPROVAL_NEEDED',
      message: 'To buy: cbb_a 1.0.0 for 0.40 USD.',
    });
    expect(registry.bought).toEqual([]);
    expect(await listInstalled(root)).toEqual([]);
  });

  it('what costs nothing needs no agreement', async () => {
    const registry = new Registry();
    registry.add('cbb_a', '1.0.0', { price_usd: '0.00' });
    expect(await installFromRegistry(order('cbb_a', registry, false))).toMatchObject([{ state: 'installed' }]);
  });

  it('a version with a receipt in the lockfile is never bought again', async () => {
    const registry = new Registry();
    registry.add('cbb_a', '1.0.0');
    await installFromRegistry(order('cbb_a', registry));
    rmSync(path.join(root, '.genRTL/vendor'), { recursive: true });
    expect(await installFromRegistry(order('cbb_a@1.0.0', registry, false))).toMatchObject([{ state: 'restored' }]);
    expect(registry.bought).toEqual(['cbb_a@1.0.0']);
  });

  it('a receipt that this account does not know: said so, and bought again when that is agreed to', async () => {
    const registry = new Registry();
    registry.add('cbb_a', '1.0.0', { price_usd: '0.40' });
    await installFromRegistry(order('cbb_a', registry));
    // the workspace was cloned: its lockfile names the receipt of another account
    const lockfile = path.join(root, '.genRTL/genRTL.lock.json');
    writeFileSync(lockfile, readFileSync(lockfile, 'utf8').replace('rcpt_cbb_a_1.0.0', 'rcpt_of_somebody_else'));
    rmSync(path.join(root, '.genRTL/vendor'), { recursive: true });
    const { client } = registry;
    const known = client.deliver;
    client.deliver = (receipts) =>
      receipts.includes('rcpt_of_somebody_else')
        ? Promise.reject(new GenrtlError('NOT_FOUND', 'No receipt'))
        : known(receipts);
    registry.bought.length = 0;
    const unknown = {
      code: 'CBB_RECEIPT_UNKNOWN',
      details: { packages: [{ cbb_id: 'cbb_a', version: '1.0.0', price_usd: '0.40' }] },
    };
    await expect(restoreAll(root, client)).rejects.toMatchObject(unknown);
    await expect(installFromRegistry({ ...order('cbb_a@1.0.0', registry, false), client })).rejects.toMatchObject(
      unknown,
    );
    expect(registry.bought).toEqual([]);
    expect(await restoreAll(root, client, { agreed: true })).toMatchObject([{ state: 'restored' }]);
    expect(registry.bought).toEqual(['cbb_a@1.0.0']);
    expect(readFileSync(lockfile, 'utf8')).toContain('"receipt_id": "rcpt_cbb_a_1.0.0"');
    expect(await restoreAll(root, client)).toMatchObject([{ state: 'intact' }]);
  });

  it('restores what is damaged and leaves the rest alone', async () => {
    const registry = new Registry();
    registry.add('cbb_a', '1.0.0');
    registry.add('cbb_b', '1.0.0');
    await installFromRegistry(order('cbb_a', registry));
    await installFromRegistry(order('cbb_b', registry));
    rmSync(path.join(root, '.genRTL/vendor/cbb/cbb_b/1.0.0/rtl/cbb_b.sv'));
    registry.delivered.length = 0;
    expect(await restoreAll(root, registry.client)).toEqual([
      { cbb_id: 'cbb_a', version: '1.0.0', state: 'intact' },
      { cbb_id: 'cbb_b', version: '1.0.0', state: 'restored' },
    ]);
    expect(registry.delivered).toEqual(['rcpt_cbb_b_1.0.0']);
    expect(registry.bought).toHaveLength(2);
  });

  it('upgrades to the latest version, never to a prerelease', async () => {
    const registry = new Registry();
    registry.add('cbb_a', '1.0.0');
    await installFromRegistry(order('cbb_a', registry));
    registry.add('cbb_a', '1.1.0');
    registry.add('cbb_a', '2.0.0-rc.1');
    expect(await upgrade(order('cbb_a', registry))).toEqual({ cbb_id: 'cbb_a', version: '1.1.0', state: 'installed' });
    expect((await listInstalled(root)).map((each) => each.version)).toEqual(['1.1.0']);
    await expect(upgrade(order('cbb_none', registry))).rejects.toMatchObject({ code: 'CBB_NOT_FOUND' });
  });

  it('unknown ids and versions, and a registry that delivers something else', async () => {
    const registry = new Registry();
    registry.add('cbb_a', '1.0.0');
    registry.add('cbb_b', '1.0.0');
    await expect(installFromRegistry(order('cbb_none', registry))).rejects.toMatchObject({ code: 'CBB_NOT_FOUND' });
    await expect(installFromRegistry(order('cbb_a@9.9.9', registry))).rejects.toMatchObject({ code: 'CBB_NOT_FOUND' });
    const swapped: SupplyClient = { ...registry.client, deliver: () => registry.client.deliver(['rcpt_cbb_b_1.0.0']) };
    await expect(installFromRegistry({ ...order('cbb_a', registry), client: swapped })).rejects.toMatchObject({
      code: 'CBB_HASH_MISMATCH',
    });
    expect(await listInstalled(root)).toEqual([]);
  });
});
