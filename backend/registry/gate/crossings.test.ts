// Broken clock crossings that benches on ideal clocks let pass, each made from a shipped package by one change.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readdir } from 'node:fs/promises';
import type { CbbManifest } from '@genrtl/contracts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createToolRunner } from '../../tool-runner/index.ts';
import { BUILTIN_PACKAGES } from '../catalog.ts';
import { constraintFiles } from '../crossing-constraints.ts';
import { readPackage } from '../package-source.ts';
import { checkCrossings } from './crossings.ts';
import type { ParameterSet } from './parameter-sets.ts';
import { checkFiles } from './structure.ts';

const runner = createToolRunner();
const tools = await Promise.all((['icarus', 'yosys'] as const).map((tool) => runner.version(tool).catch(() => null)));
const missing = tools.includes(null) ? 'icarus or yosys is not installed' : null;
if (missing !== null) process.stdout.write(`skipped: crossings of the publishing gate: ${missing}\n`);

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'genrtl-crossings-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const LATE: readonly ParameterSet[] = [{ name: 'late crossings', parameters: { DEPTH: '4', SKEW: '1' } }];
const LATE_PULSES: readonly ParameterSet[] = [{ name: 'late crossings', parameters: { SKEW: '1' } }];

/** A copy of the package with its RTL changed: `from` must be there. */
function changed(id: string, ...changes: readonly (readonly [from: string | RegExp, to: string])[]): string {
  const folder = join(root, id);
  cpSync(join(BUILTIN_PACKAGES, id), folder, { recursive: true });
  const path = join(folder, `rtl/${id}.sv`);
  for (const [from, to] of changes) {
    const text = readFileSync(path, 'utf8');
    expect(text.replace(from, to)).not.toBe(text);
    writeFileSync(path, text.replace(from, to));
  }
  return folder;
}
async function findings(
  folder: string,
  sets: readonly ParameterSet[],
  change: (manifest: CbbManifest) => CbbManifest = (manifest) => manifest,
): Promise<string> {
  const { manifest } = await readPackage(folder);
  return (await checkCrossings({ runner, folder, manifest: change(manifest) }, sets)).findings.join('\n');
}

describe.skipIf(missing !== null)('a crossing that is broken is refused', () => {
  test('the shipped dual-clock packages are whole', async () => {
    expect(await findings(changed('cbb_fifo_async'), LATE)).toBe('');
    expect(await findings(changed('cbb_pulse_sync'), LATE_PULSES)).toBe('');
  });

  test('binary pointers across the clocks of a dual-clock FIFO', async () => {
    const binary = changed(
      'cbb_fifo_async',
      ['wr_next ^ wr_next >> 1', 'wr_next'],
      ['rd_next ^ rd_next >> 1', 'rd_next'],
      [
        '{~rd_gray_seen[ADDR_WIDTH-:2], rd_gray_seen[ADDR_WIDTH-2:0]}',
        '{~rd_gray_seen[ADDR_WIDTH], rd_gray_seen[ADDR_WIDTH-1:0]}',
      ],
    );
    expect(await findings(binary, LATE)).toContain('with late crossings');
    // Listed bit by bit they are no better.
    const bits = await findings(binary, LATE, (manifest) => ({
      ...manifest,
      crossings: manifest.crossings?.map((one) => (one.kind === 'gray' ? { ...one, kind: 'bit' as const } : one)),
    }));
    expect(bits).toContain('wr_gray crosses from wr_clk to rd_clk with 3 bits, each for itself');
  });

  test.each<[string, string, readonly [string | RegExp, string], string]>([
    [
      'one flop instead of two',
      'cbb_fifo_async',
      ['<= wr_gray_meta;', '<= wr_gray;'],
      'which no listed synchroniser does',
    ],
    [
      'logic in front of it',
      'cbb_fifo_async',
      ['<= wr_gray;', '<= wr_gray ^ 1;'],
      'through logic, without a synchroniser',
    ],
    [
      'an enable on it',
      'cbb_fifo_async',
      ['wr_gray_meta <= wr_gray;', 'if (rd_en) wr_gray_meta <= wr_gray;'],
      'without a synchroniser',
    ],
    [
      'no ASYNC_REG',
      'cbb_fifo_async',
      [/\(\* ASYNC_REG[^\n]*\n {2}(logic \[ADDR_WIDTH:0\] rd_gray_seen)/, '$1'],
      'rd_gray_seen[0] is part of a synchroniser and not marked',
    ],
    [
      'its first flop read',
      'cbb_pulse_sync',
      ['there[2] ^ there[1]', 'there[2] ^ there[0]'],
      'may be between two levels',
    ],
    [
      'a number across without one',
      'cbb_fifo_async',
      ['rd_count + 1', 'wr_count + 1'],
      'depends on wr_count[0] of wr_clk',
    ],
  ])('%s', async (_what, id, change, expected) => {
    expect(await findings(changed(id, change), id === 'cbb_pulse_sync' ? LATE_PULSES : LATE)).toContain(expected);
  });

  test('what the manifest does not list, lists in vain, or never tries late', async () => {
    const folder = changed('cbb_pulse_sync');
    expect(await findings(folder, LATE_PULSES, ({ crossings: _none, ...manifest }) => manifest)).toContain(
      'level crosses from src_clk to dst_clk into there[0], which no listed synchroniser does',
    );
    const more = { from: 'src_clk', to: 'dst_clk', kind: 'gray' as const, into: 'nowhere' };
    expect(
      await findings(folder, LATE_PULSES, (manifest) => ({
        ...manifest,
        crossings: [...(manifest.crossings ?? []), more],
      })),
    ).toContain('nothing crosses from src_clk to dst_clk into nowhere');
    expect(await findings(folder, [{ name: 'default', parameters: {} }])).toContain('no parameter set has SKEW=1');
  });

  test('pins without a clock: each goes to a marked flop, and the manifest says so', async () => {
    const bit = [{ name: 'default', parameters: {} }];
    expect(await findings(changed('cbb_sync_bit'), bit)).toBe('');
    expect(await findings(changed('cbb_sync_bit'), bit, ({ crossings: _none, ...manifest }) => manifest)).toContain(
      'chain[0] is marked as the first flop of a synchroniser, and no crossing is listed for it',
    );
    expect(await findings(changed('cbb_reset_sync', [/\(\* ASYNC_REG[^\n]*\n/, '']), bit)).toContain('not marked');
  });
});

test('packages that cross ship their constraints, as their manifest gives them', async () => {
  let crossing = 0;
  for (const name of await readdir(BUILTIN_PACKAGES)) {
    const source = await readPackage(join(BUILTIN_PACKAGES, name));
    for (const { path, text } of constraintFiles(source.manifest)) {
      crossing += 1;
      expect(source.files.find((file) => file.path === path)?.bytes.toString('utf8')).toBe(text);
    }
    const marked = source.files.some(({ path, bytes }) => path.startsWith('rtl/') && bytes.includes('ASYNC_REG'));
    expect([name, (source.manifest.crossings ?? []).length > 0]).toEqual([name, marked]);
  }
  expect(crossing).toBeGreaterThan(12);
});

test('a package without its constraint files is refused', async () => {
  const folder = changed('cbb_sync_bit');
  rmSync(join(folder, 'constraints/cbb_sync_bit.xdc'));
  writeFileSync(join(folder, 'constraints/cbb_sync_bit.sdc'), '# nothing\n');
  const text = checkFiles(await readPackage(folder)).findings.join('\n');
  expect(text).toContain('constraints/cbb_sync_bit.xdc is missing');
  expect(text).toContain('constraints/cbb_sync_bit.sdc says nothing of chain');
});
