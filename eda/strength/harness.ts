// A design whose outputs can be made wrong one at a time while it runs: the untouched module under another name inside
// one of its own name and parameters, which passes everything through until a plusarg tells which output to spoil.
// One build serves all variants. The plusarg's name and the numbers behind it are drawn anew each time, so that a
// testbench cannot tell a spoilt run from a good one.
import type { OutputVariant } from '@genrtl/contracts';
import { codeOf, isWord } from '@genrtl/core/hdl/lexer.ts';
import type { Token } from '@genrtl/core/hdl/lexer.ts';
import type { HdlModule, HdlPort } from '@genrtl/core/hdl/module-reader.ts';
import type { SeenToken } from '@genrtl/core/hdl/preprocess.ts';
import { inPlace } from './in-place.ts';
import { dims, escapedName, isPlain, netOf, typed, unspoilable } from './ports.ts';
import { Codes, goodNets, spoilerText, widthsIn } from './spoiler.ts';

export interface HarnessSource {
  /** the file that declares the module, as it is */
  readonly text: string;
  /** what the simulator sees of it */
  readonly tokens: readonly SeenToken[];
  readonly module: HdlModule;
}

export interface Harness {
  /** the file with the module in its harness */
  readonly text: string;
  /** plusarg of a run in which nothing is spoilt; its output tells the widths, see `widthsIn` */
  readonly control: string;
  /** plusarg of a run with this variant of an output; `bit`: only that one is inverted */
  select(output: string, variant: OutputVariant, bit?: number): string;
  /** plusarg of a run with every output tied */
  tie(value: '0' | '1' | 'x'): string;
  /** width of each output by name, from what the control run printed */
  widthsIn(log: string): ReadonlyMap<string, number>;
}

/** `wrapped` leaves the module as it is; `in_place` serves those who look below it, and modules that macros make up. */
export type HarnessKind = 'wrapped' | 'in_place';

/**
 * `undriven`: an inout that this text never drives; it needs a build of its own. Null: the module cannot be held so.
 */
export function harnessOf(source: HarnessSource, kind: HarnessKind, undriven: string | null = null): Harness | null {
  const outputs = source.module.ports.filter((port) => port.direction === 'output' && unspoilable(port) === null);
  const codes = new Codes(outputs, source.text);
  const bus = source.module.ports.find((port) => port.name === undriven) ?? null;
  const text = kind === 'wrapped' ? wrapped(source, codes, outputs, bus) : inPlace(source, codes, outputs, bus);
  if (text === null) return null;
  return {
    text,
    control: codes.plusarg(codes.control),
    select: (output, variant, bit) => {
      if (variant === 'undriven') return codes.plusarg(codes.control);
      return codes.plusarg(bit === undefined ? codes.of(output, variant) : codes.of(output, 'bit') + bit);
    },
    tie: (value) => codes.plusarg(codes.ties[value]),
    widthsIn: (log) => widthsIn(codes, outputs, log),
  };
}

/** The module renamed where it stands, and one of its name behind the file's end. */
function wrapped(
  { text, module }: HarnessSource,
  codes: Codes,
  outputs: readonly HdlPort[],
  bus: HdlPort | null,
): string | null {
  const renamed = withModuleRenamed(text, module.name, `${codes.name}_m`);
  if (renamed === null || module.ports.some((port) => port.direction === null && port.interface === null)) return null;
  const spoilt = new Map(outputs.map((port, index) => [port.name, codes.good(index)]));
  const header = module.ports.map((port) => {
    const name = `${escapedName(port)} ${dims(port.unpacked)}`;
    if (port.interface !== null) return `${port.interface} ${name}`;
    const own = unspoilable(port) !== null || (port.direction === 'input' && !isPlain(port));
    return `${port.direction ?? ''} ${own ? typed(port) : netOf(port)} ${name}`;
  });
  const busNet = `${codes.name}_z`;
  const connections = module.ports.map((port) => {
    const inside = port === bus ? busNet : (spoilt.get(port.name) ?? escapedName(port));
    return `.${escapedName(port)}(${inside})`;
  });
  const { list, passed } = parametersOf(module);
  return `${renamed}
module ${module.name} ${module.imports.join(' ')} ${list === '' ? '' : `#( ${list} )`} (
  ${header.join(',\n  ')}
);
${goodNets(codes, outputs, netOf).join('\n')}
${bus === null ? '' : `  ${netOf(bus)} ${busNet};\n  assign ${busNet} = ${escapedName(bus)};`}
  ${codes.name}_m ${passed.length === 0 ? '' : `#(${passed.join(', ')})`} ${codes.name}_i (
    ${connections.join(',\n    ')}
  );
${spoilerText(codes, outputs)}
endmodule
`;
}

/** The parameter list of the same names in the same order, and what hands each on. */
function parametersOf(module: HdlModule): { list: string; passed: string[] } {
  const inHeader = module.parameterList !== null;
  const own = module.parameters.filter((one) => one.inHeader === inHeader);
  return {
    list: module.parameterList ?? own.map(({ text }) => text).join(', '),
    passed: own.filter(({ kind }) => kind === 'parameter').map(({ name }) => `.${name}(${name})`),
  };
}

/** Every mention of the module inside itself renamed, its label at the end included; null when no text declares it. */
function withModuleRenamed(text: string, name: string, to: string): string | null {
  const tokens = codeOf(text);
  const at = tokens.findIndex((token, index) => token.text === name && isWord(token) && isDeclared(tokens, index));
  if (at === -1) return null;
  let end = at;
  while (end < tokens.length && !(tokens[end]?.kind === 'word' && tokens[end]?.text === 'endmodule')) end++;
  if (tokens[end + 1]?.text === ':') end += 2;
  let out = '';
  let from = 0;
  for (let index = at; index <= end; index++) {
    const token = tokens[index];
    if (token === undefined || token.text !== name || !isWord(token) || tokens[index - 1]?.text === '.') continue;
    out += text.slice(from, token.start) + to;
    from = token.end;
  }
  return out + text.slice(from);
}

/** `module [automatic] name` */
function isDeclared(tokens: readonly Token[], index: number): boolean {
  const before = tokens[index - 1];
  if (before?.kind !== 'word') return false;
  if (before.text === 'automatic' || before.text === 'static') return isDeclared(tokens, index - 1);
  return before.text === 'module' || before.text === 'macromodule';
}
