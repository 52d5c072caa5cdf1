// Names the signals that a failing simulation is about, and the places in the design that deserve a look.
import type { Diagnostic } from '@genrtl/contracts';
import { baseName } from './base-name.ts';
import type { DesignIndex } from './design-index.ts';
import { signalOf } from './fold.ts';
import type { Suspect } from './rank.ts';
import { illegalParameter } from './root-causes.ts';
import type { Place } from './snippets.ts';

const MAX_SIGNALS = 6;
const MAX_RELATED = 6;
/** Longer processes are shown around their assignments only. */
const MAX_BLOCK_LINES = 24;

/** Signals named by FAIL lines; else words of the message and of the bench's own line that the design drives. */
export function failingSignals(
  diagnostics: readonly Diagnostic[],
  index: DesignIndex,
  lineAt: (file: string, line: number) => string,
): string[] {
  const named = diagnostics.map(signalOf).filter((signal) => signal !== null);
  const found = new Set(named);
  if (found.size === 0) {
    for (const diagnostic of diagnostics.filter((each) => each.severity === 'error').slice(0, 3)) {
      const bench =
        diagnostic.file !== undefined && diagnostic.line !== undefined ? lineAt(diagnostic.file, diagnostic.line) : '';
      for (const word of `${diagnostic.message.slice(0, 400)} ${bench.slice(0, 400)}`.match(/[A-Za-z_][\w$]*/g) ?? []) {
        if (index.knows(word)) found.add(word);
      }
    }
  }
  return [...found].slice(0, MAX_SIGNALS);
}

/** Where the findings point; the first error gets the widest view. */
export function placesOf(diagnostics: readonly Diagnostic[]): Place[] {
  return diagnostics.flatMap((diagnostic, at): Place[] => {
    const context = at === 0 ? 12 : diagnostic.severity === 'error' ? 6 : 3;
    const own =
      diagnostic.file !== undefined && diagnostic.line !== undefined
        ? [{ file: diagnostic.file, start: diagnostic.line, end: diagnostic.line, context }]
        : [];
    return [
      ...own,
      ...(diagnostic.related ?? []).map((each) => ({ file: each.file, start: each.line, end: each.line, context: 3 })),
    ];
  });
}

/** Code of the findings that name suspects: an info, since no tool complained. */
export const SUSPECT = 'SUSPECT';

/** `<signal> <why>`, at the first place that sets it; further places and the declaration are related. */
export function suspectDiagnostic({ signal, module, drives, declared, distance, reasons }: Suspect): Diagnostic | null {
  const [first, ...others] = [
    ...drives.map(({ file, start }) => ({ file, line: start, message: `also sets ${signal}` })),
    ...(declared === null ? [] : [{ file: declared.file, line: declared.line, message: `declares ${signal}` }]),
  ];
  if (first === undefined) return null;
  const why =
    distance === 0
      ? `of ${module} fails`
      : `of ${module} is ${distance === 1 ? 'one step' : `${distance} steps`} away from a failing signal`;
  return {
    tool: 'genrtl',
    severity: 'info',
    code: SUSPECT,
    message: [`${signal} ${why}`, ...reasons].join('; '),
    file: first.file,
    line: first.line,
    ...(others.length > 0 ? { related: others.slice(0, MAX_RELATED) } : {}),
  };
}

/** A finding that names a failing signal gets the places that set it; that suspect needs no entry of its own. */
export function withDrives(
  diagnostics: readonly Diagnostic[],
  suspects: readonly Suspect[],
): { errors: Diagnostic[]; others: Suspect[] } {
  const failing = suspects.filter(({ distance }) => distance === 0);
  const attached = new Set<Suspect>();
  const errors = diagnostics.map((diagnostic) => {
    const name = signalOf(diagnostic);
    const suspect = name === null ? undefined : failing.find(({ signal }) => signal === baseName(name));
    if (suspect === undefined) return diagnostic;
    attached.add(suspect);
    const places = suspect.drives.slice(0, MAX_RELATED).map(({ file, start }) => ({
      file,
      line: start,
      message: [`sets ${suspect.signal}`, ...suspect.reasons].join('; '),
    }));
    return { ...diagnostic, related: [...(diagnostic.related ?? []), ...places] };
  });
  return { errors, others: suspects.filter((suspect) => !attached.has(suspect)) };
}

/** Where suspects are set, with the whole process or instance around it where that is short, and where tools warned. */
export function suspectPlaces(suspects: readonly Suspect[]): Place[] {
  return suspects.flatMap(({ drives, declared, clues }) => [
    ...drives.map(({ file, start, end, block }) =>
      block.end - block.start <= MAX_BLOCK_LINES
        ? { file, start: block.start, end: block.end, context: 1 }
        : { file, start, end, context: 2 },
    ),
    ...clues.flatMap(({ file, line }) =>
      file === undefined || line === undefined ? [] : [{ file, start: line, end: line, context: 8 }],
    ),
    ...(declared === null ? [] : [{ file: declared.file, start: declared.line, end: declared.line, context: 0 }]),
  ]);
}

/** Port list of the module that an error stands in: a name that is not known there should perhaps be a port. */
export function headerPlaces(diagnostics: readonly Diagnostic[], index: DesignIndex): Place[] {
  return diagnostics.flatMap(({ file, line }) =>
    file === undefined || line === undefined ? [] : (index.headerAt(file, line) ?? []),
  );
}

/** Where packages are instantiated whose parameter checks failed: the cause stands there, not in the package. */
export function misusePlaces(diagnostics: readonly Diagnostic[], index: DesignIndex): Place[] {
  const packages = new Set(diagnostics.map(illegalParameter).filter((id) => id !== null));
  return index.instances
    .filter((each) => packages.has(each.of ?? ''))
    .map((each) => ({ file: each.file, start: each.start, end: each.end, context: 4 }));
}
