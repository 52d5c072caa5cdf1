// `genrtl ai` as a script and a person meet it, against a server of the AI module's routes.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startFakeAi, type FakeAi } from '../../../test/fakes/ai/server.ts';
import { runCli } from './program.ts';

let ai: FakeAi;
let cwd: string;
beforeEach(async () => {
  ai = await startFakeAi();
  cwd = await mkdtemp(path.join(tmpdir(), 'genrtl-ai-cli-'));
  await writeFile(path.join(cwd, 'a.sv'), 'module a;\nendmodule\n');
  await writeFile(path.join(cwd, 'genrtl.yaml'), 'version: 1\nhidden: ["secret.sv"]\n');
  await writeFile(path.join(cwd, 'secret.sv'), '');
});
afterEach(async () => {
  await ai.close();
  await rm(cwd, { recursive: true, force: true });
});

async function cli(...argv: string[]) {
  let out = '';
  let err = '';
  const abort = new AbortController();
  const done = runCli(argv, {
    write: (text) => {
      out += text;
      if (ai.answer === null && out.includes('takes')) abort.abort();
    },
    writeError: (text) => {
      err += text;
    },
    env: { ...process.env, GENRTL_BACKEND_URL: ai.url, GENRTL_TOKEN: 'token-of-a-test' },
    cwd,
    interactive: false,
    signal: abort.signal,
  });
  const code = await done;
  return {
    code,
    out,
    err,
    lines: out
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Record<string, unknown>),
  };
}

test('a question with its files is streamed as text, without what a terminal would obey', async () => {
  ai.answer = 'It is \u001b[2Jempty.';
  const { code, out, err } = await cli('ai', 'ask', 'What is', 'this?', '--file', 'a.sv');
  expect({ code, out }).toEqual({ code: 0, out: 'It is \uFFFD[2Jempty.\n' });
  expect(err).toContain('fake/model: 812 +');
  expect(ai.asked[0]).toMatchObject({ intent: 'ask', instruction: 'What is this?', context: [{ path: 'a.sv' }] });
  expect(await readFile(path.join(cwd, '.genRTL/ai/sent.jsonl'), 'utf8')).toContain('"path":"a.sv"');
});

test('with --json events and a result, one object a line; convert asks for SystemVerilog', async () => {
  ai.answer = 'module a; endmodule';
  const { code, lines, out } = await cli('ai', 'convert', '--file', 'a.sv', '--json');
  expect(code).toBe(0);
  expect(out.trim().split('\n')).toHaveLength(lines.length);
  expect(lines.at(-1)).toMatchObject({
    event: 'result',
    status: 'done',
    text: 'module a; endmodule',
    model: 'fake/model',
    cost_usd: '0.001234',
  });
  expect(ai.asked[0]).toMatchObject({ intent: 'convert-to-systemverilog', doc: { id: 'a.sv' } });
});

test('Ctrl-C cancels on the server and ends with 130', async () => {
  ai.answer = null;
  const { code, err } = await cli('ai', 'ask', 'How long?');
  expect(code).toBe(130);
  expect(err).toContain('Cancelled.');
});

test.each([
  [['ai', 'ask'], 'USAGE'],
  [['ai', 'explain'], 'USAGE'],
  [['ai', 'explain', '--file', '../x.sv'], 'USAGE'],
  [['ai', 'explain', '--file', 'secret.sv'], 'CONTEXT_FORBIDDEN'],
  [['ai', 'ask', 'x', '--max-usd', '1e9'], 'USAGE'],
])('%j is refused before anything goes', async (argv, code) => {
  const { err, code: exit } = await cli(...argv);
  expect(exit).toBe(2);
  expect(err).toContain(code);
  expect(ai.asked).toEqual([]);
});
