// What a skill declares: contract.yaml and metrics.yaml. Every schema carries a version; a reader accepts every version
// up to its own.
import { z } from 'zod';
import { Semver, Sha256 } from './primitives.ts';
import { LAUNCHER_IDS, SKILL_HOSTS } from './skill-names.ts';

export const SkillName = z.string().regex(/^[a-z][a-z0-9_]{1,63}$/, 'lower-case letters, digits and _');
export const SkillHost = z.enum(SKILL_HOSTS);
export type SkillHost = z.infer<typeof SkillHost>;
export const LauncherId = z.enum(LAUNCHER_IDS);
export type LauncherId = z.infer<typeof LauncherId>;

export const Seconds = z
  .number()
  .positive()
  .max(30 * 86_400);
/** One typed check on an output's content. Patterns are applied line by line. */
export const OutputCheck = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('regex'), pattern: z.string().min(1), absent: z.boolean().default(false) }),
  z.strictObject({
    type: z.literal('range'),
    pattern: z.string().min(1),
    min: z.number().optional(),
    max: z.number().optional(),
  }),
  z.strictObject({ type: z.literal('json_schema'), schema: z.record(z.string(), z.unknown()) }),
]);
export type OutputCheck = z.infer<typeof OutputCheck>;
export const OutputSpec = z.strictObject({
  /** below reports/, forward slashes */
  path: z.string().min(1),
  non_empty: z.boolean().default(true),
  checks: z.array(OutputCheck).default([]),
});
export type OutputSpec = z.infer<typeof OutputSpec>;

/** Database forms by host; `docs/skills/protocols.md` lists the files of each. */
export const DbForm = z.enum(['innovus_enc', 'rtlil', 'verilog', 'netlist_sdc', 'magic_mag', 'spice', 'tcl_dict']);
export type DbForm = z.infer<typeof DbForm>;

/** What is asked of a database right after it was restored; each form knows some of them. */
export const DbAssertion = z.enum(['linked', 'no_black_boxes', 'clocks']);
export type DbAssertion = z.infer<typeof DbAssertion>;

/** Why something that would fail a job is borne: read by the person who reads the result. */
const Reason = z.string().trim().min(10, 'say in a sentence why');

/** An error line of the host's log (by the host's table) with which this skill's result is still right. */
export const AllowedLogLine = z.strictObject({ pattern: z.string().min(1), reason: Reason });
export type AllowedLogLine = z.infer<typeof AllowedLogLine>;

export const SkillContract = z.strictObject({
  schema_version: z.literal(1),
  name: SkillName,
  version: Semver,
  title: z.string().min(1),
  description: z.string().min(1),
  host: SkillHost,
  database: z
    .strictObject({
      required: z.boolean(),
      forms: z.array(DbForm).min(1),
      /** assertions of the form that this skill can do without */
      not_asserted: z.array(z.strictObject({ assertion: DbAssertion, reason: Reason })).default([]),
    })
    .nullable()
    .default(null),
  /**
   * JSON Schema (2020-12) of an object. Formats of paths, which are resolved: `input-file` and `filelist` (hashed),
   * `folder`. What a file list names goes into the parameters `sources`, `include_dirs` and `defines`.
   */
  parameters: z
    .record(z.string(), z.unknown())
    .default({ type: 'object', properties: {}, additionalProperties: false }),
  /** names of parameters, or `database`: a run that gives none of them has nothing to read */
  one_of: z.array(z.string()).default([]),
  /** the script that the run request sources, below templates/ */
  template: z.string().default('templates/run.tcl'),
  outputs: z.strictObject({ required: z.array(OutputSpec), optional: z.array(OutputSpec).default([]) }),
  allowed_log_lines: z.array(AllowedLogLine).max(20).default([]),
  timeouts: z
    .strictObject({
      start_s: Seconds.default(300),
      restore_s: Seconds.default(3600),
      run_s: Seconds.default(3600),
      /** longest silence of the heartbeat while a script runs: one tool command may take that long */
      silence_s: Seconds.default(1800),
    })
    .default({ start_s: 300, restore_s: 3600, run_s: 3600, silence_s: 1800 }),
  resources: z
    .strictObject({
      cpus: z.number().int().positive().default(1),
      memory_mb: z.number().int().positive().default(1024),
    })
    .default({ cpus: 1, memory_mb: 1024 }),
});
export type SkillContract = z.infer<typeof SkillContract>;

export const Better = z.enum(['higher', 'lower', 'none']);
const MetricCommon = {
  name: z.string().regex(/^[a-z][a-z0-9_]*$/),
  title: z.string().min(1),
  /** SI or field unit as printed, "" for counts and texts */
  unit: z.string(),
  better: Better,
  report: z.string().min(1),
  required: z.boolean().default(true),
};
/** How one metric is read: by a pattern with one group, or by a JSON pointer. */
export const MetricSpec = z.union([
  z.strictObject({
    ...MetricCommon,
    type: z.enum(['number', 'integer', 'string']),
    pattern: z.string().min(1),
    pick: z.enum(['first', 'last', 'min', 'max', 'sum', 'count']).default('first'),
    scale: z.number().optional(),
  }),
  z.strictObject({
    ...MetricCommon,
    type: z.enum(['number', 'integer', 'string']),
    pointer: z.string().startsWith('/'),
    scale: z.number().optional(),
  }),
]);
export type MetricSpec = z.infer<typeof MetricSpec>;
export const MetricsFile = z.strictObject({ schema_version: z.literal(1), metrics: z.array(MetricSpec).min(1) });
export type MetricsFile = z.infer<typeof MetricsFile>;

/** `contract.json` of a run directory: everything that the skill contributed, as used. */
export const ContractSnapshot = z.object({
  schema_version: z.literal(1),
  contract: SkillContract,
  metrics: z.array(MetricSpec),
  files: z.record(z.string(), Sha256),
});
export type ContractSnapshot = z.infer<typeof ContractSnapshot>;
