// A job whose lint, simulations and strength run on the backend: the same verdicts, records and evidence as at home, and the
// tools of this machine are never asked.
import { mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Diagnostic, SentList, ToolRunRecord } from '@genrtl/contracts';
import { TestHome, runCli, tempDir } from './harness.ts';

const SPEC = path.join(import.meta.dirname, 'specs/blinker.md');
const home = new TestHome({ GENRTL_STRENGTH_SECONDS: '0' });
beforeAll(() => home.keepBackend(), 60_000);
afterAll(() => home.close());

const read = <T>(schema: { parse(value: unknown): T }, file: string): T =>
  schema.parse(JSON.parse(readFileSync(file, 'utf8')));

/** Sealed tests outside the workspace, one of which fails in a helper that lies in `include`. */
function sealed(): string {
  const folder = tempDir('accept');
  mkdirSync(path.join(folder, 'include'));
  writeFileSync(path.join(folder, 'include/say.svh'), '`define SAY(x) $display(x)\n');
  const test = (name: string, line: string): void =>
    writeFileSync(
      path.join(folder, `${name}.sv`),
      `\`include "say.svh"\nmodule ${name}; reg clk = 0, rst_n = 0, en = 0; wire led; wire [3:0] value;\n` +
        `blinker u(.clk(clk), .rst_n(rst_n), .en(en), .led(led), .value(value));\n` +
        `initial begin #3 \`SAY("${line}"); $finish; end\nendmodule\n`,
    );
  test('good', 'PASS');
  test('wrong', 'FAIL signal=led time=3');
  return folder;
}

it('--lint cloud --sim cloud verifies on the backend, sealed tests included', async () => {
  const workspace = path.join(tempDir('cloud'), 'ws');
  const accept = sealed();
  const run = await runCli(
    [
      'run',
      '--json',
      '--spec',
      SPEC,
      '--workspace',
      workspace,
      '--yes',
      '--lint',
      'cloud',
      '--sim',
      'cloud',
      '--accept',
      accept,
    ],
    home.env,
  );
  expect(run.result.tests).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ kind: 'testbench', passed: true, tool: 'icarus' }),
      expect.objectContaining({ name: 'good', kind: 'acceptance', passed: true }),
      expect.objectContaining({ name: 'wrong', kind: 'acceptance', passed: false }),
    ]),
  );
  expect(run.result.cost_usd).toBe('0.10');
  const folder = path.join(workspace, '.genRTL/runs', run.result.job_id ?? '');
  for (const [step, tool] of [
    ['lint_1', 'verilator'],
    ['sim_1', 'icarus'],
  ] as const) {
    const record = read(ToolRunRecord, path.join(folder, step, 'tool.json'));
    expect(record).toMatchObject({ tool, verdict: 'pass', place: 'cloud' });
    expect(record.confinement).toEqual({ confined: 'bubblewrap', network: false });
    expect(record.inputs['src/blinker.v'] ?? record.inputs['src/blinker.sv']).toMatch(/^[0-9a-f]{64}$/);
    expect(record.commands.every(({ cwd }) => cwd === workspace)).toBe(true);
    expect(readdirSync(path.join(folder, step))).toEqual(
      expect.arrayContaining(['diagnostics.json', 'raw_stdout.log', 'raw_stderr.log', 'replay.sh', 'sent.json']),
    );
    const sent = read(SentList, path.join(folder, step, 'sent.json')).files.map((file) => file.path);
    expect(sent.some((file) => file.startsWith('src/'))).toBe(true);
  }
  expect(readFileSync(path.join(folder, 'sim_1/raw_stdout.log'), 'utf8')).toContain('PASS');
  const wrong = path.join(folder, 'acceptance_1/wrong');
  expect(read(ToolRunRecord, path.join(wrong, 'tool.json')).inputs[path.join(accept, 'include/say.svh')]).toBeDefined();
  expect(read(Diagnostic.array(), path.join(wrong, 'diagnostics.json'))).toContainEqual(
    expect.objectContaining({ severity: 'error', message: expect.stringContaining('led') as string }),
  );
}, 90_000);

it('the strength of its testbench is measured there as well', async () => {
  const workspace = path.join(tempDir('cloud-strength'), 'ws');
  const places = ['--lint', 'cloud', '--sim', 'cloud'];
  const run = await runCli(['run', '--json', '--spec', SPEC, '--workspace', workspace, '--yes', ...places], home.env);
  expect(run.result.status).toBe('done');
  const { stubs, outputs } = run.result.strength ?? {};
  expect(stubs?.map(({ failed }) => failed)).toEqual([true, true, true]);
  expect(outputs?.every(({ variants }) => variants.some(({ caught }) => caught))).toBe(true);
  // what it read was sent: nothing of it ran here
  const sent = path.join(workspace, '.genRTL/runs', run.result.job_id ?? '', 'strength_1/sent.json');
  const files = read(SentList, sent).files.map((file) => file.path);
  expect(files).toEqual(expect.arrayContaining([expect.stringMatching(/^src\//), expect.stringMatching(/^tb\//)]));
}, 90_000);

it('a backend without a sandbox refuses, and says what can be done', async () => {
  const bin = tempDir('no-bwrap');
  for (const folder of ['/usr/bin', '/bin'])
    for (const name of readdirSync(folder))
      if (name !== 'bwrap') {
        try {
          symlinkSync(path.join(folder, name), path.join(bin, name));
        } catch {
          // in both
        }
      }
  const other = new TestHome({ GENRTL_STRENGTH_SECONDS: '0', PATH: bin });
  try {
    const workspace = path.join(tempDir('refused'), 'ws');
    const run = await runCli(
      ['run', '--json', '--spec', SPEC, '--workspace', workspace, '--yes', '--lint', 'cloud', '--sim', 'cloud'],
      { ...other.env },
    );
    expect(run.result.error).toMatchObject({ code: 'CONFINEMENT_UNAVAILABLE' });
    expect(run.result.error?.hint).toContain('tools of your own machine');
    expect(run.result.status).toBe('needs_input');
  } finally {
    await other.close();
  }
}, 90_000);
