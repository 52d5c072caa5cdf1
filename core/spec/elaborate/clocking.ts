// Connects the clock and reset ports of blocks that the spec leaves out.
import type { DesignClock } from '../design.ts';
import type { Expr } from '../expr/ast.ts';
import type { Instance, Pin } from './blocks.ts';
import type { Context } from './context.ts';
import type { Drivers } from './drivers.ts';
import type { Clocks } from './interface.ts';

export interface AutoConnection {
  readonly instance: string;
  readonly port: string;
  readonly source: Expr;
  /** a sentence when it is more than an equal name */
  readonly note: string | null;
}

/**
 * A block's clock and reset ports that no table row connects: by equal name, else by the manifest's role when the top
 * has exactly one clock; a reset of opposite polarity is inverted.
 */
export function connectClocks(
  context: Context,
  instances: readonly Instance[],
  clocks: Clocks,
  drivers: Drivers,
): AutoConnection[] {
  const made: AutoConnection[] = [];
  for (const instance of instances) {
    for (const pin of instance.pins?.values() ?? []) {
      if (pin.direction !== 'input' || (pin.role !== 'clock' && pin.role !== 'reset')) continue;
      const target = { kind: 'pin', instance: instance.name, port: pin.port } as const;
      if (drivers.has(target)) continue;
      const connection = connect(context, instance, pin, clocks);
      if (connection) {
        made.push(connection);
        drivers.add(target, instance.line, 'the automatic connection');
      } else if (clocks.faulty || context.symbols.isPoisoned(pin.port)) drivers.excuse(target);
    }
  }
  return made;
}

function connect({ symbols }: Context, instance: Instance, pin: Pin, clocks: Clocks): AutoConnection | null {
  const same = symbols.get(pin.port);
  const isNet = same?.kind === 'port' || same?.kind === 'wire' || same?.kind === 'register';
  const onlyClock = clocks.list.length === 1 ? clocks.list[0] : undefined;
  const name =
    isNet && (same.width === null || same.width.bits === 1)
      ? pin.port
      : pin.role === 'clock'
        ? onlyClock?.name
        : onlyClock?.reset?.name;
  if (name === undefined) return null;
  const source: Expr = { kind: 'name', name };
  const base = { instance: instance.name, port: pin.port };
  const role = `${instance.name}.${pin.port} is connected to ${name}`;
  if (pin.role === 'clock' || !isOpposite(instance, pin.port, name, clocks.list))
    return { ...base, source, note: name === pin.port ? null : role };
  return {
    ...base,
    source: { kind: 'unary', operator: '~', operand: source },
    note: `${role} inverted, since their active levels differ`,
  };
}

/** True when the block's reset and the top's reset of this name have different active levels. */
function isOpposite({ manifest }: Instance, port: string, name: string, clocks: readonly DesignClock[]): boolean {
  const top = clocks.find((clock) => clock.reset?.name === name)?.reset;
  const declared = manifest?.resets.find((reset) => reset.name === port)?.active;
  const active = declared ?? (port.endsWith('_n') ? 'low' : 'high');
  return top !== undefined && top !== null && top.active !== active;
}
