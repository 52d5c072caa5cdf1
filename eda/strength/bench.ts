// A bench as the measures see it: something that can be run on a variant of the file set and that says whether the
// variant is wrong.
import type { ToolVerdict } from '@genrtl/contracts';

/** Sources with other texts, and what the run is told besides. */
export interface Variant {
  /** texts by the path of the source that they replace */
  readonly files: ReadonlyMap<string, string>;
  /** without the leading `+` */
  readonly plusargs?: readonly string[];
}

export const AS_IT_IS: Variant = { files: new Map() };

export interface VariantRun {
  readonly verdict: ToolVerdict;
  /** everything was built and the bench itself was started */
  readonly ran: boolean;
  readonly durationMs: number;
  /** equal for variants that the compiler turned into the same program; null when the tool gives none */
  readonly program: string | null;
  /** `signal@time` of each failure that the bench named */
  readonly failures: ReadonlySet<string>;
  /** head of what the run printed */
  readonly output: string;
  /** the first error, or what the verdict says: why a variant could not be run */
  readonly why: string;
}

export interface RunLimits {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** A variant's build that any number of runs share. */
export interface BuiltVariant {
  run(plusargs: readonly string[], limits: RunLimits): Promise<VariantRun>;
}

export interface VariantBench {
  readonly name: string;
  /** runs tell by `program` which variants the compiler made the same */
  readonly comparesPrograms: boolean;
  /** whether the bench has an instance of this module somewhere below it */
  exercises(module: string): boolean;
  run(variant: Variant, limits: RunLimits): Promise<VariantRun>;
  /** builds once; the failing run when that does not work, null where the tool only builds and runs together */
  build(variant: Variant, limits: RunLimits): Promise<BuiltVariant | VariantRun | null>;
  close(): Promise<void>;
}

export type Judgement = 'caught' | 'passed' | 'untried' | 'stopped';

/**
 * Caught: built, ran and failed, or took too long. A failure of building, sandbox, licence or simulator says nothing of
 * the bench.
 */
export function judge({ verdict, ran }: Pick<VariantRun, 'verdict' | 'ran'>): Judgement {
  if (verdict === 'cancelled') return 'stopped';
  if (!ran) return 'untried';
  switch (verdict) {
    case 'pass':
      return 'passed';
    case 'fail':
    // neither PASS nor FAIL is no pass either
    case 'unknown':
    case 'timeout':
    case 'idle_timeout':
    case 'output_limit':
    // the good design stays within its bounds
    case 'resource_limit':
      return 'caught';
    case 'crashed':
    case 'missing':
    case 'license_wait':
      return 'untried';
  }
}
