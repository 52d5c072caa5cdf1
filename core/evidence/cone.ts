// The statements behind a wrong signal: what drives it, what drives that, through instances, nearest first.
import { isVendorFile } from './vendor-path.ts';
import { scanStatements } from './hdl-statements.ts';
import type { HdlStatement } from './hdl-statements.ts';

export interface ConeSource {
  readonly path: string;
  readonly text: string;
}

export interface ConeStep {
  readonly statement: HdlStatement;
  /** 0 drives the signal itself */
  readonly level: number;
}

export interface ConeLimits {
  readonly levels: number;
  readonly statements: number;
}

const DEFAULT_LIMITS: ConeLimits = { levels: 5, statements: 40 };

/** Statements of the design, ready to be asked; vendor files stay closed. */
export class DesignIndex {
  private readonly driving = new Map<string, HdlStatement[]>();
  private readonly modules = new Set<string>();
  readonly instances: readonly HdlStatement[];

  constructor(sources: readonly ConeSource[]) {
    const statements = sources.filter((source) => !isVendorFile(source.path)).flatMap((source) => scanStatements(source.path, source.text));
    for (const statement of statements) {
      this.modules.add(statement.module);
      for (const name of statement.drives) {
        const key = keyOf(statement.module, name);
        const list = this.driving.get(key);
        if (list) list.push(statement);
        else this.driving.set(key, [statement]);
      }
    }
    this.instances = statements.filter((statement) => statement.kind === 'instance');
  }

  /** True when some module of the design drives a signal of this name. */
  knows(signal: string): boolean {
    return [...this.modules].some((module) => this.driving.has(keyOf(module, signal)));
  }

  /**
   * Statements that a signal depends on, nearest first. `signal` may carry a path and a select (`dut.q[3]`);
   * `top` is looked at before other modules when the name is no path.
   */
  cone(signal: string, top: string | null, limits: Partial<ConeLimits> = {}): ConeStep[] {
    const { levels, statements } = { ...DEFAULT_LIMITS, ...limits };
    const name = baseName(signal);
    const inTop = top !== null && this.driving.has(keyOf(top, name)) ? [top] : [...this.modules].filter((module) => this.driving.has(keyOf(module, name)));
    let wave = inTop.map((module) => keyOf(module, name));
    const asked = new Set(wave);
    const found = new Map<HdlStatement, ConeStep>();
    for (let level = 0; level < levels && wave.length > 0 && found.size < statements; level += 1) {
      const next: string[] = [];
      const want = (key: string): void => {
        if (asked.has(key)) return;
        asked.add(key);
        next.push(key);
      };
      for (const key of wave) {
        const [module = '', wanted = ''] = key.split('\0');
        for (const statement of this.driving.get(key) ?? []) {
          if (found.size < statements && !found.has(statement)) found.set(statement, { statement, level });
          for (const each of this.sourcesOf(statement, module, wanted)) want(each);
        }
      }
      wave = next;
    }
    return [...found.values()];
  }

  /** What a statement's value of `wanted` comes from: the names that it reads, or the port inside an instance. */
  private sourcesOf(statement: HdlStatement, module: string, wanted: string): string[] {
    if (statement.kind !== 'instance' || statement.connections === undefined) return [...statement.reads].map((name) => keyOf(module, name));
    const of = statement.of ?? '';
    const inner: string[] = [];
    for (const [port, names] of statement.connections) {
      if (port !== '' && names.includes(wanted) && this.modules.has(of)) inner.push(keyOf(of, port));
    }
    // a closed package: what goes into it is all that can be wrong
    return this.modules.has(of) ? inner.filter((key) => this.driving.has(key)) : [...statement.reads].map((name) => keyOf(module, name));
  }
}

function keyOf(module: string, name: string): string {
  return `${module}\0${name}`;
}

/** `q` of `tb.dut.q[3:0]`. */
export function baseName(signal: string): string {
  const path = signal.split('[')[0] ?? '';
  return path.split('.').at(-1) ?? '';
}
