// skills_list and skill_describe: what can be run, and with which parameters.
import path from 'node:path';
import { z } from 'zod';
import { AllowedLogLine, DbAssertion, SkillHost, SkillName } from '@genrtl/contracts/skill-contract.ts';
import { GenrtlError } from '@genrtl/contracts';
import { listSkills } from '../../skills/index.ts';
import { defineTool } from '../define-tool.ts';
import { present } from '../evidence-files.ts';

export const skillsList = defineTool({
  name: 'skills_list',
  title: 'List skills',
  readOnly: true,
  description:
    'Deterministic skills on EDA tools (timing, power, synthesis statistics …) that can be run here. A skill with faults is listed with them and cannot be run.',
  input: z.strictObject({}),
  output: {
    skills: z.array(
      z.object({
        name: z.string(),
        title: z.string().nullable(),
        host: SkillHost.nullable(),
        version: z.string().nullable(),
        database: z.enum(['required', 'optional', 'none']).nullable(),
        metrics: z.array(z.string()),
        /** where it comes from; one of the workspace needs a person's trust, and may hide a shipped one of its name */
        origin: z.enum(['shipped', 'site', 'workspace']),
        trusted: z.boolean(),
        hides_shipped: z.boolean(),
        /** its tool was found on this machine */
        installed: z.boolean(),
        faults: z.array(z.string()),
      }),
    ),
  },
  work: async (_args, { context }) => {
    const found = await listSkills(context.skills);
    return {
      data: {
        skills: found.map(({ name, skill, diagnostics, origin, trusted, hidesShipped, installed }) => ({
          name,
          origin,
          trusted,
          hides_shipped: hidesShipped,
          installed,
          title: skill?.contract.title ?? null,
          host: skill?.contract.host ?? null,
          version: skill?.contract.version ?? null,
          database:
            skill === null
              ? null
              : skill.contract.database === null
                ? ('none' as const)
                : skill.contract.database.required
                  ? ('required' as const)
                  : ('optional' as const),
          metrics: skill?.metrics.map((metric) => metric.name) ?? [],
          faults: diagnostics.map((each) => `${each.file ?? ''}:${each.line ?? 1}: ${each.message}`),
        })),
      },
      evidence: (await present(found.map(({ folder }) => path.join(folder, 'contract.yaml')))).map((file) =>
        context.roots.cite(file),
      ),
    };
  },
});

export const skillDescribe = defineTool({
  name: 'skill_describe',
  title: 'Describe a skill',
  readOnly: true,
  description:
    'One skill in full: parameters as JSON Schema, database forms, outputs, metrics with unit and direction.',
  input: z.strictObject({ skill: SkillName }),
  output: {
    name: z.string(),
    title: z.string(),
    description: z.string(),
    host: SkillHost,
    version: z.string(),
    database: z.object({ required: z.boolean(), forms: z.array(z.string()) }).nullable(),
    parameters: z.record(z.string(), z.unknown()),
    outputs: z.array(z.string()),
    /** error lines of the tool that the skill lives with, and assertions after a restore that it does without */
    allowed_log_lines: z.array(AllowedLogLine),
    not_asserted: z.array(z.object({ assertion: DbAssertion, reason: z.string() })),
    metrics: z.array(z.object({ name: z.string(), title: z.string(), unit: z.string(), better: z.string() })),
  },
  work: async ({ skill: name }, { context }) => {
    const found = (await listSkills(context.skills)).find((each) => each.name === name);
    if (found === undefined) throw new GenrtlError('SKILL_NOT_FOUND', `No skill '${name}'.`);
    if (found.skill === null)
      throw new GenrtlError('SKILL_INVALID', found.diagnostics[0]?.message ?? `The skill '${name}' cannot be read.`);
    const { contract, metrics, folder } = found.skill;
    return {
      data: {
        name: contract.name,
        title: contract.title,
        description: contract.description,
        host: contract.host,
        version: contract.version,
        database:
          contract.database === null
            ? null
            : { required: contract.database.required, forms: [...contract.database.forms] },
        allowed_log_lines: contract.allowed_log_lines,
        not_asserted: contract.database?.not_asserted ?? [],
        parameters: contract.parameters,
        outputs: [...contract.outputs.required, ...contract.outputs.optional].map((output) => output.path),
        metrics: metrics.map(({ name: metric, title, unit, better }) => ({ name: metric, title, unit, better })),
      },
      evidence: (
        await present(
          ['SKILL.md', 'contract.yaml', 'metrics.yaml', contract.template].map((file) => path.join(folder, file)),
        )
      ).map((file) => context.roots.cite(file)),
    };
  },
});
