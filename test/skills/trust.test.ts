// Skills that come with a workspace: shown, and not run before a person trusted them on this machine as they are.
import { appendFileSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runCli } from '../../main/shells/cli/program.ts';
import { runJob } from '../../main/skills/orchestrator.ts';
import { environmentOf, jobRequestOf } from '../../main/skills/options.ts';
import { expectFailure, GOOD_TEMPLATE, QUICK, Sandbox } from './fixture.ts';

let box: Sandbox;
beforeEach(async () => {
  box = await Sandbox.create();
});
afterEach(() => box.remove());

const environment = (): NodeJS.ProcessEnv => ({ ...process.env, GENRTL_HOME: box.at('home'), GENRTL_SKILLS: '' });

interface Outcome {
  readonly code: number;
  readonly result: Record<string, unknown>;
}
async function genrtl(...argv: string[]): Promise<Outcome> {
  let out = '';
  const code = await runCli(['skill', ...argv, '--json'], {
    write: (text) => {
      out += text;
    },
    writeError: () => undefined,
    env: environment(),
    cwd: box.root,
    interactive: false,
    signal: new AbortController().signal,
  });
  return { code, result: JSON.parse(out.trimEnd().split('\n').at(-1) ?? 'null') as Record<string, unknown> };
}
const run = (...more: string[]): Promise<Outcome> => genrtl('run', 'probe', '--poll-ms', '10', ...more);
const untrusted = (named: string) => ({
  code: 6,
  result: {
    status: 'needs_input',
    error: { code: 'SKILL_UNTRUSTED', message: expect.stringContaining(named) as string },
  },
});
const listed = async (name: string): Promise<unknown> =>
  ((await genrtl('list')).result['skills'] as { name: string }[]).find((skill) => skill.name === name);

it('a skill of the workspace runs after a person trusted it, and not any more once a word of it changed', async () => {
  const folder = await box.skill();
  expect(await run()).toMatchObject(untrusted(folder));
  expect(existsSync(box.at('.genRTL'))).toBe(false);
  expect(await listed('probe')).toMatchObject({ origin: 'workspace', trusted: false, hides_shipped: false });
  expect((await genrtl('trust', 'probe')).code).toBe(0);
  expect(await listed('probe')).toMatchObject({ trusted: true });
  expect((await run()).code).toBe(0);
  for (const file of ['templates/run.tcl', 'metrics.yaml', 'contract.yaml']) {
    appendFileSync(path.join(folder, file), '\n');
    expect(await run()).toMatchObject(untrusted('as it is now'));
    expect((await run('--trust')).code).toBe(0);
    expect((await run()).code).toBe(0);
  }
});

it('the record is the machine’s: a copied workspace and a damaged record trust nothing', async () => {
  await box.skill();
  await genrtl('trust', 'probe');
  const records = box.at('home', 'trusted-skills');
  for (const name of readdirSync(records)) writeFileSync(path.join(records, name), '{"schema_version":1');
  expect(await run()).toMatchObject(untrusted('probe'));
});

it('one that stands in the place of a shipped skill says so, in the list and before it runs', async () => {
  await box.skill({ name: 'synth_stat' });
  expect(await listed('synth_stat')).toMatchObject({ origin: 'workspace', hides_shipped: true, trusted: false });
  expect(await genrtl('run', 'synth_stat')).toMatchObject(untrusted('hides the skill'));
});

it('a batch asks before its first run', async () => {
  await box.skill();
  writeFileSync(box.at('plan.yaml'), 'skill: probe\nentries:\n  - { design: a }\n');
  expect(await genrtl('batch', 'plan.yaml')).toMatchObject(untrusted('probe'));
  expect(existsSync(box.at('.genRTL'))).toBe(false);
  expect((await genrtl('batch', 'plan.yaml', '--trust', '--poll-ms', '10')).code).toBe(0);
});

it('shipped skills, named folders and named paths need no trust', async () => {
  const folder = await box.skill();
  expect((await genrtl('run', folder, '--poll-ms', '10')).code).toBe(0);
  expect((await run('--skills', box.at('skills'))).code).toBe(0);
  expect(await listed('synth_stat')).toMatchObject({ origin: 'shipped', trusted: true });
});

it('one that changed between the question and the run is not run', async () => {
  const folder = await box.skill();
  await genrtl('trust', 'probe');
  const context = { cwd: box.root, env: environment(), signal: new AbortController().signal };
  const request = await jobRequestOf({ skill: 'probe', ...QUICK }, context);
  mkdirSync(box.at('runs'));
  writeFileSync(path.join(folder, 'templates', 'run.tcl'), `close [open ${box.at('pwned')} w]\n${GOOD_TEMPLATE}`);
  const result = await runJob(box.at('runs'), request, environmentOf(context));
  await expectFailure(result.run_dir, 'CONTRACT_INVALID');
  expect(existsSync(box.at('pwned'))).toBe(false);
});
