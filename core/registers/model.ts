// What machine-readable register and interface descriptions say, in one shape whatever language they are written in.

/** A number, or an expression over parameters that is passed on as it is written. */
export type Value = bigint | string;

export interface Description {
  /** of the block: `rv_timer` */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly parameters: readonly Parameter[];
  readonly ports: readonly Port[];
  readonly clocks: readonly Clock[];
  readonly buses: readonly Bus[];
  readonly signals: readonly Signal[];
  readonly blocks: readonly RegisterBlock[];
  /** what the description promises in words: features, countermeasures */
  readonly statements: readonly Statement[];
}

export interface Parameter {
  readonly name: string;
  readonly default: string;
  readonly description: string;
}

export interface Port {
  readonly name: string;
  readonly direction: 'input' | 'output' | 'inout';
  /** `8`, `WIDTH` */
  readonly width: string;
  readonly description: string;
}

export interface Clock {
  readonly clock: string;
  readonly reset: string;
  readonly description: string;
}

export interface Bus {
  readonly name: string;
  /** `tlul`, `amba.com:AMBA4:AXI4:r0p0` */
  readonly protocol: string;
  /** as the description says it: device, slave, target, host … */
  readonly role: string;
  /** `logical = physical` */
  readonly signals: readonly string[];
  readonly description: string;
}

/** Something that leaves or enters the block without being told as a port: an interrupt, an alert, a chip pin. */
export interface Signal {
  readonly kind: string;
  readonly name: string;
  readonly direction: string;
  readonly width: string;
  readonly type: string;
  readonly description: string;
}

export interface Statement {
  readonly kind: string;
  readonly name: string;
  readonly text: string;
}

export interface RegisterBlock {
  readonly name: string;
  readonly base: Value | null;
  /** bytes that it takes */
  readonly size: Value | null;
  readonly description: string;
  readonly entries: readonly (Register | Memory)[];
}

export interface ArrayOf {
  /** elements in each dimension, outermost first */
  readonly counts: readonly Value[];
  /** bytes from one element to the next, of each dimension */
  readonly strides: readonly Value[];
}

export interface Register {
  readonly kind: 'register';
  /** with the names of what it lies in and the extent of arrays: `channel[0..3].CTRL` */
  readonly name: string;
  /** bytes from the start of its block */
  readonly offset: Value;
  /** bits */
  readonly width: Value;
  readonly access: string;
  readonly reset: string;
  readonly description: string;
  readonly fields: readonly Field[];
  readonly array: ArrayOf | null;
  /** further facts, each a short sentence or `name = value` */
  readonly properties: readonly string[];
}

export interface Memory {
  readonly kind: 'memory';
  readonly name: string;
  readonly offset: Value;
  readonly entries: Value;
  /** bits of an entry */
  readonly width: Value;
  readonly access: string;
  readonly description: string;
  readonly properties: readonly string[];
  readonly array: ArrayOf | null;
}

export interface Field {
  readonly name: string;
  readonly lsb: number | null;
  /** `7:0`, `3`, or an expression */
  readonly bits: string;
  /** of software */
  readonly access: string;
  readonly hardware: string;
  readonly reset: string;
  readonly description: string;
  readonly values: readonly FieldValue[];
  readonly properties: readonly string[];
}

export interface FieldValue {
  readonly value: string;
  readonly name: string;
  readonly description: string;
}

export const EMPTY: Omit<Description, 'name'> = {
  title: '',
  description: '',
  parameters: [],
  ports: [],
  clocks: [],
  buses: [],
  signals: [],
  blocks: [],
  statements: [],
};

/** Addresses and reset values as hardware people read them. */
export function hex(value: Value): string {
  if (typeof value === 'string') return value;
  return value < 0n ? `-0x${(-value).toString(16)}` : `0x${value.toString(16)}`;
}

export const plain = (value: Value): string => (typeof value === 'string' ? value : value.toString());

export function bitRange(msb: number, lsb: number): string {
  return msb === lsb ? String(lsb) : `${msb}:${lsb}`;
}
