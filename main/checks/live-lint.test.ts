// The linter on texts that are being typed: the real tool, a workspace that nobody writes.
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { lintTyped } from './live-lint.ts';

let root: string;
let env: NodeJS.ProcessEnv;
const FILES = {
  'rtl/inc/width.svh': '`define W 8\n',
  'rtl/inv.sv':
    '`include "width.svh"\nmodule inv(input logic [`W-1:0] a, output logic [7:0] y);\n  assign y = ~a;\nendmodule\n',
  'dv/tb.sv': 'module tb;\n  logic [7:0] a = 0, y;\n  inv u(.a, .y);\n  initial #1 $finish;\nendmodule\n',
  'genrtl.yaml':
    'version: 1\nrtl: { files: ["rtl/**"] }\ntb: { files: ["dv/**"] }\nchecks:\n  - name: lint\n    lint: verilator\n    waivers:\n      - { code: UNUSEDSIGNAL, file: rtl/inv.sv, reason: kept for later, owner: me }\n',
};
beforeAll(() => {
  root = mkdtempSync(path.join(tmpdir(), 'genrtl live-'));
  env = { ...process.env, GENRTL_HOME: `${root}-home` };
  for (const [file, text] of Object.entries(FILES)) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  }
});
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
  rmSync(`${root}-home`, { recursive: true, force: true });
});

const lint = (file: string, text: string, more: { env?: NodeJS.ProcessEnv; signal?: AbortSignal } = {}) =>
  lintTyped({ root, file, texts: [{ path: file, text }], env, signal: new AbortController().signal, ...more });

describe('the linter on typed text', () => {
  it('finds faults of a source, a header and a bench at their places, waivers hold, and nothing is written', async () => {
    const copies = mkdtempSync(path.join(tmpdir(), 'genrtl-copies-'));
    vi.stubEnv('TMPDIR', copies);
    const source = FILES['rtl/inv.sv'].replace('assign', 'logic kept;\n  assign').replace('~a', '~b');
    const { tool, findings } = await lint('rtl/inv.sv', source);
    expect(tool).toBe('verilator');
    expect(findings.filter(({ severity }) => severity === 'error')).toMatchObject([
      { file: 'rtl/inv.sv', line: 4, column: 15, message: expect.stringContaining("'b'") as string },
    ]);
    expect(findings.map(({ code }) => code)).not.toContain('UNUSEDSIGNAL');
    const header = await lint('rtl/inc/width.svh', '`define W 9\n');
    expect(header.findings).toMatchObject([
      { file: 'rtl/inv.sv', line: 3, code: expect.stringMatching(/^WIDTH/) as string },
    ]);
    const bench = await lint('dv/tb.sv', FILES['dv/tb.sv'].replace('.y', '.z'));
    expect(bench.findings).toContainEqual(expect.objectContaining({ file: 'dv/tb.sv', line: 3, severity: 'error' }));
    for (const [file, text] of Object.entries(FILES)) expect(readFileSync(path.join(root, file), 'utf8')).toBe(text);
    expect(readdirSync(root).sort()).toEqual(['dv', 'genrtl.yaml', 'rtl']);
    expect(readdirSync(copies)).toEqual([]);
    rmSync(copies, { recursive: true });
    vi.unstubAllEnvs();
  });

  it('says when it is stopped, when its tool is missing, and when the file is no source of the project', async () => {
    const stopped = new AbortController();
    stopped.abort();
    await expect(lint('rtl/inv.sv', '', { signal: stopped.signal })).rejects.toMatchObject({ code: 'CANCELLED' });
    await expect(lint('rtl/inv.sv', '', { env: { ...env, PATH: '/nonexistent' } })).rejects.toMatchObject({
      code: 'TOOL_MISSING',
    });
    await expect(lint('notes.sv', '')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
