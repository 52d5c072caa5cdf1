// The prompts that plan, implement and repair of one job send on a specification of 20 kB, and what they share from the
// start, as a provider's cache sees it.
import { randomUUID } from 'node:crypto';
import type { EvidenceBundle, JobRequest, Plan } from '@genrtl/contracts';
import { runJob } from '../../../backend/flows/run-steps.ts';
import { FLOWS } from '../../../backend/flows/index.ts';
import type { ModelPrompt, ModelRouter } from '../../../backend/models/model.ts';
import { countTextTokens } from '../../../backend/models/tokens.ts';
import { BlobStore, memoryContext } from './phase-context.ts';

const SPEC = `# Timer\n\n${Array.from({ length: 220 }, (_, n) => `Requirement ${n}: register R${n} at offset ${n * 4} counts event ${(n * 7) % 31} when enabled, else holds.`).join('\n')}\n`;
const PLAN: Plan = {
  title: 'Timer',
  summary: 'Counts.',
  top: {
    name: 'timer',
    purpose: 'counts',
    ports: [{ name: 'clk', direction: 'input', width: '1', description: '' }],
    parameters: [],
    clocks: ['clk'],
    resets: [],
    instances: [],
  },
  modules: [],
  cbb_requirements: [],
  verification: { checks: [{ id: 'C1', text: 'counts' }] },
  files: [{ path: 'src/timer.sv', purpose: '' }],
  assumptions: [],
  questions: [],
};
const EVIDENCE: EvidenceBundle = {
  job_id: 'job',
  step_id: 'lint_1',
  tool: 'verilator',
  tool_version: '5.006',
  cmd: ['verilator'],
  exit_code: 1,
  diagnostics: [{ tool: 'verilator', severity: 'error', message: 'no', file: 'src/timer.sv', line: 1 }],
  snippets: [],
  notes: { cbb_installed: [], policy: 'DO_NOT_EDIT_VENDOR_CBB' },
};

export interface SharedPrefix {
  /** tokens of each prompt: plan, implement, repair */
  readonly tokens: readonly number[];
  /** tokens from the start that are the same, and their share of the smaller prompt */
  readonly pairs: readonly { readonly pair: string; readonly tokens: number; readonly share: number }[];
}

export async function sharedPrefix(): Promise<SharedPrefix> {
  const texts = new Map<string, string>();
  for (const name of ['plan', 'implement', 'repair'] as const) texts.set(name, await promptOf(name));
  const names = [...texts.keys()];
  const count = (text: string): number => countTextTokens(text);
  const pairs = names.flatMap((a, at) =>
    names.slice(at + 1).map((b) => {
      const [one, other] = [texts.get(a) ?? '', texts.get(b) ?? ''];
      let same = 0;
      while (same < one.length && one[same] === other[same]) same += 1;
      const tokens = count(one.slice(0, same));
      return { pair: `${a}, ${b}`, tokens, share: tokens / Math.min(count(one), count(other)) };
    }),
  );
  return { tokens: [...texts.values()].map(count), pairs };
}

/** System and message that the flow sends; the call itself goes nowhere. */
async function promptOf(kind: 'plan' | 'implement' | 'repair'): Promise<string> {
  let sent: ModelPrompt | null = null;
  const blobs = new BlobStore();
  const model = { id: 'none/none', provider: 'compatible' as const, rateCard: '' };
  const router = {
    choose: () => [model],
    window: () => ({ context: 200_000, maxOutput: 32_000 }),
    call: (_model: unknown, prompt: ModelPrompt) => {
      sent = prompt;
      return Promise.reject(new Error('sent'));
    },
  } as unknown as ModelRouter;
  const common = {
    job_id: `job_${randomUUID()}`,
    step_id: `${kind}_1`,
    attempt: 1,
    workspace_id: 'w',
    model: null,
    cap_usd: '1',
    spec: blobs.put(SPEC),
    spec_name: 'spec.md',
    agents: blobs.put('Signals are lower case. One clock edge.\n'),
    feedback: [],
  };
  const code = {
    plan: blobs.put(JSON.stringify(PLAN)),
    cbbs: [],
    files: [{ path: 'src/timer.sv', sha256: blobs.put('module timer(input logic clk);\nendmodule\n') }],
  };
  const request = (
    kind === 'plan'
      ? { kind, ...common }
      : kind === 'implement'
        ? { kind, ...common, ...code, files: [] }
        : { kind, ...common, ...code, evidence: blobs.put(JSON.stringify(EVIDENCE)) }
  ) as JobRequest;
  await runJob(FLOWS, memoryContext({ router, request, blobs })).catch(() => undefined);
  const prompt = sent as ModelPrompt | null;
  if (prompt === null) throw new Error(`${kind} sent nothing`);
  return `${prompt.system}\n${prompt.messages.map(({ content }) => content).join('\n')}`;
}
