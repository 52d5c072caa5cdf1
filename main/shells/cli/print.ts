// Findings for a terminal, in the form that editors' problem matchers read.
import {
  UNCONFINED_WHY,
  type Diagnostic,
  type ImportNote,
  type UnconfinedReason,
  type Waiting,
} from '@genrtl/contracts';
import type { CliIo } from './io.ts';

export function formatDiagnostic(diagnostic: Diagnostic): string {
  const place = [diagnostic.file, diagnostic.line, diagnostic.column].filter((part) => part !== undefined).join(':');
  const time = diagnostic.time ? ` at ${diagnostic.time}` : '';
  const code = diagnostic.code ? ` [${diagnostic.code}]` : '';
  return `${place === '' ? diagnostic.tool : place}: ${diagnostic.severity}: ${diagnostic.message}${time}${code}`;
}

export function printDiagnostics(io: CliIo, diagnostics: readonly Diagnostic[]): void {
  for (const diagnostic of diagnostics) io.err(formatDiagnostic(diagnostic));
}

/** Said with every result of a run that nothing held back. */
export const unconfinedLine = (reason: UnconfinedReason | undefined): string =>
  `unconfined: the run could do what you can. ${reason === undefined ? '' : UNCONFINED_WHY[reason]}`.trimEnd();

/** What an import says of itself, as `spec.pdf, page 3: lost: …`. */
export function formatNote(name: string, { page, line, place, level, text }: ImportNote): string {
  const where = [
    page === undefined ? '' : `page ${page}`,
    line === undefined ? '' : `line ${line}`,
    place === undefined ? '' : `below “${place}”`,
  ].filter((part) => part !== '');
  return `${[name, ...where].join(', ')}: ${level === 'done' ? 'note' : level}: ${text}`;
}

export function printNotes(io: CliIo, name: string, notes: readonly ImportNote[]): void {
  for (const note of notes) io.err(formatNote(name, note));
}

const WAITS: Readonly<Record<Waiting['for'], string>> = {
  worker: 'a free place on the server',
  user_limit: 'the person’s other jobs',
  account_limit: 'other jobs of the account',
  plan_limit: 'a place of the plan',
  model: 'the next try of the model',
  client: 'the program whose models answer',
};

/** What a step waits for on the server, and since when. */
export function waitText({ for: reason, since, limit }: Waiting): string {
  const atOnce = limit === undefined ? '' : ` (${String(limit)} at once)`;
  return `waits for ${WAITS[reason]}${atOnce} since ${since}`;
}
