// A free-text specification through scripted models on real wires: lint error, simulation failure, then right.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EvidenceBundle, SentList } from '@genrtl/contracts';
import { createJobService } from '../../main/job/job-service.ts';
import { connectBackend } from '../../main/processes/backend.ts';
import { startFakeModels, type FakeModels } from '../fakes/models/server.ts';
import { SAMPLES, TestHome, runCli, tempDir, type CliRun } from './harness.ts';
import { mtimerModel, type MtimerModel } from './mtimer-model.ts';

const SPEC = path.join(import.meta.dirname, 'specs/mtimer.md');

/** What lies in the workspace and must not reach a model, by file. */
const CANARIES = {
  'src/shared.svh': '`define SHARED_WIDTH 8\n// built with canary-of-the-environment, sk-canary0123456789abcdef\n',
  'src/.env': 'API_TOKEN=canary-dot-file\n',
  'src/notes.txt': 'canary-no-source\n',
  'tb/hidden_defs.svh': '// canary-hidden\n',
  'tb/key.pem': 'canary-certificate\n',
  '.genrtlignore': 'hidden_*\n',
};

interface Site {
  home: TestHome;
  models: FakeModels;
  model: MtimerModel;
}

async function site(hide?: (text: string) => string): Promise<Site> {
  const model = mtimerModel(hide);
  const models = await startFakeModels({ script: model.script });
  const home = new TestHome({
    GENRTL_STRENGTH_SECONDS: '0',
    OPENAI_API_KEY: 'test-key',
    OPENAI_BASE_URL: models.openaiUrl,
    ANTHROPIC_API_KEY: 'test-key',
    ANTHROPIC_BASE_URL: models.url,
    FOUNDRY_PASSWORD: 'canary-of-the-environment',
    GENRTL_MODEL: 'test-model',
    GENRTL_MODEL_PRICES: '{"test-model":{"input":"1.00","output":"2.00"}}',
  });
  await home.keepBackend();
  return { home, models, model };
}

async function close({ home, models }: Site): Promise<void> {
  await home.close();
  await models.close();
}

describe('a free-text specification', () => {
  let here: Site;
  let run: CliRun;
  const workspace = path.join(tempDir('free'), 'ws');

  beforeAll(async () => {
    here = await site();
    for (const folder of ['src', 'tb']) mkdirSync(path.join(workspace, folder), { recursive: true });
    for (const [file, text] of Object.entries(CANARIES)) writeFileSync(path.join(workspace, file), text);
    const spec = path.join(workspace, 'mtimer.md');
    writeFileSync(spec, `${readFileSync(SPEC, 'utf8')}\nSign-off: API_TOKEN=canary-of-the-specification\n`);
    run = await runCli(['run', '--json', '--spec', spec, '--workspace', workspace, '--yes'], here.home.env);
  });
  afterAll(() => close(here));

  const evidenceOf = (step: string): EvidenceBundle =>
    EvidenceBundle.parse(
      JSON.parse(
        readFileSync(path.join(workspace, '.genRTL/runs', String(run.result.job_id), step, 'evidence.json'), 'utf8'),
      ),
    );

  it('reaches done after two repair turns', () => {
    expect(run.result.error).toBeUndefined();
    expect([run.code, run.result.status]).toEqual([0, 'done']);
    expect(run.result.steps.filter((step) => step.step === 'repair').length).toBe(2);
    expect(run.result.files).toEqual(['src/mtimer.sv', 'tb/tb_mtimer.sv']);
    expect(run.result.tests).toMatchObject([{ name: 'tb_mtimer', passed: true }]);
  });

  it('sent no secret and nothing that is no source, and says what it sent', () => {
    const sent = (step: string): SentList =>
      SentList.parse(
        JSON.parse(
          readFileSync(path.join(workspace, '.genRTL/runs', String(run.result.job_id), step, 'sent.json'), 'utf8'),
        ),
      );
    expect(here.models.requests.length).toBe(4);
    // the key itself travels in a header of its own
    const said = here.models.requests.map(({ headers: _key, ...request }) => JSON.stringify(request)).join('');
    expect(/canary.{0,40}|test-key/.exec(said)).toBeNull();
    expect(here.models.requests[1]?.text).toContain('SHARED_WIDTH');
    const kinds = (step: string): string[] => sent(step).files.map(({ kind, path: file }) => `${kind} ${file}`);
    expect(kinds('plan_1')).toEqual(['spec mtimer.md', 'source src/shared.svh', 'request request.json']);
    expect(kinds('implement_1')).toEqual([
      'spec mtimer.md',
      'plan plan.json',
      'source src/shared.svh',
      'request request.json',
    ]);
    expect(kinds('repair_2')).toContain('evidence evidence.json');
    expect(sent('implement_1').files[2]).toMatchObject({ redacted: 2, attempt: 1 });
    expect(sent('plan_1').files[0]).toMatchObject({ redacted: 1 });
  });

  it('gave the model the line of the lint error', () => {
    expect(evidenceOf('repair_1').diagnostics[0]).toMatchObject({
      tool: 'verilator',
      severity: 'error',
      file: 'src/mtimer.sv',
      line: 26,
    });
    expect(evidenceOf('repair_1').snippets.some((snippet) => snippet.text.includes('tikc'))).toBe(true);
  });

  it('gave the model the signal and the time of the failing check, and its waveform', () => {
    const evidence = evidenceOf('repair_2');
    expect(JSON.stringify(evidence.diagnostics[0])).toContain('intr');
    expect(evidence.diagnostics[0]?.time).toMatch(/\b110\b/);
    expect(evidence.waveform?.signals.some((signal) => signal.name.endsWith('intr') && signal.changes.length > 0)).toBe(
      true,
    );
  });

  it('composes a structured specification at no cost all the same, and refuses a faulty one', async () => {
    const asked = here.models.requests.length;
    const folder = tempDir('composed');
    const good = path.join(SAMPLES, 'counter/spec.md');
    const bad = path.join(folder, 'bad.md');
    writeFileSync(bad, readFileSync(good, 'utf8').replace('count + enable', 'count + enabel'));
    const composed = await runCli(
      ['run', '--json', '--spec', good, '--workspace', path.join(folder, 'a'), '--yes'],
      here.home.env,
    );
    expect([composed.result.status, composed.result.cost_usd]).toEqual(['done', '0.00']);
    const refused = await runCli(
      ['run', '--json', '--spec', bad, '--workspace', path.join(folder, 'b'), '--yes'],
      here.home.env,
    );
    expect([refused.code, refused.result.error?.code]).toEqual([2, 'SPEC_NAME_UNKNOWN']);
    expect(here.models.requests.length).toBe(asked);
  });

  it('accounts for every call, and the job’s cost is their sum', async () => {
    const rows = await here.home.usage(String(run.result.job_id));
    expect(rows.map((row) => row.kind)).toEqual(['model', 'model', 'model', 'model']);
    const micro = rows.reduce((sum, row) => sum + Math.round(Number(row.amount_usd) * 1e6), 0);
    expect(micro).toBeGreaterThan(0);
    expect(micro).toBe(Math.round(Number(run.result.cost_usd) * 1e6));
  });

  it('has one finding mended afterwards, in its own file, and is checked anew', async () => {
    const source = path.join(workspace, 'src/mtimer.sv');
    const right = readFileSync(source, 'utf8');
    const wrong = right.replace('else if (tick) mtime', 'else if (tikc) mtime');
    expect(wrong).not.toBe(right);
    writeFileSync(source, wrong);
    const line = wrong.slice(0, wrong.indexOf('tikc')).split('\n').length;
    const jobs = createJobService({ env: here.home.env, connect: () => connectBackend(here.home.env) });
    const { finished } = await jobs.fix(
      workspace,
      {
        tool: 'verilator',
        severity: 'error',
        file: 'src/mtimer.sv',
        line,
        message: "Can't find definition of variable: 'tikc'",
      },
      () => undefined,
    );
    const result = await finished;
    expect(result.error).toBeUndefined();
    expect(result.status).toBe('done');
    expect(result.steps.filter((step) => step.step === 'repair').length).toBe(3);
    expect(readFileSync(source, 'utf8')).toBe(right);
    expect(here.model.seen.at(-1)?.service).toBe('repair');
  });

  it('undoes the whole job', async () => {
    expect((await runCli(['undo', '--json', '--workspace', workspace], here.home.env)).result).toMatchObject({
      status: 'done',
    });
    expect(() => readFileSync(path.join(workspace, 'src/mtimer.sv'))).toThrow(/ENOENT/);
  });
});

it('does not reach done when the evidence is blanked', async () => {
  const blind = await site((text) =>
    text.replace(/diagnostics, root causes first[\s\S]*/, 'diagnostics, root causes first: (blanked)'),
  );
  try {
    const run = await runCli(
      [
        'run',
        '--json',
        '--spec',
        SPEC,
        '--workspace',
        path.join(tempDir('blind'), 'ws'),
        '--yes',
        '--max-repairs',
        '3',
      ],
      blind.home.env,
    );
    expect([run.code, run.result.status]).toEqual([1, 'failed']);
  } finally {
    await close(blind);
  }
}, 180_000);
