// The part of Yosys' JSON netlist that a schematic needs, checked at the door (yosys 0.23, `help write_json`).
import { z } from 'zod';

/** A net's number, or a constant bit. */
export const Bit = z.union([z.number().int(), z.enum(['0', '1', 'x', 'z'])]);
export type Bit = z.infer<typeof Bit>;

const Attributes = z.record(z.string(), z.union([z.string(), z.number()])).default({});
const Direction = z.enum(['input', 'output', 'inout']);

export const YosysModule = z.object({
  attributes: Attributes,
  ports: z.record(z.string(), z.object({ direction: Direction, bits: z.array(Bit) })).default({}),
  cells: z
    .record(
      z.string(),
      z.object({
        type: z.string(),
        attributes: Attributes,
        port_directions: z.record(z.string(), Direction).default({}),
        connections: z.record(z.string(), z.array(Bit)).default({}),
      }),
    )
    .default({}),
  netnames: z
    .record(
      z.string(),
      z.object({
        hide_name: z.number().default(0),
        bits: z.array(Bit),
        /** the index of the last bit as declared, `[7:4]`; 0 is left out */
        offset: z.number().default(0),
        upto: z.number().default(0),
        attributes: Attributes,
      }),
    )
    .default({}),
});
export type YosysModule = z.infer<typeof YosysModule>;

export const YosysNetlist = z.object({ modules: z.record(z.string(), YosysModule) });
export type YosysNetlist = z.infer<typeof YosysNetlist>;

/** `$paramod\fifo\WIDTH=s32'…` and `$paramod$<hash>\fifo` are the module `fifo`. */
export function plainModuleName(name: string): string {
  return /^\$paramod(?:\$[0-9a-f]+)?\\([^\\]+)/.exec(name)?.[1] ?? name.replace(/^\\/, '');
}
