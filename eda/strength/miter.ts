// The frame around a miter: which clock drives the design, which inputs reset it, and a first cycle in which they are
// held.

export interface YosysNetlist {
  readonly modules: Readonly<
    Record<
      string,
      {
        readonly ports: Readonly<
          Record<string, { readonly direction: string; readonly bits: readonly (number | string)[] }>
        >;
        readonly cells: Readonly<
          Record<
            string,
            {
              readonly type: string;
              readonly parameters: Readonly<Record<string, string | number>>;
              readonly connections: Readonly<Record<string, readonly (number | string)[]>>;
            }
          >
        >;
      }
    >
  >;
}

export interface Clocking {
  /** null for a combinational design */
  readonly clock: string | null;
  /** of all its registers */
  readonly edge: 'rising' | 'falling' | null;
  readonly resets: readonly { readonly name: string; readonly activeLow: boolean }[];
  readonly inputs: readonly { readonly name: string; readonly width: number }[];
}

const RESET_NAME = /(?:^|_)(?:a|s)?(?:rst|reset)(?:_?n|_?b|_?l)?(?:_i)?$/i;
const ACTIVE_LOW_NAME = /(?:n|_b|_l)(?:_i)?$/i;

/** null when the registers have several clocks, or a clock or reset that is no plain input. */
export function findClocking(netlist: YosysNetlist, top: string): Clocking | null {
  const module = netlist.modules[top];
  if (module === undefined) return null;
  const inputs = Object.entries(module.ports).filter(([, port]) => port.direction === 'input');
  if (Object.values(module.ports).some((port) => port.direction === 'inout')) return null;
  const nameOfBit = new Map(
    inputs.flatMap(([name, port]) => (port.bits.length === 1 ? [[port.bits[0], name] as const] : [])),
  );
  const clocks = new Set<string>();
  const resets = new Map<string, boolean>();
  for (const cell of Object.values(module.cells)) {
    const { CLK, ARST, ALOAD } = cell.connections;
    if (ALOAD !== undefined || cell.type.includes('latch')) return null;
    if (CLK !== undefined && cell.type.startsWith('$')) {
      // a memory port's clock is undefined when the port has none
      if (cell.type.startsWith('$mem')) return null;
      const clock = nameOfBit.get(CLK[0]);
      if (clock === undefined) return null;
      clocks.add(`${clock}|${bit(cell.parameters['CLK_POLARITY'])}`);
    }
    if (ARST !== undefined) {
      const reset = nameOfBit.get(ARST[0]);
      if (reset === undefined) return null;
      resets.set(reset, bit(cell.parameters['ARST_POLARITY']) === 0);
    }
  }
  if (clocks.size > 1) return null;
  const [clock = null, polarity] = [...clocks][0]?.split('|') ?? [];
  // a synchronous reset is known by its name only
  for (const [name, port] of inputs) {
    if (name !== clock && port.bits.length === 1 && !resets.has(name) && RESET_NAME.test(name))
      resets.set(name, ACTIVE_LOW_NAME.test(name));
  }
  return {
    clock,
    edge: clock === null ? null : polarity === '1' ? 'rising' : 'falling',
    resets: [...resets].map(([name, activeLow]) => ({ name, activeLow })),
    inputs: inputs.map(([name, port]) => ({ name, width: port.bits.length })),
  };
}

const bit = (value: string | number | undefined): number => Number(String(value ?? '1').at(-1));

/** Both designs get the same inputs; resets are held in the first cycle, whose outputs are not compared. */
export function miterTop({ clock, resets, inputs }: Clocking): string {
  const ports = inputs.map(({ name, width }) => `  input [${width - 1}:0] \\${name} ,`).join('\n');
  const connections = inputs
    .map(({ name }) => {
      const reset = resets.find((one) => one.name === name);
      const held =
        reset === undefined || clock === null ? `\\${name} ` : `\\${name} ${reset.activeLow ? '& ~first' : '| first'}`;
      return `    .\\in_${name} (${held}),`;
    })
    .join('\n');
  const first =
    clock === null ? "  wire first = 1'b0;" : `  reg first = 1'b1;\n  always @(posedge \\${clock} ) first <= 1'b0;`;
  return `module eq_top(\n${ports}\n  output bad\n);\n${first}\n  wire differ;\n  miter m(\n${connections}\n    .trigger(differ)\n  );\n  assign bad = differ & ~first;\nendmodule\n`;
}
