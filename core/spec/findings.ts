// Collects the findings of one pass over a specification, in the order of its lines.
import type { Diagnostic, ErrorCode } from '@genrtl/contracts';

/** The codes that a structured spec can be refused with. */
export type SpecCode = Extract<ErrorCode, `SPEC_${string}`>;

/** More findings than anybody reads; the last one then says how many were left out. */
const LIMIT = 1000;

/** Findings of one spec. Every finding is unique in code, line and message. */
export class Findings {
  readonly #file: string;
  readonly #seen = new Set<string>();
  readonly #list: Diagnostic[] = [];
  readonly #warnings: Diagnostic[] = [];
  #dropped = 0;

  constructor(file: string) {
    this.#file = file;
  }

  get count(): number {
    return this.#list.length;
  }

  /** An error at a line of the spec (from 1); `related` points at the other end of a conflict. */
  add(code: SpecCode, line: number, message: string, related?: { line: number; message: string }): void {
    const key = `${code}:${line}:${message}`;
    if (this.#seen.has(key)) return;
    if (this.#list.length >= LIMIT) {
      this.#dropped += 1;
      return;
    }
    this.#seen.add(key);
    this.#list.push({
      ...this.#diagnostic('error', code, line, message),
      ...(related ? { related: [{ file: this.#file, ...related }] } : {}),
    });
  }

  /** Something legal that the person should know; does not refuse the spec. */
  warn(code: SpecCode, line: number, message: string): void {
    if (this.#warnings.length < LIMIT) this.#warnings.push(this.#diagnostic('warning', code, line, message));
  }

  errors(): Diagnostic[] {
    const sorted = this.#list.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0));
    const last = sorted.at(-1);
    if (this.#dropped > 0 && last) sorted.push({ ...last, message: `${this.#dropped} more findings were left out` });
    return sorted;
  }

  warnings(): Diagnostic[] {
    return this.#warnings.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0));
  }

  #diagnostic(severity: 'error' | 'warning', code: SpecCode, line: number, message: string): Diagnostic {
    return { tool: 'genrtl', severity, code, message, file: this.#file, line };
  }
}
