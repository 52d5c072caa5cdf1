// An existing project of 200 files: init, trust, a job that adds one module and changes one line elsewhere, verified by
// the project's own checks on the command line.
import { appendFileSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SentList, type ProjectView } from '@genrtl/contracts';
import { countTextTokens } from '../../backend/models/tokens.ts';
import { startFakeModels, type FakeModels } from '../fakes/models/server.ts';
import { CHECKS, SPEC, parityModel, writeExistingProject, type ParityModel } from './existing-project.ts';
import { TestHome, runCli, tempDir } from './harness.ts';

describe('a job on a project that is there', () => {
  const workspace = tempDir('existing');
  const spec = path.join(tempDir('existing-spec'), 'spec.md');
  let models: FakeModels;
  let model: ParityModel;
  let home: TestHome;

  beforeAll(async () => {
    writeExistingProject(workspace);
    writeFileSync(spec, SPEC);
    model = parityModel();
    models = await startFakeModels({ script: model.script });
    home = new TestHome({
      GENRTL_STRENGTH_SECONDS: '0',
      OPENAI_API_KEY: 'test-key',
      OPENAI_BASE_URL: models.openaiUrl,
      GENRTL_MODEL: 'test-model',
      GENRTL_MODEL_PRICES: '{"test-model":{"input":"1.00","output":"2.00","context":32768}}',
    });
    await home.keepBackend();
  });
  afterAll(async () => {
    await home.close();
    await models.close();
    rmSync(workspace, { recursive: true, force: true });
  });

  it('init reads its file list; show says what there is', async () => {
    const init = await runCli(['project', 'init', '--json', '--workspace', workspace], home.env);
    expect([init.code, init.stderr]).toEqual([0, '']);
    const again = await runCli(['project', 'init', '--json', '--workspace', workspace], home.env);
    expect([again.code, again.result.error?.code]).toEqual([2, 'PROJECT_EXISTS']);
    const file = path.join(workspace, 'genrtl.yaml');
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.slice(0, text.indexOf('checks:')));
    appendFileSync(file, CHECKS);
    const shown = await runCli(['project', 'show', '--json', '--workspace', workspace], home.env);
    const { project } = shown.result as unknown as { project: ProjectView };
    expect(project.rtl.files).toHaveLength(198);
    expect(project).toMatchObject({ top: 'soc', include_dirs: ['rtl/include'] });
    expect(project.benches.map(({ name }) => name)).toEqual(['tb_soc']);
    expect(project.checks.map(({ name, trusted }) => [name, trusted])).toEqual([
      ['benches', null],
      ['smoke', false],
      ['style', false],
    ]);
  });

  it('a job pays for nothing before its commands are trusted, then is verified by the checks', async () => {
    const args = ['run', '--json', '--spec', spec, '--workspace', workspace, '--yes'];
    const refused = await runCli(args, home.env);
    expect([refused.code, refused.result.error?.code]).toEqual([6, 'PROJECT_UNTRUSTED']);
    expect(models.requests).toHaveLength(0);

    const run = await runCli([...args, '--trust', '--accept-file-changes'], home.env);
    expect(run.result.error).toBeUndefined();
    expect([run.code, run.result.status]).toEqual([0, 'done']);
    expect(run.result.checks).toMatchObject([
      { name: 'benches', verdict: 'pass', before: 'pass', charged: false },
      { name: 'smoke', verdict: 'pass', before: 'pass', charged: false },
      { name: 'style', verdict: 'fail', before: 'fail', charged: false },
    ]);
    expect(run.result.steps.filter(({ step }) => step === 'repair')).toHaveLength(1);
    expect(run.result.files).toEqual(['dv/tb_par.sv', 'rtl/blk/parity.sv', 'rtl/soc.sv', 'scripts/rtl.f']);
    expect(run.result.strength?.outputs?.filter(({ earlier }) => !earlier).map(({ output }) => output)).toContain(
      'par',
    );
    expect(existsSync(path.join(workspace, 'src'))).toBe(false);
    expect(readFileSync(path.join(workspace, 'Makefile'), 'utf8')).not.toContain('lint');
  }, 120_000);

  it('the model was told the rules, and a patch of the makefile was refused', () => {
    expect(model.prompts.plan[0]).toContain('group_1');
    expect(model.prompts.code[0]).toContain('scripts/rtl.f');
    expect(model.prompts.code[1]).toContain('PATCH_PROTECTED');
    expect(model.prompts.code[2]).toContain('+  parity u_parity');
    expect(model.prompts.code[2]).toMatch(/- dv\/tb_par\.sv.{0,60}END/);
  });

  it('every request fits the declared window of 32k, and says what it left out', () => {
    expect(models.requests.length).toBeGreaterThan(3);
    for (const { system, messages, body } of models.requests) {
      const texts = [system, ...messages.map(({ content }) => content)];
      const prompt = texts.reduce((sum, text) => sum + countTextTokens(text), 0);
      expect(prompt + Number(body['max_tokens'])).toBeLessThan(32_768);
    }
    for (const text of model.prompts.code) {
      expect(text).toContain('files left out');
      expect(text).toContain('file rtl/soc.sv');
    }
    expect(model.prompts.plan[0]).toContain('hierarchy');
  });

  it('what the prompts left out stands beside what was sent', () => {
    const runs = path.join(workspace, '.genRTL/runs');
    const [job = ''] = readdirSync(runs);
    for (const step of readdirSync(path.join(runs, job)).filter((name) => /^(?:implement|repair)_/.test(name))) {
      const { files, left_out: leftOut = [] } = SentList.parse(
        JSON.parse(readFileSync(path.join(runs, job, step, 'sent.json'), 'utf8')),
      );
      expect(leftOut.length).toBeGreaterThan(50);
      expect(new Set(leftOut.map(({ shown }) => shown))).toEqual(new Set(['heads', 'nothing']));
      const sent = new Set(files.map((file) => file.path));
      for (const { path: left } of leftOut) expect(sent).toContain(left);
      expect(leftOut.map((one) => one.path)).not.toContain('rtl/soc.sv');
    }
  });

  it('check says the same afterwards, as JUnit too', async () => {
    const junit = path.join(workspace, 'junit.xml');
    const run = await runCli(['check', '--json', '--workspace', workspace, '--junit', junit], home.env);
    expect(run.code).toBe(1);
    expect(run.result).toMatchObject({ status: 'failed', passed: 2, total: 3, waived: 0 });
    expect(readFileSync(junit, 'utf8')).toContain('<testsuite name="style" tests="1" failures="1"');
  }, 60_000);
});
