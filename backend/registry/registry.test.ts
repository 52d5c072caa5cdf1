// Built-in packages published into a folder store and a repository in memory, then looked up the way jobs do.
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { CbbListing, CbbManifest } from '@genrtl/contracts';
import type { Requirement } from '@genrtl/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FolderStore } from '../objects/index.ts';
import { BUILTIN_PACKAGES, publishBuiltins } from './catalog.ts';
import { memoryRepository } from '../test/memory-registry.ts';
import { unpack } from './pack.ts';
import { createRegistry } from './registry.ts';
import { openSigningKey, verifySignature } from './sign.ts';
import type { SigningKey } from './sign.ts';
import { newestOfEach } from './version.ts';

/** The first catalogue: ids and ports are fixed. */
const PROMISED = [
  'cbb_alu',
  'cbb_arbiter_prio',
  'cbb_arbiter_rr',
  'cbb_axil_gpio',
  'cbb_axil_regs',
  'cbb_axil_to_apb',
  'cbb_axil_xbar',
  'cbb_axis_fifo',
  'cbb_axis_fifo_bram',
  'cbb_axis_skid',
  'cbb_clk_enable',
  'cbb_counter',
  'cbb_crc',
  'cbb_debounce',
  'cbb_div_seq',
  'cbb_edge_detect',
  'cbb_fifo_async',
  'cbb_fifo_async_bram',
  'cbb_fifo_sync',
  'cbb_fifo_sync_bram',
  'cbb_i2c_master',
  'cbb_lfsr',
  'cbb_mul_pipe',
  'cbb_pulse_sync',
  'cbb_ram_1p',
  'cbb_ram_2p',
  'cbb_reset_sync',
  'cbb_secded',
  'cbb_spi_master',
  'cbb_spi_slave',
  'cbb_sync_bit',
  'cbb_timer_pwm',
  'cbb_uart_16550',
  'cbb_uart_rx',
  'cbb_uart_tx',
  'cbb_watchdog',
];

let folder: string;
let key: SigningKey;
const repository = memoryRepository();
let objects: FolderStore;
let registry: ReturnType<typeof createRegistry>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'genrtl-registry-'));
  key = await openSigningKey(join(folder, 'secrets'));
  objects = new FolderStore(join(folder, 'objects'));
  registry = createRegistry({ repository, objects });
  const report = await publishBuiltins({ repository, objects, key });
  expect(report.refused).toEqual([]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const need = (text: string, more: Partial<Requirement> = {}): Requirement => ({
  id: 'r1',
  function: text,
  needs_tb: false,
  ...more,
});
const resolved = async (text: string, more: Partial<Requirement> = {}): Promise<string> => {
  const [resolution] = await registry.seenBy('local').resolve([need(text, more)]);
  return resolution?.status === 'found' ? (resolution.quote?.cbb_id ?? '') : (resolution?.status ?? '');
};

describe('publishing the built-in packages', () => {
  test('every promised package is there, with evidence and a manifest that the contract accepts', async () => {
    const listings = await registry.seenBy('local').latest();
    const ids = listings.map(({ manifest }) => manifest.cbb_id);
    for (const id of PROMISED) expect(ids).toContain(id);
    expect(ids).toEqual([...ids].sort());
    for (const listing of listings) {
      expect(CbbListing.safeParse(listing).success).toBe(true);
      expect(listing.evidence?.passed).toBe(true);
      expect(listing.manifest.verification.mutants).toEqual(listing.evidence?.mutants);
    }
  });

  test('a second start publishes nothing', async () => {
    const report = await publishBuiltins({ repository, objects, key });
    expect(report.published).toEqual([]);
    expect(report.unchanged.length).toBe(repository.rows.size);
  });

  test('a lost object is put back on the next start', async () => {
    const listing = await registry.seenBy('local').find('cbb_counter', '1.0.0');
    expect(listing).not.toBeNull();
    const store = new FolderStore(join(folder, 'second-objects'));
    await publishBuiltins({ repository, objects: store, key });
    expect(await store.size(listing?.sha256 ?? '')).toBe(listing?.size_bytes);
  });

  test('changed contents under a published version are refused, and so are stale and missing evidence', async () => {
    const packages = join(folder, 'packages');
    cpSync(join(BUILTIN_PACKAGES, 'cbb_edge_detect'), join(packages, 'cbb_edge_detect'), { recursive: true });
    const evidencePath = join(packages, 'cbb_edge_detect/evidence.json');
    const evidence = readFileSync(evidencePath, 'utf8');
    const manifestPath = join(packages, 'cbb_edge_detect/manifest.json');
    const manifest = CbbManifest.parse(JSON.parse(readFileSync(manifestPath, 'utf8')));
    const publish = async (): Promise<string> => {
      const { refused, published, unchanged } = await publishBuiltins({ repository, objects, key }, packages);
      return refused[0]?.reason ?? [...published, ...unchanged].join();
    };
    expect(await publish()).toBe('cbb_edge_detect 1.0.0');

    // `verification` is outside the source's hash but inside the archive: other bytes, same number.
    writeFileSync(
      manifestPath,
      JSON.stringify({ ...manifest, verification: { ...manifest.verification, coverage: 'invented' } }),
    );
    expect(await publish()).toContain('already published');

    writeFileSync(manifestPath, JSON.stringify({ ...manifest, price_usd: '0.01' }));
    expect(await publish()).toContain('another source');

    writeFileSync(manifestPath, JSON.stringify(manifest, null, 2));
    writeFileSync(evidencePath, evidence.replace(/"passed": true\n\}/, '"passed": false\n}'));
    expect(await publish()).toContain('did not pass');

    rmSync(evidencePath);
    expect(await publish()).toContain('no evidence');
    expect((await registry.seenBy('local').find('cbb_edge_detect', '1.0.0'))?.manifest.price_usd).toBe(
      manifest.price_usd,
    );
  });
});

describe('archives', () => {
  test('are signed, named by their hash, and hold the package without its evidence', async () => {
    const { sizeBytes, sha256, stream } = await registry.openArchive('cbb_uart_tx', '1.0.0');
    const bytes = await buffer(stream);
    expect(bytes.byteLength).toBe(sizeBytes);
    expect(sha256).toBe((await registry.seenBy('local').find('cbb_uart_tx', '1.0.0'))?.sha256);
    const { signature, public_key } = await registry.signatureOf('cbb_uart_tx', '1.0.0');
    expect(verifySignature(bytes, signature, public_key)).toBe(true);
    const paths = (await unpack(bytes)).map(({ path }) => path);
    expect(paths).toContain('rtl/cbb_uart_tx.sv');
    expect(paths).toContain('manifest.json');
    expect(paths).not.toContain('evidence.json');
  });

  test('sources are the RTL files only, twice the same', async () => {
    const sources = await registry.seenBy('local').sources('cbb_fifo_sync', '1.0.0');
    expect(sources.map(({ path }) => path)).toEqual(['rtl/cbb_fifo_sync.sv']);
    expect(sources[0]?.text).toContain('module cbb_fifo_sync');
    expect(await registry.seenBy('local').sources('cbb_fifo_sync', '1.0.0')).toEqual(sources);
  });

  test('a version that is not there, and an archive that the store has lost', async () => {
    await expect(registry.openArchive('cbb_counter', '9.9.9')).rejects.toMatchObject({ code: 'CBB_NOT_FOUND' });
    expect(await registry.seenBy('local').find('cbb_nothing', '1.0.0')).toBeNull();
    const empty = createRegistry({ repository, objects: new FolderStore(join(folder, 'empty')) });
    await expect(empty.openArchive('cbb_counter', '1.0.0')).rejects.toMatchObject({ code: 'CBB_UNDELIVERABLE' });
    await expect(empty.seenBy('local').sources('cbb_counter', '1.0.0')).rejects.toMatchObject({
      code: 'CBB_UNDELIVERABLE',
    });
  });
});

describe('resolve', () => {
  test.each([
    ['cbb_fifo_sync', 'cbb_fifo_sync'],
    ['sync FIFO', 'cbb_fifo_sync'],
    ['Synchronous FIFO', 'cbb_fifo_sync'],
    ['同步FIFO', 'cbb_fifo_sync'],
    ['UART transmitter', 'cbb_uart_tx'],
    ['UART receiver', 'cbb_uart_rx'],
    ['串口接收', 'cbb_uart_rx'],
    ['uart tx', 'cbb_uart_tx'],
    ['debouncer', 'cbb_debounce'],
    ['按键消抖', 'cbb_debounce'],
    ['edge detector', 'cbb_edge_detect'],
    ['bit synchronizer', 'cbb_sync_bit'],
    ['reset synchroniser', 'cbb_reset_sync'],
    ['up/down counter', 'cbb_counter'],
    ['clock enable', 'cbb_clk_enable'],
    ['分频器', 'cbb_clk_enable'],
    ['UART', 'ambiguous'],
    ['quantum accelerator', 'not_found'],
    ['', 'not_found'],
  ])('%s → %s', async (text, expected) => {
    expect(await resolved(text)).toBe(expected);
  });

  test('every id, function and title finds its own package, and so does every tag that is not shared', async () => {
    const manifests = (await registry.seenBy('local').latest()).map(({ manifest }) => manifest);
    const owners = new Map<string, number>();
    for (const tag of manifests.flatMap(({ tags }) => tags)) owners.set(tag, (owners.get(tag) ?? 0) + 1);
    for (const { cbb_id, title, tags, function: name } of manifests) {
      for (const text of [cbb_id, title, name, ...tags.filter((tag) => owners.get(tag) === 1)])
        expect([text, await resolved(text)]).toEqual([text, cbb_id]);
    }
  });

  test('the quote carries price, hash and entry points, and never says that it is owned', async () => {
    const [resolution] = await registry.seenBy('local').resolve([need('cbb_uart_tx')]);
    const listing = await registry.seenBy('local').find('cbb_uart_tx', '1.0.0');
    expect(resolution).toEqual({
      requirement_id: 'r1',
      status: 'found',
      quote: {
        cbb_id: 'cbb_uart_tx',
        version: '1.0.0',
        price_usd: listing?.manifest.price_usd,
        sha256: listing?.sha256,
        owned: false,
        compatibility: listing?.manifest.compatibility,
        entrypoints: { top: 'cbb_uart_tx', tb: 'tb_cbb_uart_tx', filelist: 'scripts/rtl.f' },
      },
      candidates: [{ cbb_id: 'cbb_uart_tx', version: '1.0.0', title: 'UART transmitter' }],
    });
  });

  test('what a package cannot do, it is not quoted for; the near miss is named', async () => {
    expect(await resolved('sync FIFO', { width: 32, depth: 100 })).toBe('cbb_fifo_sync');
    expect(await resolved('sync FIFO', { depth: 1 })).toBe('not_found');
    expect(await resolved('sync FIFO', { width: 5000 })).toBe('not_found');
    expect(await resolved('sync FIFO', { clock_domains: 2 })).toBe('not_found');
    expect(await resolved('edge detector', { width: 8 })).toBe('not_found');
    expect(await resolved('edge detector', { width: 1, depth: 1 })).toBe('cbb_edge_detect');
    expect(await resolved('UART transmitter', { protocol: 'AXI4-Stream' })).toBe('cbb_uart_tx');
    expect(await resolved('UART transmitter', { protocol: 'axis', parameters: { PARITY: 2, STOP_BITS: '2' } })).toBe(
      'cbb_uart_tx',
    );
    expect(await resolved('UART transmitter', { parameters: { DATA_BITS: 'TOP_BITS' } })).toBe('cbb_uart_tx');
    expect(await resolved('UART transmitter', { parameters: { PARITY: 3 } })).toBe('not_found');
    expect(await resolved('UART transmitter', { parameters: { COLOUR: 1 } })).toBe('not_found');
    expect(await resolved('UART transmitter', { protocol: 'i2c' })).toBe('not_found');
    const [miss] = await registry.seenBy('local').resolve([need('sync FIFO', { depth: 1 })]);
    expect(miss?.candidates.map(({ cbb_id }) => cbb_id)).toEqual(['cbb_fifo_sync']);
  });

  test('numbers can settle a tie: of the UARTs only the transmitter has STOP_BITS', async () => {
    expect(await resolved('UART', { parameters: { STOP_BITS: 1 } })).toBe('cbb_uart_tx');
  });
});

describe('search', () => {
  const found = async (query: string): Promise<string[]> =>
    (await registry.seenBy('local').search(query)).map(({ manifest }) => manifest.cbb_id);

  test('best match first, whatever the language or width of the letters', async () => {
    expect((await found('fifo'))[0]).toBe('cbb_fifo_sync');
    expect((await found('ｆｉｆｏ'))[0]).toBe('cbb_fifo_sync');
    expect((await found('消抖'))[0]).toBe('cbb_debounce');
    expect((await found('uart receiver'))[0]).toBe('cbb_uart_rx');
    expect(await found('uart')).toEqual(expect.arrayContaining(['cbb_uart_rx', 'cbb_uart_tx']));
  });

  test('by interface: ports, parameters and the values that these take, protocols and tags', async () => {
    const fifos = await found('parameter:FWFT');
    expect(fifos).toContain('cbb_fifo_sync');
    expect(await found('fifo port:almost_full parameter:DEPTH=16')).toContain('cbb_fifo_sync');
    expect(await found('parameter:FWFT=7')).toEqual([]);
    expect(await found('parameter:DEPTH=1 fifo')).toEqual([]);
    expect(await found('port:no_such_port fifo')).toEqual([]);
    expect((await found('stop_bits'))[0]).toBe('cbb_uart_tx');
    const streams = await found('protocol:axi4-stream');
    expect(streams.length).toBeGreaterThan(1);
    expect(streams).not.toContain('cbb_debounce');
    expect(await found('tag:sync-fifo')).toEqual(await found('tag:sync_fifo'));
    // what is no kind is a word
    expect(await found('__proto__:x constructor:y')).toEqual([]);
  });

  test('by similarity: words that are spelt nearly right, and packages that could stand for one', async () => {
    expect((await found('debuonce'))[0]).toBe('cbb_debounce');
    expect((await found('trasnmitter'))[0]).toBe('cbb_uart_tx');
    expect(await found('secret')).toEqual([]);
    const alike = await found('like:cbb_uart_tx');
    expect(alike).not.toContain('cbb_uart_tx');
    expect(alike.slice(0, 2)).toContain('cbb_uart_rx');
    expect(await found('like:cbb_uart_tx receiver')).toContain('cbb_uart_rx');
    expect(await found('like:no_such_package')).toEqual([]);
  });

  test('an empty query lists everything, a hopeless one nothing, a hostile one does no harm', async () => {
    expect((await found('')).length).toBe(repository.rows.size);
    expect(await found('zzzzqqq')).toEqual([]);
    const started = process.cpuUsage();
    await found('(a+)+$ '.repeat(20_000));
    expect(process.cpuUsage(started).user).toBeLessThan(500_000);
  });
});

test('the newest release is offered, a prerelease only where there is nothing else', async () => {
  const [listing] = await registry.seenBy('local').latest();
  const at = (version: string, id = 'cbb_x'): CbbListing => ({
    ...(listing as CbbListing),
    manifest: { ...(listing as CbbListing).manifest, cbb_id: id, version },
  });
  const newest = newestOfEach([at('1.9.0'), at('1.10.0'), at('2.0.0-rc.1'), at('1.2.0'), at('0.1.0-alpha', 'cbb_y')]);
  expect(newest.map(({ manifest }) => `${manifest.cbb_id} ${manifest.version}`)).toEqual([
    'cbb_x 1.10.0',
    'cbb_y 0.1.0-alpha',
  ]);
});

test('every package folder holds a current manifest format and nothing but text', () => {
  for (const id of readdirSync(BUILTIN_PACKAGES)) {
    const text = readFileSync(join(BUILTIN_PACKAGES, id, 'manifest.json'), 'utf8');
    const manifest = CbbManifest.parse(JSON.parse(text));
    // What verify-all writes, so that a hand edit in another layout does not change the archive by accident.
    expect(text).toBe(`${JSON.stringify(manifest, null, 2)}\n`);
  }
});
