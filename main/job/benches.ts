// The simulations of a job: testbenches of tb/ and sealed acceptance tests.
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { GenrtlError } from '@genrtl/contracts';
import type { TestResult } from '@genrtl/contracts';
import { scanModules, topModules } from '@genrtl/core/hdl/modules.ts';
import type { Filelists } from '../cbb/index.ts';

export interface Bench {
  readonly name: string;
  readonly file: string;
  readonly sources: readonly string[];
  readonly includeDirs: readonly string[];
  readonly kind: TestResult['kind'];
}

/** Tops among the modules of tb/: what nothing else instantiates. */
export async function findBenches(root: string, lists: Filelists): Promise<Bench[]> {
  const files = await Promise.all(
    [...lists.rtl, ...lists.tb].map(async (file) => ({
      path: file,
      text: await readFile(path.join(root, file), 'utf8'),
    })),
  );
  const tb = new Set(lists.tb);
  return topModules(scanModules(files))
    .filter((module) => tb.has(module.file))
    .map((module) => ({
      name: module.name,
      file: module.file,
      sources: [...lists.rtl, ...lists.tb],
      includeDirs: lists.includeDirs,
      kind: 'testbench',
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

/** Each `*.sv` or `*.v` directly in the sealed folder is one test whose top is the file's stem. */
export async function findAcceptanceTests(directory: string, lists: Filelists): Promise<Bench[]> {
  return (await acceptanceTestFiles(directory)).map((file) => ({
    name: file.replace(/\.(sv|v)$/, ''),
    file: path.join(directory, file),
    kind: 'acceptance' as const,
    sources: [...lists.rtl, path.join(directory, file)],
    includeDirs: [...lists.includeDirs, directory, path.join(directory, 'include')],
  }));
}
