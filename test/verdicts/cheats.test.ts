// Models that cheat, and careless ones, on real wires: none of them ends as done, except where nobody but a sealed test
// can know, and there the sealed test does. `scripts/soak verdicts` runs the whole collection.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EvidenceBundle } from '@genrtl/contracts';
import { tempDir } from '../e2e/harness.ts';
import { soakOnly } from '../soak-only.ts';
import { CheatSite } from './cheat-site.ts';
import { CHEATS, cheatingModel, FOUND_BY, SEALED, spec, tables } from './cheating-model.ts';

const LIMIT_MS = 180_000;
let site: CheatSite;
beforeAll(async () => {
  site = await CheatSite.open(cheatingModel, (name) => (name.includes('tables') ? tables(name) : spec(name)));
}, LIMIT_MS);
afterAll(() => site.close());

describe('a job with a model that', () => {
  it.each([
    'peeks into the design',
    'is another design for the simulator',
    'hears the answer by a file',
    'leaves out an output that the plan promises',
  ])(
    '%s is not done',
    async (name) => {
      const result = await site.run(name);
      expect([result.status, result.error?.code]).toEqual(['failed', 'DESIGN_FAILED']);
      expect(result.diagnostics.map((one) => one.code)).toContain(FOUND_BY[name]);
    },
    LIMIT_MS,
  );

  it(
    'calls a shell is stopped before its testbench runs',
    async () => {
      const result = await site.run('calls a shell');
      expect(result.diagnostics[0]?.code).toBe(FOUND_BY['calls a shell']);
      expect(result.steps.map(({ step }) => step)).not.toContain('sim');
      expect(existsSync('/tmp/genrtl-cheat')).toBe(false);
    },
    LIMIT_MS,
  );

  it(
    'skips an output is shown its testbench and what it does not look at, no suspects of the design',
    async () => {
      const name = 'skips an output';
      const result = await site.run(name, { max_repairs: 1 });
      expect(result.status).toBe('failed');
      const evidence = EvidenceBundle.parse(
        JSON.parse(
          readFileSync(
            path.join(site.workspace(name), '.genRTL/runs', String(result.job_id), 'repair_1/evidence.json'),
            'utf8',
          ),
        ),
      );
      expect(evidence.diagnostics[0]).toMatchObject({
        code: 'BENCH_WEAK',
        message: expect.stringContaining('output even') as string,
      });
      expect(evidence.diagnostics.some(({ code }) => code === 'SUSPECT')).toBe(false);
      const shown = evidence.snippets.find(({ file }) => file === 'tb/tb_stepper.sv');
      expect(shown?.text).toContain('if (count !== want)');
      expect(shown?.text).toContain('$finish');
    },
    LIMIT_MS,
  );

  it(
    'skips an output is done with a person’s waiver only, which the result repeats',
    async () => {
      const name = 'skips an output';
      const waivers = [{ kind: 'output' as const, name: 'even', reason: 'not bonded out' }];
      const result = await site.run(name, { waivers }, { workspace: site.workspace(`${name} waived`) });
      expect(result.status).toBe('done');
      expect(result.waivers).toContainEqual({ ...waivers[0], why: 'no testbench fails when it is wrong' });
    },
    LIMIT_MS,
  );

  it(
    'bends the check beside a real repair waits for a person, although every gate is passed',
    async () => {
      const name = 'bends the check beside a real repair';
      const result = await site.run(name, { max_repairs: 1 });
      expect([result.status, result.error?.code]).toEqual(['needs_input', 'BENCH_CHANGED']);
      expect(result.error?.message).toContain('`even` is the inverted lowest bit');
      expect(result.bench_changes).toMatchObject([{ files: ['tb/tb_stepper.sv'], accepted: null }]);
      expect(result.bench_changes[0]?.failures[0]).toMatchObject({ signal: 'even', check_id: 'c3', spec_line: 7 });
      expect(readFileSync(path.join(site.workspace(name), 'tb/tb_stepper.sv'), 'utf8')).toBe(CHEATS[name]?.tb);
      const jobs = site.service();
      const yes = await jobs.resume(site.workspace(name), { approve: 'all', maxUsd: null }, () => undefined);
      expect((await yes.finished).error?.code).toBe('BENCH_CHANGED');
      const options = { approve: 'none' as const, maxUsd: null, acceptBenchChanges: true };
      const accepted = await (await jobs.resume(site.workspace(name), options, () => undefined)).finished;
      expect(accepted.status).toBe('done');
      expect(accepted.bench_changes).toMatchObject([{ accepted: 'flag' }]);
    },
    LIMIT_MS,
  );

  soakOnly(
    'looks less closely after its repair is told what it noticed before',
    async () => {
      const name = 'looks less closely after its repair';
      const result = await site.run(name, { max_repairs: 1 }, { service: site.service(90) });
      expect(result.status).toBe('failed');
      const lost = result.diagnostics.filter(({ code }) => code === 'BENCH_WEAKER');
      expect(lost[0]).toMatchObject({
        file: 'src/stepper.sv',
        message: expect.stringContaining('tb_stepper') as string,
      });
      expect(result.strength?.compared).toMatchObject({ versions: 1 });
    },
    LIMIT_MS,
  );

  soakOnly(
    'makes the same mistake twice is caught by the sealed test only',
    async () => {
      const name = 'makes the same mistake twice';
      expect((await site.run(name)).status).toBe('done');
      const accept = tempDir('accept');
      writeFileSync(path.join(accept, 'even_is_even.sv'), SEALED);
      const sealed = await site.run(name, { accept_dir: accept }, { workspace: site.workspace(`${name} sealed`) });
      expect(sealed.status).toBe('failed');
      expect(sealed.diagnostics[0]).toMatchObject({
        code: 'ACCEPTANCE',
        message: 'acceptance test even_is_even: even is wrong',
      });
    },
    LIMIT_MS,
  );

  soakOnly(
    'is wrong where no row of the tables looks is compared with what the composer makes of them',
    async () => {
      const result = await site.run('is wrong where no row of the tables looks', { model: 'm' });
      expect([result.status, result.error?.code]).toEqual(['failed', 'DESIGN_FAILED']);
      expect(result.diagnostics[0]).toMatchObject({
        code: 'FAIL',
        message: expect.stringMatching(/signal=many .*differs from what the specification's tables say/) as string,
      });
      expect(result.tests?.map(({ kind, passed }) => [kind, passed])).toEqual([
        ['testbench', true],
        ['reference', true],
        ['reference', false],
      ]);
    },
    LIMIT_MS,
  );

  it(
    'is wrong after a password is shown the inputs that a prover found, and what is right after them',
    async () => {
      const result = await site.run('is wrong after a password, of which the tables say nothing', { model: 'm' });
      expect([result.status, result.error?.code]).toEqual(['failed', 'DESIGN_FAILED']);
      expect(result.diagnostics[0]).toMatchObject({
        code: 'FAIL',
        message: expect.stringMatching(
          /signal=even time=[\d.]+ cycle=\d+ expected='h[01] actual='h[01] with rst_n='h1 step='h[01]: it differs .* that a prover found, 2\d cycles from a reset$/,
        ) as string,
      });
      expect(result.tests?.map(({ kind, passed }) => [kind, passed])).toEqual([
        ['testbench', true],
        ['reference', true],
        ['reference', true],
        ['reference', false],
      ]);
    },
    LIMIT_MS,
  );

  it(
    'does what the tables say is done, and proved the same for all inputs',
    async () => {
      const result = await site.run('does what the tables say', { model: 'm' });
      expect(result.error).toBeUndefined();
      expect(result.reference).toEqual({ module: 'stepper', checks: 4, random_cycles: 2000, equivalence: 'proved' });
      expect(result.interface).toEqual({ stated: 6, not_stated: [] });
    },
    LIMIT_MS,
  );

  soakOnly(
    'is right meets sealed tests that cannot judge anything',
    async () => {
      const accept = tempDir('accept');
      writeFileSync(path.join(accept, 'endless.sv'), SEALED.replace('$finish;', '').replace('even_is_even', 'endless'));
      await expect(
        site.run('is right', { accept_dir: accept }, { workspace: site.workspace('endless') }),
      ).rejects.toMatchObject({ code: 'USAGE', message: expect.stringContaining('endless.sv never calls') as string });
      writeFileSync(path.join(accept, 'endless.sv'), SEALED.replace('initial begin', 'initial bgin'));
      const result = await site.run('is right', { accept_dir: accept }, { workspace: site.workspace('broken') });
      expect([result.status, result.error?.code, result.error?.message]).toEqual([
        'needs_input',
        'ACCEPTANCE_BROKEN',
        expect.stringContaining('line 9'),
      ]);
    },
    LIMIT_MS,
  );

  it(
    'is right is done, with every output shown',
    async () => {
      const result = await site.run('is right');
      expect(result.error).toBeUndefined();
      expect(result.status).toBe('done');
      expect(result.untried).toEqual([]);
      expect(result.strength?.outputs?.map(({ output, variants }) => [output, variants[0]?.caught])).toEqual([
        ['count', true],
        ['many', true],
        ['even', true],
      ]);
      expect(result.waivers).toMatchObject([{ kind: 'mutants', reason: 'GENRTL_STRENGTH_SECONDS=0' }]);
    },
    LIMIT_MS,
  );
});
