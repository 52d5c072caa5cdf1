// design: the whole server-side flow in one job: plan, priced quotes, patch. Buys nothing.
import { GenrtlError } from '@genrtl/contracts';
import type { CbbManifest, Plan, Quote, Resolution } from '@genrtl/contracts';
import type { PhaseContext } from '../context.ts';
import { defineFlow } from '../define-flow.ts';
import { askForCode } from '../implement/implement.ts';
import { askForPlan } from '../plan/plan.ts';

/** Throws CBB_NOT_FOUND and CBB_AMBIGUOUS besides what plan and implement throw. */
export const design = defineFlow({
  kind: 'design',
  services: ['plan', 'implement'],
  async run(context) {
    const { request } = context;
    const spec = await context.readText(request.spec);
    const specName = request.spec_name;
    await context.phase('plan');
    const made = await askForPlan(context, { spec, specName, feedback: [] });
    await context.phase('resolve');
    const quotes = await quotesFor(context, made);
    await context.phase('implement');
    const catalog = await context.catalog();
    const packages = quotes.map(({ quote }) =>
      catalog.find((manifest) => manifest.cbb_id === quote.cbb_id && manifest.version === quote.version),
    );
    const patch = await askForCode(context, {
      spec,
      specName,
      plan: made,
      packages: unique(packages.filter((manifest) => manifest !== undefined)),
      files: [],
      feedback: [],
    });
    return { kind: 'design', plan: made, quotes, patch };
  },
});

async function quotesFor(context: PhaseContext, made: Plan): Promise<{ requirement_id: string; quote: Quote }[]> {
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
