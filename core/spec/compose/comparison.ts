// Somebody else's implementation of a structured specification beside the composed one: the composed module under a
// name of its own, and a bench that drives both alike at random and compares every output.
import type { Design, DesignClock, DesignPort } from '../design.ts';
import { fixedWidth } from '../expr/width.ts';
import { range } from './layout.ts';
import { writeModule } from './module.ts';
import { declaredNames, FreeNames } from './names.ts';
import { writeTestbench } from './testbench.ts';

export interface Comparison {
  /** the composed module, under a name that the design does not use */
  readonly reference: { readonly name: string; readonly text: string };
  /** the Checks of the specification as a bench; `top` is its module */
  readonly checks: { readonly top: string; readonly text: string };
  readonly random: { readonly top: string; readonly text: string; readonly cycles: number };
  /**
   * a bench that repeats what somebody found: values of inputs by name, as binary digits, cycle by cycle from a reset
   * on
   */
  replay(frames: readonly Readonly<Record<string, string>>[]): { readonly top: string; readonly text: string };
}

const CYCLES = 2_000;
/** Draws a stretch of so many cycles in one manner: even, sparse, dense, or hardly ever anything new. */
const STRETCH = 64;
/** No period is a multiple of it. */
const APART_PS = 37;

/** Pure. Bits of the composed design that are unknown are not compared. */
export function writeComparison(design: Design, cycles = CYCLES): Comparison {
  const names = new FreeNames([design.module, `tb_${design.module}`, ...declaredNames(design)]);
  const reference = names.take(`${design.module}_specified`);
  const top = names.take(`compare_${design.module}`);
  const again = names.take(`replay_${design.module}`);
  return {
    reference: { name: reference, text: writeModule({ ...design, module: reference }) },
    checks: { top: `tb_${design.module}`, text: writeTestbench(design) },
    random: { top, text: writeBench(design, reference, top, { cycles }), cycles },
    replay: (frames) => ({
      top: again,
      text: writeBench(design, reference, again, { cycles: frames.length, frames }),
    }),
  };
}

interface Stimulus {
  readonly cycles: number;
  /** absent: at random */
  readonly frames?: readonly Readonly<Record<string, string>>[];
}

/** More inputs than these are not repeated in a line; the waveform has them. */
const NAMED_INPUTS = 16;

function writeBench(design: Design, reference: string, top: string, { cycles, frames }: Stimulus): string {
  const names = new FreeNames([top, reference, ...declaredNames(design)]);
  const name = (wanted: string): string => names.take(wanted);
  const [state, draw, mode, cycle, failures, compare, given, bit] = [
    name('state'),
    name('draw'),
    name('mode'),
    name('cycle'),
    name('failures'),
    name('compare'),
    name('given'),
    name('bit_at'),
  ];
  const [vcd, dut, spec] = [name('vcd_file'), name('dut'), name('specified')];
  const outputs = design.ports.filter(({ direction }) => direction === 'output');
  const twins = new Map(outputs.map((port) => [port.name, name(`${port.name}_specified`)]));
  const clocks = new Set(design.clocks.map((clock) => clock.name));
  const resets = design.clocks.flatMap(({ reset }) => (reset === null ? [] : [reset]));
  const resetNames = new Set(resets.map((reset) => reset.name));
  const data = design.ports.filter(
    ({ name: port, direction }) => direction === 'input' && !clocks.has(port) && !resetNames.has(port),
  );
  const connect = (port: DesignPort): string => `.${port.name}(${port.name})`;
  const declared = design.ports.map((port) => {
    const width = range(fixedWidth(port.width.bits));
    const words = (kind: string, net: string): string =>
      [`  ${kind}`, width, net].filter((word) => word !== '').join(' ');
    return port.direction === 'input'
      ? `${words('logic', port.name)} = 0;`
      : `${words('wire', `${port.name}, ${twins.get(port.name) ?? ''}`)};`;
  });
  const named = [...resets.map((reset) => reset.name), ...data.map((port) => port.name)].slice(0, NAMED_INPUTS);
  const inputs = named.map((one) => ` ${one}='h%0h`).join('');
  const compared = outputs.map((port) => {
    const [mine, its] = [port.name, twins.get(port.name) ?? ''];
    const select = port.width.bits === 1 ? '' : `[${bit}]`;
    return `      ${given} = 0;
      for (${bit} = 0; ${bit} < ${port.width.bits}; ${bit} = ${bit} + 1)
        if ((${its}${select} === 1'b0 || ${its}${select} === 1'b1) && ${mine}${select} !== ${its}${select}) ${given} = 1;
      if (${given} != 0) begin
        ${failures} = ${failures} + 1;
        if (${failures} <= 20) $display("FAIL signal=${mine} time=%0.3f cycle=%0d expected='h%0h actual='h%0h${inputs === '' ? '' : ` with${inputs}`}", ${['$realtime', cycle, its, mine, ...named].join(', ')});
      end`;
  });
  const random = data.map((port) => {
    const draws = Array.from({ length: Math.ceil(port.width.bits / 64) }, () => `${draw}(${mode})`);
    return `      if (${mode} != 3 || ${draw}(0) % 8 == 0) ${port.name} = {${draws.join(', ')}};`;
  });
  const inReset = resets.map(
    (reset) => `      ${reset.name} = ${reset.active === 'low' ? '!' : ''}(${cycle} < 3 || ${draw}(0) % 97 == 0);`,
  );
  const driven = frames === undefined ? [...inReset, ...random] : replayed(frames, cycle, data, resets);
  const [first] = design.clocks;
  const how = frames === undefined ? 'at random' : 'on inputs for which the two differ';
  return `// Compares ${design.module} with what its specification says, ${how}.
\`timescale 1ns/1ps
module ${top};
${declared.join('\n')}
  reg [63:0] ${state} = 64'h9e3779b97f4a7c15;
  integer ${mode} = 0, ${cycle} = 0, ${failures} = 0;
  reg [1023:0] ${vcd};

  ${design.module} ${dut} (${design.ports.map(connect).join(', ')});
  ${reference} ${spec} (${design.ports.map((port) => (port.direction === 'input' ? connect(port) : `.${port.name}(${twins.get(port.name) ?? ''})`)).join(', ')});

  function [63:0] ${draw}(input integer how);
    reg [63:0] again;
    begin
      ${state} = ${state} ^ (${state} << 13);
      ${state} = ${state} ^ (${state} >> 7);
      ${state} = ${state} ^ (${state} << 17);
      again = {${state}[20:0], ${state}[63:21]};
      ${draw} = how == 1 ? ${state} & again : how == 2 ? ${state} | again : ${state};
    end
  endfunction

  task automatic ${compare};
    integer ${given}, ${bit};
    begin
${compared.join('\n')}
    end
  endtask

${design.clocks.map((clock, at) => clockGenerator(clock, at * APART_PS)).join('\n')}
${design.clocks
  .slice(1)
  .map((clock) => `  always @(negedge ${clock.name}) ${compare};`)
  .join('\n')}
  initial begin
    if ($value$plusargs("vcd=%s", ${vcd})) begin
      $dumpfile(${vcd});
      $dumpvars(0, ${top});
    end
${resets.map((reset) => `    ${reset.name} = 1'b${reset.active === 'low' ? '1' : '0'}; #0.001 ${reset.name} = 1'b${reset.active === 'low' ? '0' : '1'};`).join('\n')}
    for (${cycle} = 0; ${cycle} < ${cycles}; ${cycle} = ${cycle} + 1) begin
      ${mode} = (${cycle} / ${STRETCH}) % 4;
${first === undefined ? '' : `      @(negedge ${first.name}) ${compare};`}
${driven.join('\n')}
      #${first === undefined ? '10' : ns(Math.ceil(first.periodPs / 4))} ${compare};
    end
    if (${failures} == 0) $display("PASS");
    $finish;
  end
endmodule
`;
}

/** Every reset is held in the first cycle; an input of which a frame says nothing stays as it is. */
function replayed(
  frames: readonly Readonly<Record<string, string>>[],
  cycle: string,
  data: readonly DesignPort[],
  resets: readonly { readonly name: string; readonly active: 'low' | 'high' }[],
): string[] {
  const cases = frames.map((frame, at) => {
    const assigned = [
      ...resets.map(({ name, active }) =>
        at === 0 ? `${name} = 1'b${active === 'low' ? '0' : '1'};` : assign(name, frame[name]),
      ),
      ...data.map(({ name }) => assign(name, frame[name])),
    ].filter((text) => text !== '');
    return `        ${at}: begin ${assigned.join(' ')} end`;
  });
  return [`      case (${cycle})`, ...cases, '      endcase'];
}

const assign = (name: string, digits: string | undefined): string =>
  digits === undefined ? '' : `${name} = ${digits.length}'b${digits};`;

/** The first edges lie apart, so that no input changes at an edge of another clock. */
function clockGenerator({ name, periodPs }: DesignClock, delayPs: number): string {
  const half = `#${ns(periodPs / 2)}`;
  return `  initial begin
    ${delayPs === 0 ? '' : `#${ns(delayPs)};`}
    forever begin ${half} ${name} = 1'b1; ${half} ${name} = 1'b0; end
  end`;
}

const ns = (ps: number): string => String(ps / 1000);
