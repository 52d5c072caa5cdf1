import { mkdtempSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { MAX_SPEC_BYTES, importSpec, importSpecFile } from './spec-import.ts';

const SPECS = path.resolve(import.meta.dirname, '../../../shared/specs');
const text = (value: string): Uint8Array => new TextEncoder().encode(value);

it('reads UTF-8 with and without byte order mark and UTF-16', async () => {
  expect((await importSpec('a.md', text('\ufeff# Timer'))).markdown).toBe('# Timer');
  expect((await importSpec('a.md', Buffer.from('\ufeff# 定时器', 'utf16le'))).markdown).toBe('# 定时器');
});

it('refuses what holds no text', async () => {
  await expect(importSpec('a.md', text(''))).rejects.toMatchObject({ code: 'SPEC_EMPTY' });
  await expect(importSpec('a.md', text(' \n\t\r\n'))).rejects.toMatchObject({ code: 'SPEC_EMPTY' });
});

it('refuses binary content whatever its name says', async () => {
  await expect(importSpec('a.md', Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 0, 1))).rejects.toMatchObject({
    code: 'SPEC_BINARY',
  });
  await expect(importSpec('a.md', Uint8Array.of(0x41, 0xff, 0xfe, 0x42))).rejects.toMatchObject({
    code: 'SPEC_BINARY',
  });
  await expect(importSpec('a.pdf', text('no pdf'))).rejects.toMatchObject({ code: 'SPEC_BINARY' });
  await expect(importSpec('a.docx', text('no docx'))).rejects.toMatchObject({ code: 'SPEC_BINARY' });
});

it.each([
  ['GBK', Uint8Array.of(0x23, 0x20, 0xb6, 0xa8, 0xca, 0xb1, 0xc6, 0xf7), /GBK or GB18030/],
  ['Shift-JIS', Uint8Array.of(0x83, 0x5e, 0x83, 0x43, 0x83, 0x7d, 0x81, 0x5b), /it seems to be/],
  ['Windows-1252', Buffer.from('Zähler für Takte', 'latin1'), /Windows-1252/],
  [
    'UTF-16 without its mark',
    Buffer.from('# Timer\nCounts clock cycles.', 'utf16le'),
    /UTF-16 text without its byte order/,
  ],
])('text in another encoding is no binary file: %s is told how to be saved', async (_encoding, bytes, message) => {
  for (const name of ['timer.txt', 'timer.md'])
    await expect(importSpec(name, bytes)).rejects.toMatchObject({
      code: 'SPEC_ENCODING',
      message: expect.stringMatching(message) as string,
      hint: expect.stringContaining('UTF-8') as string,
    });
});

it.each([
  ['old.doc', Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1), /old Office document/],
  ['notes.txt', new TextEncoder().encode('{\\rtf1\\ansi Width 8}'), /an RTF document/],
  ['encrypted.docx', Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1), /encrypted/],
])('%s is told what it is', async (name, bytes, message) => {
  await expect(importSpec(name, bytes)).rejects.toMatchObject({
    code: 'SPEC_BINARY',
    message: expect.stringMatching(message) as string,
  });
});

it('refuses more than the limit without reading the file', async () => {
  const file = path.join(mkdtempSync(path.join(os.tmpdir(), 'genrtl-spec-')), 'big.md');
  writeFileSync(file, Buffer.alloc(MAX_SPEC_BYTES * 2, 'a'));
  await expect(importSpecFile(file)).rejects.toMatchObject({
    code: 'SPEC_TOO_LARGE',
    details: { diagnostics: [{ file: 'big.md', line: 1 }] },
  });
  await expect(importSpecFile(`${file}.none`)).rejects.toMatchObject({ code: 'SPEC_NOT_FOUND' });
});

it('makes text of a real PDF', async (context) => {
  const file = path.join(SPECS, 'simple_spi/simple_spi.pdf');
  const spec = await importSpecFile(file).catch((error: { code: string }) =>
    error.code === 'SPEC_NOT_FOUND' ? null : Promise.reject(error as unknown as Error),
  );
  if (spec === null) return context.skip('the sample specifications are not beside this checkout');
  expect(spec.markdown).toContain('SPI');
  expect(spec.markdown.length).toBeGreaterThan(5000);
});

it('makes text of a DOCX', async () => {
  const { markdown, source } = await importSpecFile(path.join(import.meta.dirname, 'fixtures/timer.docx'));
  expect(markdown).toContain('Timer 定时器');
  expect(markdown).toContain('Counts clock cycles.');
  expect(source).toMatchObject({ kind: 'blocks', cut: false, blocks: [{ type: 'heading' }, { type: 'paragraph' }] });
});

it('reads register descriptions by their endings, and says at which line one is none', async () => {
  const rdl = await importSpec('regs.rdl', text('addrmap m { reg { field {} f; } a; };'));
  expect(rdl.markdown).toContain('| 0x0 | a | 32 |');
  expect(rdl.source).toEqual({ kind: 'text' });
  await expect(importSpec('a.xml', text('<a>\n<b>\n</a>'))).rejects.toMatchObject({
    code: 'SPEC_FORMAT',
    message: expect.stringContaining('a.xml cannot be read as IP-XACT') as string,
    details: { diagnostics: [{ file: 'a.xml', line: 3 }] },
  });
});

it('refuses a document that only begins like one', async () => {
  await expect(importSpec('a.pdf', text('%PDF-1.7\n%%EOF\n'))).rejects.toMatchObject({
    code: 'SPEC_BINARY',
    details: { diagnostics: [{ file: 'a.pdf', line: 1 }] },
  });
  await expect(importSpec('a.docx', Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0))).rejects.toMatchObject({
    code: 'SPEC_BINARY',
  });
});
