// `skill new`: a skill that lints clean and runs from the first minute, for the author to change.
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { GenrtlError } from '@genrtl/contracts';
import { SkillHost, SkillName } from '@genrtl/contracts/skill-contract.ts';
import { HOSTS } from './hosts.ts';

export interface NewSkillOptions {
  readonly name: string;
  readonly host: SkillHost;
  /** folder in which the skill's own folder is made */
  readonly into: string;
}

function filesOf(name: string, host: SkillHost): Record<string, string> {
  const form = HOSTS[host].forms[0] ?? 'tcl_dict';
  return {
    'contract.yaml': `schema_version: 1
name: ${name}
version: 0.1.0
title: ${name.replaceAll('_', ' ')}
description: Says in one sentence what this skill reports, and on what.
host: ${host}
database:
  required: false
  forms: [${form}]
parameters:
  $schema: https://json-schema.org/draft/2020-12/schema
  type: object
  additionalProperties: false
  properties:
    top: { type: string, default: top, title: Top module }
outputs:
  required:
    - path: reports/${name}.txt
      checks:
        - { type: regex, pattern: '^commands \\d+$' }
timeouts: { start_s: 60, restore_s: 600, run_s: 600, silence_s: 600 }
resources: { cpus: 1, memory_mb: 1024 }
`,
    'metrics.yaml': `schema_version: 1
metrics:
  - { name: commands, title: Commands in the interpreter, type: integer, unit: '', better: none, report: reports/${name}.txt, pattern: '^commands (\\d+)$' }
`,
    'templates/run.tcl': `# Parameters stand in ::param, the design's name in ::design. Reports are written through ::skillpilot::report.
::skillpilot::write_report ${name}.txt "top $::param(top)\\ncommands [llength [info commands]]"
`,
    'SKILL.md': `# ${name}

What the skill reports, and when to use it.

## Parameters
- \`top\`: the top module.

## Metrics
- \`commands\`: number of Tcl commands that the host offers; replace it by what your report holds.

## Failures
Say which failures a reader may meet and what they mean for this skill.
`,
    'tests/basic/case.yaml': `schema_version: 1
title: the recorded report gives the metric
recorded_from: written by hand
design: example
parameters: { top: example }
tool_version: '0'
expect:
  status: DONE
  metrics: { commands: 120 }
`,
    [`tests/basic/reports/${name}.txt`]: 'top example\ncommands 120\n',
    'tests/missing_output/case.yaml': `schema_version: 1
title: a script that writes nothing is found out
recorded_from: written by hand
expect:
  status: FAIL
  error_type: OUTPUT_MISSING
`,
  };
}

/** Returns the new folder. Throws SKILL_INVALID for a bad name, SKILL_EXISTS when the folder is there. */
export async function newSkill({ name, host, into }: NewSkillOptions): Promise<string> {
  const checked = SkillName.safeParse(name);
  if (!checked.success)
    throw new GenrtlError('SKILL_INVALID', `'${name}' is no skill name: ${checked.error.issues[0]?.message ?? ''}.`);
  if (!SkillHost.safeParse(host).success)
    throw new GenrtlError('SKILL_INVALID', `'${host}' is no host; there are ${SkillHost.options.join(', ')}.`);
  const folder = path.resolve(into, name);
  await mkdir(path.resolve(into), { recursive: true });
  try {
    await mkdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST')
      throw new GenrtlError('SKILL_EXISTS', `${folder} exists already.`);
    throw error;
  }
  for (const [file, text] of Object.entries(filesOf(name, host))) {
    await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
    await writeFile(path.join(folder, file), text, { flag: 'wx' });
  }
  return folder;
}
