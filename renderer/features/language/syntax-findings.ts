// Syntax problems of open documents as findings, in the person's language; they come with every outline.
import i18next from 'i18next';
import type { Diagnostic } from '@genrtl/contracts';
import { useLiveFindings } from '../../state/live-findings.ts';
import type { Outline } from './outline.ts';
import { useOutlines } from './outline-store.ts';

/** `code` of such a finding, with the problem's own code behind it. */
export const SYNTAX = 'SYNTAX';

export function findingOf(file: string, problem: Outline['problems'][number]): Diagnostic {
  const { code, line, column, end_column } = problem;
  return {
    tool: 'genrtl',
    severity: 'error',
    code: `${SYNTAX}_${code.toUpperCase()}`,
    message: messageOf(problem),
    file,
    line,
    column,
    end_column,
  };
}

/** `other` of `unclosed` is what closes, and where there is one what stands before it. */
function messageOf({ code, name, other }: Outline['problems'][number]): string {
  const [closer, before] = other?.split(', ') ?? [];
  return code === 'unclosed' && before !== undefined
    ? i18next.t('syntax.unclosedBefore', { name, closer, before })
    : i18next.t(`syntax.${code}`, { name, other: other ?? '' });
}

/** Once, for the page's life. */
export function followSyntax(): void {
  let known: Readonly<Record<string, Outline>> = {};
  const { put } = useLiveFindings.getState();
  useOutlines.subscribe(({ outlines }) => {
    for (const [file, outline] of Object.entries(outlines))
      if (known[file]?.problems !== outline.problems)
        put(
          file,
          outline.problems.map((problem) => findingOf(file, problem)),
        );
    for (const file of Object.keys(known)) if (outlines[file] === undefined) put(file, []);
    known = outlines;
  });
  i18next.on('languageChanged', () => {
    for (const [file, { problems }] of Object.entries(known))
      put(
        file,
        problems.map((problem) => findingOf(file, problem)),
      );
  });
}
