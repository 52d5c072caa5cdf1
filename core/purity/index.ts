// Whether what a job wrote stays within its trade. A design computes its outputs and says nothing; a testbench looks at
// ports and touches nothing else. Judged is what tools see once macros are done, through every branch of every
// conditional, and only what the job added: what a person wrote stays as it is. Findings go back like lint errors. That
// a design passes says little; a testbench that fails when outputs are wrong is the other half (docs/verdicts.md).
import type { Diagnostic, Untried } from '@genrtl/contracts';
import { isCode } from '../hdl/lexer.ts';
import type { Place } from '../hdl/lexer.ts';
import { preprocess } from '../hdl/preprocess.ts';
import type { Preprocessed, SourceFile } from '../hdl/preprocess.ts';
import { benchFindings, writtenPaths } from './bench.ts';
import { designFindings } from './design.ts';
import { readUnits } from './units.ts';
import { vhdlFindings } from './vhdl.ts';

export interface PurityInput {
  /** the design in compile order, packages included */
  readonly design: readonly SourceFile[];
  readonly benches: readonly SourceFile[];
  readonly include: (name: string, from: string) => SourceFile | null;
  readonly defines?: Readonly<Record<string, string | null>>;
  /** lines that the job added, from 1, by file */
  readonly added: ReadonlyMap<string, ReadonlySet<number>>;
}

export interface Purity {
  /** code DESIGN_IMPURE or BENCH_IMPURE */
  readonly findings: readonly Diagnostic[];
  readonly untried: readonly Untried[];
}

export interface Finding extends Place {
  readonly message: string;
}

/** Whether a token, or a definition that it came through, stands on a line that the job added. */
export type IsAdded = (token: Place & { readonly via?: readonly Place[] }) => boolean;

const VHDL = /\.vhdl?$/i;
const MAX_FINDINGS = 40;

export function judgePurity(input: PurityInput): Purity {
  const added: IsAdded = ({ file, line, via = [] }) =>
    onAdded(input, { file, line }) || via.some((place) => onAdded(input, place));
  const verilog = (files: readonly SourceFile[]): SourceFile[] => files.filter(({ path }) => !VHDL.test(path));
  const seen = preprocess([...verilog(input.design), ...verilog(input.benches)], {
    mode: 'every_branch',
    include: input.include,
    defines: input.defines ?? {},
  });
  const benches = new Set(input.benches.map(({ path }) => path));
  const isBench = ({ root }: { readonly root: string }): boolean => benches.has(root);
  const units = readUnits(seen.tokens.filter(isCode), isBench);
  const design: Finding[] = designFindings(
    of(seen, (token) => !isBench(token)),
    units,
    {
      added,
      benchMacros: macrosOfBenches(seen, benches, input),
      benchFolders: foldersOfBenches(input),
      benchFiles: writtenPaths(seen.tokens.filter(isBench)),
    },
  );
  const bench: Finding[] = benchFindings(of(seen, isBench), units, added);
  for (const { path, text } of input.design.filter((file) => VHDL.test(file.path)))
    design.push(...vhdlFindings(path, text, added));
  return {
    findings: [...diagnostics(design, 'DESIGN_IMPURE'), ...diagnostics(bench, 'BENCH_IMPURE')],
    untried: endless(seen, input),
  };
}

const onAdded = ({ added }: PurityInput, { file, line }: Place): boolean => added.get(file)?.has(line) ?? false;

/** The part of a text that came in by some of its files. */
function of(seen: Preprocessed, wanted: (token: { readonly root: string }) => boolean): Preprocessed {
  return {
    ...seen,
    tokens: seen.tokens.filter(wanted),
    conditionals: seen.conditionals.filter(wanted),
    directives: seen.directives.filter(wanted),
    comments: seen.comments.filter(wanted),
    attributes: seen.attributes.filter(wanted),
    includes: seen.includes.filter(wanted),
  };
}

/** Macros that testbenches define and nobody else: a design that asks for one is another design under its own bench. */
function macrosOfBenches(seen: Preprocessed, benches: ReadonlySet<string>, input: PurityInput): ReadonlySet<string> {
  const own = new Set(seen.tokens.map(({ file }) => file).filter((file) => benches.has(file)));
  const headers = new Set(
    seen.includes.flatMap(({ file, path }) => (path !== null && (benches.has(file) || own.has(file)) ? [path] : [])),
  );
  const fromBench = (file: string): boolean =>
    benches.has(file) ||
    (headers.has(file) && !seen.includes.some((one) => one.path === file && !benches.has(one.file)));
  return new Set(
    [...seen.macros.names].filter(
      (name) =>
        !Object.hasOwn(input.defines ?? {}, name) && seen.macros.get(name).every(({ place }) => fromBench(place.file)),
    ),
  );
}

function foldersOfBenches({ design, benches }: PurityInput): ReadonlySet<string> {
  const folder = (path: string): string => path.replace(/\/?[^/]*$/, '');
  const shared = new Set(['', ...design.map(({ path }) => folder(path))]);
  return new Set(benches.map(({ path }) => folder(path)).filter((one) => !shared.has(one)));
}

function endless(seen: Preprocessed, input: PurityInput): Untried[] {
  const files = new Set(seen.problems.filter(({ message }) => message.includes('without end')).map(({ file }) => file));
  // only a job that touched something is asked about it
  return input.added.size === 0
    ? []
    : [...files].map((name): Untried => ({ kind: 'purity', name, why: 'its macros or includes expand without end' }));
}

function diagnostics(findings: readonly Finding[], code: 'DESIGN_IMPURE' | 'BENCH_IMPURE'): Diagnostic[] {
  const seen = new Set<string>();
  return findings
    .filter(({ file, line, message }) => {
      const key = `${file}:${line}:${message}`;
      if (seen.has(key)) return false;
      seen.add(key);
      return true;
    })
    .slice(0, MAX_FINDINGS)
    .map(({ file, line, message }) => ({ tool: 'genrtl', severity: 'error', code, message, file, line }));
}
