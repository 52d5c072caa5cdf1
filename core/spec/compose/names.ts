// Names for the generated code: one for every net of an instance's pin, none of them taken by the spec.
import type { Design } from '../design.ts';
import type { PinNames } from '../expr/print.ts';
import { KEYWORDS } from '../../hdl/keywords.ts';

/** Hands out names that are free, deterministically: `name`, `name_2`, `name_3`, … */
export class FreeNames {
  readonly #taken: Set<string>;

  constructor(taken: Iterable<string>) {
    this.#taken = new Set(taken);
  }

  take(wanted: string): string {
    let name = wanted;
    for (let n = 2; this.#taken.has(name) || KEYWORDS.has(name); n += 1) name = `${wanted}_${n}`;
    this.#taken.add(name);
    return name;
  }
}

/** Every name that the spec itself declares inside the module, and the module's own. */
export function declaredNames(design: Design): string[] {
  return [
    design.module,
    ...design.parameters.map(({ name }) => name),
    ...design.ports.map(({ name }) => name),
    ...design.nets.map(({ name }) => name),
    ...design.instances.map(({ name }) => name),
  ];
}

export interface PinNets {
  /** the net at a pin; inputs have one only when Logic drives them */
  readonly names: PinNames;
  /** pins whose net must be declared, i.e. all but those that are a top output themselves */
  readonly declared: readonly { readonly instance: string; readonly port: string; readonly name: string }[];
  /** top outputs that an instance drives directly: their assignment falls away */
  readonly direct: ReadonlySet<string>;
}

/** A pin that feeds a top output as it is takes that output's name, every other one `<instance>_<port>`. */
export function namePins(design: Design, free: FreeNames): PinNets {
  const names = new Map<string, string>();
  const direct = new Set<string>();
  for (const { target, expr } of design.logic) {
    if (target.kind !== 'net' || expr.kind !== 'pin' || !design.ports.some(({ name }) => name === target.name))
      continue;
    const key = `${expr.instance}.${expr.port}`;
    if (names.has(key)) continue;
    names.set(key, target.name);
    direct.add(target.name);
  }
  const declared: { instance: string; port: string; name: string }[] = [];
  for (const instance of design.instances) {
    for (const { port, direction, source } of instance.pins) {
      const key = `${instance.name}.${port}`;
      const ownNet =
        direction === 'output' || (source?.kind === 'pin' && source.instance === instance.name && source.port === port);
      if (!ownNet || names.has(key)) continue;
      const name = free.take(`${instance.name}_${port}`);
      names.set(key, name);
      declared.push({ instance: instance.name, port, name });
    }
  }
  return { names: (instance, port) => names.get(`${instance}.${port}`) ?? `${instance}_${port}`, declared, direct };
}
