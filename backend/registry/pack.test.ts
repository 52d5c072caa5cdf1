import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { GenrtlError } from '@genrtl/contracts';
import fc from 'fast-check';
import { Header } from 'tar';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { pack, unpack } from './pack.ts';
import { readPackage } from './package-source.ts';
import { BUILTIN_PACKAGES } from './catalog.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'genrtl-pack-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
const file = (path: string, text: string) => ({ path, bytes: Buffer.from(text) });

function tarOf(
  entries: readonly {
    path: string;
    type?: 'File' | 'SymbolicLink' | 'Link' | 'CharacterDevice';
    linkpath?: string;
    bytes?: Buffer;
    size?: number;
  }[],
): Buffer {
  const parts = entries.flatMap(
    ({ path, type = 'File', linkpath = '', bytes = Buffer.alloc(0), size = bytes.byteLength }) => {
      const block = Buffer.alloc(512);
      new Header({ path, type, linkpath, size, mode: 0o644, mtime: new Date(0) }).encode(block, 0);
      return [block, bytes, Buffer.alloc((512 - (bytes.byteLength % 512)) % 512)];
    },
  );
  return gzipSync(Buffer.concat([...parts, Buffer.alloc(1024)]));
}

describe('pack', () => {
  test('the same files give the same bytes, whatever their order', () => {
    const files = [
      file('manifest.json', '{}'),
      file('rtl/a.sv', 'module a; endmodule\n'),
      file('scripts/sim.sh', '#!/bin/sh\n'),
    ];
    expect(sha256(pack(files))).toBe(sha256(pack([...files].reverse())));
    // Fixed for ever: a version that people bought is named by this hash. It was recorded under Node 24 with umask 022.
    expect(sha256(pack(files))).toBe('6b1bf755212bdac699fa4eab4bf68ee173ae71d540c9e745a0c2d06e124f4e21');
  });

  test('umask, times and the Node release of the machine do not matter', async () => {
    const script = `import { pack } from ${JSON.stringify(join(import.meta.dirname, 'pack.ts'))};
import { readPackage } from ${JSON.stringify(join(import.meta.dirname, 'package-source.ts'))};
import { createHash } from 'node:crypto';
console.log(createHash('sha256').update(pack((await readPackage(process.argv[2])).files)).digest('hex'));`;
    writeFileSync(join(folder, 'hash.ts'), script);
    const copy = join(folder, 'cbb_edge_detect');
    execFileSync('sh', [
      '-c',
      `umask 077; cp -r ${join(BUILTIN_PACKAGES, 'cbb_edge_detect')} ${copy}; chmod -R u=rwX,go= ${copy}; find ${copy} -exec touch -d 1999-01-01 {} +`,
    ]);
    const other = execFileSync(process.execPath, [join(folder, 'hash.ts'), copy], {
      encoding: 'utf8',
      env: { ...process.env, TZ: 'Asia/Tokyo', LC_ALL: 'C' },
    }).trim();
    expect(statSync(join(copy, 'scripts/sim.sh')).mode & 0o777).toBe(0o700);
    expect(other).toBe(sha256(pack((await readPackage(join(BUILTIN_PACKAGES, 'cbb_edge_detect'))).files)));
  });

  test('plain tar reads the archive: names, contents, modes, times, owners', () => {
    writeFileSync(
      join(folder, 'p.tgz'),
      pack([file('rtl/a.sv', 'module a; endmodule\n'), file('scripts/sim.sh', '#!/bin/sh\n')]),
    );
    const listing = execFileSync('tar', ['-tvzf', join(folder, 'p.tgz'), '--numeric-owner', '--utc', '--full-time'], {
      encoding: 'utf8',
    });
    expect(
      listing
        .trim()
        .split('\n')
        .map((line) => line.replace(/\s+/g, ' ')),
    ).toEqual([
      '-rw-r--r-- 0/0 20 2000-01-01 00:00:00 rtl/a.sv',
      '-rwxr-xr-x 0/0 10 2000-01-01 00:00:00 scripts/sim.sh',
    ]);
    execFileSync('tar', ['-xzf', join(folder, 'p.tgz'), '-C', folder]);
    expect(readFileSync(join(folder, 'rtl/a.sv'), 'utf8')).toBe('module a; endmodule\n');
  });

  test('what was packed comes back, for any contents', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(
          fc.tuple(
            fc.stringMatching(/^[a-z][a-z0-9_]{0,20}(\/[a-z][a-z0-9_.]{0,20}){0,2}$/),
            fc.uint8Array({ maxLength: 70_000 }),
          ),
          { selector: ([path]) => path, minLength: 1, maxLength: 5 },
        ),
        async (entries) => {
          const files = entries.map(([path, bytes]) => ({ path, bytes: Buffer.from(bytes) }));
          const back = await unpack(pack(files));
          expect(back).toEqual([...files].sort((a, b) => (a.path < b.path ? -1 : 1)));
        },
      ),
      { numRuns: 60 },
    );
  });

  test('a path that a plain tar entry cannot hold is refused', () => {
    expect(() => pack([file(`rtl/${'x'.repeat(300)}.sv`, '')])).toThrow(GenrtlError);
  });
});

describe('unpack refuses', () => {
  const refused = async (archive: Buffer): Promise<string> => {
    const error = await unpack(archive).then(
      () => null,
      (caught: unknown) => caught,
    );
    expect(error).toBeInstanceOf(GenrtlError);
    expect((error as GenrtlError).code).toBe('CBB_ARCHIVE_INVALID');
    return (error as GenrtlError).message;
  };

  test.each(['../evil.sv', '/etc/passwd', 'rtl/../../evil.sv', './a.sv', 'a\\b.sv', 'rtl//a.sv', 'rtl/\u0001.sv'])(
    'the path %j',
    async (path) => {
      expect(await refused(tarOf([{ path, bytes: Buffer.from('x') }]))).toContain('path');
    },
  );

  test('symbolic links, hard links and devices', async () => {
    expect(await refused(tarOf([{ path: 'a', type: 'SymbolicLink', linkpath: '/etc/passwd' }]))).toContain(
      'SymbolicLink',
    );
    expect(await refused(tarOf([{ path: 'a', type: 'Link', linkpath: 'b' }]))).toContain('Link');
    expect(await refused(tarOf([{ path: 'a', type: 'CharacterDevice' }]))).toContain('Device');
  });

  test('a file twice', async () => {
    expect(
      await refused(
        tarOf([
          { path: 'a.sv', bytes: Buffer.from('1') },
          { path: 'a.sv', bytes: Buffer.from('2') },
        ]),
      ),
    ).toContain('twice');
  });

  test('a file that is too large, and too many files', async () => {
    expect(await refused(tarOf([{ path: 'a.sv', bytes: Buffer.alloc(1_000_001) }]))).toContain('larger');
    expect(await refused(tarOf(Array.from({ length: 501 }, (_, index) => ({ path: `f${index}` }))))).toContain('500');
  });

  test('an archive that grows without end', async () => {
    expect(await refused(gzipSync(Buffer.alloc(70 * 1024 * 1024)))).toContain('sensible size');
  });

  test('what is no gzip, and a tar that breaks off', async () => {
    await refused(Buffer.from('hello'));
    await refused(gzipSync(Buffer.concat([tarHeader('a.sv', 5000), Buffer.alloc(100)])));
  });

  const tarHeader = (path: string, size: number): Buffer => {
    const block = Buffer.alloc(512);
    new Header({ path, type: 'File', size, mode: 0o644, mtime: new Date(0) }).encode(block, 0);
    return block;
  };
});

describe('readPackage', () => {
  test('a link inside the folder is refused', async () => {
    await mkdir(join(folder, 'rtl'));
    await writeFile(join(folder, 'manifest.json'), '{}');
    symlinkSync('/etc/passwd', join(folder, 'rtl/a.sv'));
    await expect(readPackage(folder)).rejects.toMatchObject({
      code: 'CBB_GATE_FAILED',
      message: expect.stringContaining('rtl/a.sv') as unknown,
    });
  });

  test('a manifest that is missing, no JSON, or of the wrong shape is named', async () => {
    await expect(readPackage(folder)).rejects.toMatchObject({
      code: 'CBB_GATE_FAILED',
      message: expect.stringContaining('missing') as unknown,
    });
    await writeFile(join(folder, 'manifest.json'), '{');
    await expect(readPackage(folder)).rejects.toMatchObject({
      message: expect.stringContaining('not JSON') as unknown,
    });
    await writeFile(join(folder, 'manifest.json'), '{"schema_version":1}');
    await expect(readPackage(folder)).rejects.toMatchObject({ message: expect.stringContaining('cbb_id') as unknown });
  });
});
