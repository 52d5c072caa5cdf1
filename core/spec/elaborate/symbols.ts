// The names of a spec: parameters, ports, signals and instances share one name space, as in a Verilog module.
import type { Findings } from '../findings.ts';
import type { Reference } from '../expr/ast.ts';
import type { Scope } from '../expr/shape.ts';
import type { Width } from '../expr/width.ts';
import { isUsableName } from '../../hdl/keywords.ts';
import { quote } from '../quote.ts';
import type { Instance } from './blocks.ts';

export interface ParameterSymbol {
  readonly kind: 'parameter';
  readonly line: number;
  /** null when its default is at fault */
  readonly value: bigint | null;
  readonly width: Width | null;
}
export interface PortSymbol {
  readonly kind: 'port';
  readonly line: number;
  /** null when its row is at fault */
  readonly direction: 'input' | 'output' | null;
  readonly width: Width | null;
}
export interface SignalSymbol {
  readonly kind: 'wire' | 'register';
  readonly line: number;
  /** filled in when it becomes known; stays null after a fault */
  width: Width | null;
}
export interface InstanceSymbol {
  readonly kind: 'instance';
  readonly line: number;
  readonly instance: Instance;
}
export type SpecSymbol = ParameterSymbol | PortSymbol | SignalSymbol | InstanceSymbol;

/** What a Scope needs, and the reporting of names that are wrong, doubled or unknown. */
export class Symbols implements Scope {
  readonly #findings: Findings;
  readonly #table = new Map<string, SpecSymbol>();
  /** names whose declaration is at fault: using them is no second fault */
  readonly #poisoned = new Set<string>();

  constructor(findings: Findings) {
    this.#findings = findings;
  }

  /** SPEC_NAME_INVALID or SPEC_NAME_DUPLICATE, else the name now stands for the symbol. */
  declare(name: string, symbol: SpecSymbol): boolean {
    if (!isUsableName(name)) {
      this.#findings.add('SPEC_NAME_INVALID', symbol.line, `${quote(name)} is no usable name: ${whyUnusable(name)}`);
      this.poison(name);
      return false;
    }
    const other = this.#table.get(name);
    if (other) {
      const [first, second] = other.line <= symbol.line ? [other, symbol] : [symbol, other];
      this.#findings.add('SPEC_NAME_DUPLICATE', second.line, `${name} is declared twice`, {
        line: first.line,
        message: `${name} is declared here`,
      });
      // whichever of the two a later row means, what it finds wrong is this same fault
      this.poison(name);
      return false;
    }
    this.#table.set(name, symbol);
    return true;
  }

  poison(name: string): void {
    this.#poisoned.add(name);
  }

  isPoisoned(name: string): boolean {
    return this.#poisoned.has(name);
  }

  get(name: string): SpecSymbol | undefined {
    return this.#table.get(name);
  }

  names(): IterableIterator<string> {
    return this.#table.keys();
  }

  parameter(name: string): ParameterSymbol | undefined {
    const symbol = this.#table.get(name);
    return symbol?.kind === 'parameter' ? symbol : undefined;
  }

  width(reference: Reference): Width | null {
    if (reference.kind === 'pin') {
      const symbol = this.#table.get(reference.instance);
      return symbol?.kind === 'instance' ? (symbol.instance.pins?.get(reference.port)?.width ?? null) : null;
    }
    const symbol = this.#table.get(reference.name);
    return symbol && symbol.kind !== 'instance' ? symbol.width : null;
  }

  /** Reports what an expression may not read at this line; true when everything it names exists. */
  readable(reference: Reference, line: number): boolean {
    if (reference.kind === 'pin') return this.#readablePin(reference.instance, reference.port, line);
    const symbol = this.#table.get(reference.name);
    if (symbol?.kind === 'instance') {
      this.#findings.add(
        'SPEC_NAME_UNKNOWN',
        line,
        `${reference.name} is an instance: name one of its ports as ${reference.name}.port`,
      );
      return false;
    }
    if (symbol) return true;
    if (!this.isPoisoned(reference.name)) {
      this.#findings.add(
        'SPEC_NAME_UNKNOWN',
        line,
        `nothing is called ${quote(reference.name)}${this.#suggestion(reference.name)}`,
      );
    }
    return false;
  }

  #readablePin(name: string, port: string, line: number): boolean {
    const instance = this.instance(name, line);
    if (!instance?.pins) return false;
    const pin = instance.pins.get(port);
    if (pin?.direction === 'input') {
      this.#findings.add(
        'SPEC_DIRECTION',
        line,
        `${name}.${port} is an input of the block; read the signal that drives it`,
      );
    } else if (!pin) {
      this.#findings.add('SPEC_NAME_UNKNOWN', line, `${instance.manifest?.cbb_id ?? name} has no port ${quote(port)}`);
    }
    return pin?.direction === 'output';
  }

  /** The instance of a pin; reports SPEC_NAME_UNKNOWN when there is none of that name. */
  instance(name: string, line: number): Instance | undefined {
    const symbol = this.#table.get(name);
    if (symbol?.kind === 'instance') return symbol.instance;
    if (!this.isPoisoned(name)) this.#findings.add('SPEC_NAME_UNKNOWN', line, `no instance is called ${quote(name)}`);
    return undefined;
  }

  #suggestion(name: string): string {
    const lower = name.toLowerCase();
    if (this.#findings.count > 100) return '';
    for (const other of this.#table.keys()) if (other.toLowerCase() === lower) return `; did you mean ${other}?`;
    return '';
  }
}

function whyUnusable(name: string): string {
  return /^[A-Za-z_][A-Za-z0-9_$]*$/.test(name)
    ? name.length > 200
      ? 'it is too long'
      : 'it is a reserved word'
    : 'it is no Verilog identifier';
}
