// design: the whole server-side flow in one job: plan, priced quotes, patch. Buys nothing.
import { GenrtlError } from '@genrtl/contracts';
import type { CbbManifest, JobOutputOf, JobRequestOf, Plan, Quote, Resolution } from '@genrtl/contracts';
import type { JobCtx } from '../context.ts';
import { ASKS_A_MODEL, jobFlow, steps, type Step } from '../flow.ts';
import { askForCode } from '../implement/implement.ts';
import { askForPlan } from '../plan/plan.ts';

interface Planned {
  readonly spec: string;
  readonly specName: string;
  readonly plan: Plan;
}
interface Quoted extends Planned {
  readonly quotes: { requirement_id: string; quote: Quote }[];
}

const planStep: Step<JobCtx<'design'>, JobRequestOf<'design'>, Planned> = {
  name: 'plan',
  ...ASKS_A_MODEL,
  async run({ spec: sha256, spec_name: specName }, context) {
    const spec = await context.readText(sha256);
    return { spec, specName, plan: await askForPlan(context, { spec, specName, feedback: [] }) };
  },
};

const resolveStep: Step<JobCtx<'design'>, Planned, Quoted> = {
  name: 'resolve',
  // The registry has other versions and prices tomorrow.
  type: 'tool',
  deterministic: false,
  retryable: true,
  resumable: false,
  run: async (planned, context) => ({ ...planned, quotes: await quotesFor(context, planned.plan) }),
};

const implementStep: Step<JobCtx<'design'>, Quoted, JobOutputOf<'design'>> = {
  name: 'implement',
  ...ASKS_A_MODEL,
  async run({ spec, specName, plan, quotes }, context) {
    const catalog = await context.catalog();
    const packages = quotes.map(({ quote }) =>
      catalog.find((manifest) => manifest.cbb_id === quote.cbb_id && manifest.version === quote.version),
    );
    const patch = await askForCode(context, {
      spec,
      specName,
      plan,
      packages: unique(packages.filter((manifest) => manifest !== undefined)),
      files: [],
      feedback: [],
    });
    return { kind: 'design', plan, quotes, patch };
  },
};

/** Throws CBB_NOT_FOUND and CBB_AMBIGUOUS besides what plan and implement throw. */
export const design = jobFlow({
  kind: 'design',
  version: 1,
  services: ['plan', 'implement'],
  steps: steps(planStep, resolveStep, implementStep),
});

async function quotesFor(context: JobCtx, made: Plan): Promise<{ requirement_id: string; quote: Quote }[]> {
  if (made.cbb_requirements.length === 0) return [];
  const resolutions = await context.resolve(made.cbb_requirements);
  return resolutions.map((resolution) => ({
    requirement_id: resolution.requirement_id,
    quote: quoteOf(made, resolution),
  }));
}

function quoteOf(made: Plan, resolution: Resolution): Quote {
  if (resolution.quote !== null) return resolution.quote;
  const wanted =
    made.cbb_requirements.find((requirement) => requirement.id === resolution.requirement_id)?.function ??
    resolution.requirement_id;
  const candidates = resolution.candidates.map((candidate) => candidate.cbb_id);
  throw candidates.length > 0
    ? new GenrtlError('CBB_AMBIGUOUS', `Several packages fit “${wanted}”: ${candidates.join(', ')}.`, {
        details: { requirement_id: resolution.requirement_id, candidates },
      })
    : new GenrtlError('CBB_NOT_FOUND', `No package fits “${wanted}”.`, {
        details: { requirement_id: resolution.requirement_id },
      });
}

function unique(manifests: readonly CbbManifest[]): CbbManifest[] {
  return [...new Set(manifests)];
}
