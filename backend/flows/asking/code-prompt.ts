// The prompt of what writes code, within the window of the model that will be asked.
import type { CbbManifest, Plan } from '@genrtl/contracts';
import type { ModelPrompt } from '../../models/model.ts';
import type { JobCtx } from '../context.ts';
import { PATCH_OUTPUT_TOKENS } from './ask-for-patch.ts';
import { chooseSources, sourcesText, wholeSources } from './choose-sources.ts';
import type { Wanted } from './choose-sources.ts';
import { decidedBy } from './decided.ts';
import { readAgents } from './inputs.ts';
import { COMMON_SYSTEM, messageOf } from './prompt.ts';
import type { SourceFile } from './sources.ts';
import { mostTokens, outputAllowance, promptRoom, tokensOf } from './window.ts';

export interface CodeInput {
  readonly spec: string;
  readonly specName: string;
  readonly plan: Plan;
  readonly packages: readonly CbbManifest[];
  readonly files: readonly SourceFile[];
  readonly wanted: Wanted;
  readonly task: readonly (string | null)[];
}

/** Room for the list of what was left out, and for the sentences between the parts. */
const LIST_TOKENS = 2500;

export async function codePrompt(
  context: JobCtx,
  service: 'implement' | 'repair',
  { spec, specName, plan, packages, files, wanted, task }: CodeInput,
): Promise<Pick<ModelPrompt, 'service' | 'system' | 'messages' | 'maxOutputTokens'>> {
  const window = await context.window(service);
  const maxOutputTokens = outputAllowance(window, PATCH_OUTPUT_TOKENS);
  const material = {
    agents: await readAgents(context),
    specName,
    spec,
    decided: decidedBy(plan, packages, context.request),
    task,
  };
  const fixed = [COMMON_SYSTEM, messageOf({ ...material, sources: null }).content];
  const most = promptRoom(window, maxOutputTokens) - LIST_TOKENS;
  const room = (): number =>
    Math.max(
      0,
      fixed.reduce((left, text) => left - tokensOf(text), most),
    );
  const chosen = wholeSources(files, most - mostTokens(fixed)) ?? (await chooseSources(files, wanted, room()));
  if (chosen.leftOut.length > 0) {
    const heads = new Set(chosen.shown.filter(({ part }) => part === 'heads').map(({ path }) => path));
    const left_out = chosen.leftOut.map((path) => ({ path, shown: heads.has(path) ? 'heads' : 'nothing' }) as const);
    context.emit({ type: 'context', left_out });
  }
  return {
    service,
    system: COMMON_SYSTEM,
    messages: [messageOf({ ...material, sources: sourcesText(chosen) })],
    maxOutputTokens,
  };
}

/** What a plan is about, and what findings point at. */
export function wantedBy(plan: Plan, findings: readonly string[]): Wanted {
  return {
    paths: [...findings, ...plan.files.map(({ path }) => path)],
    names: [plan.top, ...plan.modules].flatMap(({ name, instances }) => [name, ...instances.map(({ of }) => of)]),
  };
}
