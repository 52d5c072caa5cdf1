// Which lines of a design an output's value may come from, through processes and instances. Errs on the side of more: a
// line that belongs to no statement that it knows counts for every output.
import { isCode, lex } from '../hdl/lexer.ts';
import type { IndexedSource } from './design-index.ts';
import { scanDeclarations } from './hdl-declarations.ts';
import { scanStatements } from './hdl-statements.ts';
import { keyOf, SignalGraph } from './signal-graph.ts';

/** Lines, from 1, by file. */
export type LinesByFile = ReadonlyMap<string, ReadonlySet<number>>;

interface Span {
  readonly start: number;
  readonly end: number;
}

export class DesignCones {
  readonly #top: string;
  readonly #graph: SignalGraph;
  /** spans of all statements by file */
  readonly #statements = new Map<string, Span[]>();
  readonly #code = new Map<string, ReadonlySet<number>>();
  readonly #cones = new Map<string, ReadonlyMap<string, readonly Span[]>>();

  constructor(sources: readonly IndexedSource[], top: string) {
    this.#top = top;
    const outputs = new Map<string, Set<string>>();
    const statements = sources.flatMap((source) => scanStatements(source.path, source.text));
    for (const { path, text } of sources) {
      this.#code.set(path, codeLines(text));
      for (const { module, name, direction } of scanDeclarations(path, text).declarations) {
        if (direction === null) continue;
        const known = outputs.get(module) ?? new Set();
        if (direction !== 'input') known.add(name);
        outputs.set(module, known);
      }
    }
    for (const { file, start, end } of statements) {
      const spans = this.#statements.get(file) ?? [];
      spans.push({ start, end });
      this.#statements.set(file, spans);
    }
    this.#graph = new SignalGraph(statements, top, (module) => outputs.get(module) ?? null);
  }

  /** Whether one of the lines may decide the value of this output of the top. */
  touches(output: string, lines: LinesByFile): boolean {
    const cone = this.#coneOf(output);
    for (const [file, changed] of lines)
      for (const line of changed) if (this.#isOpen(file, line) || within(cone.get(file) ?? [], line)) return true;
    return false;
  }

  /** Code that no known statement holds: a declaration, a parameter, whatever the scanner does not understand. */
  #isOpen(file: string, line: number): boolean {
    return this.#code.get(file)?.has(line) === true && !within(this.#statements.get(file) ?? [], line);
  }

  #coneOf(output: string): ReadonlyMap<string, readonly Span[]> {
    const known = this.#cones.get(output);
    if (known !== undefined) return known;
    const cone = new Map<string, Span[]>();
    for (const key of this.#graph.distances(keyOf(this.#top, output), Number.MAX_SAFE_INTEGER).keys())
      for (const { file, block, start, end } of this.#graph.drivesOf(key)) {
        const spans = cone.get(file) ?? [];
        // a condition stands in the block, outside the assignment that it decides
        spans.push({ start: Math.min(start, block.start), end: Math.max(end, block.end) });
        cone.set(file, spans);
      }
    this.#cones.set(output, cone);
    return cone;
  }
}

const within = (spans: readonly Span[], line: number): boolean =>
  spans.some(({ start, end }) => start <= line && line <= end);

/** Lines that hold more than blanks and comments. */
function codeLines(text: string): Set<number> {
  const lines = new Set<number>();
  for (const token of lex(text)) if (isCode(token) || token.kind === 'directive') lines.add(token.line);
  return lines;
}
