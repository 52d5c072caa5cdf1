// The one prompt of plan, implement and repair: the same system text, then what stays the same for longest first, so
// that providers find it in their caches: rules of the project, specification, plan, sources; the task comes last.
import type { ModelPrompt } from '../../models/model.ts';
import { DIFF_RULES, RTL_RULES, TESTBENCH_RULES } from './conventions.ts';
import { fence, FENCE_RULE } from './fence.ts';

export const COMMON_SYSTEM = `You are an RTL engineer of a team that turns chip specifications into verified RTL. In each message the
material comes first: rules of the project, the specification with numbered lines, the plan, packages, sources. The task
stands at the end and says what to answer.

${FENCE_RULE}

${RTL_RULES}

${TESTBENCH_RULES}

${DIFF_RULES}`;

export interface Material {
  /** the project's AGENTS.md; null: none */
  readonly agents: string | null;
  readonly specName: string;
  readonly spec: string;
  /** excerpts of a specification that does not fit, each behind the number of its line; absent: all of it is shown */
  readonly excerpts?: string;
  /** what the plan decides: the plan itself, purchased packages, rules of the project's files */
  readonly decided: readonly (string | null)[];
  /** sources as text; null: none are shown */
  readonly sources: string | null;
  /** what to do, and all that differs from call to call */
  readonly task: readonly (string | null)[];
}

/** `stable`: offsets in the message up to which it is the same in later calls of the job, ascending. */
export function messageOf(material: Material): ModelPrompt['messages'][number] {
  const { agents, specName, spec, excerpts, decided, sources, task } = material;
  const groups = [
    [
      agents === null || agents.trim() === ''
        ? null
        : `Rules of the project's owner for everybody who works on it. Heed them where they contradict neither the specification, nor the rules above, nor the answer's format:\n${fence('AGENTS.md', agents)}`,
      excerpts === undefined
        ? `The specification. Its lines are numbered; the numbers and the bars behind them are no part of it.\n${fence(`specification ${specName}`, numberLines(spec))}`
        : `The specification is longer than what can be shown here. These are excerpts of all its parts, each behind the number of its line in the specification.\n${fence(`excerpts of ${specName}`, excerpts)}`,
    ],
    decided,
    [sources],
    task,
  ];
  let content = '';
  const stable: number[] = [];
  for (const group of groups) {
    const text = group.filter((part) => part !== null && part !== '').join('\n\n');
    if (content !== '' && stable.at(-1) !== content.length) stable.push(content.length);
    if (text !== '') content += content === '' ? text : `\n\n${text}`;
  }
  return { role: 'user', content, stable };
}

function numberLines(text: string): string {
  return text
    .split(/\r?\n/)
    .map((line, index) => `${String(index + 1)}| ${line}`)
    .join('\n');
}

/** What the engineer who approves the work asks for. */
export function engineerNotes(notes: readonly string[]): string | null {
  return notes.length === 0
    ? null
    : `Notes of the engineer who reviews your work. Heed them where the specification leaves you a choice:\n${listOf('notes', notes)}`;
}

/** An earlier diff did not apply. */
export function refusedPatch(feedback: readonly string[]): string {
  return `The last diff was refused and nothing of it was applied. Answer with a whole new diff against the sources as given. Reasons:\n${listOf('refusals', feedback)}`;
}

export const listOf = (name: string, lines: readonly string[]): string =>
  fence(name, lines.map((line) => `- ${line}`).join('\n'));
