// Confinement as a person meets it: a system without namespaces is asked about, and what ran without a sandbox says so.
// That runs are confined where they can be is looked at in the tests of whole jobs.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ToolRunRecord } from '@genrtl/contracts';
import { TestHome, delivered, runCli, tempDir } from './harness.ts';

const home = new TestHome({ GENRTL_STRENGTH_SECONDS: '0' });
beforeAll(() => home.keepBackend());
afterAll(() => home.close());

const SPEC = path.join(import.meta.dirname, 'specs/blinker.md');

/** The environment of a system whose kernel refuses namespaces, as containers do by default. */
function withoutNamespaces(): NodeJS.ProcessEnv {
  const bin = tempDir('no-bwrap');
  const refusal = '#!/bin/sh\necho "bwrap: No permissions to create a new namespace" >&2\nexit 1\n';
  writeFileSync(path.join(bin, 'bwrap'), refusal, { mode: 0o755 });
  return { ...home.env, PATH: `${bin}:${home.env['PATH'] ?? ''}` };
}

describe('where no sandbox can be had', () => {
  const workspace = path.join(tempDir('unconfined'), 'ws');
  const env = withoutNamespaces();

  it('the first run of a workspace asks before anything is spent or written, in words that help', async () => {
    const run = await runCli(['run', '--json', '--spec', SPEC, '--workspace', workspace], env);
    expect([run.code, run.result.status, run.result.confined]).toEqual([6, 'needs_input', null]);
    expect(run.result.error).toMatchObject({ code: 'CONFINEMENT_UNAVAILABLE', details: { reason: 'refused' } });
    expect(run.result.error?.message).toContain('namespaces');
    expect(run.result.error?.hint).toContain('--yes');
    expect(run.result.steps.map(({ step }) => step)).toEqual(['import']);
    expect(delivered(workspace)).toEqual({});
    expect(run.result.cost_usd).toBe('0.00');
  });

  it('--yes goes on, and result, record and terminal say that nothing held it back', async () => {
    const run = await runCli(['resume', '--json', '--workspace', workspace, '--yes'], env);
    expect(run.result).toMatchObject({ status: 'done', confined: 'unconfined', unconfined_reason: 'refused' });
    const sim = path.join(workspace, '.genRTL/runs', run.result.job_id ?? '', 'sim_1');
    const record = ToolRunRecord.parse(JSON.parse(readFileSync(path.join(sim, 'tool.json'), 'utf8')));
    expect(record.confinement).toEqual({ confined: 'unconfined', unconfined_reason: 'refused', network: true });
    expect(readFileSync(path.join(sim, 'replay.sh'), 'utf8')).toContain('--unconfined');
  });
});

describe('the person’s own code', () => {
  it('runs in a sandbox too, and writes where it is used to', async () => {
    const workspace = tempDir('own');
    mkdirSync(path.join(workspace, 'tb'));
    mkdirSync(path.join(workspace, 'out'));
    const outside = path.join(tempDir('outside'), 'x');
    writeFileSync(
      path.join(workspace, 'tb/tb.sv'),
      `module tb; integer f;
  initial begin
    f = $fopen("out/log.txt", "w"); $fdisplay(f, "mine"); $fclose(f);
    f = $fopen("${outside}", "w"); if (f != 0) $display("FAIL signal=outside time=0");
    f = $fopen(".git/hooks/post-checkout", "w"); if (f != 0) $display("FAIL signal=hook time=0");
    $display("PASS"); $finish;
  end
endmodule
`,
    );
    mkdirSync(path.join(workspace, '.git/hooks'), { recursive: true });
    const run = await runCli(['sim', '--json', '--workspace', workspace], home.env);
    expect(run.events.at(-1)).toMatchObject({ status: 'done', confined: 'bubblewrap' });
    expect(readFileSync(path.join(workspace, 'out/log.txt'), 'utf8')).toBe('mine\n');
    expect(existsSync(outside)).toBe(false);
  });
});
