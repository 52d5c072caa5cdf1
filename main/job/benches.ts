// The simulations of a job: testbenches of tb/ and sealed acceptance tests.
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { GenrtlError } from '@genrtl/contracts';
import type { TestResult } from '@genrtl/contracts';
import { codeOf } from '@genrtl/core/hdl/lexer.ts';
import { readModules } from '@genrtl/core/hdl/module-reader.ts';
import { scanModules, topModules } from '@genrtl/core/hdl/modules.ts';
import type { DeclaredModule } from '@genrtl/core/hdl/modules.ts';
import type { Filelists } from '../cbb/index.ts';

export interface Bench {
  readonly name: string;
  readonly file: string;
  readonly sources: readonly string[];
  readonly includeDirs: readonly string[];
  readonly kind: TestResult['kind'];
  /** modules that it has an instance of somewhere below it */
  readonly modules: ReadonlySet<string>;
}

export interface FoundBenches {
  readonly benches: Bench[];
  /** tops of tb/ that are no benches: helpers that nobody instantiates */
  readonly helpers: readonly DeclaredModule[];
}

/**
 * Tops among the modules of tb/: what nothing else instantiates. One with ports, or one that neither instantiates
 * anything of the design nor decides about anything, is a helper that is not in use.
 */
export async function findBenches(root: string, lists: Filelists): Promise<FoundBenches> {
  const files = await Promise.all(
    [...lists.rtl, ...lists.tb].map(async (file) => ({
      path: file,
      text: await readFile(path.join(root, file), 'utf8'),
    })),
  );
  const tb = new Set(lists.tb);
  const texts = new Map(files.map((file) => [file.path, file.text]));
  const modules = scanModules(files);
  const design = new Set(modules.filter(({ file }) => !tb.has(file)).map(({ name }) => name));
  const benches: Bench[] = [];
  const helpers: DeclaredModule[] = [];
  for (const module of topModules(modules).filter(({ file }) => tb.has(file))) {
    const below = instancesBelow(modules, module.name);
    const uses = [...below].some((name) => design.has(name));
    if (hasPorts(texts.get(module.file) ?? '', module.name) || (!uses && !decides(texts.get(module.file) ?? ''))) {
      helpers.push(module);
      continue;
    }
    benches.push({
      name: module.name,
      file: module.file,
      sources: [...lists.rtl, ...lists.tb],
      includeDirs: lists.includeDirs,
      kind: 'testbench',
      modules: below,
    });
  }
  return { benches, helpers };
}

function instancesBelow(modules: readonly DeclaredModule[], top: string): Set<string> {
  const byName = new Map(modules.map((module) => [module.name, module]));
  const found = new Set<string>();
  const open = [top];
  for (let name = open.pop(); name !== undefined; name = open.pop())
    for (const other of byName.get(name)?.instantiates ?? [])
      if (!found.has(other)) {
        found.add(other);
        open.push(other);
      }
  return found;
}

const hasPorts = (text: string, name: string): boolean =>
  (readModules(codeOf(text)).find((module) => module.name === name)?.ports.length ?? 0) > 0;

/** Says PASS or ends the simulation. */
const decides = (text: string): boolean => /\$finish\b|"\s*PASS/.test(text);

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

/** Each `*.sv` or `*.v` directly in the sealed folder is one test whose top is the file's stem. */
export async function findAcceptanceTests(directory: string, lists: Filelists): Promise<Bench[]> {
  return (await acceptanceTestFiles(directory)).map((file) => ({
    name: file.replace(/\.(sv|v)$/, ''),
    file: path.join(directory, file),
    kind: 'acceptance' as const,
    modules: new Set<string>(),
    sources: [...lists.rtl, path.join(directory, file)],
    includeDirs: [...lists.includeDirs, directory, path.join(directory, 'include')],
  }));
}
