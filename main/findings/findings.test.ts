// Every producer's findings reach every reader, the newest run of each source only.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Diagnostic, JobState, StepRecord } from '@genrtl/contracts';
import { Findings } from './findings.ts';
import { JobFindings } from './job-findings.ts';

const found = (message: string, severity: Diagnostic['severity'] = 'error'): Diagnostic => ({
  tool: 'verilator',
  severity,
  message,
});
const EARLY = '2026-01-01T00:00:00.000Z';
const LATE = '2026-01-01T00:01:00.000Z';

test('a newer run replaces an older one, whichever answers first', () => {
  const findings = new Findings(() => undefined);
  findings.report('/w', { source: 'lint', tool: 'verilator', at: LATE, findings: [found('late')] });
  findings.report('/w', { source: 'lint', tool: 'icarus', at: EARLY, findings: [found('early')] });
  expect(findings.read('/w', 'lint')).toEqual([found('late')]);
  findings.report('/w', { source: 'lint', tool: 'verilator', at: LATE, findings: [] });
  expect(findings.sources('/w')).toMatchObject([{ id: 'lint', counts: { error: 0, warning: 0, info: 0 } }]);
});

test('a check without findings is a source, a workspace without a check has none', () => {
  const told: unknown[] = [];
  const findings = new Findings((workspace, source) => told.push([workspace, source.id]));
  expect(findings.sources('/w')).toEqual([]);
  findings.report('/w', { source: 'check:smoke', tool: null, at: EARLY, findings: [] });
  expect(findings.sources('/w')).toHaveLength(1);
  expect(findings.sources('/other')).toEqual([]);
  expect(told).toEqual([['/w', 'check:smoke']]);
});

test('repetitions are counted once, and what exceeds the limit is said', () => {
  const findings = new Findings(() => undefined);
  const many = Array.from({ length: 20_010 }, (_, at) => found(`finding ${at}`, 'warning'));
  findings.report('/w', { source: 'lint', tool: 'verilator', at: EARLY, findings: [...many, ...many] });
  expect(findings.sources('/w')).toMatchObject([{ counts: { warning: 20_010 }, cut: 10 }]);
  expect(findings.read('/w', 'lint')).toHaveLength(20_000);
});

describe('of a job', () => {
  let workspace: string;
  beforeEach(async () => void (workspace = await mkdtemp(path.join(tmpdir(), 'genrtl-findings-'))));
  afterEach(() => rm(workspace, { recursive: true }));

  const step = (id: string, name: StepRecord['step'], startedAt: string): StepRecord => ({
    step_id: id,
    step: name,
    status: 'failed',
    outcome: 'FAIL',
    summary: '',
    started_at: startedAt,
    duration_ms: 1000,
    cost_usd: '0',
  });
  const state = (jobId: string, steps: StepRecord[], concluded: Diagnostic[] = []): JobState =>
    ({ job_id: jobId, steps, facts: { diagnostics: concluded }, error: null, updated_at: LATE }) as unknown as JobState;
  async function recorded(jobId: string, stepId: string, diagnostics: Diagnostic[]): Promise<void> {
    const folder = path.join(workspace, '.genRTL/runs', jobId, stepId);
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, 'diagnostics.json'), JSON.stringify(diagnostics));
  }

  test('the newest run of each tool step and what the last judging step concluded', async () => {
    const findings = new Findings(() => undefined);
    await recorded('job_1', 'lint_1', [found('old')]);
    await recorded('job_1', 'lint_2', [found('unused', 'warning')]);
    const steps = [step('lint_1', 'lint', EARLY), step('lint_2', 'lint', EARLY), step('strength_1', 'strength', LATE)];
    await new JobFindings(findings, async () => null).follow(
      workspace,
      state('job_1', steps, [found('output q is not looked at')]),
    );
    expect(findings.read(workspace, 'lint').map(({ message }) => message)).toEqual(['unused']);
    expect(findings.read(workspace, 'strength').map(({ message }) => message)).toEqual(['output q is not looked at']);
  });

  test('a lint by hand after the job replaces what its lint found, also when the job is read again', async () => {
    const findings = new Findings(() => undefined);
    await recorded('job_1', 'lint_1', [found('width')]);
    const given = state('job_1', [step('lint_1', 'lint', EARLY)], [found('width')]);
    await new JobFindings(findings, async () => null).follow(workspace, given);
    expect(findings.read(workspace, 'lint')).toHaveLength(1);
    findings.report(workspace, { source: 'lint', tool: 'verilator', at: LATE, findings: [] });
    await new JobFindings(findings, async () => null).follow(workspace, given);
    expect(findings.read(workspace, 'lint')).toEqual([]);
  });

  test('findings stream in while a step runs, and go with their job', async () => {
    const findings = new Findings(() => undefined);
    const job = new JobFindings(findings, async () => null);
    await job.follow(workspace, state('job_1', []));
    job.accept(workspace, { type: 'diagnostics', step_id: 'sim_1', diagnostics: [found('mismatch')] });
    expect(findings.sources(workspace)).toMatchObject([{ id: 'sim', running: true, counts: { error: 1 } }]);
    await job.follow(workspace, state('job_2', []));
    expect(findings.sources(workspace)).toEqual([]);
  });
});
