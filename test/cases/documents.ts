// Kinds of documents: what the import makes of them, and the jobs that start from them.
import path from 'node:path';
import { expect } from 'vitest';
import { importSpecFile, type ImportedSpec } from '../../main/workspace/spec-import.ts';
import type { CaseCheck } from './case.ts';

const imported = (folder: string, name: string): Promise<ImportedSpec> => importSpecFile(path.join(folder, name));
const kinds = ({ notes }: ImportedSpec): string[] => notes.map((note) => note.kind);

export const docxPictures: CaseCheck = async ({ folder }) => {
  const spec = await imported(folder, 'one-picture.docx');
  expect(spec.markdown).toBe('# Block diagram\n\nSee the picture.\n\n[picture]\n\nThe end.\n');
  expect(kinds(spec)).toEqual(['picture']);
};

export const docxSuperscriptStrikeEquation: CaseCheck = async ({ folder }) => {
  const { markdown } = await imported(folder, 'spec.docx');
  expect(markdown).toContain('2^N words; the clock is 10^8 Hz');
  expect(markdown).toContain('The reset is ~~asynchronous~~ synchronous.');
  expect(markdown).toContain('The depth is D = 4 + W words.');
};

export const docxTables: CaseCheck = async ({ folder, genrtl }) => {
  expect((await imported(folder, 'registers.docx')).markdown).toContain(
    [
      '| Offset | Name | Bits | Access | Reset | Meaning |',
      '|---|---|---|---|---|---|',
      '| 0x00 | DATA | 7:0 | RW | 0x00 | transmit and receive data |',
      '| 0x04 | STATUS | 0 | RO | 0 | RX ready |',
      '| 0x04 | STATUS | 1 | RO | 1 | TX empty |',
      '| 0x08 | DIV | 15:0 | RW | | clock \\| divider<br>second line |',
    ].join('\n'),
  );
  for (const spec of ['toggle.md', 'toggle.docx']) {
    const { code, out, err } = await genrtl('run', '--spec', spec, '--workspace', `ws-${spec}`, '--yes', '--json');
    expect(code, out + err).toBe(0);
    expect(JSON.parse(out.trim().split('\n').at(-1) ?? '')).toMatchObject({ event: 'result', status: 'done' });
  }
};

export const pdfChineseFonts: CaseCheck = async ({ folder }) => {
  for (const name of ['UniGB-UCS2-H.pdf', 'GBK-EUC-H.pdf']) {
    const { markdown } = await imported(folder, name);
    expect(markdown).toContain('控制寄存器 位宽');
    expect(markdown).toContain('CTRL 0x00 RW');
  }
};

export const pdfSuperscriptsByNfkc: CaseCheck = async ({ folder }) => {
  const { markdown } = await imported(folder, 'spec.pdf');
  expect(markdown).toContain('wraps after 2^32 cycles; the clock is 10^8 Hz; the share is ½; the pad is type №5.');
};

export const txtInGbk: CaseCheck = async ({ genrtl }) => {
  const { code, err } = await genrtl('run', '--spec', 'timer.txt', '--workspace', 'ws', '--yes');
  expect(code).toBe(2);
  expect(err).toMatch(/SPEC_ENCODING: timer\.txt is text, but not UTF-8; it seems to be GBK/);
  expect(err).toContain('Save the file as UTF-8');
};
