import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  assertVendorIntact,
  collectFilelists,
  installDelivery,
  listInstalled,
  verifyVendor,
  writeFilelists,
} from './index.ts';
import { packageEntries, sample, sampleManifest, sampleOf, tarOf } from './fixtures/sample-package.ts';
import type { Sample, TarEntry } from './fixtures/sample-package.ts';

let root: string;
const at = (relative: string): string => path.join(root, relative);
const vendor = (id: string, version = '1.0.0'): string => at(`.genRTL/vendor/cbb/${id}/${version}`);
const lockText = (): string => readFileSync(at('.genRTL/genRTL.lock.json'), 'utf8');
const install = (each: Sample): Promise<string> => installDelivery({ workspace: root, ...each });
/** Makes the change times of all files old enough for their hashes to be remembered. */
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 2100));

beforeEach(() => {
  root = realpathSync(mkdtempSync(path.join(tmpdir(), 'genrtl-cbb-')));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('installing', () => {
  it('unpacks read-only, records, locks', async () => {
    const one = sample('cbb_a');
    expect(await install(one)).toBe('installed');
    expect(readdirSync(vendor('cbb_a')).sort()).toEqual(['manifest.json', 'rtl', 'scripts']);
    expect(statSync(path.join(vendor('cbb_a'), 'rtl/cbb_a.sv')).mode & 0o777).toBe(0o444);
    expect(statSync(path.join(vendor('cbb_a'), 'scripts/sim.sh')).mode & 0o777).toBe(0o555);
    expect(JSON.parse(lockText())).toMatchObject({
      lockfile_version: 1,
      installed: [
        {
          cbb_id: 'cbb_a',
          version: '1.0.0',
          receipt_id: 'rcpt_cbb_a',
          price_usd: '0.10',
          sha256: one.delivery.sha256,
          verified_with: [{ tool: 'icarus', version: '11.0', passed: true }],
        },
      ],
    });
    expect(await verifyVendor(root)).toEqual({ checked: 1, problems: [] });
    expect(readdirSync(at('.genRTL/vendor/cbb/cbb_a')).sort()).toEqual(['1.0.0', '1.0.0.files.json']);
  });

  it('again: no download, no byte changed', async () => {
    const one = sample('cbb_a');
    await install(one);
    const before = lockText();
    expect(await install(one)).toBe('intact');
    expect(one.fetched()).toBe(1);
    expect(lockText()).toBe(before);
  });

  it('several packages at once, none lost', async () => {
    await Promise.all(['cbb_a', 'cbb_b', 'cbb_c', 'cbb_d'].map((id) => install(sample(id))));
    expect((await listInstalled(root)).map((each) => [each.cbb_id, each.intact]).sort()).toEqual([
      ['cbb_a', true],
      ['cbb_b', true],
      ['cbb_c', true],
      ['cbb_d', true],
    ]);
  });

  it('another version becomes the active one and the old receipt stays', async () => {
    await install(sample('cbb_a', '1.0.0'));
    await install(sample('cbb_b'));
    await install(sample('cbb_a', '2.0.0'));
    expect((await listInstalled(root)).map((each) => `${each.cbb_id} ${each.version}`)).toEqual([
      'cbb_b 1.0.0',
      'cbb_a 2.0.0',
    ]);
    expect((JSON.parse(lockText()) as { installed: unknown[] }).installed).toHaveLength(3);
    expect((await collectFilelists(root)).rtl).toEqual([
      '.genRTL/vendor/cbb/cbb_a/2.0.0/rtl/cbb_a.sv',
      '.genRTL/vendor/cbb/cbb_b/1.0.0/rtl/cbb_b.sv',
    ]);
    await install(sample('cbb_a', '1.0.0'));
    expect((await listInstalled(root)).map((each) => `${each.cbb_id} ${each.version}`)).toEqual([
      'cbb_b 1.0.0',
      'cbb_a 1.0.0',
    ]);
  });

  it('a version whose archive changed is refused', async () => {
    await install(sample('cbb_a'));
    await expect(install(sample('cbb_a', '1.0.0', { description: 'other' }))).rejects.toMatchObject({
      code: 'CBB_HASH_MISMATCH',
    });
  });

  it('errors of the download pass through', async () => {
    const one = sample('cbb_a');
    await expect(
      installDelivery({ ...one, workspace: root, fetch: () => Promise.reject(new Error('link ran out')) }),
    ).rejects.toThrow('link ran out');
    expect(existsSync(at('.genRTL'))).toBe(false);
  });
});

describe('what is not what was signed', () => {
  const other = (change: (each: Sample) => Partial<Parameters<typeof installDelivery>[0]>): Promise<string> => {
    const one = sample('cbb_a');
    return installDelivery({ workspace: root, ...one, ...change(one) });
  };
  const stream =
    (...chunks: Buffer[]) =>
    (): Promise<Readable> =>
      Promise.resolve(Readable.from(chunks));

  it('truncated, longer, endless or flipped downloads', async () => {
    await expect(other(({ archive }) => ({ fetch: stream(archive.subarray(0, -1)) }))).rejects.toMatchObject({
      code: 'CBB_HASH_MISMATCH',
    });
    await expect(other(({ archive }) => ({ fetch: stream(archive, Buffer.from('x')) }))).rejects.toMatchObject({
      code: 'CBB_HASH_MISMATCH',
    });
    let pulled = 0;
    await expect(
      other(() => ({
        fetch: () =>
          Promise.resolve(
            Readable.from(
              (function* endless() {
                for (;;) {
                  pulled += 1;
                  yield Buffer.alloc(65536);
                }
              })(),
            ),
          ),
      })),
    ).rejects.toMatchObject({ code: 'CBB_HASH_MISMATCH' });
    expect(pulled).toBeLessThan(50);
    await expect(
      other(({ archive }) => {
        const flipped = Buffer.from(archive);
        flipped[50] = (flipped[50] ?? 0) ^ 1;
        return { fetch: stream(flipped) };
      }),
    ).rejects.toMatchObject({ code: 'CBB_HASH_MISMATCH' });
    expect(existsSync(at('.genRTL'))).toBe(false);
  });

  it('wrong signature, key of another kind, no base64, unknown key', async () => {
    const forged = sample('cbb_b').delivery.signature;
    for (const change of [{ signature: forged }, { signature: '' }, { public_key: 'AAAA' }, { public_key: '***' }]) {
      await expect(other(({ delivery }) => ({ delivery: { ...delivery, ...change } }))).rejects.toMatchObject({
        code: 'CBB_SIGNATURE_INVALID',
      });
    }
    await expect(other(() => ({ trustedKeys: ['AAAA'] }))).rejects.toMatchObject({ code: 'CBB_SIGNATURE_INVALID' });
    expect(await other(({ delivery }) => ({ trustedKeys: [delivery.public_key] }))).toBe('installed');
  });

  it('ids that are no ids', async () => {
    for (const change of [
      { cbb_id: 'cbb_../../x' },
      { version: '1.0.0/../../x' },
      { version: `1.0.0-${'a'.repeat(100)}` },
      { sha256: 'x' },
    ]) {
      await expect(other(({ delivery }) => ({ delivery: { ...delivery, ...change } }))).rejects.toThrow();
    }
    expect(existsSync(at('.genRTL'))).toBe(false);
  });
});

describe('hostile archives, though signed', () => {
  const manifest = sampleManifest('cbb_a');
  const good = packageEntries(manifest);
  const withEntry = (...extra: TarEntry[]): Buffer => gzipSync(tarOf([...good, ...extra]));
  const CASES: Record<string, () => Buffer> = {
    'a symbolic link': () => withEntry({ path: 'rtl/x.sv', type: 'SymbolicLink', linkpath: '/etc/passwd' }),
    'a hard link': () => withEntry({ path: 'rtl/x.sv', type: 'Link', linkpath: 'rtl/cbb_a.sv' }),
    'an absolute path': () => withEntry({ path: '/tmp/evil', data: 'x' }),
    'a path upwards': () => withEntry({ path: '../evil', data: 'x' }),
    'a path upwards in the middle': () => withEntry({ path: 'rtl/../../evil', data: 'x' }),
    'a folder upwards': () => withEntry({ path: '../evil/', type: 'Directory' }),
    'a backslash path': () => withEntry({ path: '..\\evil', data: 'x' }),
    'a drive path': () => withEntry({ path: 'C:/evil', data: 'x' }),
    'a path with a space': () => withEntry({ path: 'rtl/a b.sv', data: 'x' }),
    'a path with a new line': () => withEntry({ path: 'rtl/a\n+incdir.sv', data: 'x' }),
    'a part of dots': () => withEntry({ path: 'rtl/.../x', data: 'x' }),
    'a character device': () => withEntry({ path: 'dev', type: 'CharacterDevice' }),
    'a block device': () => withEntry({ path: 'dev', type: 'BlockDevice' }),
    'a pipe': () => withEntry({ path: 'pipe', type: 'FIFO' }),
    'a file twice': () => withEntry({ path: 'rtl/cbb_a.sv', data: 'x' }),
    'a file twice but for letter case': () => withEntry({ path: 'RTL/CBB_A.sv', data: 'x' }),
    'a file that is also a folder': () => withEntry({ path: 'rtl/cbb_a.sv/x', data: 'x' }),
    'too many files': () => withEntry(...Array.from({ length: 2001 }, (_, i) => ({ path: `x/${i}`, data: '' }))),
    'a bomb': () => gzipSync(Buffer.alloc(200 * 1024 * 1024)),
    'no gzip': () => tarOf(good),
    'no tar': () => gzipSync(Buffer.from('hello'.repeat(1000))),
    'a cut-off tar': () => gzipSync(tarOf(good).subarray(0, 700)),
    'a file longer than the archive': () =>
      gzipSync(
        Buffer.concat([tarOf(good).subarray(0, -1024), tarOf([{ path: 'x', size: 10_000_000 }]).subarray(0, 512)]),
      ),
    'no manifest': () => gzipSync(tarOf(good.slice(1))),
    'a manifest that is no JSON': () => gzipSync(tarOf([{ path: 'manifest.json', data: '{' }, ...good.slice(1)])),
    'the manifest of another package': () => gzipSync(tarOf(packageEntries(sampleManifest('cbb_b')))),
    'a manifest of another version': () => gzipSync(tarOf(packageEntries(sampleManifest('cbb_a', '1.0.1')))),
    'a manifest that names files outside': () =>
      gzipSync(tarOf(packageEntries({ ...manifest, filesets: { rtl: [], tb: ['../../../../src/top.sv'] } }))),
    'a manifest with an include folder outside': () =>
      gzipSync(tarOf(packageEntries({ ...manifest, include_dirs: ['../..'] }))),
    nothing: () => Buffer.alloc(0),
  };

  it.each(Object.keys(CASES))('%s', async (name) => {
    await expect(install(sampleOf(CASES[name]?.() ?? Buffer.alloc(0), manifest))).rejects.toMatchObject({
      code: 'CBB_ARCHIVE_INVALID',
    });
    expect(existsSync(at('.genRTL'))).toBe(false);
  });
});

describe('integrity', () => {
  it.each<[string, (folder: string) => void, RegExp]>([
    [
      'a changed file',
      (folder) => {
        chmodSync(`${folder}/rtl/cbb_a.sv`, 0o644);
        writeFileSync(`${folder}/rtl/cbb_a.sv`, 'module evil; endmodule\n');
      },
      /rtl\/cbb_a.sv was changed/,
    ],
    ['a missing file', (folder) => rmSync(`${folder}/rtl/cbb_a.sv`), /rtl\/cbb_a.sv is missing/],
    ['an added file', (folder) => writeFileSync(`${folder}/rtl/more.svh`, ''), /rtl\/more.svh was added/],
    [
      'a link in place of a file',
      (folder) => {
        rmSync(`${folder}/rtl/cbb_a.sv`);
        symlinkSync('/etc/hostname', `${folder}/rtl/cbb_a.sv`);
      },
      /was changed/,
    ],
    ['a missing folder', (folder) => rmSync(folder, { recursive: true }), /folder is missing/],
    ['a missing record', (folder) => rmSync(`${folder}.files.json`), /record .* is missing/],
    ['a record of something else', (folder) => writeFileSync(`${folder}.files.json`, '{}'), /record/],
  ])('%s is found, named and restored from the receipt', async (_name, damage, message) => {
    const one = sample('cbb_a');
    await install(one);
    const before = lockText();
    damage(vendor('cbb_a'));
    expect((await verifyVendor(root)).problems).toMatchObject([
      { cbb_id: 'cbb_a', version: '1.0.0', message: expect.stringMatching(message) as string },
    ]);
    await expect(assertVendorIntact(root)).rejects.toMatchObject({
      code: 'VENDOR_DAMAGED',
      details: { packages: [{ cbb_id: 'cbb_a', version: '1.0.0' }] },
    });
    expect(await install(one)).toBe('restored');
    expect(await verifyVendor(root)).toEqual({ checked: 1, problems: [] });
    expect(lockText()).toBe(before);
  });

  it('a change of the same size and time of change is still found once hashes are remembered', async () => {
    await install(sample('cbb_a'));
    await settle();
    await assertVendorIntact(root);
    const file = path.join(vendor('cbb_a'), 'rtl/cbb_a.sv');
    const { atime, mtime } = statSync(file);
    chmodSync(file, 0o644);
    writeFileSync(file, readFileSync(file, 'utf8').replace('module', 'modulo'));
    const { utimesSync } = await import('node:fs');
    utimesSync(file, atime, mtime);
    await expect(assertVendorIntact(root)).rejects.toMatchObject({ code: 'VENDOR_DAMAGED' });
  });

  it('ten packages that were checked before are checked again with little work', async () => {
    for (let i = 0; i < 10; i += 1) await install(sample(`cbb_p${i}`));
    await settle();
    await verifyVendor(root);
    const before = process.cpuUsage();
    for (let i = 0; i < 9; i += 1) expect((await verifyVendor(root)).checked).toBe(10);
    expect(process.cpuUsage(before).user / 9).toBeLessThan(60_000);
  });
});

describe('file lists', () => {
  it('are relative to the workspace, written once, and read back', async () => {
    mkdirSync(at('src/inc'), { recursive: true });
    mkdirSync(at('tb'));
    writeFileSync(at('src/top.sv'), 'module top import p::*; (); endmodule\n');
    writeFileSync(at('src/z_pkg.sv'), 'package p; endpackage\n');
    writeFileSync(at('src/inc/defs.svh'), '');
    writeFileSync(at('tb/tb_top.sv'), 'module tb_top; endmodule\n');
    await install(sample('cbb_b', '1.0.0', { dependencies: [{ cbb_id: 'cbb_z', range: '*' }] }));
    await install(sample('cbb_z', '1.0.0', { include_dirs: ['rtl'] }));
    const lists = await writeFilelists(root);
    expect(readFileSync(at('.genRTL/build/filelist_rtl.f'), 'utf8')).toBe(
      '.genRTL/vendor/cbb/cbb_z/1.0.0/rtl/cbb_z.sv\n.genRTL/vendor/cbb/cbb_b/1.0.0/rtl/cbb_b.sv\nsrc/z_pkg.sv\nsrc/top.sv\n',
    );
    expect(readFileSync(at('.genRTL/build/filelist_tb.f'), 'utf8')).toBe('tb/tb_top.sv\n');
    expect(readFileSync(at('.genRTL/build/include_dirs.txt'), 'utf8')).toBe(
      '.genRTL/vendor/cbb/cbb_z/1.0.0/rtl\nsrc/inc\n',
    );
    expect(readFileSync(at('.genRTL/build/defines.f'), 'utf8')).toBe('');
    expect(lists.rtl.at(-1)).toBe('src/top.sv');
    const { mtimeMs } = statSync(at('.genRTL/build/filelist_rtl.f'));
    await writeFilelists(root);
    expect(statSync(at('.genRTL/build/filelist_rtl.f')).mtimeMs).toBe(mtimeMs);
  });

  it('of an empty workspace are empty', async () => {
    expect(await collectFilelists(root)).toMatchObject({
      rtl: [],
      tb: [],
      includeDirs: [],
      defines: {},
      libraries: {},
    });
    expect(existsSync(at('.genRTL'))).toBe(false);
  });
});
