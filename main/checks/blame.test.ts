// Whose fault it is that a run says nothing: the tool's, the folder's, the test's; never the design's.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parseLogs } from '@genrtl/eda/parse.ts';
import { buildVerdict } from '@genrtl/eda/verdicts.ts';
import { orderByCause } from '@genrtl/core/evidence/index.ts';
import { testsWithoutFinish } from '../job/benches.ts';
import { requireReadableFolders } from './include-folders.ts';
import { logReason } from './log-reason.ts';
import { verdictError } from './verdict-error.ts';

const root = mkdtempSync(path.join(tmpdir(), 'genrtl-blame-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const FIXTURE = path.join(import.meta.dirname, '../../eda/fixtures/verilator-5.006/internal.txt');

function parse(text: string) {
  return parseLogs('verilator', [{ chunks: [Buffer.from(text)] }], '/w');
}
const verdictOf = async (text: string) => {
  const { facts, counts } = await parse(text);
  const commands = [{ exitCode: 134, signal: null, artefactMissing: true }];
  return buildVerdict({ commands, counts, log: facts } as unknown as Parameters<typeof buildVerdict>[0]);
};

describe('a tool that accuses itself', () => {
  const log = readFileSync(FIXTURE, 'utf8');

  it('crashed, and did not fail the design', async () => {
    expect(await verdictOf(log)).toBe('crashed');
    expect(await verdictOf(`${log}\n%Error: a.sv:3:1: syntax error, unexpected ';'\n`)).toBe('fail');
  });

  it('is the last cause beside what it says of the design, whatever file it names', async () => {
    const { diagnostics } = await parse(`${log}\n%Error: a.sv:3:1: syntax error, unexpected ';'\n`);
    expect(orderByCause(diagnostics)[0]).toMatchObject({ file: 'a.sv', line: 3 });
    expect(diagnostics.find(({ code }) => code === 'INTERNAL')?.message).toContain('Internal Error');
  });

  it('is quoted where a person reads of it', async () => {
    const { diagnostics } = await parse(log);
    const reason = await logReason({ diagnostics } as unknown as Parameters<typeof logReason>[0], root);
    const error = verdictError('verilator', 'crashed', 1000, reason);
    expect(error?.code).toBe('TOOL_FAILED');
    expect(error?.message).toMatch(/^verilator crashed, which says nothing of the design: .*Internal Error/);
  });
});

describe('an include folder', () => {
  it('that cannot be read is named, one that is not there is passed over', async () => {
    symlinkSync('loop', path.join(root, 'loop'));
    writeFileSync(path.join(root, 'file'), '');
    mkdirSync(path.join(root, 'with blank'));
    await expect(requireReadableFolders(root, ['with blank', 'absent'])).resolves.toBeUndefined();
    for (const folder of ['loop', 'file'])
      await expect(requireReadableFolders(root, [folder])).rejects.toMatchObject({
        code: 'SOURCE_UNREADABLE',
        message: expect.stringContaining(`folder ${folder} `) as string,
      });
  });
});

describe('a sealed test without $finish', () => {
  it('is found before the job begins, unless a helper may end it', async () => {
    const folder = path.join(root, 'accept');
    mkdirSync(path.join(folder, 'include'), { recursive: true });
    writeFileSync(path.join(folder, 'a.sv'), 'module a; initial $display("PASS"); // $finish;\nendmodule\n');
    writeFileSync(path.join(folder, 'b.sv'), 'module b; initial begin $display("PASS"); $finish; end endmodule\n');
    writeFileSync(path.join(folder, 'c.sv'), '`define END $finish\nmodule c; initial `END; endmodule\n');
    expect(await testsWithoutFinish(folder, ['a.sv', 'b.sv', 'c.sv'])).toEqual(['a.sv']);
    writeFileSync(path.join(folder, 'include/end.svh'), 'task done; $finish; endtask\n');
    expect(await testsWithoutFinish(folder, ['a.sv', 'b.sv'])).toEqual([]);
  });
});
