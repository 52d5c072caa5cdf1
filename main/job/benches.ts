// The simulations of a job: the project's testbenches and sealed acceptance tests.
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { filesBelow } from '@genrtl/disk/files-below.ts';
import { readRegular } from '@genrtl/disk/regular-file.ts';
import { GenrtlError } from '@genrtl/contracts';
import type { TestResult } from '@genrtl/contracts';
import { compileInput } from '@genrtl/core/filelist/index.ts';
import { lex } from '@genrtl/core/hdl/lexer.ts';
import { instancesBelow } from '@genrtl/core/project/design-units.ts';
import type { ToolAdapter } from '@genrtl/eda/adapter.ts';
import type { BenchSetup } from '@genrtl/eda/strength/index.ts';
import type { CompileInput, Filelists } from '../cbb/index.ts';
import type { StepContext } from './step.ts';

export interface Bench {
  readonly name: string;
  readonly file: string;
  readonly sources: readonly string[];
  readonly includeDirs: readonly string[];
  readonly defines: Filelists['defines'];
  readonly libraries: Filelists['libraries'];
  readonly kind: TestResult['kind'];
  /** modules that it has an instance of somewhere below it */
  readonly modules: ReadonlySet<string>;
}

/** A bench as a simulator runs it in `workspace`, which is absolute: the job's, or a copy of it. */
export const setupOf = (
  { name, sources, includeDirs, defines, modules }: Bench,
  adapter: ToolAdapter,
  workspace: string,
  { env, confinement }: Pick<StepContext<never>, 'env' | 'confinement'>,
): BenchSetup => ({ adapter, workspace, sources, includeDirs, defines, top: name, modules, env, confinement });

/** Tops among the units of the testbenches: what nothing else instantiates, helpers left out. */
export function findBenches(lists: CompileInput): Bench[] {
  const { benches, units } = lists.project;
  return benches.map(({ name, file }) => ({
    name,
    file,
    ...compileInput(lists, 'bench'),
    kind: 'testbench',
    modules: instancesBelow(units, name),
  }));
}

/** Names of the tests' files, sorted. Throws USAGE for a folder that cannot be read. */
export async function acceptanceTestFiles(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch((cause: unknown) => {
    throw new GenrtlError('USAGE', `The folder of acceptance tests ${directory} cannot be read.`, { cause });
  });
  return entries
    .filter((entry) => (entry.isFile() || entry.isSymbolicLink()) && /\.(sv|v)$/.test(entry.name))
    .map((entry) => entry.name)
    .sort();
}

/** Names of the tests that say `$finish` neither themselves nor in a helper of the folder. */
export async function testsWithoutFinish(directory: string, tests: readonly string[]): Promise<string[]> {
  const read = (file: string): Promise<string> => readRegular(path.join(directory, file), 'utf8').catch(() => '');
  const helpers = await filesBelow(path.join(directory, 'include')).catch(() => []);
  const shared = await Promise.all(helpers.map((file) => read(path.join('include', file.path))));
  // a helper may be included under any name: then the tool has the word
  if (shared.some(finishes)) return [];
  const found = await Promise.all(tests.map(async (file) => (finishes(await read(file)) ? [] : [file])));
  return found.flat();
}

const finishes = (text: string): boolean =>
  lex(text).some(
    (token) =>
      token.text === '$finish' ||
      (token.kind === 'directive' && text.slice(token.start, token.end).includes('$finish')),
  );

/** Each `*.sv` or `*.v` directly in the sealed folder is one test whose top is the file's stem. */
export async function findAcceptanceTests(directory: string, lists: Filelists): Promise<Bench[]> {
  return (await acceptanceTestFiles(directory)).map((file) => ({
    name: file.replace(/\.(sv|v)$/, ''),
    file: path.join(directory, file),
    kind: 'acceptance' as const,
    modules: new Set<string>(),
    ...compileInput(lists, 'rtl'),
    sources: [...lists.rtl, path.join(directory, file)],
    includeDirs: [...lists.includeDirs, directory, path.join(directory, 'include')],
  }));
}
