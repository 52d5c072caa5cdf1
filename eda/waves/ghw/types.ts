// The types of a GHW file, as GHDL's run-time writes them (kinds of `grt-rtis.ads`): scalars, arrays with bounds,
// records.
import type { ByteReader } from './byte-reader.ts';

/** How the values of one scalar stand in the file and are shown. */
export type Scalar =
  /** one digit a literal: std_ulogic, bit, boolean */
  | { readonly kind: 'digit'; readonly digits: string }
  /** one character a literal */
  | { readonly kind: 'character'; readonly literals: readonly string[] }
  | { readonly kind: 'enum'; readonly literals: readonly string[] }
  | { readonly kind: 'integer'; readonly bits: 32 | 64 }
  /** `units`: names and how many of the first one each is, small ones first */
  | { readonly kind: 'physical'; readonly units: readonly (readonly [string, bigint])[] }
  | { readonly kind: 'real' };

export interface Range {
  readonly left: number;
  readonly right: number;
  readonly downto: boolean;
}

export type GhwType =
  | { readonly shape: 'scalar'; readonly scalar: Scalar }
  /** `bounds` null: not known here */
  | {
      readonly shape: 'array';
      readonly element: GhwType;
      readonly dimensions: number;
      readonly bounds: readonly Range[] | null;
    }
  | { readonly shape: 'record'; readonly fields: readonly (readonly [string, GhwType])[] };

const KIND = {
  b2: 22,
  e8: 23,
  i32: 25,
  i64: 26,
  f64: 27,
  p32: 28,
  p64: 29,
  array: 31,
  record: 32,
  subtypeScalar: 34,
  subtypeArray: 35,
  subtypeUnboundedArray: 37,
  subtypeRecord: 38,
  subtypeUnboundedRecord: 39,
} as const;
const MAX_DEPTH = 64;
const STD_LOGIC = "'U''X''0''1''Z''W''L''H''-'";

/** The file says something that no version of GHDL is known to write. */
export class Unreadable extends Error {}

export const lengthOf = ({ left, right, downto }: Range): number =>
  Math.max(0, downto ? left - right + 1 : right - left + 1);

/** The section's types in order; their numbers count from 1. `more` makes sure of bytes to read. */
export async function readTypes(
  reader: ByteReader,
  count: number,
  version: number,
  strings: readonly string[],
  more: () => Promise<void>,
): Promise<GhwType[]> {
  const types: GhwType[] = [];
  const typeAt = (): GhwType => {
    const type = types[reader.unsigned() - 1];
    if (type === undefined) throw new Unreadable('a type is used before it is declared');
    return type;
  };
  const name = (): string => strings[reader.unsigned()] ?? '';
  for (let at = 0; at < count; at += 1) {
    await more();
    const kind = reader.u8();
    name();
    switch (kind) {
      case KIND.b2:
      case KIND.e8: {
        const literals: string[] = [];
        for (let left = reader.unsigned(); left > 0; left -= 1) {
          if (reader.isLow(16)) await more();
          literals.push(name());
        }
        types.push({ shape: 'scalar', scalar: enumeration(literals) });
        break;
      }
      case KIND.i32:
      case KIND.i64:
        types.push({ shape: 'scalar', scalar: { kind: 'integer', bits: kind === KIND.i32 ? 32 : 64 } });
        break;
      case KIND.f64:
        types.push({ shape: 'scalar', scalar: { kind: 'real' } });
        break;
      case KIND.p32:
      case KIND.p64: {
        const units: [string, bigint][] = [];
        for (let left = version === 0 ? 0 : reader.unsigned(); left > 0; left -= 1)
          units.push([name(), reader.signed()]);
        types.push({ shape: 'scalar', scalar: { kind: 'physical', units } });
        break;
      }
      case KIND.array: {
        const element = typeAt();
        const dimensions = reader.unsigned();
        for (let left = dimensions; left > 0; left -= 1) reader.unsigned();
        types.push({ shape: 'array', element, dimensions, bounds: null });
        break;
      }
      case KIND.record: {
        const fields: [string, GhwType][] = [];
        for (let left = reader.unsigned(); left > 0; left -= 1) {
          if (reader.isLow(32)) await more();
          const field = name();
          fields.push([field, typeAt()]);
        }
        types.push({ shape: 'record', fields });
        break;
      }
      case KIND.subtypeScalar: {
        const base = typeAt();
        readRange(reader);
        types.push(base);
        break;
      }
      case KIND.subtypeArray:
      case KIND.subtypeRecord:
        types.push(bounded(reader, typeAt(), 0));
        break;
      case KIND.subtypeUnboundedArray:
      case KIND.subtypeUnboundedRecord:
        types.push(typeAt());
        break;
      default:
        throw new Unreadable(`type of kind ${kind}`);
    }
  }
  return types;
}

function enumeration(literals: readonly string[]): Scalar {
  const joined = literals.join('');
  if (joined === STD_LOGIC) return { kind: 'digit', digits: 'ux01zwlh-' };
  if (joined === "'0''1'" || /^falsetrue$/i.test(joined)) return { kind: 'digit', digits: '01' };
  return literals.length > 127 && literals.every((literal) => literal.length <= 3 || /^\w+$/.test(literal))
    ? { kind: 'character', literals: literals.map((literal) => (literal.startsWith("'") ? literal.charAt(1) : '·')) }
    : { kind: 'enum', literals };
}

export const isBounded = (type: GhwType): boolean =>
  type.shape === 'scalar' ||
  (type.shape === 'array'
    ? type.bounds !== null && isBounded(type.element)
    : type.fields.every(([, field]) => isBounded(field)));

/** The base with the bounds that follow in the file: its own, then those of parts that have none. */
function bounded(reader: ByteReader, base: GhwType, depth: number): GhwType {
  if (depth > MAX_DEPTH) throw new Unreadable('types are nested too deep');
  if (base.shape === 'array') {
    const bounds = Array.from({ length: base.dimensions }, () => readRange(reader));
    const element = isBounded(base.element) ? base.element : bounded(reader, base.element, depth + 1);
    return { ...base, bounds, element };
  }
  if (base.shape === 'record')
    return {
      ...base,
      fields: base.fields.map(([field, type]) => [field, isBounded(type) ? type : bounded(reader, type, depth + 1)]),
    };
  return base;
}

function readRange(reader: ByteReader): Range {
  const kind = reader.u8();
  const downto = (kind & 0x80) !== 0;
  switch (kind & 0x7f) {
    case KIND.b2:
    case KIND.e8:
      return { left: reader.u8(), right: reader.u8(), downto };
    case KIND.f64:
      return { left: reader.f64(), right: reader.f64(), downto };
    case KIND.i32:
    case KIND.i64:
    case KIND.p32:
    case KIND.p64:
      return { left: Number(reader.signed()), right: Number(reader.signed()), downto };
    default:
      throw new Unreadable(`range of kind ${kind}`);
  }
}

/** One value from the file. */
export function readValue(reader: ByteReader, scalar: Scalar): string {
  switch (scalar.kind) {
    case 'digit':
      return scalar.digits.charAt(reader.u8()) || 'x';
    case 'character':
    case 'enum':
      return scalar.literals[reader.u8()] ?? '?';
    case 'integer':
      return BigInt.asUintN(scalar.bits, reader.signed()).toString(2);
    case 'physical':
      return physical(reader.signed(), scalar.units);
    case 'real':
      return String(reader.f64());
  }
}

/** In the largest unit that holds it whole: 3000000 fs are 3 ns. */
function physical(value: bigint, units: readonly (readonly [string, bigint])[]): string {
  const unit = units.findLast(([, size]) => size !== 0n && value % size === 0n && (value !== 0n || size === 1n));
  return unit === undefined ? String(value) : `${value / unit[1]} ${unit[0]}`;
}
