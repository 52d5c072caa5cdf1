// The command line's contract where no backend is needed: exit codes, what stdout carries, hints.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { runCli } from './program.ts';
import { JobState } from '@genrtl/contracts';

const root = mkdtempSync(join(tmpdir(), 'genrtl 命令-'));
afterAll(() => rmSync(root, { recursive: true }));
let cwd = root;
beforeEach(() => {
  cwd = mkdtempSync(join(root, 'case '));
});

const Result = z.looseObject({
  event: z.literal('result'),
  status: z.string(),
  files: z.array(z.string()).optional(),
  error: z
    .object({ code: z.string(), message: z.string(), hint: z.string(), retryable: z.boolean() })
    .loose()
    .optional(),
});

let env: NodeJS.ProcessEnv = {};
beforeEach(() => {
  env = { ...process.env, GENRTL_HOME: join(root, 'home') };
});

async function run(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', ''];
  const code = await runCli(argv, {
    write: (text) => {
      out += text;
    },
    writeError: (text) => {
      err += text;
    },
    env,
    cwd,
    interactive: false,
    signal: new AbortController().signal,
  });
  return { code, out, err };
}

/** Every line of stdout is one object and the last one the result. */
async function json(...argv: string[]): Promise<{ code: number; result: z.infer<typeof Result> }> {
  const { code, out } = await run(...argv, '--json');
  const lines = out
    .trimEnd()
    .split('\n')
    .map((line) => z.record(z.string(), z.unknown()).parse(JSON.parse(line)));
  expect(lines.slice(0, -1).every(({ event }) => event !== 'result')).toBe(true);
  return { code, result: Result.parse(lines.at(-1)) };
}

describe('spec', () => {
  it('prints what is read as Markdown, and what could not be read beside it', async () => {
    writeFileSync(join(cwd, 'regs.csv'), 'Register,Address,Field,Bits,Access\nCTRL,0x0,EN,first,rw\n');
    const { code, out, err } = await run('spec', 'regs.csv');
    expect(code).toBe(0);
    expect(out).toContain('| 0x0 | CTRL | 32 |');
    expect(err).toBe('regs.csv, line 2: check: the bits of EN was not understood: first\n');
    const { result } = await json('spec', 'regs.csv');
    expect(result).toMatchObject({
      status: 'done',
      spec_name: 'regs.csv',
      notes: [{ kind: 'notUnderstood', line: 2 }],
    });
  });
  it('refuses what is not read, with the place', async () => {
    writeFileSync(join(cwd, 'a.xml'), '<a>\n</b>\n');
    const { code, result } = await json('spec', 'a.xml');
    expect(code).toBe(2);
    expect(result.error).toMatchObject({ code: 'SPEC_FORMAT' });
  });
});

const CREATE = '--- /dev/null\n+++ b/src/a.sv\n@@ -0,0 +1 @@\n+// a\n';

describe('bad usage', () => {
  it.each([
    [['bogus'], 'USAGE', "unknown command 'bogus'"],
    [['run'], 'USAGE', "required option '--spec <file>'"],
    [['cbb', 'bogus'], 'USAGE', 'unknown command'],
    [[], 'USAGE', 'Name a command.'],
    [['tools', '--wrong'], 'USAGE', "unknown option '--wrong'"],
    [['backend', '--port', '70000'], 'USAGE', 'a port is'],
    [['run', '--spec', 's.md', '--workspace', '.', '--max-usd', 'lots'], 'USAGE', '--max-usd takes'],
    [['run', '--spec', 's.md', '--workspace', '.', '--max-repairs', '-1'], 'USAGE', '--max-repairs takes'],
    [['run', '--spec', 's.md', '--workspace', '.', '--lint', 'lint'], 'USAGE', 'no tool that genRTL knows'],
    [['run', '--spec', 'none.md', '--workspace', '.'], 'SPEC_NOT_FOUND', 'no specification'],
    [['diagnose', '--tool', 'verilator', '--log', 'none.log'], 'LOG_NOT_FOUND', 'none.log'],
    [['diagnose', '--tool', 'cc', '--log', 'none.log'], 'USAGE', 'cc is no tool'],
    [['lint', '--workspace', 'none'], 'WORKSPACE_NOT_FOUND', 'none'],
    [['waves', 'none.vcd', '--signals', 'a'], 'USAGE', 'none.vcd'],
    [['cbb', 'resolve', 'sync FIFO', '--width', 'wide'], 'USAGE', 'positive whole number'],
    [['cbb', 'report', 'cbb_counter', '--message', 'm'], 'USAGE', 'cbb_counter@1.0.0'],
    [['status', '--workspace', '.'], 'NO_JOB', ''],
    [['resume', '--workspace', '.'], 'NO_JOB', ''],
    [['undo', '--workspace', '.'], 'NO_JOB', ''],
    [['replay', '--workspace', '.'], 'NO_JOB', ''],
    [['patch', '--workspace', 'none', '--diff', 'd.diff'], 'WORKSPACE_NOT_FOUND', 'none'],
    [['patch', '--workspace', '.', '--diff', 'none.diff'], 'USAGE', 'none.diff'],
  ] as const)('%j ends with 2 and %s', async (argv, code, message) => {
    const { code: exit, result } = await json(...argv);
    expect({ exit, status: result.status, code: result.error?.code }).toEqual({ exit: 2, status: 'failed', code });
    expect(result.error?.message).toContain(message);
    expect(existsSync(join(cwd, 'none'))).toBe(false);
    const plain = await run(...argv);
    expect(plain).toMatchObject({ code: 2, out: '' });
    expect(plain.err).not.toBe('');
  });
});

it.each([
  '',
  'run',
  'resume',
  'status',
  'undo',
  'replay',
  'tools',
  'lint',
  'sim',
  'diagnose',
  'patch',
  'cbb',
  'cbb install',
  'skill',
  'waves',
  'usage',
  'serve',
  'mcp',
  'backend',
])('%s --help goes to stdout', async (command) => {
  const { code, out, err } = await run(...command.split(' ').filter((word) => word !== ''), '--help');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toMatch(new RegExp(`^Usage: genrtl ?${command}`));
});

it('an address that is none is no backend', async () => {
  env['GENRTL_BACKEND_URL'] = 'nonsense';
  expect(await json('usage')).toMatchObject({
    code: 4,
    result: {
      status: 'failed',
      error: { code: 'BACKEND_UNAVAILABLE', message: expect.stringContaining('nonsense') as string },
    },
  });
});

it('--version prints the version alone', async () => {
  expect(await run('--version')).toMatchObject({
    code: 0,
    err: '',
    out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) as string,
  });
});

it('diagnose prints one array and nothing else, with and without --json', async () => {
  writeFileSync(join(cwd, 'log'), '%Error: src/a.sv:3:1: syntax error\n');
  const expected = [
    { tool: 'verilator', severity: 'error', message: 'syntax error', file: 'src/a.sv', line: 3, column: 1 },
  ];
  for (const flags of [[], ['--json']]) {
    const { code, out, err } = await run(
      'diagnose',
      '--tool',
      'verilator',
      '--log',
      'log',
      '--sarif',
      'out.sarif',
      ...flags,
    );
    expect({ code, err, found: JSON.parse(out) as unknown }).toEqual({ code: 0, err: '', found: expected });
  }
  expect(JSON.parse(readFileSync(join(cwd, 'out.sarif'), 'utf8'))).toMatchObject({ version: '2.1.0' });
});

describe('patch', () => {
  it('applies, or only tells', async () => {
    writeFileSync(join(cwd, 'd.diff'), `The change:\n\`\`\`diff\n${CREATE}\`\`\`\n`);
    expect(await json('patch', '--workspace', '.', '--diff', 'd.diff', '--check')).toMatchObject({
      code: 0,
      result: { status: 'done', files: ['src/a.sv'] },
    });
    expect(existsSync(join(cwd, 'src'))).toBe(false);
    expect(await run('patch', '--workspace', '.', '--diff', 'd.diff')).toEqual({
      code: 0,
      out: '',
      err: 'create src/a.sv\n',
    });
    expect(readFileSync(join(cwd, 'src/a.sv'), 'utf8')).toBe('// a\n');
  });

  it('names every refusal with its hint and changes nothing', async () => {
    writeFileSync(join(cwd, 'd.diff'), CREATE + CREATE.replace('src/a.sv', '../b.sv'));
    expect(await json('patch', '--workspace', '.', '--diff', 'd.diff')).toMatchObject({
      code: 1,
      result: { status: 'failed', files: [], error: { code: 'PATCH_PATH_ESCAPE' } },
    });
    expect((await run('patch', '--workspace', '.', '--diff', 'd.diff')).err).toMatch(
      /^PATCH_PATH_ESCAPE: \.\.\/b\.sv: .*\n {2}Stay inside the workspace\.\n$/,
    );
    expect(existsSync(join(cwd, 'src'))).toBe(false);
  });

  it('keeps the acceptance tests of the workspace’s job sealed', async () => {
    mkdirSync(join(cwd, '.genRTL'));
    const state: JobState = {
      schema_version: 1,
      workspace_id: 'ws_1',
      job_id: 'job_1',
      status: 'done',
      flow: null,
      steps: [],
      facts: {},
      attempts: {},
      error: null,
      cost_usd: '0.00',
      created_at: '2026-01-01T00:00:00Z',
      updated_at: '2026-01-01T00:00:00Z',
      settings: {
        spec_path: '/spec.md',
        model: null,
        max_usd: '20',
        max_repairs: 3,
        lint_tool: 'verilator',
        sim_tool: 'icarus',
        accept_dir: join(cwd, 'src'),
        gates: { plan: 'auto', purchase: 'auto', patch: 'auto' },
      },
    };
    writeFileSync(join(cwd, '.genRTL/state.json'), JSON.stringify(JobState.parse(state)));
    writeFileSync(join(cwd, 'd.diff'), CREATE);
    expect(await json('patch', '--workspace', '.', '--diff', 'd.diff')).toMatchObject({
      code: 1,
      result: { error: { code: 'PATCH_SEALED' } },
    });
    expect(existsSync(join(cwd, 'src'))).toBe(false);
  });
});
