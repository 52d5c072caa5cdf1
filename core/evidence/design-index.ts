// The design's own code, ready to be asked: which signals there are, where they are set, and who is to be suspected.
import type { Diagnostic } from '@genrtl/contracts';
import { baseName } from './base-name.ts';
import { scanDeclarations } from './hdl-declarations.ts';
import type { HdlDeclaration, HdlModuleHeader } from './hdl-declarations.ts';
import { scanStatements } from './hdl-statements.ts';
import type { HdlStatement } from './hdl-statements.ts';
import { rankSuspects } from './rank.ts';
import type { Suspect } from './rank.ts';
import { keyOf, SignalGraph } from './signal-graph.ts';
import type { Place } from './snippets.ts';
import { isVendorFile } from '../cbb/vendor-path.ts';

export interface IndexedSource {
  readonly path: string;
  readonly text: string;
}

/** A purchased package as designs see it: closed, but with known ports. */
export interface PackageInterface {
  readonly module: string;
  readonly outputs: readonly string[];
}

export class DesignIndex {
  readonly instances: readonly HdlStatement[];
  private readonly modules: readonly string[];
  private readonly declarations = new Map<string, HdlDeclaration>();
  private readonly headers: readonly HdlModuleHeader[];
  private readonly outputs = new Map<string, Set<string>>();
  private readonly oddities = new Map<string, string>();
  private readonly graph: SignalGraph;
  private readonly top: string | null;

  /** Vendor files among the sources stay closed. */
  constructor(sources: readonly IndexedSource[], top: string | null, packages: readonly PackageInterface[] = []) {
    const own = sources.filter((source) => !isVendorFile(source.path));
    const statements = own.flatMap((source) => scanStatements(source.path, source.text));
    for (const { module, outputs } of packages) this.outputs.set(module, new Set(outputs));
    const scanned = own.map((source) => scanDeclarations(source.path, source.text));
    this.headers = scanned.flatMap(({ modules }) => modules);
    for (const declaration of scanned.flatMap(({ declarations }) => declarations)) this.addDeclaration(declaration);
    this.instances = statements.filter((statement) => statement.kind === 'instance');
    for (const { module, unreset = [] } of statements)
      for (const name of unreset)
        this.oddities.set(keyOf(module, name), 'its process has a reset, which leaves it out');
    const names = [...new Set(statements.map((statement) => statement.module))];
    this.top = top !== null && names.includes(top) ? top : null;
    this.modules = this.top === null ? names : [this.top, ...names.filter((name) => name !== this.top)];
    this.graph = new SignalGraph(statements, this.top, (module) => this.outputs.get(module) ?? null);
  }

  /** From `module` to the last declared port of the module that holds the line. */
  headerAt(file: string, line: number): Place | null {
    const module = this.headers.findLast((each) => each.file === file && each.line <= line);
    return module === undefined ? null : this.headerPlace(module);
  }

  headerOfTop(): Place[] {
    return this.headers.filter((each) => each.name === this.top).map((each) => this.headerPlace(each));
  }

  /** True when some module of the design drives a signal of this name. */
  knows(signal: string): boolean {
    return this.modules.some((module) => this.graph.drivesOf(keyOf(module, signal)).length > 0);
  }

  outputsOfTop(): string[] {
    return this.top === null ? [] : [...(this.outputs.get(this.top) ?? [])];
  }

  /** Signals that may be wrong, the most suspicious first. `failing` may carry paths and selects (`dut.q[3]`). */
  suspects(failing: readonly string[], clues: readonly Diagnostic[]): Suspect[] {
    const named = new Set(failing.map(baseName));
    const passing = this.outputsOfTop().filter((name) => !named.has(name));
    return rankSuspects({
      graph: this.graph,
      declarations: this.declarations,
      modules: this.modules,
      failing,
      passing,
      clues,
      oddities: this.oddities,
    });
  }

  private headerPlace({ file, name, line }: HdlModuleHeader): Place {
    const ports = [...this.declarations.values()].filter(
      (each) => each.file === file && each.module === name && each.direction !== null,
    );
    return { file, start: line, end: Math.max(line, ...ports.map((port) => port.line)), context: 1 };
  }

  /** A non-ANSI port is declared twice; its direction stands at the first place. */
  private addDeclaration(declaration: HdlDeclaration): void {
    const key = keyOf(declaration.module, declaration.name);
    if (!this.declarations.has(key)) this.declarations.set(key, declaration);
    if (declaration.direction === null) return;
    const outputs = this.outputs.get(declaration.module) ?? new Set<string>();
    if (declaration.direction !== 'input') outputs.add(declaration.name);
    this.outputs.set(declaration.module, outputs);
  }
}
