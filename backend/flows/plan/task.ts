// plan@2: a specification becomes a plan as JSON.
import { fence } from '../asking/fence.ts';
import { engineerNotes, listOf } from '../asking/prompt.ts';

export const PLAN_TEMPLATE = 'plan@2';

const PLAN_TASK = `Make the plan for this specification, as the planning engineer: other engineers implement it without asking
you again. The specification decides; where it is silent, choose what an experienced
hardware engineer would expect and say so in "assumptions"; put what cannot be decided into "questions".

The answer to this task is no diff but one JSON object and nothing else, no Markdown fence:
{
  "title": string, "summary": string (3 to 8 sentences: what it does, how it is built),
  "top": Module, "modules": Module[] (every further module to be written; not the purchased ones),
  "cbb_requirements": Requirement[], "verification": {"checks": [{"id": "c1", "text": string, "spec_line": number}]},
  "files": [{"path": "src/<module>.sv" or "tb/tb_<top>.sv", "purpose": string}],
  "assumptions": string[], "questions": string[]
}
Module = {"name": string, "purpose": string, "ports": [{"name": string, "direction": "input"|"output"|"inout", "width": string, "description": string}],
  "parameters": [{"name": string, "default": string, "description": string}], "clocks": string[] (names of clock ports),
  "resets": [{"name": string, "active": "low"|"high", "async": boolean}], "instances": [{"name": string, "of": string, "cbb": string}]}
Requirement = {"id": "r1", "function": string, "protocol": string, "width": number, "depth": number, "clock_domains": number,
  "parameters": [{"name": string, "value": string}], "needs_tb": boolean}

Rules
- Names, directions and widths of the top's ports, its parameters, clocks and resets are exactly those of the specification,
  letter for letter. "width" is a number, a parameter or an expression over parameters, e.g. "1", "WIDTH", "$clog2(DEPTH+1)".
- A parameter's "default" is an expression such as 8 or 4'd3, or a string in double quotes.
- Names are Verilog identifiers and no keywords. Each module in "modules" is instantiated somewhere below the top.
- An instance's "of" is a module of this plan, or, for a purchased package, the package's top-level module with the
  package's exact id in "cbb".
- Buy before building: where a listed package does the job, make a requirement with its exact id as "function" and its
  parameters. Ask for no package that is not listed. Without a fitting one, plan a module.
- "files" holds one src/<module>.sv for every module to be written, and tb/tb_<top>.sv.
- "checks" are concrete and testable: stimulus and expected result, at least one for each feature, for reset, and for each
  boundary; "spec_line" is the line of the specification that demands it (the lines are numbered).
- Leave out optional members (protocol, width, depth, clock_domains, parameters, cbb, spec_line) or set them to null where they do not apply.`;

export interface PlanSlots {
  /** one line a package, best match first */
  readonly packages: readonly string[];
  /** contradictions between the last plan and the specification */
  readonly feedback: readonly string[];
  readonly notes: readonly string[];
}

export function packageList(packages: readonly string[]): string {
  return packages.length === 0
    ? 'No package of the registry fits: plan everything as modules.'
    : `Packages that can be bought, best match first:\n${fence('package list', packages.join('\n'))}`;
}

export function planTask({ packages, feedback, notes }: PlanSlots): (string | null)[] {
  return [
    packageList(packages),
    PLAN_TASK,
    engineerNotes(notes),
    feedback.length === 0
      ? null
      : `An earlier plan contradicted the specification. Correct these points:\n${listOf('contradictions', feedback)}`,
  ];
}

export function planProblemsMessage(problems: readonly string[]): string {
  return `That is not a valid plan. Answer with the whole corrected JSON object and nothing else. What is wrong:\n${listOf('problems', problems)}`;
}
