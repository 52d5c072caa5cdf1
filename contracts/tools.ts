// What a tool is, and what one run of it leaves behind.
import { z } from 'zod';
import { ToolId, toolIdFrom } from './diagnostic.ts';
import { Instant } from './primitives.ts';
import { Untried } from './verdicts.ts';

export const ToolAction = z.enum(['lint', 'compile', 'elaborate', 'simulate', 'synthesise', 'format']);
export type ToolAction = z.infer<typeof ToolAction>;

/** Which tool runs a job's lint or simulation, and where. */
export interface ToolPlace {
  readonly id: ToolId;
  /** on the backend, in its sandbox, instead of here */
  readonly cloud: boolean;
}

/**
 * `verilator` runs here, `cloud:verilator` on the backend; `cloud` alone means Verilator for lint, Icarus to simulate.
 */
export function toolPlace(text: string, action: 'lint' | 'simulate'): ToolPlace | undefined {
  const [place, named] = text.startsWith('cloud:') || text === 'cloud' ? text.split(':', 2) : [null, text];
  const id = toolIdFrom(named ?? (action === 'lint' ? 'verilator' : 'icarus'));
  return id === undefined ? undefined : { id, cloud: place !== null };
}

export const ToolInfo = z.object({
  id: ToolId,
  title: z.string(),
  found: z.boolean(),
  version: z.string().nullable(),
  edition: z.string().nullable(),
  path: z.string().nullable(),
  actions: z.array(ToolAction),
  /** false for adapters that could only be tested against documented formats */
  tested_against_real_tool: z.boolean(),
});
export type ToolInfo = z.infer<typeof ToolInfo>;

/** `pass` and `fail` speak of the design; `unknown` means that nobody recognised the output; the rest of the tool. */
export const ToolVerdict = z.enum([
  'pass',
  'fail',
  'unknown',
  'timeout',
  'idle_timeout',
  'output_limit',
  'cancelled',
  'crashed',
  'missing',
  'license_wait',
  'resource_limit',
]);
export type ToolVerdict = z.infer<typeof ToolVerdict>;

/** Why a run was not confined; docs/confinement.md says what each means and what helps. */
export const UnconfinedReason = z.enum(['switched_off', 'not_linux', 'not_installed', 'refused', 'leaks', 'too_wide']);
export type UnconfinedReason = z.infer<typeof UnconfinedReason>;

/** One sentence for each reason. */
export const UNCONFINED_WHY: Readonly<Record<UnconfinedReason, string>> = {
  switched_off: 'Confinement is switched off.',
  not_linux: 'Confinement exists on Linux only.',
  not_installed: 'bubblewrap, which confines tool runs, is not installed.',
  refused: 'This system does not let bubblewrap make namespaces.',
  leaks: 'bubblewrap ran, but did not keep out what it must.',
  too_wide: 'The workspace is a folder of the system itself, so that nothing could be kept from it.',
};

/** A bound of a confined run; reaching one ends the run as `resource_limit`. */
export const ResourceBound = z.enum(['cpu', 'memory', 'processes', 'file_size', 'disk']);
export type ResourceBound = z.infer<typeof ResourceBound>;

/** How a run was kept from the rest of the machine. */
export const Confinement = z.object({
  confined: z.enum(['bubblewrap', 'unconfined']),
  /** only of an unconfined run */
  unconfined_reason: UnconfinedReason.optional(),
  /** the network was left open, for the tool's licence server */
  network: z.boolean(),
});
export type Confinement = z.infer<typeof Confinement>;

export const CommandRecord = z.object({
  argv: z.array(z.string()),
  cwd: z.string(),
  exit_code: z.number().int().nullable(),
  signal: z.string().nullable(),
  duration_ms: z.number(),
});

/** `tool.json` of a run folder. */
export const ToolRunRecord = z.object({
  schema_version: z.literal(1),
  tool: z.string(),
  tool_version: z.string(),
  action: ToolAction,
  commands: z.array(CommandRecord),
  verdict: ToolVerdict,
  started_at: Instant,
  duration_ms: z.number(),
  stdout_bytes: z.number().int(),
  stderr_bytes: z.number().int(),
  /** bytes dropped between head and tail when the cap was reached */
  dropped_bytes: z.number().int(),
  diagnostics_total: z.object({ error: z.number().int(), warning: z.number().int(), info: z.number().int() }),
  /** sha256 by workspace path of every source that the run read */
  inputs: z.record(z.string(), z.string()),
  /** missing in records of before runs were confined, and of runs that started nothing */
  confinement: Confinement.optional(),
  /** the bound that ended the run */
  bound: ResourceBound.optional(),
  /** `cloud`: it ran on the backend; missing: here */
  place: z.literal('cloud').optional(),
  /** what the run wrote beside its sources and was kept in `files/` of the run folder; at most 100 paths */
  written: z.array(z.string()).optional(),
});
export type ToolRunRecord = z.infer<typeof ToolRunRecord>;

/** What the logs of a run said beside its diagnostics. */
export const LogFacts = z.object({
  passLines: z.number().int(),
  failLines: z.number().int(),
  finishLines: z.number().int(),
  stopLines: z.number().int(),
  fatalLines: z.number().int(),
  internalErrors: z.number().int(),
  outOfEvents: z.number().int(),
  own: z.record(z.string(), z.number()),
});

/** One testbench or acceptance test as a run reported it. */
export const TestResult = z.object({
  name: z.string(),
  /** `reference`: a comparison with what the specification itself says */
  kind: z.enum(['testbench', 'acceptance', 'reference']),
  passed: z.boolean(),
  tool: z.string(),
  failures: z.array(z.object({ signal: z.string().optional(), time: z.string().optional(), message: z.string() })),
  duration_ms: z.number(),
});
export type TestResult = z.infer<typeof TestResult>;

/** A variant of one output that a bench of the set has to fail on. */
export const OutputVariant = z.enum(['inverted', 'stuck_0', 'stuck_1', 'half_rate', 'undriven']);
export type OutputVariant = z.infer<typeof OutputVariant>;

/** One output of the design and whether the benches look at it. */
export const CheckedOutput = z.object({
  module: z.string(),
  output: z.string(),
  /** the variants that were run and whether a bench failed on each; empty: none could be run */
  variants: z.array(z.object({ variant: OutputVariant, caught: z.boolean(), bench: z.string().optional() })),
  /** single bits inverted: `missed` lists the positions that no bench noticed */
  bits: z
    .object({ caught: z.number().int(), tried: z.number().int(), width: z.number().int(), missed: z.array(z.number()) })
    .optional(),
  /** why some variant could not be run */
  untried: z.string().optional(),
  /** a person's reason to leave it unchecked */
  waived: z.string().optional(),
  /** unchecked before this job already: reported, not charged to it */
  earlier: z.literal(true).optional(),
});
export type CheckedOutput = z.infer<typeof CheckedOutput>;

/** How well a testbench tells a right design from a wrong one. */
export const Strength = z.object({
  /**
   * `killed` of `total` that ran and count. `equivalent`: survivors that were proven to be the same design, not part of
   * `total`; `unreachable`: those without a path to an output, not part of it either; `not_tried`: drawn, but the time
   * was over
   */
  mutants: z
    .object({
      killed: z.number().int(),
      total: z.number().int(),
      equivalent: z.number().int().optional(),
      unreachable: z.number().int().optional(),
      not_tried: z.number().int().optional(),
      /**
       * the simulator that ran them, where it is another one than the job's: a quicker one in which the good design
       * passes
       */
      tool: z.string().optional(),
    })
    .nullable(),
  /**
   * `untried`: the stub is sound but does not build with the testbench, which looks inside the design; it counts as not
   * failed. `equivalent`: proven to be the design itself, so that no bench has to fail on it
   */
  stubs: z.array(
    z.object({
      tied_to: z.enum(['0', '1', 'x']),
      failed: z.boolean(),
      untried: z.literal(true).optional(),
      equivalent: z.literal(true).optional(),
    }),
  ),
  survivors: z.array(z.object({ file: z.string(), line: z.number().int(), description: z.string() })),
  /** the design's outputs, each with its wrong variants */
  outputs: z.array(CheckedOutput).optional(),
  /** measures that were not taken, waived ones included */
  untried: z.array(Untried).optional(),
  /** share of mutants, and of mutants and bits together, that has to be caught; reaching it passes */
  floor: z.number().optional(),
  /** of the mutants that survive, how many were tried on earlier testbenches of the job too */
  compared: z.object({ versions: z.number().int(), mutants: z.number().int(), of: z.number().int() }).optional(),
  /** there is nothing to mutate: the outputs alone decide */
  not_applicable: z.literal(true).optional(),
});
export type Strength = z.infer<typeof Strength>;
