// Whether a bundle of evidence leads to a planted fault: what it names, how far down its list, and what it shows.
import type { EvidenceBundle } from '@genrtl/contracts';
import type { Fault } from '@genrtl/eda/faults/index.ts';
import { SUSPECT } from '@genrtl/core/evidence/index.ts';

/** Errors that count; the rest of a tool's list follows from the first ones. */
const MAX_ERRORS = 3;

export interface Judgement {
  /** an error of a tool, or a suspect, stands on a line of the fault */
  readonly line: boolean;
  /** an error names a signal that the fault breaks, or a suspect drives it */
  readonly signal: boolean;
  /** the tools' own errors alone say so, without any suspect */
  readonly byTool: boolean;
  /** place of the right suspect, from 1; null: none */
  readonly suspect: number | null;
  /** the faulty line stands in a snippet, so that whoever has only the bundle can mend it */
  readonly shown: boolean;
  /** share of the design's lines that the snippets show */
  readonly shownShare: number;
}

export function judge(bundle: EvidenceBundle, file: string, fault: Fault, designLines: number): Judgement {
  const onLine = (each: { file?: string | undefined; line?: number | undefined }): boolean =>
    each.file === file && each.line !== undefined && fault.lines.includes(each.line);
  const errors = bundle.diagnostics.filter((each) => each.severity === 'error').slice(0, MAX_ERRORS);
  const suspects = bundle.diagnostics.filter((each) => each.code === SUSPECT);
  const places = (each: EvidenceBundle['diagnostics'][number]): boolean =>
    onLine(each) || (each.related ?? []).some(onLine);
  const names = (text: string): boolean =>
    fault.signals.some((signal) => new RegExp(`(?<![\\w$])${signal.replace(/\$/g, '\\$&')}(?![\\w$])`).test(text));
  const lineByTool = errors.some(places);
  const signalByTool = errors.some((each) => names(each.message));
  const right = suspects.findIndex((each) => places(each) || names(each.message));
  const shownLines = bundle.snippets
    .filter((snippet) => snippet.file.startsWith('src/'))
    .reduce((sum, snippet) => sum + snippet.end - snippet.start + 1, 0);
  return {
    line: lineByTool || suspects.some(places),
    signal: signalByTool || suspects.some((each) => names(each.message)),
    byTool: lineByTool || signalByTool,
    suspect: right === -1 ? null : right + 1,
    shown: bundle.snippets.some(
      (snippet) => snippet.file === file && fault.lines.some((line) => snippet.start <= line && line <= snippet.end),
    ),
    shownShare: shownLines / designLines,
  };
}
