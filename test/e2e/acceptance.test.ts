// Sealed acceptance tests: they decide, and nothing of them but name, signal and time leaves them.
import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { representatives } from '../representatives.ts';
import { startFakeModels } from '../fakes/models/server.ts';
import { SAMPLES, TestHome, runCli, tempDir } from './harness.ts';
import { PLAN, RTL, BENCH, newFile, serviceOf } from './mtimer-model.ts';

const SECRET = 'hunter2_sealed';
const COUNTER_SPEC = path.join(SAMPLES, 'counter/spec.md');

function acceptDir(tests: Record<string, string>): string {
  const folder = tempDir('accept');
  for (const [name, text] of Object.entries(tests)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
  return folder;
}

const passing = (name: string): string => `module ${name}; initial begin $display("PASS"); $finish; end endmodule\n`;
const failing = (name: string): string =>
  `module ${name}; initial begin /* ${SECRET} */ $display("${SECRET}"); #7 $display("FAIL signal=${'count'} time=%0d", $time); $finish; end endmodule\n`;

/** Every file of a job's folder, without the tools' own logs of the sealed runs and what a replay of them needs. */
function recordsOf(workspace: string): Map<string, string> {
  const runs = path.join(workspace, '.genRTL/runs');
  const files = readdirSync(runs, { recursive: true, encoding: 'utf8' }).filter(
    (name) => statSync(path.join(runs, name)).isFile() && !/acceptance_\d+\//.test(name),
  );
  return new Map(files.map((name) => [name, readFileSync(path.join(runs, name), 'latin1')]));
}

describe('with no model', () => {
  const home = new TestHome({ GENRTL_STRENGTH_SECONDS: '0' });
  afterAll(() => home.close());
  const run = async (
    tests: Record<string, string>,
  ): Promise<{ code: number | null; result: { status: string; tests: unknown }; workspace: string }> => {
    await home.keepBackend();
    const workspace = path.join(tempDir('sealed'), 'ws');
    const { code, result } = await runCli(
      ['run', '--json', '--spec', COUNTER_SPEC, '--workspace', workspace, '--accept', acceptDir(tests), '--yes'],
      home.env,
    );
    return { code, result, workspace };
  };

  it('all sealed tests pass: done, each is in the result', async () => {
    const { code, result } = await run({
      'a.sv': passing('a'),
      'b.v': passing('b'),
      'include/shared.svh': '`define NOTHING\n',
    });
    expect([code, result.status]).toEqual([0, 'done']);
    expect(result.tests).toEqual(
      expect.arrayContaining(
        ['a', 'b'].map((name) => expect.objectContaining({ name, kind: 'acceptance', passed: true }) as unknown),
      ),
    );
  });

  it.each(
    representatives(
      [
        ['a FAIL line', failing('t')],
        ['no verdict', 'module t; initial #5 $finish; endmodule\n'],
        [
          'PASS and then an error',
          'module t; initial begin $display("PASS"); $error("not so"); $finish; end endmodule\n',
        ],
        [
          'a port that the design lacks',
          'module t; counter dut(.no_such_port(1\'b0)); initial begin $display("PASS"); $finish; end endmodule\n',
        ],
      ],
      ['a FAIL line', 'PASS and then an error'],
      ([name]) => name ?? '',
    ),
  )('%s: the design failed', async (_name, text) => {
    const { code, result } = await run({ 't.sv': text });
    expect([code, result.status]).toEqual([1, 'failed']);
    expect(result.tests).toEqual(
      expect.arrayContaining([expect.objectContaining({ name: 't', passed: false }) as unknown]),
    );
  });

  it('PASS without $finish: the test cannot pass, and is refused before the job begins', async () => {
    const { code, result } = await run({ 't.sv': 'module t; initial $display("PASS"); endmodule\n' });
    expect([code, result.status]).toEqual([2, 'failed']);
    expect(JSON.stringify(result)).toContain('never calls $finish');
  });
});

it('a model repairs by test name, signal and time, and sees nothing else of the test', async () => {
  const prompts: string[] = [];
  const bad = RTL.replace('mtime >= mtimecmp', 'mtime > mtimecmp');
  // The first bench does not look at intr, so only the sealed test finds the fault.
  const weak = BENCH.replace('intr !== (expected >= mtimecmp)', "^intr === 1'bx");
  const models = await startFakeModels({
    script: (request) => {
      prompts.push(JSON.stringify(request));
      const service = serviceOf(request);
      if (service === 'plan') return { kind: 'text', text: JSON.stringify(PLAN) };
      if (service === 'implement')
        return { kind: 'text', text: newFile('src/mtimer.sv', bad) + newFile('tb/tb_mtimer.sv', weak) };
      const told = /sealed_intr/.test(request.text) && /\bintr\b/.test(request.text);
      const diff = (file: string, from: string, to: string): string =>
        `--- a/${file}\n+++ b/${file}\n@@ -1 +1 @@\n-${from}\n+${to}\n`;
      return {
        kind: 'text',
        text: told
          ? diff('src/mtimer.sv', '  assign intr = mtime > mtimecmp;', '  assign intr = mtime >= mtimecmp;') +
            diff(
              'tb/tb_mtimer.sv',
              weak.split('\n').find((line) => line.includes("1'bx")) ?? '',
              BENCH.split('\n').find((line) => line.includes('intr !==')) ?? '',
            )
          : 'no idea',
      };
    },
  });
  const home = new TestHome({
    GENRTL_STRENGTH_SECONDS: '0',
    OPENAI_API_KEY: 'test-key',
    OPENAI_BASE_URL: models.openaiUrl,
    GENRTL_MODEL: 'test-model',
    GENRTL_MODEL_PRICES: '{"test-model":{"input":"0","output":"0"}}',
  });
  try {
    const accept = acceptDir({
      'sealed_intr.sv': `module sealed_intr; // ${SECRET}
  \`include "values.svh"
  logic clk = 0, rst_n = 0; logic [63:0] mtime; logic intr;
  mtimer dut(.clk(clk), .rst_n(rst_n), .active(1'b1), .prescale(12'd0), .step(8'd1), .mtime_we(1'b0), .mtime_wdata(64'd0), .mtimecmp(\`WANTED_TIME), .mtime(mtime), .intr(intr));
  always #5 clk = ~clk;
  initial begin
    $display("${SECRET} starts");
    #12 rst_n = 1;
    wait (mtime == \`WANTED_TIME); #1;
    if (intr !== 1'b1) $display("FAIL signal=intr time=%0d", $time); else $display("PASS");
    $finish;
  end
endmodule
`,
      'include/values.svh': `\`define WANTED_TIME 64'd6 // ${SECRET}\n`,
    });
    const workspace = path.join(tempDir('sealed'), 'ws');
    const run = await runCli(
      [
        'run',
        '--json',
        '--spec',
        path.join(import.meta.dirname, 'specs/mtimer.md'),
        '--workspace',
        workspace,
        '--accept',
        accept,
        '--yes',
      ],
      home.env,
    );
    expect(run.result.error).toBeUndefined();
    expect([run.code, run.result.status]).toEqual([0, 'done']);
    expect(run.result.steps.filter((step) => step.step === 'repair').length).toBe(1);
    for (const prompt of prompts) expect(prompt).not.toMatch(/hunter2|WANTED_TIME|values\.svh/);
    for (const [name, text] of recordsOf(workspace))
      expect([name, /hunter2|WANTED_TIME/.test(text)]).toEqual([name, false]);
    expect(run.stdout + run.stderr).not.toMatch(/hunter2|WANTED_TIME/);
  } finally {
    await home.close();
    await models.close();
  }
});
