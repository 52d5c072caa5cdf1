// A flattened netlist of Yosys as flops, memories and what their inputs depend on; enough to follow signals from clock
// to clock. Cells are words: an input of one counts for all of its outputs.
import { z } from 'zod';

const Bit = z.union([z.number(), z.string()]);
export type Bit = z.infer<typeof Bit>;

const FlatModule = z.object({
  attributes: z.record(z.string(), z.unknown()).optional(),
  ports: z.record(z.string(), z.object({ direction: z.string(), bits: z.array(Bit) })),
  cells: z.record(
    z.string(),
    z.object({
      type: z.string(),
      parameters: z.record(z.string(), z.unknown()).optional(),
      port_directions: z.record(z.string(), z.string()).optional(),
      connections: z.record(z.string(), z.array(Bit)),
    }),
  ),
  netnames: z.record(
    z.string(),
    z.object({
      hide_name: z.number(),
      bits: z.array(Bit),
      offset: z.number().optional(),
      upto: z.number().optional(),
      attributes: z.record(z.string(), z.unknown()).optional(),
    }),
  ),
});
/** The part of Yosys' `write_json` (0.23) that counts here. */
export const FlatNetlist = z.object({ modules: z.record(z.string(), FlatModule) });
type FlatModule = z.infer<typeof FlatModule>;

/** One bit of a register. */
export interface Flop {
  readonly q: Bit;
  readonly d: Bit;
  /** input port, or null when the clock is made inside */
  readonly clock: string | null;
  /** the net of an asynchronous reset or load */
  readonly asyncReset: Bit | null;
  /** everything that decides about the next value: data, enables, synchronous resets */
  readonly inputs: readonly Bit[];
}

export interface Memory {
  readonly name: string;
  /** of its write ports */
  readonly clocks: readonly (string | null)[];
  readonly writeInputs: readonly Bit[];
}

/** Where a signal comes from: a register's bit, a bit of an input port, a memory. */
export type Leaf =
  | { readonly kind: 'flop'; readonly flop: Flop }
  | { readonly kind: 'port'; readonly port: string; readonly bit: Bit }
  | { readonly kind: 'memory'; readonly memory: Memory };

export interface Name {
  readonly base: string;
  /** null for a name of one bit */
  readonly index: number | null;
}

const CLOCKED = /^\$(?:dff|dffe|adff|adffe|sdff|sdffe|sdffce|aldff|aldffe|dffsr|dffsre|ff)$/;
const ASYNC_PORTS = ['ARST', 'ALOAD', 'SET', 'CLR'];

export class Netlist {
  readonly flops: readonly Flop[];
  readonly memories: ReadonlyMap<string, Memory>;
  readonly ports: FlatModule['ports'];
  readonly #flopOf = new Map<Bit, Flop>();
  readonly #portOf = new Map<Bit, string>();
  /** inputs of the cell that drives the bit */
  readonly #cellOf = new Map<Bit, { readonly inputs: readonly Bit[]; readonly memory: Memory | null }>();
  /** outputs of inverters, and what they invert */
  readonly #inverted = new Map<Bit, Bit>();
  readonly #readers = new Map<Bit, number>();
  readonly #names = new Map<Bit, Name[]>();
  readonly #marked = new Set<Bit>();
  readonly #leaves = new Map<Bit, readonly Leaf[]>();

  constructor(module: FlatModule) {
    this.ports = module.ports;
    for (const [name, port] of Object.entries(module.ports)) {
      for (const bit of port.bits) {
        if (port.direction === 'input') this.#portOf.set(bit, name);
        else this.#read(bit);
      }
    }
    this.#readNames(module);
    this.memories = this.#readMemories(module);
    const flops: Flop[] = [];
    for (const cell of Object.values(module.cells)) {
      if (CLOCKED.test(cell.type)) flops.push(...this.#flopsOf(cell));
      else if (!cell.type.startsWith('$memwr')) this.#readCell(cell);
    }
    this.flops = flops;
    for (const flop of flops) this.#flopOf.set(flop.q, flop);
  }

  /**
   * The register or port that drives the bit without logic; an inverter behind a pin is none. Null when there is logic,
   * or a constant.
   */
  leafAt(bit: Bit): Leaf | null {
    const flop = this.#flopOf.get(bit);
    const port = this.#portOf.get(bit) ?? this.#portOf.get(this.#inverted.get(bit) ?? 'x');
    return flop !== undefined ? { kind: 'flop', flop } : port !== undefined ? { kind: 'port', port, bit } : null;
  }

  portAt(bit: Bit): string | null {
    return this.#portOf.get(bit) ?? null;
  }

  /** Inputs of cells and output ports that read the bit. */
  readersOf(bit: Bit): number {
    return this.#readers.get(bit) ?? 0;
  }

  /** The names of the source for a bit, the ones with ASYNC_REG first. */
  namesOf(bit: Bit): readonly Name[] {
    return this.#names.get(bit) ?? [];
  }

  nameOf(bit: Bit): string {
    const [name] = this.namesOf(bit);
    return name === undefined ? 'an unnamed net' : name.index === null ? name.base : `${name.base}[${name.index}]`;
  }

  /** Whether the source marks the register as part of a synchroniser. */
  isMarked(bit: Bit): boolean {
    return this.#marked.has(bit);
  }

  /** All registers, ports and memories that a bit depends on through logic. */
  leavesOf(bit: Bit): readonly Leaf[] {
    const known = this.#leaves.get(bit);
    if (known !== undefined) return known;
    const found = new Map<unknown, Leaf>();
    const seen = new Set<Bit>([bit]);
    const stack: Bit[] = [bit];
    for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
      const flop = this.#flopOf.get(next);
      const port = this.#portOf.get(next);
      if (flop !== undefined) found.set(next, { kind: 'flop', flop });
      else if (port !== undefined) found.set(next, { kind: 'port', port, bit: next });
      else {
        const cell = this.#cellOf.get(next);
        if (cell?.memory != null) found.set(cell.memory, { kind: 'memory', memory: cell.memory });
        for (const input of cell?.inputs ?? []) {
          if (typeof input === 'number' && !seen.has(input)) {
            seen.add(input);
            stack.push(input);
          }
        }
      }
    }
    const leaves = [...found.values()];
    this.#leaves.set(bit, leaves);
    return leaves;
  }

  #read(bit: Bit): void {
    if (typeof bit === 'number') this.#readers.set(bit, (this.#readers.get(bit) ?? 0) + 1);
  }

  #readNames(module: FlatModule): void {
    for (const [base, net] of Object.entries(module.netnames)) {
      if (net.hide_name !== 0) continue;
      const marked = /^(?:true|1|0*1)$/i.test(String(net.attributes?.['ASYNC_REG'] ?? ''));
      for (const [at, bit] of net.bits.entries()) {
        if (typeof bit !== 'number') continue;
        const index = net.bits.length === 1 ? null : (net.offset ?? 0) + at;
        const names = this.#names.get(bit) ?? [];
        if (marked) names.unshift({ base, index });
        else names.push({ base, index });
        this.#names.set(bit, names);
        if (marked) this.#marked.add(bit);
      }
    }
  }

  #readMemories(module: FlatModule): Map<string, Memory> {
    const memories = new Map<string, { name: string; clocks: (string | null)[]; writeInputs: Bit[] }>();
    for (const cell of Object.values(module.cells)) {
      if (!cell.type.startsWith('$mem')) continue;
      const name = memoryName(cell);
      const memory = memories.get(name) ?? { name, clocks: [], writeInputs: [] };
      memories.set(name, memory);
      if (!cell.type.startsWith('$memwr')) continue;
      const clock = this.#portOf.get(cell.connections['CLK']?.[0] ?? 'x') ?? null;
      if (!memory.clocks.includes(clock)) memory.clocks.push(clock);
      for (const port of ['ADDR', 'DATA', 'EN']) {
        for (const bit of cell.connections[port] ?? []) {
          memory.writeInputs.push(bit);
          this.#read(bit);
        }
      }
    }
    return memories;
  }

  #flopsOf(cell: FlatModule['cells'][string]): Flop[] {
    const of = (port: string): readonly Bit[] => cell.connections[port] ?? [];
    const clock = this.#portOf.get(of('CLK')[0] ?? 'x') ?? null;
    const asyncReset = ASYNC_PORTS.map((port) => of(port)[0]).find((bit) => bit !== undefined) ?? null;
    const common = ['EN', 'SRST'].flatMap(of);
    for (const bit of common) this.#read(bit);
    return of('Q').map((q, index) => {
      const d = of('D')[index] ?? 'x';
      this.#read(d);
      return { q, d, clock, asyncReset, inputs: [d, ...common] };
    });
  }

  #readCell(cell: FlatModule['cells'][string]): void {
    const isOutput = (port: string): boolean =>
      cell.port_directions === undefined ? port === 'Y' || port === 'DATA' : cell.port_directions[port] === 'output';
    const inputs = Object.entries(cell.connections).flatMap(([port, bits]) => (isOutput(port) ? [] : bits));
    for (const bit of inputs) this.#read(bit);
    if (cell.type === '$not' || (cell.type === '$logic_not' && inputs.length === 1)) {
      for (const [index, bit] of (cell.connections['Y'] ?? []).entries()) this.#inverted.set(bit, inputs[index] ?? 'x');
    }
    const memory = cell.type.startsWith('$memrd') ? (this.memories.get(memoryName(cell)) ?? null) : null;
    for (const [port, bits] of Object.entries(cell.connections)) {
      if (isOutput(port)) for (const bit of bits) this.#cellOf.set(bit, { inputs, memory });
    }
  }
}

function memoryName(cell: FlatModule['cells'][string]): string {
  return String(cell.parameters?.['MEMID'] ?? '').replace(/^\\/, '');
}
