// Structured specifications with no model at all: good ones reach done, faulty ones are refused before anything
// happens.
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { representatives } from '../representatives.ts';
import { soakOnly } from '../soak-only.ts';
import { ROOT, SAMPLES, TestHome, delivered, runCli, tempDir } from './harness.ts';

const FAULTY = path.join(ROOT, 'core/spec/fixtures/faulty');
// what mutants tell is shown by other tests
const home = new TestHome({ GENRTL_STRENGTH_SECONDS: '1' });
beforeAll(() => home.keepBackend());
afterAll(() => home.close());

describe.concurrent('the samples', () => {
  it.each(representatives(readdirSync(SAMPLES), ['clock-bridge']))(
    '%s reaches done with no model',
    async (name) => {
      const workspace = path.join(tempDir('sample'), 'ws');
      const run = await runCli(
        ['run', '--json', '--spec', path.join(SAMPLES, name, 'spec.md'), '--workspace', workspace, '--yes'],
        home.env,
      );
      expect(run.result.error).toBeUndefined();
      expect([run.code, run.result.status]).toEqual([0, 'done']);
      expect([run.result.confined, run.result.unconfined_reason]).toEqual(['bubblewrap', undefined]);
      expect(run.result.strength?.stubs.length).toBeGreaterThanOrEqual(3);
      expect(run.result.strength?.stubs.every((stub) => stub.failed)).toBe(true);
      expect(run.result.files.length).toBe(2);
      rmSync(workspace, { recursive: true, force: true });
    },
    120_000,
  );
});

describe('faulty specifications', () => {
  const faults = JSON.parse(readFileSync(path.join(FAULTY, 'expected.json'), 'utf8')) as Record<
    string,
    { code: string; line: number }[]
  >;
  // The parser's own test reads every file of the folder; here a few of each kind go through the whole product.
  it.each(['binary.md', 'comb-loop.md', 'package-not-found.md'])(
    '%s is refused with its code and line, nothing bought, nothing written',
    async (file) => {
      const expected = faults[file] ?? [];
      expect(expected.length).toBeGreaterThan(0);
      const workspace = path.join(tempDir('faulty'), 'ws');
      const run = await runCli(
        ['run', '--json', '--spec', path.join(FAULTY, file), '--workspace', workspace, '--yes'],
        home.env,
      );
      expect(run.code).toBe(2);
      expect(run.result.diagnostics.map(({ code, line }) => ({ code, line }))).toEqual(expected);
      expect(existsSync(workspace)).toBe(false);
      expect(await home.usage()).toSatisfy((rows: { amount_usd: string }[]) => rows.length === purchases);
    },
  );
  let purchases = 0;
  beforeAll(async () => {
    purchases = (await home.usage()).length;
  });
});

soakOnly('gives the same files on every run', async () => {
  const spec = path.join(SAMPLES, readdirSync(SAMPLES)[0] ?? '', 'spec.md');
  const workspaces = [path.join(tempDir('same'), 'a'), path.join(tempDir('same'), 'another name')];
  for (const workspace of workspaces)
    await runCli(['run', '--json', '--spec', spec, '--workspace', workspace, '--yes'], home.env);
  const [first, second] = workspaces.map(delivered);
  expect(Object.keys(first ?? {}).length).toBe(2);
  expect(first).toEqual(second);
});

it('asks for a model when the specification is free text', async () => {
  const spec = path.join(tempDir('text'), 'spec.md');
  writeFileSync(spec, '# A counter\n\nIt counts.\n');
  const run = await runCli(
    ['run', '--json', '--spec', spec, '--workspace', path.join(path.dirname(spec), 'ws'), '--yes'],
    home.env,
  );
  expect([run.code, run.result.error?.code]).toEqual([4, 'SPEC_NEEDS_MODEL']);
  expect(run.result.error?.hint).toContain('OPENAI_API_KEY');
});

it('is not done when stuck outputs pass the checks', async () => {
  const spec = path.join(tempDir('weak'), 'spec.md');
  const blinker = readFileSync(path.join(import.meta.dirname, 'specs/blinker.md'), 'utf8');
  writeFileSync(
    spec,
    `${blinker.slice(0, blinker.indexOf('| 1 | rst_n=1'))}| 1 | rst_n=1 | led=0, value=0 |\n| 2 | | led=0, value=0 |\n`,
  );
  const run = await runCli(
    ['run', '--json', '--spec', spec, '--workspace', path.join(path.dirname(spec), 'ws'), '--yes'],
    home.env,
  );
  expect([run.code, run.result.error?.code]).toEqual([6, 'SPEC_CHECKS_WEAK']);
  expect(run.result.error?.message).toContain('tied to 0');
  expect(run.result.strength?.stubs).toContainEqual({ tied_to: '0', failed: false });
});

it('does not replace files of the person’s, whatever the gates are set to, before the person has looked', async () => {
  const workspace = path.join(tempDir('owned'), 'ws');
  const spec = path.join(import.meta.dirname, 'specs/blinker.md');
  const mine = 'module blinker; // by hand\nendmodule\n';
  mkdirSync(path.join(workspace, 'src'), { recursive: true });
  writeFileSync(path.join(workspace, 'src/blinker.sv'), mine);
  const text = (): string => readFileSync(path.join(workspace, 'src/blinker.sv'), 'utf8');

  const run = await runCli(['run', '--json', '--spec', spec, '--workspace', workspace, '--yes'], home.env);
  expect([run.code, run.result.status, run.result.error?.code]).toEqual([6, 'needs_input', 'FILE_OWNED']);
  expect(run.result.error?.details).toEqual({ files: [{ path: 'src/blinker.sv', owner: 'person', tracked: null }] });
  expect(text()).toBe(mine);
  expect(readFileSync(path.join(workspace, '.genRTL/.gitignore'), 'utf8')).toContain('!genRTL.lock.json');

  const resumed = await runCli(['resume', '--json', '--workspace', workspace, '--yes'], home.env);
  expect([resumed.code, resumed.result.status]).toEqual([0, 'done']);
  expect(text()).not.toBe(mine);

  expect((await runCli(['undo', '--workspace', workspace], home.env)).code).toBe(0);
  expect(text()).toBe(mine);
  const status = await runCli(['status', '--json', '--workspace', workspace], home.env);
  expect(status.stdout).toContain('"undone"');
  const again = await runCli(['resume', '--json', '--workspace', workspace], home.env);
  expect([again.code, again.result.error?.code]).toEqual([2, 'JOB_UNDONE']);

  // what a job made, and nobody touched since, is replaced without a question
  const told = await runCli(
    ['run', '--json', '--spec', spec, '--workspace', workspace, '--yes', '--accept-file-changes'],
    home.env,
  );
  expect([told.code, told.result.status]).toEqual([0, 'done']);
});
