// For tests: a workspace in a temporary folder with a job in it, and the context in which a step of that job runs.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { JobFacts, JobSettings, JobUpdate, Plan } from '@genrtl/contracts';
import { startFlow } from '@genrtl/core/job/index.ts';
import type { BackendClient } from '../cloud/backend-client.ts';
import { workspacePaths, type WorkspacePaths } from '../workspace/paths.ts';
import type { Approval, StepContext } from './step.ts';

export const JOB_ID = 'job_1';

export const COUNTER_SPEC =
  '# Counter\n\n## Ports\n| Port | Direction | Width |\n|---|---|---|\n| clk | input | 1 |\n| q | output | 8 |\n';

export const COUNTER_PLAN: Plan = {
  title: 'Counter',
  summary: '',
  modules: [],
  cbb_requirements: [],
  verification: { checks: [{ id: 'c1', text: 'q counts' }] },
  files: [{ path: 'src/counter.sv', purpose: '' }],
  assumptions: [],
  questions: [],
  top: {
    name: 'counter',
    purpose: '',
    parameters: [],
    clocks: ['clk'],
    resets: [],
    instances: [],
    ports: [
      { name: 'clk', direction: 'input', width: '1', description: '' },
      { name: 'q', direction: 'output', width: '8', description: '' },
    ],
  },
};

export const JOB_SETTINGS: JobSettings = {
  spec_path: '/spec.md',
  model: null,
  max_usd: '20.00',
  max_repairs: 3,
  lint_tool: 'verilator',
  sim_tool: 'icarus',
  accept_dir: null,
  gates: { plan: 'ask', purchase: 'auto', patch: 'auto' },
};

export interface StepSite {
  readonly root: string;
  readonly paths: WorkspacePaths;
  /** what the steps that ran told, in order */
  readonly updates: JobUpdate[];
  /** A file of the workspace. */
  write(file: string, text: string): void;
  read(file: string): string;
  /** What an earlier step left in its run folder. */
  leave(stepId: string, name: string, content: string): void;
  context(of: {
    readonly stepId: string;
    readonly facts?: JobFacts;
    readonly settings?: Partial<JobSettings>;
    readonly approval?: Approval;
    /** the calls that the step may make; any other one fails the test */
    readonly backend?: Partial<BackendClient>;
  }): StepContext;
  remove(): void;
}

export function stepSite(): StepSite {
  const root = mkdtempSync(path.join(os.tmpdir(), 'genrtl-step-'));
  const paths = workspacePaths(root);
  const updates: JobUpdate[] = [];
  const put = (file: string, text: string): void => {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  };
  const notAsked = async (): Promise<never> => {
    throw new Error('not asked');
  };
  return {
    root,
    paths,
    updates,
    write: (file, text) => put(path.join(root, file), text),
    read: (file) => readFileSync(path.join(root, file), 'utf8'),
    leave: (stepId, name, content) => put(path.join(paths.run(JOB_ID, stepId), name), content),
    context: ({ stepId, facts = {}, settings = {}, approval = 'none', backend }) => {
      const runDir = paths.run(JOB_ID, stepId);
      mkdirSync(runDir, { recursive: true });
      return {
        paths,
        workspaceId: 'ws_1',
        jobId: JOB_ID,
        stepId,
        runDir,
        settings: { ...JOB_SETTINGS, ...settings },
        facts: facts as StepContext['facts'],
        flow: startFlow(3).context,
        approval,
        confinement: { mode: 'required' },
        env: {},
        signal: new AbortController().signal,
        emit: (update) => updates.push(update),
        backend: backend === undefined ? notAsked : async () => backend as BackendClient,
        requests: { prepare: notAsked },
      };
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}
