// Small services for tests of the page alone: a job that runs through its steps on command, without backend and tools.
import { Account } from '../../../main/account/account.ts';
import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { GenrtlError } from '@genrtl/contracts';
import { BackendClient } from '../../../main/cloud/backend-client.ts';
import type { BillingView } from '@genrtl/contracts/http/billing.ts';
import type {
  CbbListing,
  Diagnostic,
  FileOwner,
  JobNote,
  JobResult,
  JobSettings,
  JobState,
  JobSummary,
  JobUpdate,
  ModelView,
  OutgoingView,
  Plan,
  Quote,
  StepRecord,
  ToolInfo,
  UsageRow,
} from '@genrtl/contracts';
import type { FileChange } from '@genrtl/contracts/workspace.ts';
import type { JobListener, JobService } from '../../../main/job/service.ts';
import { applyToWorkspace } from '../../../main/patch/index.ts';
import { PushHub } from '../../../main/ipc/push-hub.ts';
import type { IpcServices } from '../../../main/ipc/services.ts';
import { openSecrets } from '../../../main/secrets/secret-store.ts';
import { openSettings } from '../../../main/settings/settings-store.ts';
import { checkSpec } from '../../../main/workspace/check-spec.ts';
import { importSpec } from '../../../main/workspace/spec-import.ts';

export const PLAN: Plan = {
  title: 'UART bridge with a byte FIFO',
  summary:
    'Bytes from a valid/ready stream are buffered and sent over a UART; `level` and an overrun flag are visible.',
  top: {
    name: 'uart_bridge',
    purpose: 'Buffers bytes and sends them over the UART at a programmable rate.',
    ports: [
      { name: 'clk', direction: 'input', width: '1', description: 'System clock' },
      { name: 'rst_n', direction: 'input', width: '1', description: 'Asynchronous reset, active low' },
      { name: 'in_valid', direction: 'input', width: '1', description: 'A byte is offered' },
      { name: 'in_data', direction: 'input', width: '8', description: 'The byte' },
      { name: 'in_ready', direction: 'output', width: '1', description: 'The byte is taken' },
      { name: 'baud_div', direction: 'input', width: 'DIV_WIDTH', description: 'Clocks per 1/16 bit' },
      { name: 'txd', direction: 'output', width: '1', description: 'Serial data' },
      { name: 'level', direction: 'output', width: '$clog2(DEPTH+1)', description: 'Bytes in the FIFO' },
      { name: 'overrun', direction: 'output', width: '1', description: 'A byte was offered while full' },
    ],
    parameters: [
      { name: 'DEPTH', default: '16', description: 'FIFO depth' },
      { name: 'DIV_WIDTH', default: '16', description: 'Width of the divider' },
    ],
    clocks: ['clk'],
    resets: [{ name: 'rst_n', active: 'low', async: true }],
    instances: [
      { name: 'u_fifo', of: 'cbb_fifo_sync', cbb: 'cbb_fifo_sync' },
      { name: 'u_tx', of: 'cbb_uart_tx', cbb: 'cbb_uart_tx' },
    ],
    connections: [
      { from: { port: 'clk' }, to: { instance: 'u_fifo', port: 'clk' }, width: '1' },
      { from: { port: 'in_valid' }, to: { instance: 'u_fifo', port: 'wr_en' }, width: '1' },
      { from: { port: 'in_data' }, to: { instance: 'u_fifo', port: 'wr_data' }, width: '8' },
      { from: { instance: 'u_fifo', port: 'rd_data' }, to: { instance: 'u_tx', port: 's_axis_tdata' }, width: '8' },
      {
        from: { instance: 'u_fifo', port: 'empty' },
        to: { instance: 'u_tx', port: 's_axis_tvalid' },
        width: '1',
        through: 'logic',
      },
      { from: { instance: 'u_fifo', port: 'full' }, to: { port: 'overrun' }, width: '1', through: 'registers' },
      { from: { instance: 'u_fifo', port: 'level' }, to: { port: 'level' }, width: '$clog2(DEPTH+1)' },
      { from: { instance: 'u_tx', port: 'txd' }, to: { port: 'txd' }, width: '1' },
    ],
  },
  modules: [],
  cbb_requirements: [
    { id: 'u_fifo', function: 'synchronous FIFO', parameters: { WIDTH: 8, DEPTH: 'DEPTH' }, needs_tb: false },
    { id: 'u_tx', function: 'UART transmitter', parameters: { DIV_WIDTH: 'DIV_WIDTH' }, needs_tb: false },
  ],
  verification: {
    checks: [
      { id: 'C1', text: 'After reset txd is high and the level is 0', spec_line: 8 },
      { id: 'C2', text: 'A byte written while empty appears on txd, start bit first', spec_line: 10 },
    ],
  },
  files: [
    { path: 'src/uart_bridge.sv', purpose: 'Top module: glue between stream, FIFO and transmitter' },
    { path: 'tb/tb_uart_bridge.sv', purpose: 'Self-checking testbench' },
  ],
  assumptions: ['8 data bits, no parity, one stop bit'],
  questions: [],
};

const COMPATIBILITY = { tools: ['icarus 11', 'verilator 5.006'], notes: '' };
const ENTRY = { top: 'x', tb: 'tb', filelist: 'f' };
const HASH = 'a'.repeat(64);
export const QUOTES: Quote[] = [
  {
    cbb_id: 'cbb_fifo_sync',
    version: '1.0.0',
    price_usd: '0.25',
    sha256: HASH,
    owned: false,
    compatibility: COMPATIBILITY,
    entrypoints: ENTRY,
  },
  {
    cbb_id: 'cbb_uart_tx',
    version: '1.0.0',
    price_usd: '0.40',
    sha256: HASH,
    owned: true,
    compatibility: COMPATIBILITY,
    entrypoints: ENTRY,
  },
];

export const RTL =
  'module uart_bridge (\n  input  logic clk,\n  input  logic rst_n,\n  output logic txd\n);\n  logic [7:0] shift;\n  assign txd = shift[0];\nendmodule\n';

/** A structured specification without faults. */
const SAMPLE_SPEC = `# UART bridge

Bytes from a stream are sent over a UART.

## Top
module: uart_bridge

## Ports
| Port | Direction | Width |
|---|---|---|
| clk | input | 1 |
| rst_n | input | 1 |
| txd | output | 1 |

## Registers
| Signal | Width | Reset | Next |
|---|---|---|---|
| txd | 1 | 1 | ~txd |

## Checks
| Cycle | Drive | Expect |
|---|---|---|
| 2 | rst_n=1 | txd=1 |
| 3 | | txd=0 |
`;

/** What the registry lists of a package. */
export const listingOf = (cbbId: string, title: string, price: string, tags: readonly string[]): CbbListing => ({
  manifest: {
    schema_version: 1,
    cbb_id: cbbId,
    version: '1.0.0',
    title,
    function: title.toLowerCase(),
    description: `${title}.`,
    tags: [...tags],
    protocols: [],
    license: 'Apache-2.0',
    price_usd: price,
    toplevel: cbbId,
    parameters: [],
    ports: [],
    clock_domains: [],
    resets: [],
    filesets: { rtl: [], tb: [] },
    include_dirs: [],
    entrypoints: ENTRY,
    dependencies: [],
    compatibility: COMPATIBILITY,
    verification: { tools: [], tests: 3, mutants: { killed: 9, total: 10 }, coverage: '' },
  },
  sha256: HASH,
  size_bytes: 4096,
  published_at: '2026-01-01T00:00:00Z',
});

const now = (): string => new Date().toISOString();

/** A job whose steps a test releases one by one. */
export class ScriptedJobs implements JobService {
  current: JobState | null = null;
  #listener: JobListener = () => undefined;
  #workspace = '';
  #finish: (result: JobResult) => void = () => undefined;
  readonly approvals: string[] = [];
  /** what the next start says instead of starting */
  refusal: GenrtlError | null = null;

  async start(
    workspace: string,
    settings: JobSettings,
    onUpdate: JobListener,
  ): Promise<{ jobId: string; finished: Promise<JobResult> }> {
    if (this.refusal !== null) throw this.refusal;
    if (this.current?.status === 'running')
      throw new GenrtlError('WORKSPACE_BUSY', 'A job of this workspace is running.');
    this.#listener = onUpdate;
    this.#workspace = workspace;
    this.current = {
      schema_version: 1,
      workspace_id: 'ws_1',
      job_id: 'job_1',
      status: 'running',
      settings,
      flow: null,
      steps: [],
      facts: {},
      attempts: {},
      error: null,
      cost_usd: '0.00',
      created_at: now(),
      updated_at: now(),
    };
    this.emit({ type: 'state', state: this.current });
    return {
      jobId: 'job_1',
      finished: new Promise((resolve) => {
        this.#finish = resolve;
      }),
    };
  }

  async resume(
    _workspace: string,
    options: { approve: string; maxUsd: string | null },
    onUpdate: JobListener,
  ): Promise<{ jobId: string; finished: Promise<JobResult> }> {
    if (this.current === null) throw new GenrtlError('NO_JOB', 'No job.');
    this.#listener = onUpdate;
    this.approvals.push(options.approve);
    const settings =
      options.maxUsd === null ? this.current.settings : { ...this.current.settings, max_usd: options.maxUsd };
    this.set({ status: 'running', error: null, settings });
    const waiting = this.current.steps.at(-1);
    if (waiting?.status === 'waiting') this.step({ ...waiting, status: 'ok', duration_ms: 900 });
    return {
      jobId: 'job_1',
      finished: new Promise((resolve) => {
        this.#finish = resolve;
      }),
    };
  }

  /** the plan of the account that the backend knows; null: this machine */
  billing: BillingView | null = null;
  consents = 0;

  readonly retried: string[] = [];
  readonly fixed: Diagnostic[] = [];
  readonly noted: JobNote[] = [];
  edited: Plan | null = null;

  async retry(
    workspace: string,
    from: { stepId: string; note: string | null },
    onUpdate: JobListener,
  ): Promise<{ jobId: string; finished: Promise<JobResult> }> {
    this.retried.push(from.stepId);
    if (from.note !== null) await this.addNote(workspace, from.note);
    return this.resume(workspace, { approve: 'none', maxUsd: null }, onUpdate);
  }

  async fix(
    workspace: string,
    finding: Diagnostic,
    onUpdate: JobListener,
  ): Promise<{ jobId: string; finished: Promise<JobResult> }> {
    this.fixed.push(finding);
    return this.resume(workspace, { approve: 'none', maxUsd: null }, onUpdate);
  }

  readonly declined: { cbbId: string; instead: string | null }[] = [];
  async decline(
    workspace: string,
    choice: { cbbId: string; instead: string | null },
    onUpdate: JobListener,
  ): Promise<{ jobId: string; finished: Promise<JobResult> }> {
    this.declined.push(choice);
    return this.resume(workspace, { approve: 'none', maxUsd: null }, onUpdate);
  }

  async editPlan(_workspace: string, plan: Plan): Promise<{ plan: Plan; contradictions: string[] }> {
    this.edited = plan;
    return { plan, contradictions: [] };
  }

  async notes(): Promise<JobNote[]> {
    return this.noted;
  }
  async addNote(_workspace: string, text: string): Promise<JobNote[]> {
    this.noted.push({ at: now(), text });
    return this.noted;
  }

  async cancel(): Promise<void> {
    this.end('cancelled');
  }
  async state(): Promise<JobState | null> {
    return this.current;
  }
  owned: FileOwner[] = [];
  async owners(_workspace: string, files: readonly string[]): Promise<FileOwner[]> {
    return files.map(
      (file) => this.owned.find((one) => one.path === file) ?? { path: file, owner: 'nobody', tracked: false },
    );
  }
  /** what the registry offers */
  listings: CbbListing[] = [];
  earlier: JobSummary[] = [];
  async history(): Promise<JobSummary[]> {
    const { current } = this;
    if (current === null) return this.earlier;
    const { job_id, status, cost_usd, created_at, updated_at } = current;
    const files = ['src/uart_bridge.sv', 'tb/tb_uart_bridge.sv'];
    const summary = { job_id, status, cost_usd, created_at, updated_at, files, title: PLAN.title };
    return [{ ...summary, strength: null, covered_by: null }, ...this.earlier];
  }
  async past(
    _workspace: string,
    jobId: string,
  ): Promise<{ state: JobState; plan: Plan | null; changes: FileChange[] }> {
    const found = this.earlier.find((job) => job.job_id === jobId);
    if (this.current?.job_id === jobId) return { state: this.current, plan: PLAN, changes: await this.changes() };
    if (this.current === null || found === undefined) throw new GenrtlError('NOT_FOUND', 'No such job.');
    const { status, cost_usd, created_at, updated_at } = found;
    const state = { ...this.current, job_id: jobId, status, cost_usd, created_at, updated_at };
    const changes = found.files.map((file) => ({
      path: file,
      before: null,
      after: `// of ${jobId}\nmodule m;\nendmodule\n`,
    }));
    return { state, plan: PLAN, changes };
  }
  async undo(): Promise<string[]> {
    this.set({ status: 'undone' });
    return ['src/uart_bridge.sv', 'tb/tb_uart_bridge.sv'];
  }
  outgoing(): Promise<OutgoingView> {
    const spec = { kind: 'spec' as const, path: 'uart_bridge.md', bytes: 812, redacted: 0 };
    return Promise.resolve({ to: 'nowhere', name: 'builtin/composer', first: this.current === null, files: [spec] });
  }

  async plan(): Promise<{ plan: Plan | null; quotes: Quote[] }> {
    const reached = (name: string): boolean => this.current?.steps.some((step) => step.step === name) ?? false;
    return { plan: reached('plan') ? (this.edited ?? PLAN) : null, quotes: reached('cbb_resolve') ? QUOTES : [] };
  }
  async changes(): Promise<FileChange[]> {
    return this.current?.steps.some((step) => step.step === 'apply') === true
      ? [
          { path: 'src/uart_bridge.sv', before: null, after: RTL },
          {
            path: 'tb/tb_uart_bridge.sv',
            before: 'module tb;\nendmodule\n',
            after: 'module tb;\n  initial $finish;\nendmodule\n',
          },
        ]
      : [];
  }

  emit(update: JobUpdate): void {
    this.#listener(update);
  }

  set(change: Partial<JobState>): void {
    if (this.current === null) return;
    this.current = { ...this.current, ...change, updated_at: now() };
    this.emit({ type: 'state', state: this.current });
  }

  step(step: Omit<StepRecord, 'started_at'> & { started_at?: string }): void {
    if (this.current === null) return;
    const record: StepRecord = { started_at: now(), ...step };
    const at = this.current.steps.findIndex((other) => other.step_id === record.step_id);
    this.current = {
      ...this.current,
      steps: at < 0 ? [...this.current.steps, record] : this.current.steps.with(at, record),
    };
    this.emit({ type: 'step', step: record });
  }

  end(status: JobState['status']): void {
    this.set({ status });
    this.#finish({
      event: 'result',
      status,
      job_id: 'job_1',
      steps: this.current?.steps ?? [],
      diagnostics: [],
      tests: null,
      strength: null,
      spec_notes: [],
      untried: [],
      waivers: [],
      bench_changes: [],
      interface: null,
      reference: null,
      cost_usd: this.current?.cost_usd ?? '0.00',
      files: [],
      confined: null,
    });
  }

  /** The job as it is, on disk. */
  async writeState(): Promise<void> {
    await mkdir(path.join(this.#workspace, '.genRTL'), { recursive: true });
    await writeFile(path.join(this.#workspace, '.genRTL/state.json'), JSON.stringify(this.current));
  }

  /** Writes state and files as the job's apply step would, so that the review finds them on disk. */
  async applyDiff(diff: string): Promise<void> {
    await this.writeState();
    const outcome = await applyToWorkspace({ workspace: this.#workspace, diff, undoJob: 'job_1' });
    if (!outcome.ok) throw new Error(outcome.refusals[0]?.message);
  }

  /** Writes what a tool run leaves behind. */
  async writeRun(stepId: string, files: Readonly<Record<string, string>>): Promise<void> {
    const folder = path.join(this.#workspace, '.genRTL', 'runs', 'job_1', stepId);
    await mkdir(folder, { recursive: true });
    for (const [name, text] of Object.entries(files)) await writeFile(path.join(folder, name), text);
  }
}

const model = (
  id: string,
  provider: ModelView['provider'],
  input: string | null,
  output: string | null,
): ModelView => ({
  id,
  provider,
  priced: input !== null,
  input_usd_per_mtok: input,
  output_usd_per_mtok: output,
  default_for: provider === 'openai' ? ['plan', 'implement', 'repair'] : [],
});
const tool = (id: ToolInfo['id'], title: string, version: string | null, actions: ToolInfo['actions']): ToolInfo => ({
  id,
  title,
  found: version !== null,
  version,
  edition: null,
  path: version === null ? null : `/usr/bin/${id}`,
  actions,
  tested_against_real_tool: id !== 'vcs',
});

const usageRow = (change: Partial<UsageRow>): UsageRow => ({
  time: now(),
  job_id: 'job_1',
  step_id: 'plan_1',
  kind: 'model',
  item: 'openai/gpt-5.1',
  version: '2026-01',
  amount_usd: '0.0312',
  bucket: 'included',
  receipt_id: null,
  input_tokens: 12_400,
  output_tokens: 1800,
  cached_tokens: 4000,
  estimated: false,
  ...change,
});

export interface FakeOptions {
  readonly home: string;
  readonly jobs: JobService;
}

/** A server of the AI module's routes that a test has started; without one nothing answers. */
export const aiBackend: { url: string | null } = { url: null };

async function aiClient(): Promise<BackendClient> {
  if (aiBackend.url === null) throw new GenrtlError('BACKEND_UNAVAILABLE', 'There is no backend here.');
  return new BackendClient({ url: aiBackend.url, token: 'token-of-a-test' });
}

export function fakeServices({ home, jobs }: FakeOptions): IpcServices {
  return {
    facts: { version: '0.1.0', shell: 'web', home, locale: 'en_US.UTF-8' },
    env: { PATH: process.env['PATH'], SHELL: '/bin/sh', HOME: home, GENRTL_HOME: home },
    settings: openSettings(home, 'en_US.UTF-8'),
    jobs,
    pushes: new PushHub(),
    secrets: openSecrets(home, {}, null),
    samples: {
      list: async () => [
        {
          name: 'uart_bridge',
          title: 'UART bridge',
          description: 'A byte FIFO in front of a UART transmitter, two packages',
        },
        { name: 'blinker', title: 'Blinker', description: 'A counter and an output, no package' },
      ],
      open: async (name) => {
        if (!/^[a-z_]+$/.test(name)) throw new GenrtlError('NOT_FOUND', 'There is no such sample.');
        const workspace = path.join(home, 'samples', name);
        await mkdir(path.join(workspace, 'src'), { recursive: true });
        await mkdir(path.join(workspace, '.genRTL/vendor/cbb/cbb_fifo_sync/1.0.0/rtl'), { recursive: true });
        await writeFile(
          path.join(workspace, '.genRTL/vendor/cbb/cbb_fifo_sync/1.0.0/rtl/fifo.sv'),
          'module cbb_fifo_sync;\nendmodule\n',
        );
        await writeFile(path.join(workspace, 'src/uart_bridge.sv'), RTL);
        const spec = path.join(workspace, 'spec.md');
        await writeFile(spec, SAMPLE_SPEC);
        return { workspace, spec };
      },
    },
    account: new Account({ env: {}, onChange: () => undefined, renew: () => undefined }),
    backend: {
      models: async () => [
        model('builtin/composer', 'builtin', '0', '0'),
        model('openai/gpt-5.1', 'openai', '1.25', '10'),
        model('compatible/qwen3-coder', 'compatible', null, null),
      ],
      aiConfig: async () => (await aiClient()).aiConfig(),
      client: aiClient,
      probe: async (server) => ({ server, host: 'models.example', models: ['qwen3-coder', 'llama-4'], took_ms: 12 }),
      usage: async () => ({
        included: { used_usd: '0.7124', limit_usd: null, renews_at: null },
        on_demand: { used_usd: '0.00', limit_usd: null },
        local: true,
        next_cursor: null,
        rows: [
          usageRow({}),
          usageRow({ step_id: 'implement_1', item: 'anthropic/claude-sonnet', amount_usd: '0.0312', estimated: true }),
          usageRow({
            step_id: 'cbb_checkout_1',
            kind: 'cbb',
            item: 'cbb_fifo_sync',
            version: '1.0.0',
            amount_usd: '0.25',
            receipt_id: 'rcpt_1',
            input_tokens: null,
            output_tokens: null,
            cached_tokens: null,
          }),
        ],
      }),
      billing: async () => (jobs instanceof ScriptedJobs ? jobs.billing : null),
      consentToOnDemand: async () => {
        if (jobs instanceof ScriptedJobs) jobs.consents += 1;
        return { consented_until: '2026-12-31T00:00:00.000Z' };
      },
      budget: async () => ({ job_id: 'job_1', cap_usd: '20.00', spent_usd: '0.71', held_usd: '0.10' }),
      searchCbb: async () => (jobs instanceof ScriptedJobs ? jobs.listings : []),
      registry: async () => {
        throw new GenrtlError('BACKEND_UNAVAILABLE', 'No registry here.');
      },
    },
    tools: async () => [
      tool('verilator', 'Verilator', '5.006', ['lint', 'simulate']),
      tool('icarus', 'Icarus Verilog', '11.0', ['lint', 'simulate']),
      tool('yosys', 'Yosys', '0.23', ['synthesise']),
      tool('vcs', 'VCS', null, ['lint', 'simulate']),
    ],
    // two testbenches and a person who has to say which
    runTool: async ({ top }) => {
      if (top === null)
        throw new GenrtlError('USAGE', 'Several modules are uninstantiated: tb_a, tb_b.', {
          hint: 'Name one with --top.',
          details: { tops: ['tb_a', 'tb_b'] },
        });
      throw new GenrtlError('TOOL_MISSING', `No tools here for ${top}.`);
    },
    importSpec: async (name, bytes) => {
      const { markdown, notes, source } = await importSpec(name, bytes);
      return { markdown, notes: [...notes], source, ...(await checkSpec(name, markdown, () => Promise.resolve([]))) };
    },
    checkSpec: (name, markdown) => checkSpec(name, markdown, () => Promise.resolve([])),
  };
}

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
