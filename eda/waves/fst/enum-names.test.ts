// Names of enumerations in FST files: what Verilator 5.006 wrote of fixtures/enum.sv, and files that are cut or false.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { openWaves } from '../index.ts';
import { readEnumNames } from './enum-names.ts';
import { decodeLz4 } from './lz4.ts';

const FILE = path.join(import.meta.dirname, 'fixtures/verilator-5.006-enum.fst');
const STATES = [
  { name: 'IDLE', value: '0' },
  { name: 'LOAD', value: '1' },
  { name: 'RUN', value: '3' },
];
const folder = mkdtempSync(path.join(tmpdir(), 'genrtl-fst-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(bytes: Buffer): string {
  const file = path.join(folder, 'waves.fst');
  writeFileSync(file, bytes);
  return file;
}
/** A file of nothing but its hierarchy. */
function block(type: number, size: number, body: Buffer): Buffer {
  const head = Buffer.alloc(17);
  head.writeUInt8(type);
  head.writeBigUInt64BE(BigInt(body.length + 16), 1);
  head.writeBigUInt64BE(BigInt(size), 9);
  return Buffer.concat([head, body]);
}

test('the signals of an enumeration have its names, by the names of the converted file; others have none', async () => {
  const waves = await openWaves(FILE);
  const names = waves.enumNames;
  expect([...names.keys()].sort()).toEqual(['TOP.tb.dut.next', 'TOP.tb.dut.state']);
  expect(waves.signals.map(({ name }) => name)).toEqual(expect.arrayContaining([...names.keys()]));
  expect([...names.values()]).toEqual([STATES, STATES]);
  await waves.close();
});

test('the hierarchy is read however it was packed', async () => {
  const whole = readFileSync(FILE);
  const at = whole.lastIndexOf(Buffer.from([6, 0, 0, 0, 0, 0, 0, 0, 0x92]));
  const body = whole.subarray(at + 17, at + 1 + 0x92);
  const plain = Buffer.from(decodeLz4(body, 0x91) ?? []);
  expect(plain.length).toBe(0x91);
  const known = await readEnumNames(FILE);
  expect(await readEnumNames(write(block(4, plain.length, gzipSync(plain))))).toEqual(known);
  // twice: the outer one holds literals only
  const outer = Buffer.concat([Buffer.from([0xf0, body.length - 15]), body]);
  const between = Buffer.alloc(8);
  between.writeBigUInt64BE(BigInt(body.length));
  expect(await readEnumNames(write(block(7, 0x91, Buffer.concat([between, outer]))))).toEqual(known);
});

test('a file that is cut anywhere, and lengths that lie, give names or none, and no more memory than they may', async () => {
  const whole = readFileSync(FILE);
  for (let end = 0; end < whole.length; end += 7)
    expect([0, 2]).toContain((await readEnumNames(write(whole.subarray(0, end)))).size);
  for (const type of [4, 6, 7])
    for (const size of [0, 3, 2 ** 40]) expect((await readEnumNames(write(block(type, size, whole)))).size).toBe(0);
  expect(decodeLz4(Buffer.from([0x10, 65, 9, 0]), 100)).toBeNull();
  expect(decodeLz4(Buffer.from([0xf0, 255, 255]), 100)).toBeNull();
});
