// Turns a structured spec and the catalogue into a design, or into all of the spec's faults at once.
import type { CbbManifest, Diagnostic } from '@genrtl/contracts';
import type { Design, DesignInstance, DesignLogic, DesignNet, DesignPin, DesignRegister } from '../design.ts';
import type { Expr } from '../expr/ast.ts';
import { hasWideIndex, sizeExpr } from '../expr/sizing.ts';
import type { Width } from '../expr/width.ts';
import { Findings } from '../findings.ts';
import type { ParsedSpec } from '../parse-spec.ts';
import { readBlocks, type Instance } from './blocks.ts';
import { readChecks } from './checks.ts';
import { connectClocks, type AutoConnection } from './clocking.ts';
import { checkConnectionWidths, readConnections, type Connection } from './connections.ts';
import { shapesAt, type Context } from './context.ts';
import { Drivers, reportUndriven, targetKey } from './drivers.ts';
import { readClocks, readParameters, readPorts, readTop, type Clocks } from './interface.ts';
import { reportLoops, type CombEdge } from './loops.ts';
import {
  declareLogic,
  declareRegisters,
  readRegister,
  resolveLogic,
  type ReadLogic,
  type RegisterRow,
} from './signals.ts';
import { Symbols } from './symbols.ts';

export type Elaboration = { readonly design: Design } | { readonly diagnostics: readonly Diagnostic[] };

/**
 * Pure. Diagnostics are errors with a SPEC_* code and a line, sorted by line; free text gives SPEC_NEEDS_MODEL.
 * `catalog` holds the manifests that Blocks may name; of several versions the newest counts.
 */
export function elaborateSpec(spec: ParsedSpec, catalog: readonly CbbManifest[]): Elaboration {
  if (spec.kind === 'refused') return { diagnostics: spec.diagnostics };
  const findings = new Findings(spec.file);
  if (spec.kind === 'free') {
    findings.add(
      'SPEC_NEEDS_MODEL',
      1,
      'the specification has no sections Top and Ports: turning free text into a design takes a model',
    );
    return { diagnostics: findings.errors() };
  }
  if (!spec.title) findings.add('SPEC_SECTION_MISSING', 1, 'the specification needs a title: a heading of level 1');
  const context: Context = { spec, findings, symbols: new Symbols(findings) };
  const drivers = new Drivers();

  const top = readTop(context);
  const parameters = readParameters(context);
  const ports = readPorts(context);
  const clocks = readClocks(context);
  const instances = readBlocks(context, catalog);
  reportModuleClash(context, top, instances);
  const registerRows = declareRegisters(context, clocks, drivers);
  const logicRows = declareLogic(context, drivers);
  const connections = readConnections(context, drivers);
  const automatic = connectClocks(context, instances, clocks, drivers);

  const logic = resolveLogic(context, logicRows, connections);
  checkConnectionWidths(context, connections);
  const lowered = lowerLogic(context, logic);
  const registers = lowerRegisters(context, registerRows);
  drivers.reportConflicts(findings);
  reportUndriven(context, ports, instances, drivers);
  reportLoops(combEdges(logic, connections), instances, findings);
  const checks = readChecks(context, clocks);
  const sources = pinSources(connections, automatic, logic, instances);

  if (findings.count > 0 || !top) return { diagnostics: findings.errors() };
  return {
    design: {
      file: spec.file,
      title: spec.title?.text ?? top.name,
      summary: spec.summary,
      module: top.name,
      parameters,
      ports,
      clocks: clocks.list,
      checks,
      instances: instances.flatMap((instance) =>
        buildInstance(context, instance, sources.get(instance.name) ?? new Map<string, Source>()),
      ),
      nets: netsOf(
        context,
        registerRows,
        logicRows.flatMap((row) => (row.target.kind === 'net' ? [row.target.name] : [])),
      ),
      logic: [...outputConnections(context, connections), ...lowered].toSorted((a, b) => a.line - b.line),
      registers,
      assumptions: assumptionsOf(findings, automatic, clocks, registers),
      warnings: findings.warnings(),
    },
  };
}

/**
 * The top's file and module must not stand in for a package's. A port or parameter cannot bear the module's own name,
 * nor a port the bench's: Verilator refuses that, and neither can be renamed.
 */
function reportModuleClash(
  { findings, symbols }: Context,
  top: { name: string; line: number } | null,
  instances: readonly Instance[],
): void {
  if (!top) return;
  const clash = instances.find(
    ({ manifest }) => manifest && (manifest.toplevel === top.name || manifest.cbb_id === top.name),
  );
  if (clash) findings.add('SPEC_NAME_DUPLICATE', top.line, `${top.name} is the name of a package that the spec uses`);
  const [own, bench] = [symbols.get(top.name), symbols.get(`tb_${top.name}`)];
  const related = { line: top.line, message: `module ${top.name}` };
  if (own?.kind === 'port' || own?.kind === 'parameter')
    findings.add('SPEC_NAME_DUPLICATE', own.line, `${top.name} is the name of the module itself`, related);
  if (bench?.kind === 'port')
    findings.add('SPEC_NAME_DUPLICATE', bench.line, `tb_${top.name} is the name of the module's testbench`, related);
}

/** SPEC_WIDTH for lossy truncation; expressions come out with every width explicit. */
function lowerLogic(context: Context, logic: readonly ReadLogic[]): DesignLogic[] {
  return logic.flatMap(({ row, expr, width }) => {
    const sized = fitTo(context, { expr, width, line: row.line, what: targetKey(row.target) });
    return sized && width ? [{ target: row.target, width, line: row.line, ...sized }] : [];
  });
}

function lowerRegisters(context: Context, rows: readonly RegisterRow[]): DesignRegister[] {
  return rows.flatMap((row) => {
    const { reset, next } = readRegister(context, row);
    const { name, width, line, clock } = row;
    const value = reset ? fitTo(context, { expr: reset, width, line, what: `the reset value of ${name}` }) : null;
    const sized = next ? fitTo(context, { expr: next, width, line, what: name }) : null;
    return width && sized && clock
      ? [{ name, width, line, clock, reset: value?.expr ?? null, next: sized.expr, wideIndex: sized.wideIndex }]
      : [];
  });
}

interface Fitting {
  readonly expr: Expr;
  readonly width: Width | null;
  readonly line: number;
  readonly what: string;
}

function fitTo(context: Context, { expr, width, line, what }: Fitting): { expr: Expr; wideIndex: boolean } | null {
  const shapes = shapesAt(context, line);
  const shape = shapes.of(expr);
  if (shape.kind === 'unknown' || !width) return null;
  if (shape.kind === 'sized' && shape.width.bits > width.bits) {
    context.findings.add(
      'SPEC_WIDTH',
      line,
      `${what} has ${width.bits} bits, its expression ${shape.width.bits}: select the bits that are meant`,
    );
    return null;
  }
  const wideIndex = hasWideIndex(expr, shapes);
  return {
    expr: sizeExpr(expr, width, shapes, (message) => context.findings.warn('SPEC_WIDTH', line, message)),
    wideIndex,
  };
}

function combEdges(logic: readonly ReadLogic[], connections: readonly Connection[]): CombEdge[] {
  return [
    ...logic.map(({ row, expr }) => ({ target: row.target, expr, line: row.line })),
    ...connections.map(({ to, from, line }) => ({ target: to, expr: from, line })),
  ];
}

/** Connections that end at a top output. */
function outputConnections(context: Context, connections: readonly Connection[]): DesignLogic[] {
  return connections.flatMap(({ from, to, line }) => {
    const width = to.kind === 'net' ? context.symbols.width({ kind: 'name', name: to.name }) : null;
    return width
      ? [
          {
            target: to,
            width,
            wideIndex: false,
            line,
            expr: sizeExpr(from, width, shapesAt(context, line), () => undefined),
          },
        ]
      : [];
  });
}

interface Source {
  readonly expr: Expr;
  readonly line: number;
}

/** What drives every block input, by instance and port; inputs that Logic drives read the pin's own net. */
function pinSources(
  connections: readonly Connection[],
  automatic: readonly AutoConnection[],
  logic: readonly ReadLogic[],
  instances: readonly Instance[],
): Map<string, Map<string, Source>> {
  const sources = new Map(instances.map(({ name }) => [name, new Map<string, Source>()]));
  for (const { from, to, line } of connections)
    if (to.kind === 'pin') sources.get(to.instance)?.set(to.port, { expr: from, line });
  for (const { instance, port, source } of automatic) sources.get(instance)?.set(port, { expr: source, line: 0 });
  for (const { row } of logic)
    if (row.target.kind === 'pin')
      sources.get(row.target.instance)?.set(row.target.port, { expr: row.target, line: row.line });
  return sources;
}

function buildInstance(context: Context, instance: Instance, bySource: ReadonlyMap<string, Source>): DesignInstance[] {
  const { manifest, name, line, parameters } = instance;
  if (!manifest || !instance.pins) return [];
  const pins: DesignPin[] = [];
  for (const { port, direction, width } of instance.pins.values()) {
    const source = bySource.get(port);
    if (!width) continue;
    pins.push({
      port,
      direction,
      width,
      source: source ? sizeExpr(source.expr, width, shapesAt(context, source.line), () => undefined) : null,
    });
  }
  return [{ name, manifest, parameters, pins, line }];
}

/** New names of Logic and Registers; top outputs are declared as ports already. */
function netsOf({ symbols }: Context, registers: readonly RegisterRow[], logic: readonly string[]): DesignNet[] {
  return [...registers.map(({ name }) => name), ...logic].flatMap((name) => {
    const symbol = symbols.get(name);
    return (symbol?.kind === 'wire' || symbol?.kind === 'register') && symbol.width
      ? [{ name, kind: symbol.kind, width: symbol.width }]
      : [];
  });
}

function assumptionsOf(
  findings: Findings,
  automatic: readonly AutoConnection[],
  clocks: Clocks,
  registers: readonly DesignRegister[],
): string[] {
  const notes: string[] = [];
  const [clock] = clocks.list;
  if (!clocks.declared && clock)
    notes.push(
      `${clock.name} is the clock${clock.reset ? `, ${clock.reset.name} its asynchronous active-low reset` : ''}, period 10 ns: the spec has no section Clocks`,
    );
  for (const { note } of automatic) if (note !== null) notes.push(note);
  for (const register of registers) {
    if (!register.clock.reset)
      notes.push(
        `${register.name} has no reset${register.reset ? '; its Reset value is the power-up value' : ' and starts unknown'}`,
      );
  }
  for (const warning of findings.warnings()) notes.push(`line ${warning.line ?? 0}: ${warning.message}`);
  return notes;
}
