// How strong the benches of a job are, measured on the backend: what they read is sent, and the same report comes back
// as from a measurement on this machine.
import { randomInt } from 'node:crypto';
import path from 'node:path';
import type { ToolId } from '@genrtl/contracts';
import { sha256 } from '@genrtl/disk/records.ts';
import { readInputs, toolPath } from '@genrtl/eda/runner/inputs.ts';
import { mutantsOf, type Candidate, type Measured, type StrengthRequest } from '@genrtl/eda/strength/index.ts';
import type { Bench } from './benches.ts';
import { RunTree, sendFiles } from './run-tree.ts';
import { requestBase, runUnrecorded } from './server-run.ts';
import type { StepContext } from './step.ts';

export interface CloudStrength
  extends Required<
    Pick<
      StrengthRequest,
      | 'design'
      | 'includeDirs'
      | 'defines'
      | 'judged'
      | 'mutate'
      | 'mutateLines'
      | 'reachable'
      | 'waived'
      | 'floor'
      | 'timeBudgetMs'
      | 'maxMutants'
    >
  > {
  readonly tool: ToolId;
  readonly benches: readonly Bench[];
  /** of the sources to mutate, at least */
  readonly texts: ReadonlyMap<string, string>;
}

/** Throws what the server's run does: DESIGN_FAILED, TOOL_MISSING, TOOL_TIMEOUT, CONFINEMENT_UNAVAILABLE, CANCELLED. */
export async function measureOnServer(context: StepContext<never>, asked: CloudStrength): Promise<Measured> {
  const { root } = context.paths;
  const at = (name: string): string => toolPath(root, name);
  const sources = [...asked.design, ...asked.benches.flatMap((bench) => bench.sources)].map(at);
  const folders = [...asked.includeDirs, ...asked.benches.flatMap((bench) => bench.includeDirs)].map(at);
  const { hashes } = await readInputs(root, [...new Set(sources)], [...new Set(folders)]);
  const tree = new RunTree([...sources.map((file) => path.dirname(file)), ...folders]);
  const inside = (names: readonly string[]): string[] => names.map((name) => tree.inside(at(name)));
  const insideFolders = (names: readonly string[]): string[] => inside(names).filter((name) => name !== '.');
  const linesInside = (lines: Iterable<readonly [string, Iterable<number>]>): Record<string, number[]> =>
    Object.fromEntries([...lines].map(([file, numbers]) => [tree.inside(at(file)), [...numbers]]));
  const sent = new Map<string, string>();
  const answer = await runUnrecorded(context, 'cloud-strength', context.runDir, async (sending) => {
    const files = await sendFiles(root, Object.keys(hashes), tree, sending);
    for (const file of files) sent.set(file.path, file.sha256);
    return {
      kind: 'cloud-strength',
      ...requestBase(context, randomInt(1, 2 ** 31), null),
      tool: asked.tool,
      files,
      design: inside(asked.design),
      include_dirs: insideFolders(asked.includeDirs),
      defines: { ...asked.defines },
      benches: asked.benches.map((bench) => ({
        top: bench.name,
        sources: inside(bench.sources),
        include_dirs: insideFolders(bench.includeDirs),
        defines: { ...bench.defines },
        modules: [...bench.modules],
      })),
      judged: asked.judged.map(({ module, charged }) => ({
        module,
        ...(charged === undefined ? {} : { charged: [...charged] }),
      })),
      mutate: inside(asked.mutate),
      mutate_lines: linesInside(asked.mutateLines),
      unreachable: linesInside(unreachableLines(asked)),
      waived: Object.fromEntries(asked.waived),
      floor: asked.floor,
      budget_ms: Math.min(Math.round(asked.timeBudgetMs), 300_000),
      max_mutants: asked.maxMutants,
    };
  });
  const homeOf = <T extends { readonly file: string }>(one: T): T => ({ ...one, file: tree.home(one.file) });
  // Places in a text that secrets were taken out of are no places of the text here.
  const whole = (file: string): boolean => sent.get(file) === sha256(asked.texts.get(tree.home(file)) ?? '');
  return {
    strength: { ...answer.strength, survivors: answer.strength.survivors.map(homeOf) },
    survivors: answer.survivors
      .filter(({ file }) => whole(file))
      .map(({ file, ...mutant }): Candidate => ({ file: tree.home(file), mutant })),
  };
}

/** Lines that a mutant could change and that decide no output that counts. */
function unreachableLines({ mutate, texts, reachable }: CloudStrength): [string, number[]][] {
  return mutate.flatMap((file): [string, number[]][] => {
    const lines = new Set(mutantsOf(texts.get(file) ?? '').map(({ line }) => line));
    const without = [...lines].filter((line) => !reachable(file, line));
    return without.length === 0 ? [] : [[file, without]];
  });
}
