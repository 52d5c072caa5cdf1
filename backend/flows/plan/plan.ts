// plan: a specification becomes a checked plan.
import { GenrtlError } from '@genrtl/contracts';
import type { JobOutputOf, JobRequestOf, Plan } from '@genrtl/contracts';
import { checkPlan } from '@genrtl/core/plan/index.ts';
import type { JobCtx } from '../context.ts';
import { ASKS_A_MODEL, jobFlow, steps } from '../flow.ts';
import { PLAN_TEMPLATE, planProblemsMessage, planTask } from './task.ts';
import { COMMON_SYSTEM, messageOf } from '../asking/prompt.ts';
import { readAgents, readFiles } from '../asking/inputs.ts';
import { hierarchyText } from '../asking/choose-sources.ts';
import { fit, outputAllowance, promptRoom, tokensOf } from '../asking/window.ts';
import { ask } from '../asking/ask.ts';
import type { Checked } from '../asking/ask.ts';
import { projectPart } from '../asking/project-rules.ts';
import { jsonAnswer } from '../answers/json-text.ts';
import { digestSpec } from './digest-spec.ts';
import { packageLines } from './package-matches.ts';
import { looksLikePlan, nearPlan } from './near-types.ts';
import { PLAN_SCHEMA, fromPlanWire } from './plan-answer.ts';
import { packageProblems } from './plan-packages.ts';
import { requireReadable } from './readable-spec.ts';

/** A plan of fifty modules takes some 12,000 tokens; the rest is room to reason. */
const PLAN_OUTPUT_TOKENS = 24_000;
/** The hierarchy of a workspace tells a planner little beyond this. */
const MAX_HIERARCHY_TOKENS = 24_000;

export interface PlanInput {
  readonly spec: string;
  readonly specName: string;
  readonly feedback: readonly string[];
  readonly notes?: readonly string[];
}

/**
 * Throws PLAN_INVALID with the problems in `details.problems`, SPEC_* from the composer, and what the model call
 * throws.
 */
export const plan = jobFlow({
  kind: 'plan',
  version: 1,
  services: ['plan'],
  steps: steps({
    name: 'plan',
    ...ASKS_A_MODEL,
    async run(request: JobRequestOf<'plan'>, context: JobCtx<'plan'>): Promise<JobOutputOf<'plan'>> {
      const { spec: sha256, spec_name: specName, feedback, notes = [] } = request;
      const spec = await context.readText(sha256);
      return { kind: 'plan', plan: await askForPlan(context, { spec, specName, feedback, notes }) };
    },
  }),
});

export async function askForPlan(context: JobCtx, { spec, specName, feedback, notes = [] }: PlanInput): Promise<Plan> {
  requireReadable(spec, specName);
  const catalog = await context.catalog();
  const packages = packageLines(spec, catalog);
  const { request } = context;
  const scope = { rules: request.rules, existing: request.kind === 'plan' ? request.existing : [] };
  const window = await context.window('plan');
  const maxOutputTokens = outputAllowance(window, PLAN_OUTPUT_TOKENS);
  const whole = {
    agents: await readAgents(context),
    specName,
    spec,
    decided: [projectPart(request)],
    task: planTask({ packages, feedback, notes }),
  };
  const most = promptRoom(window, maxOutputTokens);
  const textsOf = (shown: typeof whole): [string, string] => [
    COMMON_SYSTEM,
    messageOf({ ...shown, sources: null }).content,
  ];
  const roomBeside = (shown: typeof whole): number =>
    textsOf(shown).reduce((room, text) => room - tokensOf(text), most);
  const excerpts = fit(textsOf(whole), most)
    ? undefined
    : await digestSpec(context, specName, spec, roomBeside({ ...whole, spec: '' }));
  const material = excerpts === undefined ? whole : { ...whole, excerpts };
  const files = request.kind === 'plan' ? await readFiles(context, request.files ?? []) : [];
  const room = fit(textsOf(material), most - MAX_HIERARCHY_TOKENS)
    ? MAX_HIERARCHY_TOKENS
    : Math.min(MAX_HIERARCHY_TOKENS, Math.max(0, roomBeside(material)));
  const sources = await hierarchyText(files, spec, room);
  return ask({
    context,
    name: 'plan',
    prompt: {
      service: 'plan',
      template: PLAN_TEMPLATE,
      system: COMMON_SYSTEM,
      messages: [messageOf({ ...material, sources })],
      schema: PLAN_SCHEMA,
      maxOutputTokens,
      composer: { spec, specName, request: context.request },
    },
    check(answer) {
      const json = jsonAnswer(answer.text, looksLikePlan);
      const checked = json.found
        ? checkPlan(nearPlan(fromPlanWire(json.value)), scope)
        : { ok: false as const, problems: [json.problem] };
      if (!checked.ok) return invalid(checked.problems);
      const problems = packageProblems(checked.plan, catalog);
      // The registry's own refusal says more to the person than "no valid plan" would.
      return problems.length === 0
        ? { ok: true, value: checked.plan }
        : { ...invalid(problems), lastResort: checked.plan };
    },
    complain: planProblemsMessage,
  });
}

function invalid(problems: readonly string[]): Extract<Checked<Plan>, { ok: false }> {
  return {
    ok: false,
    problems,
    error: () =>
      new GenrtlError(
        'PLAN_INVALID',
        `The model gave no valid plan: ${problems[0] ?? 'its answer could not be read'}`,
        { details: { problems } },
      ),
  };
}
