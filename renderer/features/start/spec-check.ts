// The specification that a review will hand over, checked again after each correction.
import { useEffect, useState } from 'react';
import type { Diagnostic } from '@genrtl/contracts';
import { bridge } from '../../bridge/bridge.ts';

export interface SpecCheck {
  readonly structured: boolean;
  /** lines are those of the whole text */
  readonly diagnostics: readonly Diagnostic[];
}

const PAUSE_MS = 250;

/** Null while nothing was checked yet; the last answer stays until the next one is there. */
export function useSpecCheck(name: string, text: string | null): SpecCheck | null {
  const [check, setCheck] = useState<SpecCheck | null>(null);
  useEffect(() => {
    if (text === null) return undefined;
    let current = true;
    const timer = setTimeout(() => {
      bridge.call('spec.checkText', { name, markdown: text }).then(
        (answer) => {
          if (current) setCheck(answer);
        },
        // the text can be taken all the same: a job checks it again
        () => {
          if (current) setCheck(null);
        },
      );
    }, PAUSE_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [name, text]);
  return text === null ? null : check;
}

/** Several texts become one, with a blank line between; each begins at its own line of the whole. */
export function joined(texts: readonly string[]): { readonly text: string; readonly starts: readonly number[] } {
  const starts: number[] = [];
  let line = 1;
  const parts = texts.map((text) => {
    const part = text.trimEnd();
    starts.push(line);
    line += part.split('\n').length + 1;
    return part;
  });
  return { text: `${parts.join('\n\n')}\n`, starts };
}

/** The findings of the nth text, with its own lines. */
export function findingsOf(diagnostics: readonly Diagnostic[], starts: readonly number[], nth: number): Diagnostic[] {
  const from = starts[nth] ?? 1;
  const to = starts[nth + 1] ?? Number.POSITIVE_INFINITY;
  return diagnostics.flatMap((found) => {
    if (found.line === undefined) return nth === 0 ? [found] : [];
    return found.line >= from && found.line < to ? [{ ...found, line: found.line - from + 1 }] : [];
  });
}
