// Names the signals that a failing simulation is about, and the places in the design that deserve a look.
import type { Diagnostic } from '@genrtl/contracts';
import type { DesignIndex } from './cone.ts';
import { baseName } from './cone.ts';
import { signalOf } from './fold.ts';
import { illegalParameter } from './root-causes.ts';
import type { Place } from './snippets.ts';

const MAX_SIGNALS = 6;

/** Signals named by FAIL lines; else words of the message and of the bench's own line that the design drives. */
export function failingSignals(diagnostics: readonly Diagnostic[], index: DesignIndex, lineAt: (file: string, line: number) => string): string[] {
  const named = diagnostics.map(signalOf).filter((signal) => signal !== null);
  const found = new Set(named);
  if (found.size === 0) {
    for (const diagnostic of diagnostics.filter((each) => each.severity === 'error').slice(0, 3)) {
      const bench = diagnostic.file !== undefined && diagnostic.line !== undefined ? lineAt(diagnostic.file, diagnostic.line) : '';
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
    const own = diagnostic.file !== undefined && diagnostic.line !== undefined ? [{ file: diagnostic.file, start: diagnostic.line, end: diagnostic.line, context }] : [];
    return [...own, ...(diagnostic.related ?? []).map((each) => ({ file: each.file, start: each.line, end: each.line, context: 3 }))];
  });
}

/** Statements behind failing signals, nearest first, taking turns between the signals. */
export function conePlaces(signals: readonly string[], index: DesignIndex, top: string | null): { places: Place[]; names: string[] } {
  const cones = signals.map((signal) => index.cone(signal, top));
  const steps = cones.flatMap((cone, turn) => cone.map((step, at) => ({ ...step, turn, at }))).sort((a, b) => a.level - b.level || a.at - b.at || a.turn - b.turn);
  return {
    places: steps.map(({ statement }) => ({ file: statement.file, start: statement.start, end: statement.end, context: 2 })),
    names: [...new Set([...signals.map(baseName), ...steps.filter(({ level }) => level < 2).flatMap(({ statement }) => [...statement.drives, ...statement.reads])])],
  };
}

/** Where packages are instantiated whose parameter checks failed: the cause stands there, not in the package. */
export function misusePlaces(diagnostics: readonly Diagnostic[], index: DesignIndex): Place[] {
  const packages = new Set(diagnostics.map(illegalParameter).filter((id) => id !== null));
  return index.instances.filter((each) => packages.has(each.of ?? '')).map((each) => ({ file: each.file, start: each.start, end: each.end, context: 4 }));
}
