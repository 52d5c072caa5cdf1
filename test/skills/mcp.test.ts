// A conversation with the MCP server through the official client, over stdio and over HTTP; then what a hostile agent
// or page may not do.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import path from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { LoggingMessageNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openContext, type AgentToolContext } from '../../main/agent-tools/context.ts';
import { startMcpHttp, type McpHttpHost } from '../../main/shells/mcp/http-host.ts';
import { AGENT_TOOLS } from '../../main/agent-tools/tools/index.ts';
import { trustProject } from '../../main/checks/project-checks.ts';
import { manifestOf, Sandbox, sessionProcesses } from './fixture.ts';

const TOKEN = 'a-token-of-the-tests-0123456789';
const CLI = path.resolve(import.meta.dirname, '../../main/shells/cli/main.ts');

let box: Sandbox;
let closing: (() => Promise<unknown>)[];
beforeEach(async () => {
  box = await Sandbox.create();
  closing = [];
});
afterEach(async () => {
  for (const close of closing.reverse()) await close();
  await box.remove();
});

interface Agent {
  readonly client: Client;
  /** the structured answer, after looking at what every answer must have */
  call(name: string, args?: Record<string, unknown>): Promise<Record<string, unknown>>;
  /** the error's code and message of a call that must fail */
  fails(name: string, args: Record<string, unknown>): Promise<{ code: string; message: string }>;
}

async function connect(transport: Transport): Promise<Agent> {
  const client = new Client({ name: 'tests', version: '1.0.0' });
  await client.connect(transport);
  closing.push(() => client.close());
  await client.listTools(); // the client checks structured answers against the schemas that it saw here
  return {
    client,
    call: async (name, args = {}) => {
      const result = await client.callTool({ name, arguments: args });
      const [content] = result.content as { text: string }[];
      if (result.isError === true) throw new Error(`${name}: ${content?.text ?? ''}`);
      const data = result.structuredContent as Record<string, unknown>;
      expect(JSON.parse(content?.text ?? '')).toEqual(data);
      expect(Buffer.byteLength(content?.text ?? '')).toBeLessThan(70_000);
      const evidence = data['evidence'] as string[];
      for (const file of evidence)
        if (!file.startsWith('registry:'))
          expect([file, existsSync(path.resolve(box.root, file))]).toEqual([file, true]);
      return data;
    },
    fails: async (name, args) => {
      const result = await client.callTool({ name, arguments: args });
      const text = (result.content as { text: string }[])[0]?.text ?? '';
      expect([name, args, result.isError]).toEqual([name, args, true]);
      return text.startsWith('{')
        ? (JSON.parse(text) as { error: { code: string; message: string } }).error
        : { code: 'SCHEMA', message: text };
    },
  };
}

function environment(more: NodeJS.ProcessEnv = {}): Record<string, string> {
  const env: NodeJS.ProcessEnv = {
    PATH: process.env['PATH'],
    HOME: box.root,
    GENRTL_HOME: box.at('home'),
    GENRTL_SKILL_POLL_MS: '10',
    GENRTL_SKILLS: box.at('skills'),
    ...more,
  };
  return Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

const overStdio = (): Promise<Agent> =>
  connect(
    new StdioClientTransport({
      command: process.execPath,
      args: [CLI, 'mcp'],
      cwd: box.root,
      env: environment(),
      stderr: 'inherit',
    }),
  );

async function host(
  env: NodeJS.ProcessEnv = {},
): Promise<{ context: AgentToolContext; http: McpHttpHost; unexpected: unknown[] }> {
  const unexpected: unknown[] = [];
  const context = openContext({ env: environment(env), cwd: box.root, signal: new AbortController().signal });
  const http = await startMcpHttp({ context, port: 0, token: TOKEN, onUnexpected: (error) => unexpected.push(error) });
  closing.push(async () => {
    await http.close();
    await context.close();
    expect(unexpected).toEqual([]);
  });
  return { context, http, unexpected };
}

/** The SDK's class against its own interface under exactOptionalPropertyTypes. */
const clientTransport = (url: string): Transport =>
  new StreamableHTTPClientTransport(new URL(url), {
    requestInit: { headers: { authorization: `Bearer ${TOKEN}` } },
  }) as Transport;
const overHttp = async (env: NodeJS.ProcessEnv = {}): Promise<Agent> =>
  connect(clientTransport((await host(env)).http.url));

/** A skill that reports what the chosen database holds. */
async function probe(template = '::skillpilot::write_report out.txt "value [dict get $::db cells]"\n'): Promise<void> {
  await box.skill({ database: { required: false, forms: ['tcl_dict'] }, template });
  for (const [folder, cells] of [
    ['a', 40],
    ['b', 44],
  ] as const) {
    mkdirSync(box.at('saves', folder), { recursive: true });
    writeFileSync(box.at('saves', folder, 'cpu.tcldb'), `cells ${cells}`);
  }
}

describe.each([
  ['stdio', overStdio],
  ['HTTP', overHttp],
] as const)('a conversation over %s', (_, open) => {
  it('list → run → candidates → select → compare, every answer with its evidence', async () => {
    await probe();
    const agent = await open();
    const { skills } = (await agent.call('skills_list')) as { skills: { name: string; faults: string[] }[] };
    expect(skills.map((skill) => skill.name)).toEqual(
      expect.arrayContaining(['probe', 'synth_stat', 'sta_summary', 'timing_summary']),
    );
    expect(skills.flatMap((skill) => skill.faults)).toEqual([]);
    expect(await agent.call('skill_describe', { skill: 'probe' })).toMatchObject({
      host: 'tclsh',
      metrics: [{ name: 'value', better: 'lower' }],
    });

    const paused = await agent.call('skill_run', { skill: 'probe', database: 'cpu', search_paths: ['saves'] });
    expect(paused).toMatchObject({
      status: 'WAITING_SELECTION',
      state: 'LOCATE_DB',
      candidates: [{ id: 1, files: { tcl_dict: box.at('saves/a/cpu.tcldb') } }, { id: 2 }],
      metrics: [],
    });
    expect(await agent.fails('skill_select', { job_id: paused['job_id'], candidate: 3 })).toMatchObject({
      code: 'SELECTION_INVALID',
    });
    const second = await agent.call('skill_select', { job_id: paused['job_id'], candidate: 2 });
    expect(second).toMatchObject({
      job_id: paused['job_id'],
      status: 'DONE',
      metrics: [{ name: 'value', value: 44, evidence: { path: 'reports/out.txt', line: 1 } }],
    });
    expect(
      await manifestOf(path.join(box.root, path.dirname((second['evidence'] as string[])[0] ?? ''))),
    ).toMatchObject({ locator: { selection_reason: 'user_selected' } });

    const first = await agent.call('skill_run', { skill: 'probe', database: 'saves/a/cpu' });
    const compared = await agent.call('skill_compare', {
      job_ids: [first['job_id'], second['job_id']],
      thresholds: ['value<=+5%'],
    });
    expect(compared).toMatchObject({
      passed: false,
      comparison: {
        metrics: [{ name: 'value', values: [40, 44], deltas: [0, 4], best: [0], worst: [1] }],
        breaches: [{ rule: 'value<=+5%', value: 44 }],
      },
    });
    const report = (second['evidence'] as string[]).find((file) => file.endsWith('reports/out.txt'));
    expect(await agent.call('evidence_read', { path: report })).toMatchObject({
      text: 'value 44',
      total_lines: 1,
      more: false,
    });
    const listed = (await agent.call('evidence_list', { job_id: second['job_id'] })) as { files: { path: string }[] };
    expect(listed.files.map((file) => file.path)).toEqual(expect.arrayContaining([report]));
    expect(await agent.call('skill_runs', {})).toMatchObject({
      total: 2,
      runs: [{ skill: 'probe', status: 'DONE' }, { status: 'DONE' }],
    });
  }, 60_000);
});

describe('long and failing jobs', () => {
  it('are reported as RUNNING, watched with progress, cancelled; the class and the bundle are named', async () => {
    await probe('after 120000\n');
    const agent = await overHttp();
    const seen: string[] = [];
    const result = await agent.client.callTool(
      { name: 'skill_run', arguments: { skill: 'probe', wait_s: 1.5 } },
      undefined,
      { onprogress: ({ message }) => seen.push(message ?? '') },
    );
    const running = result.structuredContent as { job_id: string };
    expect(running).toMatchObject({ status: 'RUNNING', live: true });
    expect(seen.join()).toContain('RUN_SKILL: STATE_ENTERED');
    expect(await agent.fails('skill_select', { job_id: running.job_id, candidate: 1 })).toMatchObject({
      code: 'SELECTION_INVALID',
    });
    const cancelled = await agent.call('skill_cancel', { job_id: running.job_id });
    expect(cancelled).toMatchObject({ status: 'FAIL', live: false, error: { error_type: 'CANCELLED' } });
    expect(cancelled['evidence']).toEqual(expect.arrayContaining([expect.stringMatching(/debug_bundle\/README\.md$/)]));
    expect(sessionProcesses(running.job_id)).toEqual([]);
  });

  it.each([
    ['stdio', overStdio],
    ['HTTP', overHttp],
  ] as const)('a call taken back over %s ends its job, and the client knows its id', async (_, open) => {
    await probe('after 120000\n');
    const agent = await open();
    const told: Record<string, unknown>[] = [];
    agent.client.setNotificationHandler(LoggingMessageNotificationSchema, ({ params }) => {
      told.push(params.data as Record<string, unknown>);
    });
    const abort = new AbortController();
    const seen: string[] = [];
    const call = agent.client.callTool({ name: 'skill_run', arguments: { skill: 'probe' } }, undefined, {
      signal: abort.signal,
      onprogress: ({ message }) => {
        seen.push(message ?? '');
        if (message?.includes('RUN_SKILL: STATE_ENTERED') === true) abort.abort('not wanted');
      },
    });
    await expect(call).rejects.toThrow();
    await expect
      .poll(() => told.at(-1), { timeout: 10_000 })
      .toMatchObject({ status: 'FAIL', error_type: 'CANCELLED' });
    const jobId = String(told.at(-1)?.['job_id']);
    expect(told[0]).toEqual({ job_id: jobId, status: 'RUNNING' });
    expect(seen.every((message) => message.startsWith(jobId))).toBe(true);
    expect(sessionProcesses(jobId)).toEqual([]);
    expect(await agent.call('skill_status', { job_id: jobId })).toMatchObject({
      live: false,
      error: { error_type: 'CANCELLED' },
    });
  });

  it('end with the server: when the stdio client leaves, no tool is left', async () => {
    await probe('after 120000\n');
    const agent = await overStdio();
    const { job_id: jobId } = (await agent.call('skill_run', { skill: 'probe', wait_s: 0 })) as { job_id: string };
    await agent.call('skill_status', { job_id: jobId, wait_s: 0.5 });
    await agent.client.close();
    await expect.poll(() => sessionProcesses(jobId), { timeout: 10_000 }).toEqual([]);
    await expect
      .poll(async () => (await manifestOf(box.at('.genRTL/skill-runs', jobId))).error_type, { timeout: 10_000 })
      .toBe('CANCELLED');
  });

  it('a log of 300,000 lines is read in windows, its control characters and secrets taken out', async () => {
    await probe(
      'for {set i 1} {$i <= 300000} {incr i} { puts "line $i" }\nputs "\\033\\[2J API_KEY=abcdefgh12345 end"\n::skillpilot::write_report out.txt "value 1"\n',
    );
    const agent = await overHttp();
    const done = await agent.call('skill_run', { skill: 'probe' });
    const log = (
      (await agent.call('evidence_list', { job_id: done['job_id'] })) as { files: { path: string }[] }
    ).files.find((file) => file.path.endsWith('tclsh.stdout.log'))?.path;
    expect(await agent.call('evidence_read', { path: log, from_line: 150_000, lines: 2 })).toMatchObject({
      text: 'line 150000\nline 150001',
      first_line: 150_000,
      last_line: 150_001,
      total_lines: 300_001,
      more: true,
    });
    expect(await agent.call('evidence_read', { path: log, from_line: -1 })).toMatchObject({
      text: '\ufffd[2J API_KEY=[redacted] end',
      first_line: 300_001,
      more: false,
    });
    expect(await agent.call('evidence_read', { path: log, from_line: 400_000 })).toMatchObject({
      text: '',
      more: false,
    });
  });
});

describe('tools on a workspace', () => {
  it('lint, simulate with waves, query them, parse a log: each cites what it left', async () => {
    mkdirSync(box.at('src'));
    mkdirSync(box.at('tb'));
    writeFileSync(box.at('src/inv.v'), 'module inv(input a, output y);\n  assign y = ~a;\nendmodule\n');
    writeFileSync(
      box.at('tb/tb_inv.v'),
      'module tb_inv;\n  reg a = 0; wire y;\n  inv dut(.a(a), .y(y));\n  initial begin #5 a = 1; #5 if (y === 1\'b0) $display("PASS"); else $display("FAIL signal=y time=10"); $finish; end\nendmodule\n',
    );
    const agent = await overHttp();
    expect(
      ((await agent.call('tools_list')) as { tools: { id: string; found: boolean }[] }).tools.find(
        (tool) => tool.id === 'icarus',
      )?.found,
    ).toBe(true);
    const simulated = await agent.call('simulate', { waves: true });
    expect(simulated).toMatchObject({ passed: true, verdict: 'pass', top: 'tb_inv' });
    const waves = (simulated['evidence'] as string[]).find((file) => file.endsWith('waves.vcd'));
    expect(await agent.call('waves_query', { file: waves, signals: ['tb_inv.y'] })).toMatchObject({
      signals: [{ width: 1, changes_total: 2 }],
    });
    expect(await agent.fails('waves_query', { file: waves, signals: ['nosuch'] })).toMatchObject({ code: 'USAGE' });
    writeFileSync(box.at('src/inv.v'), 'module inv(input a, output y);\n  assign y = ~b;\nendmodule\n');
    const linted = await agent.call('lint', {});
    expect(linted).toMatchObject({
      passed: false,
      diagnostics: expect.arrayContaining([
        expect.objectContaining({ severity: 'error', file: 'src/inv.v', line: 2 }),
      ]) as unknown,
    });
    const log = (linted['evidence'] as string[]).find((file) => file.endsWith('raw_stderr.log'));
    expect(await agent.call('diagnose', { tool: 'verilator', logs: [log] })).toMatchObject({
      counts: { error: 1 },
      diagnostics: [{ line: 2 }],
    });
    expect(await agent.call('evidence_read', { path: log })).toMatchObject({
      text: expect.stringContaining('%Error') as string,
    });
  }, 60_000);

  it('spec_read gives a register description as tables, in windows of lines, with what was not understood', async () => {
    writeFileSync(box.at('regs.rdl'), 'addrmap m { reg { field {} f[3:0]; odd_property; } CTRL @0x10; };\n');
    const agent = await overHttp();
    const read = await agent.call('spec_read', { file: 'regs.rdl', from_line: 3, lines: 5 });
    expect(read).toMatchObject({
      name: 'regs.rdl',
      from_line: 3,
      markdown: expect.stringContaining('| 0x10 | CTRL | 32 |') as string,
      notes: [{ kind: 'notUnderstood', line: 1 }],
    });
    expect(await agent.fails('spec_read', { file: 'nosuch.pdf' })).toMatchObject({ code: 'SPEC_NOT_FOUND' });
  });

  it('a project is shown, and its checks run once a person trusted their commands; each verdict cites its run', async () => {
    mkdirSync(box.at('ip/rtl'), { recursive: true });
    writeFileSync(box.at('ip/rtl/top.sv'), 'module top(input wire a, output wire y);\n  assign y = a;\nendmodule\n');
    writeFileSync(
      box.at('ip/genrtl.yaml'),
      `version: 1
rtl: { files: ["rtl/*.sv"] }
hidden: ["keys/**"]
checks:
  - { name: says, command: [echo, "TEST PASSED"], pass: "TEST PASSED" }
  - { name: fails, command: [echo, "2 tests FAILED"], pass: "TEST PASSED" }
`,
    );
    const agent = await overHttp();
    expect(await agent.call('project_show', { workspace: 'ip' })).toMatchObject({
      project: {
        top: 'top',
        rtl: { files: [{ path: 'rtl/top.sv', language: 'verilog' }] },
        model: [{ path: 'rtl/top.sv' }],
        checks: [
          { name: 'says', trusted: false },
          { name: 'fails', trusted: false },
        ],
      },
    });
    expect(await agent.fails('checks_run', { workspace: 'ip', names: ['says'] })).toMatchObject({
      code: 'PROJECT_UNTRUSTED',
      message: expect.stringContaining("says: echo 'TEST PASSED'") as string,
    });
    await trustProject(box.at('ip'), environment());
    const run = await agent.call('checks_run', { workspace: 'ip' });
    expect(run).toMatchObject({
      passed: false,
      checks: [
        { name: 'says', verdict: 'pass', reason: '' },
        { name: 'fails', verdict: 'fail' },
      ],
    });
    expect(run['evidence']).toHaveLength(2);
    expect(await agent.fails('checks_run', { workspace: 'ip', names: ['nosuch'] })).toMatchObject({ code: 'USAGE' });
  });

  it('a waveform’s signals are listed; ambiguous names, times past the end and turned windows are errors', async () => {
    writeFileSync(
      box.at('two.vcd'),
      [
        '$timescale 1ns $end',
        '$scope module tb $end $var wire 1 ! clk $end',
        '$scope module a $end $var wire 1 ! clk $end $var wire 4 " q $end $upscope $end',
        '$scope module b $end $var wire 4 # q $end $upscope $end $upscope $end',
        '$enddefinitions $end',
        '#0 0! b0 " b1 #',
        '#10 1! b10 "',
        '#20 0!',
        '',
      ].join('\n'),
    );
    const agent = await overHttp();
    expect(await agent.call('waves_signals', { file: 'two.vcd', contains: 'Q', limit: 1 })).toMatchObject({
      total: 4,
      matching: 2,
      signals: [{ name: 'tb.a.q', width: 4 }],
      window: { to: { value: '20', unit: 'ns' } },
    });
    const ask = (args: Record<string, unknown>) => agent.fails('waves_query', { file: 'two.vcd', ...args });
    expect((await ask({ signals: ['q'] })).message).toBe('q names 2 signals: tb.a.q, tb.b.q.');
    expect((await ask({ signals: ['a.q'], from: '15ns', to: '5ns' })).message).toContain('before it begins at 15 ns');
    for (const window of [{ from: '21ns' }, { to: '1us' }, { from: '21ns', to: '1us' }])
      expect((await ask({ signals: ['a.q'], ...window })).message).toContain('past the end of the waveform, 20 ns');
    // one stored variable under two names is not ambiguous
    expect(await agent.call('waves_query', { file: 'two.vcd', signals: ['clk'], from: '20ns' })).toMatchObject({
      signals: [{ name: 'tb.clk', changes_total: 1 }],
    });
  });

  it('FIFOs in a workspace hang neither waves nor diagnose, nor the server after five of them', async () => {
    for (const name of ['f.vcd', 'f.log']) execFileSync('mkfifo', [box.at(name)]);
    const agent = await overStdio();
    const calls = Array.from({ length: 5 }, () => [
      agent.fails('waves_query', { file: 'f.vcd', signals: ['a'] }),
      agent.fails('waves_signals', { file: 'f.vcd' }),
      agent.fails('diagnose', { tool: 'icarus', logs: ['f.log'] }),
    ]);
    for (const failure of await Promise.all(calls.flat())) expect(failure).toMatchObject({ code: 'NOT_A_FILE' });
    expect(await agent.call('tools_list')).toHaveProperty('tools');
  }, 60_000);

  it('cbb_search says that the backend is away instead of hanging', async () => {
    const agent = await overHttp({ GENRTL_BACKEND_URL: 'http://127.0.0.1:9' });
    expect(await agent.fails('cbb_search', { query: 'fifo' })).toMatchObject({ code: 'BACKEND_UNAVAILABLE' });
  });
});

describe('what an agent cannot do', () => {
  it('no tool takes Tcl, a shell command, an executable or free arguments', async () => {
    const names = AGENT_TOOLS.flatMap((tool) => Object.keys(tool.input.shape));
    expect(names.filter((name) => /script|tcl|command|shell|argv|args|exec|tool_path|extra|env/i.test(name))).toEqual(
      [],
    );
    await probe();
    const agent = await overHttp();
    for (const launcher of [
      { id: 'slurm', queue: '--prolog=/bin/sh' },
      { id: 'lsf', account: 'x; reboot' },
      { id: 'slurm', extra: ['--chdir=/'] },
    ]) {
      expect(await agent.fails('skill_run', { skill: 'probe', launcher })).toMatchObject({ code: 'SCHEMA' });
    }
    for (const skill of ['../probe', './skills/probe', '/etc', 'no_such_skill'])
      expect(['SCHEMA', 'SKILL_NOT_FOUND']).toContain((await agent.fails('skill_run', { skill })).code);
    expect(await agent.fails('skill_run', { skill: 'probe', tool: '/bin/sh' })).toMatchObject({ code: 'SCHEMA' });
    expect(existsSync(box.at('.genRTL/skill-runs'))).toBe(false);
  });

  it('paths outside the server’s folders are refused, links and odd files too', async () => {
    await probe();
    writeFileSync(box.at('secret.txt'), 'mine');
    const agent = await overHttp();
    const done = await agent.call('skill_run', { skill: 'probe', database: 'saves/a/cpu.tcldb' });
    const runDir = box.at('.genRTL/skill-runs', String(done['job_id']));
    symlinkSync('/etc/passwd', path.join(runDir, 'reports', 'link.txt'));
    symlinkSync('/etc', path.join(runDir, 'linked'));
    for (const file of [
      '/etc/passwd',
      '../../etc/passwd',
      'secret.txt',
      `${runDir}/../../../secret.txt`,
      `${runDir}/reports/link.txt`,
      `${runDir}/linked/passwd`,
      'a\0b',
      '.',
    ]) {
      expect([
        file,
        ['REQUEST_INVALID', 'NOT_FOUND'].includes((await agent.fails('evidence_read', { path: file })).code),
      ]).toEqual([file, true]);
    }
    expect(await agent.fails('evidence_read', { path: runDir })).toMatchObject({ code: 'NOT_FOUND' });
    expect(JSON.stringify(await agent.call('evidence_list', { job_id: done['job_id'] }))).not.toMatch(/link/);
    for (const jobId of ['..', '../x', '/tmp/x', 'a/b'])
      expect((await agent.fails('skill_status', { job_id: jobId })).code).toBe('SCHEMA');
    for (const [name, args] of [
      ['skill_run', { skill: 'probe', database: '/etc/x' }],
      ['skill_run', { skill: 'probe', database: 'cpu', search_paths: ['/'] }],
      ['skill_run', { skill: 'synth_stat', parameters: { top: 'x', sources: ['/etc/passwd'] } }],
      ['lint', { workspace: '/tmp' }],
      ['diagnose', { tool: 'icarus', logs: ['/etc/passwd'] }],
      ['waves_query', { file: '/etc/passwd', signals: ['a'] }],
      ['spec_read', { file: '/etc/passwd' }],
    ] as const)
      expect([name, await agent.fails(name, args)]).toMatchObject([name, { code: 'REQUEST_INVALID' }]);
  });

  it('a skill of the workspace that no person trusted is shown and does not run', async () => {
    await probe();
    const agent = await overHttp({ GENRTL_SKILLS: '' });
    const { skills } = (await agent.call('skills_list')) as { skills: { name: string }[] };
    expect(skills.find((skill) => skill.name === 'probe')).toMatchObject({ origin: 'workspace', trusted: false });
    expect(await agent.fails('skill_run', { skill: 'probe' })).toMatchObject({ code: 'SKILL_UNTRUSTED' });
    expect(existsSync(box.at('.genRTL/skill-runs'))).toBe(false);
  });

  it('a folder that a person adds is allowed', async () => {
    const other = await Sandbox.create();
    closing.push(() => other.remove());
    writeFileSync(other.at('run.log'), 'a.v:3: syntax error\n');
    const agent = await overHttp({ GENRTL_MCP_ROOTS: other.root });
    expect(await agent.call('diagnose', { tool: 'icarus', logs: [other.at('run.log')] })).toMatchObject({
      diagnostics: [{ line: 3 }],
    });
  });
});

describe('what the HTTP endpoint refuses', () => {
  function send(
    url: string,
    headers: Record<string, string>,
    body = '{"jsonrpc":"2.0","id":1,"method":"tools/list"}',
  ): Promise<number> {
    return new Promise((resolve, reject) => {
      const request = httpRequest(
        url,
        {
          method: 'POST',
          agent: false,
          headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...headers },
        },
        (response) => {
          response.resume();
          resolve(response.statusCode ?? 0);
        },
      );
      request.on('error', reject);
      request.end(body);
    });
  }
  const signed = { authorization: `Bearer ${TOKEN}` };

  it('no or a wrong token, another host, another site’s page, too much at once, unknown sessions', async () => {
    const { url } = (await host()).http;
    expect(await send(url, {})).toBe(401);
    expect(await send(url, { authorization: `Bearer ${TOKEN}x` })).toBe(401);
    expect(await send(url, { authorization: `Basic ${TOKEN}` })).toBe(401);
    expect(await send(url, { ...signed, host: 'evil.example' })).toBe(421);
    expect(await send(url, { ...signed, origin: 'https://evil.example' })).toBe(403);
    expect(await send(url, signed)).toBe(400);
    expect(await send(url, { ...signed, 'mcp-session-id': 'nosuch' })).toBe(404);
    expect(await send(url, signed, 'x'.repeat(1_100_000))).toBe(413);
    expect(await send(url, signed, 'no json')).toBe(400);
    expect(await send(url.replace('/mcp', '/'), signed)).toBe(404);
  });

  it('sessions share jobs, and one that leaves takes nothing with it', async () => {
    await probe();
    const { url } = (await host()).http;
    const [one, two] = [await connect(clientTransport(url)), await connect(clientTransport(url))];
    const { job_id: jobId } = (await one.call('skill_run', { skill: 'probe', database: 'saves/b/cpu', wait_s: 0 })) as {
      job_id: string;
    };
    await one.client.close();
    expect(await two.call('skill_status', { job_id: jobId, wait_s: 20 })).toMatchObject({
      status: 'DONE',
      metrics: [{ value: 44 }],
    });
  });
});

describe('docs/mcp.md', () => {
  it('names every tool', () => {
    const text = readFileSync(path.resolve(import.meta.dirname, '../../docs/mcp.md'), 'utf8');
    expect(AGENT_TOOLS.filter((tool) => !text.includes(`\`${tool.name}\``)).map((tool) => tool.name)).toEqual([]);
  });
});
