// Which nets nothing reads, wholly or in part: linters ask about them, so the module names them once.
import type { Design } from '../design.ts';
import { children, type Expr, type Reference } from '../expr/ast.ts';
import { evaluate } from '../expr/constant.ts';
import type { Width } from '../expr/width.ts';

/** Bits of a net that are read; `whole` when all of them may be. */
interface Coverage {
  whole: boolean;
  ranges: [number, number][];
}

/** Reads of a design's nets, keyed by name or `instance.port`, and of its parameters. */
export class Usage {
  readonly #nets = new Map<string, Coverage>();
  readonly #parameters = new Map<string, bigint>();
  readonly #usedParameters = new Set<string>();

  constructor(design: Design) {
    for (const { name, value } of design.parameters) this.#parameters.set(name, value);
    for (const { expr } of design.parameters) this.#read(expr);
    for (const { width } of [...design.ports, ...design.nets, ...design.logic, ...design.registers])
      this.#read(width.expr);
    for (const { expr } of design.logic) this.#read(expr);
    for (const { next, reset, clock } of design.registers) {
      this.#read(next);
      if (reset) this.#read(reset);
      this.#whole(clock.name);
      if (clock.reset && reset) this.#whole(clock.reset.name);
    }
    for (const instance of design.instances) {
      for (const { value } of instance.parameters) if (typeof value !== 'string') this.#read(value);
      for (const { source, width, port } of instance.pins) {
        this.#read(width.expr);
        if (source) this.#read(source);
        // the instance reads the net of its own input
        if (source?.kind === 'pin' && source.instance === instance.name && source.port === port)
          this.#whole(`${instance.name}.${port}`);
      }
    }
  }

  /** True when every bit of the net is read somewhere. */
  isRead(key: string, width: Width): boolean {
    const coverage = this.#nets.get(key);
    if (!coverage) return false;
    if (coverage.whole) return true;
    let next = 0;
    for (const [low, high] of coverage.ranges.toSorted((a, b) => a[0] - b[0])) {
      if (low > next) return false;
      next = Math.max(next, high + 1);
    }
    return next >= width.bits;
  }

  isParameterUsed(name: string): boolean {
    return this.#usedParameters.has(name);
  }

  #read(expr: Expr): void {
    switch (expr.kind) {
      case 'name':
      case 'pin':
        this.#whole(keyOf(expr));
        return;
      case 'bit':
        this.#select(expr.of, expr.index, expr.index);
        this.#read(expr.index);
        return;
      case 'part':
        this.#select(expr.of, expr.msb, expr.lsb);
        this.#read(expr.msb);
        this.#read(expr.lsb);
        return;
      case 'indexed':
        this.#whole(keyOf(expr.of));
        this.#read(expr.start);
        this.#read(expr.width);
        return;
      default:
        for (const child of children(expr)) this.#read(child);
    }
  }

  #select(of: Reference, msb: Expr, lsb: Expr): void {
    const [high, low] = [this.#value(msb), this.#value(lsb)];
    if (high === undefined || low === undefined) this.#whole(keyOf(of));
    else this.#coverage(keyOf(of)).ranges.push([Number(low), Number(high)]);
  }

  #value(expr: Expr): bigint | undefined {
    return evaluate(expr, (name) => this.#parameters.get(name));
  }

  #whole(key: string): void {
    if (this.#parameters.has(key)) this.#usedParameters.add(key);
    this.#coverage(key).whole = true;
  }

  #coverage(key: string): Coverage {
    let coverage = this.#nets.get(key);
    if (!coverage) {
      coverage = { whole: false, ranges: [] };
      this.#nets.set(key, coverage);
    }
    return coverage;
  }
}

function keyOf(reference: Reference): string {
  return reference.kind === 'name' ? reference.name : `${reference.instance}.${reference.port}`;
}
