// Ports as a harness writes them, and what can be spoilt about them.
import type { OutputVariant } from '@genrtl/contracts';
import type { HdlPort } from '@genrtl/core/hdl/module-reader.ts';

/** Why no variant of this port can be made; null: it can. */
export function unspoilable(port: HdlPort): string | null {
  if (port.interface !== null) return 'it is an interface';
  if (port.direction === 'ref') return 'it is passed by reference';
  if (port.direction === null) return 'its direction is not declared';
  if (port.expression) return 'its port list gives it an expression';
  if (/\b(?:real|shortreal|realtime)\b/.test(port.type)) return 'it is a real number';
  if (/\b(?:string|event|chandle|struct|union|enum)\b/.test(port.type)) return `it is a ${port.type.split(' ')[0]}`;
  if (port.unpacked.length > 1) return 'it is an array of several dimensions';
  return null;
}

const NAMED_CLOCK = /(?:^|_)[a-z]{0,4}(?:clk|clock|sck|bck|mck|lrck)(?:$|[_\d]|out|div|[oinxp]$)/i;

/** An output of one bit that others use as a clock, by its name. */
export const isClockOutput = (port: HdlPort): boolean =>
  port.direction === 'output' &&
  port.packed.length === 0 &&
  port.unpacked.length === 0 &&
  ['', 'reg', 'logic', 'bit'].includes(port.type) &&
  NAMED_CLOCK.test(port.name);

/** What a port is tried with: whether the benches notice decides, bits are counted besides. */
export function variantsOf(port: HdlPort): readonly OutputVariant[] {
  if (port.direction === 'inout') return ['undriven'];
  return isClockOutput(port) ? ['stuck_0', 'stuck_1', 'half_rate'] : ['inverted'];
}

export const escapedName = ({ name, escaped }: Pick<HdlPort, 'name' | 'escaped'>): string =>
  escaped ? `\\${name} ` : name;

export const dims = (ranges: readonly string[]): string => ranges.map((range) => `[${range}]`).join(' ');

/** Words without empty ones, a blank between two. */
export const words = (...parts: readonly string[]): string => parts.filter((part) => part !== '').join(' ');

/** The port's own type, sign and range. */
export const typed = (port: HdlPort): string =>
  words(port.net ?? '', port.type, port.signed ? 'signed' : '', dims(port.packed));

export const isPlain = (port: HdlPort): boolean => ['', 'reg', 'logic', 'bit'].includes(port.type);

const SIZES: ReadonlyMap<string, string> = new Map([
  ['integer', 'wire signed [31:0]'],
  ['int', 'wire signed [31:0]'],
  ['byte', 'wire signed [7:0]'],
  ['shortint', 'wire signed [15:0]'],
  ['longint', 'wire signed [63:0]'],
  ['time', 'wire [63:0]'],
]);

/** A net of the same size as the port, whatever its type: continuous assignments drive it. */
export function netOf(port: HdlPort): string {
  if (isPlain(port)) return words('wire', port.signed ? 'signed' : '', dims(port.packed));
  const known = SIZES.get(port.type);
  if (known !== undefined) return known;
  const elements = port.packed.map((range) => ` * ${size(range)}`).join('');
  return `wire [$bits(${port.type})${elements} - 1:0]`;
}

/** Both ends of a range; `4` is `0:3`. */
export function ends(range: string): [string, string] {
  const colon = range.indexOf(':');
  return colon === -1 ? ['0', `(${range}) - 1`] : [range.slice(0, colon).trim(), range.slice(colon + 1).trim()];
}

function size(range: string): string {
  const [left, right] = ends(range);
  return `((${left}) > (${right}) ? (${left}) - (${right}) + 1 : (${right}) - (${left}) + 1)`;
}
