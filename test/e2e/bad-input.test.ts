// What people and disks do to a tool: a clear error with a hint, and nothing lost.
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { JobResult } from '@genrtl/contracts';
import { TestHome, delivered, runCli, startCli, tempDir, type CliRun } from './harness.ts';
import { soakOnly } from '../soak-only.ts';

const SPEC = path.join(import.meta.dirname, 'specs/blinker.md');
const home = new TestHome({ GENRTL_STRENGTH_SECONDS: '0' });
beforeAll(() => home.keepBackend());
afterAll(() => home.close());

const freshWorkspace = (): string => path.join(tempDir('bad'), 'ws');

function runSpec(
  spec: string,
  workspace: string,
  env: Record<string, string> = {},
  more: string[] = [],
): Promise<CliRun> {
  return runCli(['run', '--json', '--spec', spec, '--workspace', workspace, '--yes', ...more], { ...home.env, ...env });
}

function expectRefusal(run: CliRun, exit: number, code: string): void {
  expect([run.code, run.result.error?.code]).toEqual([exit, code]);
  expect(run.result.error?.hint?.length).toBeGreaterThan(10);
  expect(run.result.error?.message).not.toMatch(/\bat .*:\d+:\d+/);
}

it.each([
  ['an empty specification', '', 'SPEC_EMPTY'],
  ['a specification of 20 MB', Buffer.alloc(20 * 1024 * 1024, '# a\n'), 'SPEC_TOO_LARGE'],
  ['a binary file named .md', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 0, 0, 0xff]), 'SPEC_BINARY'],
])('refuses %s', async (_name, content, code) => {
  const workspace = freshWorkspace();
  const spec = path.join(path.dirname(workspace), 'spec.md');
  writeFileSync(spec, content);
  expectRefusal(await runSpec(spec, workspace), 2, code);
  expect(existsSync(workspace)).toBe(false);
});

it('refuses a missing specification, an unknown option and an amount that is none', async () => {
  expectRefusal(await runSpec('/no/such/spec.md', freshWorkspace()), 2, 'SPEC_NOT_FOUND');
  const unknown = await runCli(['run', '--json', '--spec', SPEC], home.env);
  expect([unknown.code, unknown.result.error?.code]).toEqual([2, 'USAGE']);
  expectRefusal(await runSpec(SPEC, freshWorkspace(), {}, ['--max-usd', 'much']), 2, 'USAGE');
});

it('refuses a folder of acceptance tests without a test, and a waiver without a reason, before anything is written', async () => {
  const workspace = freshWorkspace();
  const accept = tempDir('accept');
  mkdirSync(path.join(accept, 'include'));
  writeFileSync(path.join(accept, 'include/helper.sv'), 'module helper; endmodule\n');
  const empty = await runSpec(SPEC, workspace, {}, ['--accept', accept]);
  expectRefusal(empty, 2, 'USAGE');
  expect(empty.result.error?.message).toContain('no acceptance test');
  expectRefusal(await runSpec(SPEC, workspace, {}, ['--waive', 'output:q']), 2, 'USAGE');
  expectRefusal(await runSpec(SPEC, workspace, {}, ['--waive', 'all:q=because']), 2, 'USAGE');
  expect(existsSync(workspace)).toBe(false);
});

it('says which tool is missing before anything is spent', async () => {
  const workspace = freshWorkspace();
  const bare = tempDir('path');
  for (const name of ['sh', 'readlink']) symlinkSync(`/bin/${name}`, path.join(bare, name));
  expectRefusal(await runSpec(SPEC, workspace, { PATH: bare }), 3, 'TOOL_MISSING');
  expect(existsSync(workspace)).toBe(false);
});

/** A folder whose `name` is a script; the real tools come behind it. */
function withTool(name: string, script: string): Record<string, string> {
  const folder = tempDir('tool');
  const file = path.join(folder, name);
  writeFileSync(file, `#!/bin/sh\ncase "$*" in *-V*|*--version*) exec /usr/bin/${name} "$@";; esac\n${script}\n`);
  chmodSync(file, 0o755);
  return { PATH: `${folder}:${process.env['PATH'] ?? ''}` };
}

it('stops a tool that hangs, and goes on after it was mended', async () => {
  const workspace = freshWorkspace();
  const env = { ...withTool('verilator', "trap '' TERM; sleep 1000 & wait; wait"), GENRTL_TOOL_TIMEOUT_S: '2' };
  expectRefusal(await runSpec(SPEC, workspace, env), 3, 'TOOL_TIMEOUT');
  const before = delivered(workspace);
  const resumed = await runCli(['resume', '--json', '--workspace', workspace], home.env);
  expect(resumed.result.status).toBe('done');
  expect(delivered(workspace)).toEqual(before);
});

soakOnly(
  'stops a tool that prints 2 GB and keeps head and tail of its log',
  async () => {
    const workspace = freshWorkspace();
    const run = await runSpec(
      SPEC,
      workspace,
      withTool('verilator', 'echo first; head -c 2147483648 /dev/zero | tr "\\0" x; echo last'),
    );
    expectRefusal(run, 3, 'TOOL_OUTPUT_LIMIT');
    const log = readFileSync(path.join(workspace, '.genRTL/runs', String(run.result.job_id), 'lint_1/raw_stdout.log'));
    expect(log.length).toBeLessThan(64 * 1024 * 1024);
    expect(log.subarray(0, 5).toString()).toBe('first');
  },
  120_000,
);

it('reports a full disk and resumes once there is room', async (context) => {
  const mount = tempDir('disk');
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=96k', 'tmpfs', mount], { stdio: 'pipe' });
  } catch (error) {
    return context.skip(
      `a small tmpfs cannot be mounted here: ${String((error as { stderr?: Buffer }).stderr ?? '').trim()}`,
    );
  }
  try {
    const workspace = path.join(mount, 'ws');
    const run = await runSpec(SPEC, workspace);
    expectRefusal(run, 3, 'DISK_FULL');
    execFileSync('mount', ['-o', 'remount,size=64m', mount]);
    const resumed = await runCli(['resume', '--json', '--workspace', workspace], home.env);
    const ended: JobResult =
      resumed.result.error?.code === 'NO_JOB' ? (await runSpec(SPEC, workspace)).result : resumed.result;
    expect(ended.error).toBeUndefined();
    expect(ended.status).toBe('done');
  } finally {
    execFileSync('umount', ['-l', mount]);
  }
});

it('says that a remote backend is down', async () => {
  const workspace = freshWorkspace();
  expectRefusal(await runSpec(SPEC, workspace, { GENRTL_BACKEND_URL: 'http://127.0.0.1:9' }), 4, 'BACKEND_UNAVAILABLE');
  expect(existsSync(workspace)).toBe(false);
});

soakOnly('lets one of two clients work on a workspace and refuses the other at once', async () => {
  const workspace = freshWorkspace();
  const slow = withTool('verilator', 'sleep 3; exec /usr/bin/verilator "$@"');
  const first = startCli(['run', '--json', '--spec', SPEC, '--workspace', workspace, '--yes'], {
    ...home.env,
    ...slow,
  });
  await new Promise<void>((resolve) =>
    first.child.stdout?.on('data', (chunk: Buffer) => {
      if (chunk.toString().includes('"apply_1"')) resolve();
    }),
  );
  const second = await runSpec(SPEC, workspace);
  expectRefusal(second, 2, 'WORKSPACE_BUSY');
  expect((await first.done).result.status).toBe('done');
});

it('stops at a gate without --yes with nothing bought, and goes on with resume --yes', async () => {
  const workspace = freshWorkspace();
  const run = await runCli(['run', '--json', '--spec', SPEC, '--workspace', workspace], home.env);
  expectRefusal(run, 6, 'APPROVAL_NEEDED');
  expect((await home.usage(String(run.result.job_id))).filter((row) => row.kind === 'cbb')).toEqual([]);
  const resumed = await runCli(['resume', '--json', '--workspace', workspace, '--yes'], home.env);
  expect([resumed.code, resumed.result.status]).toEqual([0, 'done']);
});

soakOnly('ends at its cap and goes on after it was raised, charging once', async () => {
  const workspace = freshWorkspace();
  const run = await runSpec(SPEC, workspace, {}, ['--max-usd', '0.01']);
  expectRefusal(run, 5, 'BUDGET_EXCEEDED');
  expect(run.result.status).toBe('budget_exceeded');
  const resumed = await runCli(['resume', '--json', '--workspace', workspace, '--max-usd', '20'], home.env);
  expect(resumed.result.status).toBe('done');
  expect((await home.usage(String(run.result.job_id))).filter((row) => row.kind === 'cbb').length).toBe(1);
});

soakOnly('cancels at once on SIGINT and resumes', async () => {
  const workspace = freshWorkspace();
  const slow = withTool('verilator', "trap '' TERM; sleep 30");
  const running = startCli(['run', '--json', '--spec', SPEC, '--workspace', workspace, '--yes'], {
    ...home.env,
    ...slow,
  });
  await new Promise<void>((resolve) =>
    running.child.stdout?.on('data', (chunk: Buffer) => {
      if (chunk.toString().includes('"apply_1"')) resolve();
    }),
  );
  running.child.kill('SIGINT');
  const run = await running.done;
  expect([run.code, run.result.status]).toEqual([130, 'cancelled']);
  expect((await runCli(['resume', '--json', '--workspace', workspace], home.env)).result.status).toBe('done');
});

it('whose reader goes away, as `| head -3`, stops in order and says so by its exit code', async () => {
  const workspace = freshWorkspace();
  const running = startCli(['run', '--json', '--spec', SPEC, '--workspace', workspace, '--yes'], home.env);
  running.child.stdout?.once('data', () => running.child.stdout?.destroy());
  expect((await running.done).code).toBe(130);
  const status = await runCli(['status', '--json', '--workspace', workspace], home.env);
  expect(status.result.status).toBe('cancelled');
  expect((await runCli(['resume', '--json', '--workspace', workspace], home.env)).result.status).toBe('done');
  // nor is a short command that nobody heard a success; with both streams gone it ends all the same
  const tools = startCli(['tools'], home.env);
  tools.child.stdout?.destroy();
  tools.child.stderr?.destroy();
  expect((await tools.done).code).toBe(130);
});

soakOnly('keeps a file that the person changed while the job waited', async () => {
  const workspace = freshWorkspace();
  mkdirSync(path.join(workspace, 'src'), { recursive: true });
  writeFileSync(path.join(workspace, 'src/notes.sv'), '// mine\n');
  const run = await runSpec(SPEC, workspace);
  expect(run.result.status).toBe('done');
  writeFileSync(path.join(workspace, 'src/notes.sv'), '// still mine\n');
  await runCli(['undo', '--json', '--workspace', workspace], home.env);
  expect(readFileSync(path.join(workspace, 'src/notes.sv'), 'utf8')).toBe('// still mine\n');
  expect(Object.keys(delivered(workspace))).toEqual(['src/notes.sv']);
  rmSync(workspace, { recursive: true, force: true });
});
