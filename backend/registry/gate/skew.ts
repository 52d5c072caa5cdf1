// Crossings in time: the bench runs once more while every bit that crosses arrives up to a period of its clock late,
// each for itself, as wires and metastable flops have it. Gray codes are watched: of one only one bit may change at a
// time.
import type { CbbManifest } from '@genrtl/contracts';
import type { Arrival } from './crossings.ts';
import type { ElaborationContext } from './elaboration.ts';
import type { Bit, Netlist } from './netlist.ts';
import type { ParameterSet } from './parameter-sets.ts';

/** The bench parameter that says, with 1, that crossings may take their time. */
export const SKEW_PARAMETER = 'SKEW';
const TOP = 'genrtl_crossings';

export interface SkewedSet {
  readonly set: ParameterSet;
  readonly netlist: Netlist;
  readonly arrivals: readonly Arrival[];
}

/** Runs every parameter set that has SKEW=1 under Icarus; there must be one. */
export async function skewFindings(context: ElaborationContext, sets: readonly SkewedSet[]): Promise<string[]> {
  const { runner, folder, manifest, signal } = context;
  const wanted = sets.filter(({ set }) => set.parameters[SKEW_PARAMETER] === '1');
  if (wanted.length === 0) return [`no parameter set has ${SKEW_PARAMETER}=1, at which crossings may take their time`];
  const findings = await Promise.all(
    wanted.map((one) =>
      runner.run(
        {
          tool: 'icarus',
          action: 'simulate',
          workspace: folder,
          sources: [...manifest.filesets.rtl, ...manifest.filesets.tb],
          includeDirs: manifest.include_dirs,
          generated: [{ name: `${TOP}.sv`, text: skewModule(manifest, one) }],
          top: TOP,
          ...(signal === undefined ? {} : { signal }),
        },
        ({ verdict, diagnostics }) =>
          verdict === 'pass'
            ? []
            : [
                `with late crossings at the set "${one.set.name}" the bench ended as ${verdict}: ${
                  diagnostics.find(({ severity }) => severity === 'error')?.message ?? 'without a message'
                }`,
              ],
      ),
    ),
  );
  return findings.flat();
}

/** A top around the bench that delays what crosses; the design is the bench's instance `dut`. Exported for its test. */
export function skewModule(manifest: CbbManifest, { set, netlist, arrivals }: SkewedSet): string {
  const path = (bit: Bit): string => `bench.dut.${netlist.nameOf(bit)}`;
  const groups = new Map<Arrival['crossing'], { source: Bit; flop: Bit }[]>();
  for (const { crossing, source, flop } of arrivals) {
    if (source === null) continue;
    groups.set(crossing, [...(groups.get(crossing) ?? []), { source, flop: flop.q }]);
  }
  const resets = manifest.resets.map(({ name, active }) => ({ port: `bench.dut.${name}`, active }));
  const released = resets.map(({ port, active }) => (active === 'low' ? port : `!${port}`)).join(' && ') || "1'b1";
  const asserted = resets.map(({ port, active }) => `${active === 'low' ? 'negedge' : 'posedge'} ${port}`).join(' or ');
  const parameters = Object.entries(set.parameters)
    .map(([name, value]) => `.${name}(${value})`)
    .join(', ');
  const blocks = [...groups].map(([crossing, bits], index) => {
    const source = `{${bits.map((one) => path(one.source)).join(', ')}}`;
    const flops = `{${bits.map((one) => path(one.flop)).join(', ')}}`;
    const range = `[${bits.length - 1}:0]`;
    return `
  // from ${crossing.from} to ${crossing.to} into ${crossing.into}
  logic ${range} before_${index}, now_${index}, there_${index}, random_${index}, changed_${index};
  initial there_${index} = '1;
  always @(posedge bench.dut.${crossing.from}) begin
    before_${index} = ${source};
    there_${index} = '0;
    #0.002;${
      crossing.kind === 'gray'
        ? `
    changed_${index} = before_${index} ^ ${source};
    if (${released} && (changed_${index} & (changed_${index} - 1'b1)) != 0) begin
      $display("FAIL signal=${crossing.into} time=%0d", $time);
      $display("ERROR: more than one bit of ${crossing.into} changed at once");
      $finish;
    end`
        : ''
    }
  end
  always @(posedge bench.dut.${crossing.to}) begin
    now_${index} = ${source};
    for (int i = 0; i < ${bits.length}; i = i + 1) random_${index}[i] = random_bit(0);
    there_${index} = there_${index} | random_${index};
    #0.001;
    if (${released} && ${flops} === now_${index} && ^before_${index} !== 1'bx)
      ${flops} = (now_${index} & there_${index}) | (before_${index} & ~there_${index});
  end${
    asserted === ''
      ? ''
      : `
  always @(${asserted}) begin
    #0.003 there_${index} = '1;
  end`
  }`;
  });
  return `\`timescale 1ns/1ps
module ${TOP};
  ${manifest.entrypoints.tb}${parameters === '' ? '' : ` #(${parameters})`} bench ();

  logic [31:0] seed = 32'h9e37_79b9;
  function logic random_bit(input logic unused);
    seed = seed ^ (seed << 13);
    seed = seed ^ (seed >> 17);
    seed = seed ^ (seed << 5);
    random_bit = seed[11];
  endfunction
${blocks.join('\n')}
endmodule
`;
}
