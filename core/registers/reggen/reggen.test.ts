// OpenTitan block descriptions: Hjson's ways of writing, reggen's rules, and the project's own documentation as the
// oracle.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Register } from '../model.ts';
import { readHjson } from './hjson.ts';
import { readReggen } from './index.ts';
import { descriptionMarkdown } from '../to-markdown.ts';

const registers = (text: string): Register[] =>
  readReggen(text)
    .description.blocks.flatMap((block) => block.entries)
    .filter((entry) => entry.kind === 'register');
const block = (inner: string): string => `{ name: "t", clocking: [{clock: "clk_i", reset: "rst_ni"}], ${inner} }`;

describe('Hjson', () => {
  test('comments, commas that may be missing, strings with and without quotes, several lines', () => {
    const value = readHjson(`# a
      { // b
        one: 1, two: "x\\ty" /* c */ three: some words to the end
        'four': '''
          a
            b
        '''
        five: [1, 2\n "3",]
        six: {}
      }`);
    const text = JSON.stringify(value, (_key, inner: unknown) =>
      inner instanceof Map ? Object.fromEntries(inner) : inner,
    );
    expect(text).toContain('"text":"x\\ty"');
    expect(text).toContain('"text":"some words to the end"');
    expect(text).toContain('"text":"          a\\n            b"');
    expect(value).toMatchObject({ kind: 'object' });
    expect(readHjson('a: 1\nb: 2')).toMatchObject({ kind: 'object' });
  });
  test.each([
    ['{ a: 1', 1, /} is missing/],
    ['{\n  a: "x\n}', 2, /string has no end/],
    ['{\n\n b 1 }', 3, /colon is missing/],
    [`${'['.repeat(5000)}`, 1, /nested deeper/],
    ["{ a: '''x", 1, /''' string/],
  ])('says where it stops being Hjson: %s', (text, line, message) => {
    expect(() => readHjson(text)).toThrow(message);
    expect(() => readHjson(text)).toThrow(expect.objectContaining({ line }) as Error);
  });
});

test('addresses count on over skipped and reserved words, windows are aligned to their size', () => {
  const { description } = readReggen(
    block(`registers: [
      { name: "A", desc: "a", fields: [{ bits: "0" }] }
      { reserved: "2" }
      { name: "B", desc: "b", fields: [{ bits: "0" }] }
      { skipto: "0x24" }
      { name: "C", desc: "c", fields: [{ bits: "0" }] }
      { window: { name: "BUF", items: "16", swaccess: "rw", desc: "buffer", byte-write: "true" } }
      { name: "D", desc: "d", fields: [{ bits: "0" }] }
    ]`),
  );
  expect(description.blocks[0]?.entries.map((entry) => `${entry.name} ${entry.offset}`)).toEqual([
    'A 0',
    'B 12',
    'C 36',
    'BUF 64',
    'D 128',
  ]);
});

test('fields take access and reset value from their register, enumerations keep their names', () => {
  const [register] = registers(
    block(`registers: [{ name: "R", desc: "d", swaccess: "rw", hwaccess: "hro", resval: "0x31", fields: [
      { bits: "7:4", name: "hi", desc: "x" }
      { bits: "1:0", name: "mode", desc: "y", swaccess: "rw1c", resval: 1, enum: [{ value: "0", name: "off", desc: "no" }] }
    ]}]`),
  );
  expect(register?.fields).toMatchObject([
    { name: 'hi', bits: '7:4', access: 'rw', hardware: 'hro', reset: '0x3' },
    {
      name: 'mode',
      bits: '1:0',
      access: 'rw1c',
      reset: '0x1',
      values: [{ value: '0', name: 'off', description: 'no' }],
    },
  ]);
});

test('copies share a register where they have one field, else they are an array; counts and bits may be expressions', () => {
  const found = registers(
    block(`param_list: [{ name: "N", desc: "n", type: "int", default: "40" }, { name: "W", default: "4" }]
      registers: [
        { multireg: { name: "EN", cname: "ch", count: "N", desc: "d", swaccess: "rw", fields: [{ bits: "0", name: "e", desc: "x" }] } }
        { multireg: { name: "CFG", cname: "ch", count: "W", desc: "d", swaccess: "rw",
          fields: [{ bits: "W-1:0", name: "a", desc: "x" }, { bits: "W+3:W", name: "b", desc: "y" }] } }
      ]`),
  );
  expect(found.map((one) => `${one.name} ${one.offset}`)).toEqual(['EN_0 0', 'EN_1 4', 'CFG[0..3] 8']);
  expect(found[1]?.fields.map((field) => `${field.name} ${field.bits}`).slice(0, 2)).toEqual(['e_32 0', 'e_33 1']);
  expect(found[2]).toMatchObject({
    array: { counts: [4n], strides: [4n] },
    fields: [{ bits: '3:0' }, { bits: '7:4' }],
  });
});

test('interrupts and alerts make their registers, unless the block says that it has its own', () => {
  const lists =
    'interrupt_list: [{ name: "done", desc: "d" }, { name: "full", type: "status", default: "1", desc: "f" }] alert_list: [{ name: "fatal", desc: "x" }]';
  expect(
    registers(block(`${lists} registers: []`)).map(
      (one) =>
        `${one.name} ${one.offset}: ${one.fields.map((field) => `${field.name} ${field.bits} ${field.access} ${field.reset}`).join(', ')}`,
    ),
  ).toEqual([
    'INTR_STATE 0: done 0 rw1c 0x0, full 1 ro 0x1',
    'INTR_ENABLE 4: done 0 rw 0x0, full 1 rw 0x0',
    'INTR_TEST 8: done 0 wo 0x0, full 1 wo 0x0',
    'ALERT_TEST 12: fatal 0 wo 0x0',
  ]);
  expect(registers(block(`${lists} no_auto_intr_regs: "true", registers: []`)).map((one) => one.name)).toEqual([
    'ALERT_TEST',
  ]);
});

test('what is not understood is said with its line, and the rest is read', () => {
  const { description, notes } = readReggen(
    block(
      `\n surprise: "x"\n registers: [\n { name: "R", desc: "d", odd: 1, fields: [{ bits: "M:0", name: "f", desc: "y" }] }\n "loose"\n ]`,
    ),
  );
  expect(description.blocks[0]?.entries).toHaveLength(1);
  expect(notes.map((note) => `${note.line} ${note.text}`)).toEqual([
    '2 the key surprise was not understood: x',
    '4 the key odd of R was not understood: 1',
    '4 a bit range was not understood: M:0',
    '5 an entry of registers was not understood: loose',
  ]);
});

test.each([['{ a: 1 }'], ['[1]'], ['{ name: "x" }']])('%s is no block description', (text) => {
  expect(() => readReggen(text)).toThrow(/no object|no block description/);
});

test('a real block has the registers that its project documents', ({ skip }) => {
  const folder = ['../../../../shared/specs', '../../../../../shared/specs']
    .map((place) => path.resolve(import.meta.dirname, place, 'ot_rv_timer'))
    .find((place) => existsSync(place));
  if (folder === undefined) return skip('the sample specifications are not beside this checkout');
  const found = readReggen(readFileSync(path.join(folder, 'rv_timer.hjson'), 'utf8'));
  expect(found.notes).toEqual([]);
  const documented = readFileSync(path.join(folder, 'registers.md'), 'utf8');
  const summary = [...documented.matchAll(/^\| rv_timer\.\[`(\w+)`\]\S* +\| (0x\w+)/gm)].map(
    ([, name, offset]) => `${name} ${offset}`,
  );
  const entries = found.description.blocks.flatMap((one) => one.entries);
  expect(entries.map((entry) => `${entry.name} 0x${entry.offset.toString(16)}`)).toEqual(summary);
  for (const section of documented.split(/^## /m).slice(2)) {
    const fields = [...section.matchAll(/^\| +([\d:]+) +\| +(\w+) +\| +(\w+) +\| (\w+)/gm)].map(
      ([, bits, access, reset, name]) => [bits, access, reset === 'x' ? '' : reset, name],
    );
    const own = entries.find((entry) => entry.name === section.split('\n')[0]?.trim());
    expect(
      own?.kind === 'register'
        ? own.fields.map((field) => [field.bits, field.access, field.reset, field.name]).sort()
        : [],
    ).toEqual(fields.sort());
  }
  expect(descriptionMarkdown(found.description)).toContain(
    '| 31:0 | v | rw | hro | 0xffffffff | Timer compare value [31:0] |',
  );
});
