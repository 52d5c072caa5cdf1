// What spoils the outputs of a module while it runs: the numbers that select a variant, and the text that obeys them.
import { randomInt } from 'node:crypto';
import type { HdlPort } from '@genrtl/core/hdl/module-reader.ts';
import { dims, ends, escapedName, isClockOutput } from './ports.ts';

export type Spoilt = 'inverted' | 'stuck_0' | 'stuck_1' | 'half_rate' | 'bit';
const SPOILT: readonly Spoilt[] = ['inverted', 'stuck_0', 'stuck_1', 'half_rate', 'bit'];

/** More bits of one output are not told apart; each number has this room behind it. */
const MAX_BITS = 65_536;
const LETTERS = 'abcdefghjkmnpqrtuvwxyz';

/** The numbers that select a variant: far apart, in no order, different for every harness. */
export class Codes {
  /** the plusarg's name, and the beginning of every name that the harness adds to the source */
  readonly name: string;
  readonly control: number;
  readonly ties: Readonly<Record<'0' | '1' | 'x', number>>;
  readonly #byOutput = new Map<string, ReadonlyMap<Spoilt, number>>();

  /** `unlike`: texts in which the name must not stand. */
  constructor(outputs: readonly HdlPort[], unlike: string) {
    do this.name = `z${Array.from({ length: 12 }, () => LETTERS.charAt(randomInt(LETTERS.length))).join('')}`;
    while (unlike.includes(this.name));
    const taken = new Set<number>();
    const draw = (): number => {
      for (;;) {
        const slot = randomInt(1, 30_000);
        if (taken.has(slot)) continue;
        taken.add(slot);
        return slot * MAX_BITS + randomInt(1, 1_000);
      }
    };
    this.control = draw();
    this.ties = { 0: draw(), 1: draw(), x: draw() };
    for (const { name } of outputs) this.#byOutput.set(name, new Map(SPOILT.map((one) => [one, draw()] as const)));
  }

  of(output: string, spoilt: Spoilt): number {
    const code = this.#byOutput.get(output)?.get(spoilt);
    if (code === undefined) throw new RangeError(`${output} has no variant ${spoilt}`);
    return code;
  }

  plusarg(code: number): string {
    return `${this.name}=${code}`;
  }

  /** Name of the net that carries the good value of an output. */
  good(index: number): string {
    return `${this.name}_${index}`;
  }
}

/**
 * Items of a module body that make each of `outputs` from its good value. The plusarg is read before any process
 * starts, so that nothing glitches; a control run prints the widths.
 */
export function spoilerText(codes: Codes, outputs: readonly HdlPort[]): string {
  const { name } = codes;
  const lines = [
    `function automatic integer ${name}_read(input integer given);`,
    `  integer value;`,
    `  begin value = given; if ($value$plusargs("${name}=%d", value)) begin end ${name}_read = value; end`,
    `endfunction`,
    `integer ${name}_code = ${name}_read(0);`,
  ];
  const widths: string[] = [];
  for (const [index, port] of outputs.entries()) {
    const good = codes.good(index);
    const variable = `${name}_g${index}`;
    const [range] = port.unpacked;
    if (isClockOutput(port)) lines.push(`reg ${good}_h = 1'b0;`, `always @(posedge ${good}) ${good}_h = ~${good}_h;`);
    lines.push(`wire [31:0] ${good}_n = ${name}_code - ${codes.of(port.name, 'bit')};`);
    if (range === undefined) {
      lines.push(`assign ${escapedName(port)} = ${made(codes, port, good, good)};`);
      widths.push(`$display("${name} ${index} %0d", $bits(${good}));`);
      continue;
    }
    const [left, right] = ends(range);
    const [low, high] = [
      `((${left}) < (${right}) ? (${left}) : (${right}))`,
      `((${left}) < (${right}) ? (${right}) : (${left}))`,
    ];
    lines.push(
      `genvar ${variable};`,
      `generate for (${variable} = ${low}; ${variable} <= ${high}; ${variable} = ${variable} + 1) begin : ${variable}_b`,
      `  assign ${escapedName(port)}[${variable}] = ${made(codes, port, good, `${good}[${variable}]`)};`,
      `end endgenerate`,
    );
    widths.push(`$display("${name} ${index} %0d", $bits(${good}[${left}]));`);
  }
  lines.push(`initial if (${name}_code == ${codes.control}) begin ${widths.join(' ')} end`);
  return lines.map((line) => `  ${line}`).join('\n');
}

function made(codes: Codes, port: HdlPort, good: string, value: string): string {
  const selected = `${codes.name}_code`;
  const is = (spoilt: Spoilt): string => `${selected} == ${codes.of(port.name, spoilt)}`;
  const bits = `$bits(${value})`;
  return [
    `${is('inverted')} ? ~${value}`,
    `${is('stuck_0')} || ${selected} == ${codes.ties[0]} ? {${bits}{1'b0}}`,
    `${is('stuck_1')} || ${selected} == ${codes.ties[1]} ? {${bits}{1'b1}}`,
    `${selected} == ${codes.ties.x} ? {${bits}{1'bx}}`,
    ...(isClockOutput(port) ? [`${is('half_rate')} ? ${good}_h`] : []),
    `${good}_n < ${MAX_BITS} ? ${value} ^ ({{${bits}{1'b0}}, 1'b1} << ${good}_n)`,
    value,
  ].join('\n      : ');
}

/** Width of each output by name, from what a control run printed. */
export function widthsIn(codes: Codes, outputs: readonly HdlPort[], log: string): ReadonlyMap<string, number> {
  const widths = new Map<string, number>();
  for (const [, index, width] of log.matchAll(new RegExp(`^${codes.name} (\\d+) (\\d+)`, 'gm'))) {
    const output = outputs[Number(index)];
    if (output !== undefined) widths.set(output.name, Math.max(widths.get(output.name) ?? 0, Number(width)));
  }
  return widths;
}

/** The good value's net of every output, declared like its port. */
export const goodNets = (codes: Codes, outputs: readonly HdlPort[], declare: (port: HdlPort) => string): string[] =>
  outputs.map((port, index) => `  ${declare(port)} ${codes.good(index)} ${dims(port.unpacked)};`);
