// How strong the benches of a client's job are: eda's measurement, each of its runs in the sandbox.
import { GenrtlError, type CloudStrengthOutput, type CloudStrengthRequest } from '@genrtl/contracts';
import type { ToolAdapter } from '@genrtl/eda/adapter.ts';
import type { ConfinementPolicy } from '@genrtl/eda/runner/sandbox/index.ts';
import { measureBenches } from '@genrtl/eda/strength/index.ts';

/** A measurement takes one place among the tool runs, so it runs one simulation at a time. */
const PARALLEL = 1;

export interface CloudMeasurement {
  readonly adapter: ToolAdapter;
  /** absolute folder that holds the request's files, gone afterwards */
  readonly workspace: string;
  readonly confinement: ConfinementPolicy & { readonly mode: 'required' };
  /** after so long it ends, whatever it has */
  readonly endMs: number;
  readonly signal: AbortSignal;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export async function measureInCloud(
  request: CloudStrengthRequest,
  { adapter, workspace, confinement, endMs, signal, env }: CloudMeasurement,
): Promise<CloudStrengthOutput> {
  const end = AbortSignal.timeout(endMs);
  const unreachable = new Map(Object.entries(request.unreachable).map(([file, lines]) => [file, new Set(lines)]));
  const { strength, survivors } = await measureBenches(
    request.benches.map((bench) => ({
      adapter,
      workspace,
      sources: bench.sources,
      includeDirs: bench.include_dirs,
      defines: bench.defines,
      top: bench.top,
      modules: new Set(bench.modules),
      env,
      confinement,
    })),
    {
      design: request.design,
      includeDirs: request.include_dirs,
      defines: request.defines,
      judged: request.judged.map(({ module, charged }) => ({
        module,
        ...(charged === undefined ? {} : { charged: new Set(charged) }),
      })),
      mutate: request.mutate,
      mutateLines: new Map(Object.entries(request.mutate_lines).map(([file, lines]) => [file, new Set(lines)])),
      reachable: (file, line) => unreachable.get(file)?.has(line) !== true,
      waived: new Map(Object.entries(request.waived)),
      floor: request.floor,
      timeBudgetMs: request.budget_ms,
      maxMutants: request.max_mutants,
      parallel: PARALLEL,
      scratchDir: workspace,
      signal: AbortSignal.any([signal, end]),
      env,
      confinement,
    },
  ).catch((error: unknown) => {
    if (end.aborted && !signal.aborted)
      throw new GenrtlError('TOOL_TIMEOUT', 'Measuring the testbenches took too long for the server', { cause: error });
    throw error;
  });
  if (signal.aborted) throw new GenrtlError('CANCELLED', 'Cancelled');
  return {
    kind: 'cloud-strength',
    strength,
    survivors: survivors.map(({ file, mutant }) => ({ file, ...mutant })),
    confinement: { confined: 'bubblewrap', network: false },
  };
}
