// The single assignments of a process: what each sets, what its value comes from, and which conditions let it happen.
// Reads tokens by recursive descent; on code that breaks off it returns what came before.
import type { Token } from './hdl-tokens.ts';

export interface ProcessAssignment {
  readonly targets: readonly string[];
  /** names on the right side and in indices of the left one */
  readonly reads: readonly string[];
  /** names in the conditions around it, the innermost first */
  readonly conditions: readonly string[];
  /** from 1, inclusive */
  readonly start: number;
  readonly end: number;
}

/**
 * What an asynchronously reset process sets in its normal operation but not in its reset; null for any other process.
 */
export function unresetTargets(
  tokens: readonly Token[],
  isName: (token: Token | undefined) => boolean,
): string[] | null {
  return new ProcessReader(tokens, isName).unreset();
}

/** Deeper code is no one's: it stops a hostile text from filling the stack. */
const MAX_DEPTH = 200;

/** `tokens`: of one process, from `always…` to its end. `isName` tells identifiers from keywords. */
export function assignmentsIn(
  tokens: readonly Token[],
  isName: (token: Token | undefined) => boolean,
): ProcessAssignment[] {
  return new ProcessReader(tokens, isName).read();
}

class ProcessReader {
  private readonly found: ProcessAssignment[] = [];
  private readonly tokens: readonly Token[];
  private readonly isName: (token: Token | undefined) => boolean;

  constructor(tokens: readonly Token[], isName: (token: Token | undefined) => boolean) {
    this.tokens = tokens;
    this.isName = isName;
  }

  read(): ProcessAssignment[] {
    let at = 1;
    if (this.text(at) === '@') at = this.text(at + 1) === '(' ? this.closing(at + 1) + 1 : at + 2;
    // a function has a header with ports in front of its statements
    if (this.text(0) === 'function' || this.text(0) === 'task') at = this.semicolon(at) + 1;
    while (at < this.tokens.length) at = Math.max(at + 1, this.statement(at, [], 0));
    return this.found;
  }

  /** The reset is an edge of the sensitivity list that the first `if` asks for. */
  unreset(): string[] | null {
    if (this.text(1) !== '@' || this.text(2) !== '(') return null;
    const close = this.closing(2);
    const edges = this.tokens
      .slice(3, close)
      .flatMap((token, i) => (['posedge', 'negedge'].includes(token.text) ? [this.text(3 + i + 1)] : []));
    let at = close + 1;
    if (this.text(at) === 'begin') at = this.text(at + 1) === ':' ? at + 3 : at + 1;
    if (this.text(at) !== 'if' || edges.length < 2) return null;
    const condition = this.closing(at + 1);
    const [asked, ...more] = this.names(at + 2, condition);
    if (asked === undefined || more.length > 0 || !edges.includes(asked)) return null;
    const behind = this.statement(condition + 1, [], 0);
    const reset = new Set(this.found.flatMap((each) => each.targets));
    if (this.text(behind) !== 'else') return null;
    this.found.length = 0;
    this.statement(behind + 1, [], 0);
    return [...new Set(this.found.flatMap((each) => each.targets))].filter((name) => !reset.has(name));
  }

  private text(at: number): string {
    return this.tokens[at]?.text ?? '';
  }

  private closing(open: number): number {
    let depth = 0;
    for (let at = open; at < this.tokens.length; at += 1) {
      const text = this.text(at);
      if (text === '(' || text === '[' || text === '{') depth += 1;
      else if (text === ')' || text === ']' || text === '}') depth -= 1;
      if (depth === 0) return at;
    }
    return this.tokens.length - 1;
  }

  private semicolon(from: number): number {
    let depth = 0;
    for (let at = from; at < this.tokens.length; at += 1) {
      const text = this.text(at);
      if (text === '(' || text === '[' || text === '{') depth += 1;
      else if (text === ')' || text === ']' || text === '}') depth -= 1;
      else if (text === ';' && depth <= 0) return at;
    }
    return this.tokens.length;
  }

  private names(from: number, to: number): string[] {
    const out: string[] = [];
    for (let at = from; at < to; at += 1)
      if (this.isName(this.tokens[at]) && this.text(at - 1) !== '.') out.push(this.text(at));
    return out;
  }

  /** Returns the index behind the statement. */
  private statement(at: number, conditions: readonly string[], depth: number): number {
    if (depth > MAX_DEPTH) return this.tokens.length;
    const word = this.text(at);
    switch (word) {
      case 'begin':
      case 'fork':
        return this.block(at, conditions, depth);
      case 'unique':
      case 'unique0':
      case 'priority':
      case 'forever':
        return this.statement(at + 1, conditions, depth + 1);
      case 'if':
        return this.choice(at, conditions, depth);
      case 'case':
      case 'casez':
      case 'casex':
        return this.cases(at, conditions, depth);
      case 'for':
      case 'while':
      case 'repeat':
      case 'foreach': {
        const close = this.closing(at + 1);
        return this.statement(close + 1, [...this.names(at + 2, close), ...conditions], depth + 1);
      }
      case '@':
      case '#':
        return this.statement(this.text(at + 1) === '(' ? this.closing(at + 1) + 1 : at + 2, conditions, depth + 1);
      default:
        return this.assignment(at, conditions);
    }
  }

  private block(at: number, conditions: readonly string[], depth: number): number {
    let next = this.text(at + 1) === ':' ? at + 3 : at + 1;
    while (next < this.tokens.length && !['end', 'join', 'join_any', 'join_none'].includes(this.text(next))) {
      next = Math.max(next + 1, this.statement(next, conditions, depth + 1));
    }
    return next + 1;
  }

  private choice(at: number, conditions: readonly string[], depth: number): number {
    let inner: readonly string[] = conditions;
    let next = at;
    // a long chain of else-ifs is one level deep, and each branch depends on all conditions before it
    for (;;) {
      const close = this.closing(next + 1);
      inner = [...this.names(next + 2, close), ...inner];
      next = this.statement(close + 1, inner, depth + 1);
      if (this.text(next) !== 'else') return next;
      if (this.text(next + 1) !== 'if') return this.statement(next + 1, inner, depth + 1);
      next += 1;
    }
  }

  private cases(at: number, conditions: readonly string[], depth: number): number {
    const close = this.closing(at + 1);
    const inner = [...this.names(at + 2, close), ...conditions];
    let next = close + 1;
    while (next < this.tokens.length && this.text(next) !== 'endcase') {
      let colon = next;
      while (colon < this.tokens.length && this.text(colon) !== ':' && !(colon > next && this.text(next) === 'default'))
        colon +=
          this.text(colon) === '[' || this.text(colon) === '(' || this.text(colon) === '{'
            ? this.closing(colon) - colon + 1
            : 1;
      const body = this.text(colon) === ':' ? colon + 1 : next + 1;
      next = Math.max(next + 1, this.statement(body, [...this.names(next, colon), ...inner], depth + 1));
    }
    return next + 1;
  }

  private assignment(at: number, conditions: readonly string[]): number {
    const end = this.semicolon(at);
    let operator = at;
    while (operator < end && this.text(operator) !== '=' && this.text(operator) !== '<=') {
      operator =
        this.text(operator) === '[' || this.text(operator) === '{' || this.text(operator) === '('
          ? this.closing(operator) + 1
          : operator + 1;
    }
    const [first, last] = [this.tokens[at], this.tokens[Math.min(end, this.tokens.length - 1)]];
    if (operator < end && first && last) {
      const { targets, indices } = this.leftSide(at, operator);
      if (targets.length > 0)
        this.found.push({
          targets,
          reads: [...this.names(operator + 1, end), ...indices],
          conditions,
          start: first.line,
          end: last.line,
        });
    }
    return end + 1;
  }

  /** `{a, b[i]}` sets a and b and reads i. */
  private leftSide(from: number, to: number): { targets: string[]; indices: string[] } {
    const targets: string[] = [];
    const indices: string[] = [];
    for (let at = from; at < to; at += 1) {
      if (this.text(at) === '[') {
        const close = this.closing(at);
        indices.push(...this.names(at + 1, close));
        at = close;
      } else if (this.isName(this.tokens[at]) && this.text(at - 1) !== '.') {
        targets.push(this.text(at));
      }
    }
    return { targets, indices };
  }
}
