// Which signal gets its value from which others, one assignment at a time, through instances up and down the hierarchy.
import type { HdlStatement } from './hdl-statements.ts';

/** One place that gives a signal its value. */
export interface Drive {
  readonly file: string;
  readonly start: number;
  readonly end: number;
  /** what the value comes from */
  readonly reads: readonly string[];
  /** what decides that it is taken, the nearest condition first */
  readonly conditions: readonly string[];
  /** the process or instance that it is part of */
  readonly block: { readonly start: number; readonly end: number };
  /** a connection: what a tool says of the instance it says of this */
  readonly isConnection?: boolean;
}

/** Names of a module's outputs; null when its ports are not known. */
export type OutputsOf = (module: string) => ReadonlySet<string> | null;

const VALUE_STEP = 1;
const CONDITION_STEP = 2;
const NO_DRIVES: readonly Drive[] = [];

/**
 * Signals are keys: `keyOf(module, name)`. Packages are closed: what goes into one is all that can be wrong about it.
 */
export class SignalGraph {
  private readonly drives = new Map<string, Drive[]>();
  private readonly open = new Set<string>();
  private readonly instances = new Map<string, HdlStatement[]>();
  private readonly top: string | null;

  private readonly outputs: OutputsOf;

  /**
   * `top`: the design's own top, whose inputs are the bench's business. `outputs`: of packages and of the design's
   * modules
   */
  constructor(statements: readonly HdlStatement[], top: string | null, outputs: OutputsOf) {
    this.top = top;
    this.outputs = outputs;
    for (const { module } of statements) this.open.add(module);
    for (const statement of statements) {
      if (statement.kind === 'instance') this.addInstance(statement);
      else this.addStatement(statement);
    }
  }

  /** An input of a module below the top is driven where the module is instantiated. */
  drivesOf(key: string): readonly Drive[] {
    const own = this.drives.get(key);
    if (own !== undefined) return own;
    const [module = '', port = ''] = key.split('\0');
    if (module === this.top) return NO_DRIVES;
    return (this.instances.get(module) ?? []).flatMap((instance) => {
      const names = instance.connections?.get(port);
      const line = instance.connectionLines?.get(port) ?? instance.start;
      return names === undefined
        ? []
        : [
            {
              file: instance.file,
              start: line,
              end: line,
              reads: names.map((name) => keyOf(instance.module, name)),
              conditions: [],
              block: instance,
              isConnection: true,
            },
          ];
    });
  }

  /** How far each signal is from the start that it feeds; a value counts as one step, a condition as two. */
  distances(start: string, limit: number): Map<string, number> {
    const found = new Map([[start, 0]]);
    const waves: string[][] = [[start]];
    for (let level = 0; level < waves.length && level <= limit; level += 1) {
      for (const key of waves[level] ?? []) {
        if (found.get(key) !== level) continue;
        const reach = (name: string, distance: number): void => {
          if ((found.get(name) ?? Infinity) <= distance || distance > limit) return;
          found.set(name, distance);
          (waves[distance] ??= []).push(name);
        };
        for (const { reads, conditions } of this.drivesOf(key)) {
          for (const name of reads) reach(name, level + VALUE_STEP);
          for (const name of conditions) reach(name, level + CONDITION_STEP);
        }
      }
    }
    return found;
  }

  private add(key: string, drive: Drive): void {
    const known = this.drives.get(key);
    if (known) known.push(drive);
    else this.drives.set(key, [drive]);
  }

  private addStatement({ file, module, start, end, drives, reads, assignments }: HdlStatement): void {
    if (assignments === undefined || assignments.length === 0) {
      for (const name of drives)
        this.add(keyOf(module, name), {
          file,
          start,
          end,
          block: { start, end },
          conditions: [],
          reads: [...reads].filter((read) => read !== name).map((read) => keyOf(module, read)),
        });
      return;
    }
    for (const assignment of assignments) {
      const keys = (names: readonly string[], own: string): string[] =>
        [...new Set(names)].filter((name) => name !== own).map((name) => keyOf(module, name));
      for (const name of assignment.targets)
        this.add(keyOf(module, name), {
          file,
          start: assignment.start,
          end: assignment.end,
          block: { start, end },
          reads: keys(assignment.reads, name),
          conditions: keys(assignment.conditions, name),
        });
    }
  }

  private addInstance(instance: HdlStatement): void {
    const { file, module, of = '', connections, connectionLines, start, end } = instance;
    const list = this.instances.get(of);
    if (list) list.push(instance);
    else this.instances.set(of, [instance]);
    const outputs = this.outputs(of);
    const isOutput = (port: string): boolean => outputs === null || port === '' || outputs.has(port);
    const isInput = (port: string): boolean => outputs === null || port === '' || !outputs.has(port);
    const isOpen = this.open.has(of);
    const inputs = [...(connections ?? [])]
      .filter(([port]) => isInput(port))
      .flatMap(([, names]) => names)
      .map((name) => keyOf(module, name));
    for (const [port, names] of connections ?? []) {
      if (!isOutput(port)) continue;
      const line = connectionLines?.get(port);
      for (const name of names)
        this.add(keyOf(module, name), {
          file,
          start: line ?? start,
          end: line ?? end,
          reads: isOpen && port !== '' ? [keyOf(of, port)] : inputs,
          conditions: [],
          block: { start, end },
          isConnection: true,
        });
    }
  }
}

export function keyOf(module: string, name: string): string {
  return `${module}\0${name}`;
}
