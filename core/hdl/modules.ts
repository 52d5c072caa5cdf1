// Which modules (System)Verilog text declares and which of them instantiate which. A scanner, no parser: enough to find
// tops and testbenches in files that may not even compile.
import { scanSource } from './scan.ts';

export interface HdlFile {
  readonly path: string;
  readonly text: string;
}

export interface DeclaredModule {
  readonly name: string;
  readonly file: string;
  /** from 1 */
  readonly line: number;
  /** declared modules that it instantiates */
  readonly instantiates: readonly string[];
}

/** All modules of the files, in file order. */
export function scanModules(files: readonly HdlFile[]): DeclaredModule[] {
  const declared = files.flatMap(({ path, text }) =>
    scanSource(text)
      .modules.filter(({ kind }) => kind === 'module')
      .map((module) => ({ ...module, file: path })),
  );
  const names = new Set(declared.map(({ name }) => name));
  return declared.map(({ name, file, line, words }) => ({
    name,
    file,
    line,
    instantiates: [...words].filter((word) => names.has(word) && word !== name).sort(),
  }));
}

/** Modules that no other one instantiates, in file order, each name once. */
export function topModules(modules: readonly DeclaredModule[]): DeclaredModule[] {
  const used = new Set(modules.flatMap((module) => module.instantiates));
  return modules.filter(
    (module, index) => !used.has(module.name) && modules.findIndex((other) => other.name === module.name) === index,
  );
}
