// Gathers what the parsers of one run report: exact counts, a bounded list, workspace-relative paths.
import { posix } from 'node:path';
import type { Diagnostic, Severity } from '@genrtl/contracts';
import { emptyLogFacts } from '../adapter.ts';
import type { LogFacts, ParserSink } from '../adapter.ts';

export const MAX_DIAGNOSTICS = 10_000;
/** A message longer than this is cut: it goes to people and to models. */
const MAX_MESSAGE_CHARS = 8_192;

export interface DiagnosticCounts {
  error: number;
  warning: number;
  info: number;
}

interface Entry {
  readonly order: number;
  readonly diagnostic: Diagnostic;
}

export class DiagnosticCollector implements ParserSink {
  readonly facts: LogFacts = emptyLogFacts();
  readonly counts: DiagnosticCounts = { error: 0, warning: 0, info: 0 };
  licenceState: 'waiting' | 'granted' | null = null;
  onLicence: ((state: 'waiting' | 'granted') => void) | null = null;
  /** findings that a person lets pass: neither counted nor kept */
  waive: ((diagnostic: Diagnostic) => boolean) | null = null;
  waived = 0;
  readonly #kept: Record<Severity, Entry[]> = { error: [], warning: [], info: [] };
  readonly #workspace: string | null;
  readonly #limit: number;
  #standIn: string | null = null;
  #order = 0;

  /** `workspace`: absolute path that reported paths are made relative to, or null to leave absolute ones alone */
  constructor(workspace: string | null, limit = MAX_DIAGNOSTICS) {
    this.#workspace = workspace === null ? null : posixPath(workspace).replace(/\/+$/, '');
    this.#limit = limit;
  }

  report(diagnostic: Diagnostic): void {
    const { severity } = diagnostic;
    const asked = this.waive === null ? null : this.#clean(diagnostic);
    if (asked !== null && this.waive?.(asked)) {
      this.waived++;
      return;
    }
    this.counts[severity]++;
    if (!this.#makeRoom(severity)) return;
    this.#kept[severity].push({ order: this.#order++, diagnostic: asked ?? this.#clean(diagnostic) });
  }

  /** `folder` (absolute) leads to the workspace's entries: a tool that names a file below it means the workspace's. */
  standsIn(folder: string): void {
    this.#standIn = relativePath(folder, this.#workspace);
  }

  licence(state: 'waiting' | 'granted'): void {
    if (state === this.licenceState) return;
    this.licenceState = state;
    this.onLicence?.(state);
  }

  /** In the order in which they were reported. */
  diagnostics(): Diagnostic[] {
    return [...this.#kept.error, ...this.#kept.warning, ...this.#kept.info]
      .sort((a, b) => a.order - b.order)
      .map((entry) => entry.diagnostic);
  }

  /**
   * A full list gives up its last findings of lesser severity first, so that a flood of warnings never hides an error.
   */
  #makeRoom(severity: Severity): boolean {
    const { error, warning, info } = this.#kept;
    if (error.length + warning.length + info.length < this.#limit) return true;
    if (severity === 'info') return false;
    return (info.pop() ?? (severity === 'error' ? warning.pop() : undefined)) !== undefined;
  }

  #clean(diagnostic: Diagnostic): Diagnostic {
    const { file, related, message } = diagnostic;
    return owned({
      ...diagnostic,
      message: message.length > MAX_MESSAGE_CHARS ? `${message.slice(0, MAX_MESSAGE_CHARS)}…` : message,
      ...(file === undefined ? {} : { file: this.#place(file) }),
      ...(related === undefined
        ? {}
        : { related: related.map((one) => owned({ ...one, file: this.#place(one.file) })) }),
    });
  }

  #place(file: string): string {
    const place = relativePath(file, this.#workspace);
    return this.#standIn !== null && place.startsWith(`${this.#standIn}/`)
      ? place.slice(this.#standIn.length + 1)
      : place;
  }
}

/** With texts of its own: a piece of a line keeps all of the chunk in memory that the line was cut from. */
function owned<T extends object>(record: T): T {
  return Object.fromEntries(
    Object.entries(record).map(([key, value]: [string, unknown]) => [
      key,
      typeof value === 'string' ? Buffer.from(value).toString() : value,
    ]),
  ) as T;
}

const posixPath = (path: string): string => path.replaceAll('\\', '/').replace(/^\/\/\?\/(?=[A-Za-z]:)/, '');

/**
 * `./src/../src/a.sv` and `<workspace>/src/a.sv` → `src/a.sv`; what lies outside keeps its absolute path, and two
 * slashes at its start, which name a machine on Windows. Letters of drives are one in either case.
 */
export function relativePath(path: string, workspace: string | null): string {
  const given = posixPath(path.trim());
  const normal = posix.normalize(given);
  const machine = /^\/\/[^/]/.test(given) ? `/${normal}` : normal;
  if (workspace === null) return machine;
  const root = workspace.startsWith('//') ? machine : normal;
  return lowerDrive(root).startsWith(`${lowerDrive(workspace)}/`) ? root.slice(workspace.length + 1) : machine;
}

const lowerDrive = (path: string): string =>
  path.charCodeAt(1) === 58 ? path.charAt(0).toLowerCase() + path.slice(1) : path;
