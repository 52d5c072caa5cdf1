// A structured specification says everything of its design: what somebody else made of it is run beside what the
// built-in composer makes of it, over the rows of its Checks and at random, and proved to be the same where Yosys can.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  COMPOSER_MODEL,
  type Diagnostic,
  type GenrtlError,
  type ReferenceComparison,
  type TestResult,
  type Untried,
} from '@genrtl/contracts';
import { isVendorFile } from '@genrtl/core/cbb/vendor-path.ts';
import { compileInput } from '@genrtl/core/filelist/index.ts';
import { elaborateSpec, parseSpec, writeComparison, type Comparison, type SpecCode } from '@genrtl/core/spec/index.ts';
import { EquivalenceProver, type Sameness } from '@genrtl/eda/strength/index.ts';
import { installedPackages, type Filelists } from '../cbb/index.ts';
import type { Bench } from './benches.ts';
import { readPlan, readSpec } from './job-files.ts';
import { runBench } from './run-bench.ts';
import type { StepContext } from './step.ts';

export type ReferenceFacts = 'plan_model' | 'plan_step' | 'spec_step' | 'spec_name';

export interface ReferenceOutcome {
  /** null: there is nothing to compare with, or it was not tried, or it differs */
  readonly reference: ReferenceComparison | null;
  readonly tests: readonly TestResult[];
  /** where the two differ; empty: nowhere */
  readonly diagnostics: readonly Diagnostic[];
  readonly untried: readonly Untried[];
  /** a run says nothing of the design */
  readonly error: GenrtlError | null;
}

const NOTHING: ReferenceOutcome = { reference: null, tests: [], diagnostics: [], untried: [], error: null };

/** What these say is that a part of the design is left to whoever writes it. */
const LEFT_OPEN: ReadonlySet<string> = new Set<SpecCode>([
  'SPEC_NEEDS_MODEL',
  'SPEC_CBB_NOT_FOUND',
  'SPEC_CBB_AMBIGUOUS',
  'SPEC_UNDRIVEN',
  'SPEC_SECTION_MISSING',
  'SPEC_CHECKS_MISSING',
]);

/** Throws what a tool run throws. */
export async function compareWithReference(
  context: StepContext<ReferenceFacts>,
  lists: Filelists,
): Promise<ReferenceOutcome> {
  if (context.facts.plan_model === COMPOSER_MODEL) return NOTHING;
  const parsed = parseSpec(readSpec(context), context.facts.spec_name ?? 'spec.md');
  if (parsed.kind !== 'structured') return NOTHING;
  const manifests = (await installedPackages(context.paths.root)).map(({ manifest }) => manifest);
  const elaborated = elaborateSpec(parsed, manifests);
  if (!('design' in elaborated)) {
    const { diagnostics } = elaborated;
    if (diagnostics.some(({ code }) => code !== undefined && LEFT_OPEN.has(code))) return NOTHING;
    const [first] = diagnostics;
    const why = `the composer makes no design of the specification: line ${first?.line ?? 1}: ${first?.message ?? 'it is refused'}`;
    return { ...NOTHING, untried: [{ kind: 'reference', name: readPlan(context).top.name, why }] };
  }
  const { design } = elaborated;
  const comparison = writeComparison(design);
  const { reference, checks, random } = comparison;
  const tests: TestResult[] = [];
  for (const { top, units } of [
    { top: checks.top, units: [{ name: checks.top, text: checks.text }] },
    { top: random.top, units: [reference, { name: random.top, text: random.text }] },
  ]) {
    const outcome = await runBench(context, await writeBench(context, top, units, lists));
    tests.push(outcome.test);
    if (outcome.error !== null) return { ...NOTHING, tests, error: outcome.error };
    if (outcome.result.verdict !== 'pass')
      return { ...NOTHING, tests, diagnostics: outcome.diagnostics.map((one) => asDifference(one, '')) };
  }
  const sameness = await proofOf(context, lists, design.module, comparison);
  if (sameness?.is === 'different') {
    const { top, text } = comparison.replay(sameness.frames);
    const outcome = await runBench(context, await writeBench(context, top, [reference, { name: top, text }], lists));
    if (outcome.error !== null) return { ...NOTHING, tests: [...tests, outcome.test], error: outcome.error };
    // where both agree on it, the difference hangs on values that no reset sets: that is none
    if (outcome.result.verdict !== 'pass') {
      const found = ` on inputs that a prover found, ${sameness.frames.length} cycles from a reset`;
      return {
        ...NOTHING,
        tests: [...tests, outcome.test],
        diagnostics: outcome.diagnostics.map((one) => asDifference(one, found)),
      };
    }
  }
  return {
    ...NOTHING,
    tests,
    reference: {
      module: design.module,
      checks: design.checks.length,
      random_cycles: random.cycles,
      equivalence: sameness === null ? 'untried' : sameness.is === 'same' ? 'proved' : 'not_proved',
    },
  };
}

/** The line of the bench is nobody's to mend: what counts is signal and time. */
function asDifference(diagnostic: Diagnostic, found: string): Diagnostic {
  if (diagnostic.code !== 'FAIL') return diagnostic;
  const { file: _file, line: _line, ...rest } = diagnostic;
  return { ...rest, message: `${diagnostic.message}: it differs from what the specification's tables say${found}` };
}

async function writeBench(
  context: StepContext<never>,
  top: string,
  units: readonly { readonly name: string; readonly text: string }[],
  lists: Filelists,
): Promise<Bench> {
  const input = compileInput(lists, 'rtl');
  // a sandboxed tool sees the folder that it runs in
  const folder = path.join(context.runDir, top);
  await mkdir(folder, { recursive: true });
  const files = await Promise.all(
    units.map(async ({ name, text }) => {
      const file = path.join(folder, `${name}.sv`);
      await writeFile(file, text);
      return file;
    }),
  );
  return {
    ...input,
    name: top,
    file: files.at(-1) ?? '',
    kind: 'reference',
    sources: [...input.sources, ...files],
    modules: new Set(),
  };
}

/** null: nothing could be proved here. */
async function proofOf(
  context: StepContext<never>,
  lists: Filelists,
  dut: string,
  { reference }: Comparison,
): Promise<Sameness | null> {
  const texts = new Map(
    await Promise.all(
      lists.rtl.map(async (file) => [file, await readFile(path.join(context.paths.root, file), 'utf8')] as const),
    ),
  );
  const prover = await EquivalenceProver.open({
    dut,
    sources: lists.rtl,
    texts,
    workspace: context.paths.root,
    includeDirs: lists.includeDirs,
    defines: lists.defines,
    scratchDir: tmpdir(),
    signal: context.signal,
    env: context.env,
    confinement: context.confinement,
  });
  if (prover === null) return null;
  try {
    return await prover.compareWith(reference.name, [reference.text], lists.rtl.filter(isVendorFile));
  } finally {
    await prover.close();
  }
}
