// Timing constraints of a package's crossings, made of its manifest: XDC scoped to the package's cells (Vivado's
// SCOPED_TO_REF), and SDC that is read once for each instance (OpenSTA, Quartus, synthesis tools of other vendors).
import type { CbbCrossing, CbbManifest } from '@genrtl/contracts';
import { nameOf } from '@genrtl/core/cbb/package-id.ts';

export interface ConstraintFile {
  /** relative to the package */
  readonly path: string;
  readonly text: string;
}

/** None for a package without crossings. */
export function constraintFiles(
  manifest: Pick<CbbManifest, 'cbb_id' | 'crossings' | 'clock_domains'>,
): ConstraintFile[] {
  const { crossings = [] } = manifest;
  const cbb_id = nameOf(manifest.cbb_id);
  if (crossings.length === 0) return [];
  const clocks = new Set(manifest.clock_domains.map(({ clock }) => clock));
  return [
    { path: `constraints/${cbb_id}.sdc`, text: sdc(cbb_id, crossings) },
    { path: `constraints/${cbb_id}.xdc`, text: xdc(cbb_id, crossings, clocks) },
  ];
}

/** The register without a bit's index: `there` of `there[0]`. */
export function registerOf(into: string): string {
  return into.replace(/\[\d+\]$/, '');
}

const indexOf = (into: string): string => /\[\d+\]$/.exec(into)?.[0] ?? '';

function meaning({ from, to, kind, into }: CbbCrossing): string {
  switch (kind) {
    case 'bit':
      return `# ${from} to ${to}, into ${into}: a flop that may be between two levels for a while.`;
    case 'gray':
      return `# ${from} to ${to}, into ${into}: Gray code, its bits less than a period of ${from} apart.`;
    case 'reset':
      return `# ${from}, released with ${to} in ${into}: its assertion has no time.`;
    case 'guarded':
      return `# ${from} to ${to}, from ${into}: words stand for two edges of ${to} before they are read.`;
  }
}

/** Flops of a register are called `<name>_reg` by Vivado; quotes keep brackets from Tcl. */
function xdc(id: string, crossings: readonly CbbCrossing[], clocks: ReadonlySet<string>): string {
  const lines = crossings.map((crossing) => {
    const { from, to, kind, into } = crossing;
    const register = registerOf(into).replaceAll('.', '/');
    const cells = `[get_cells -quiet {${register}_reg${indexOf(into) === '' ? '*' : indexOf(into)}}]`;
    const clock = (name: string): string => `[get_clocks -of_objects [get_ports ${name}]]`;
    const period = (name: string): string => `[get_property -min PERIOD ${clock(name)}]`;
    const commands =
      kind === 'reset'
        ? [
            `set_false_path -to [get_pins -quiet -filter {REF_PIN_NAME == CLR || REF_PIN_NAME == PRE} -of_objects ${cells}]`,
          ]
        : kind === 'gray'
          ? [
              `set_max_delay -datapath_only -from ${clock(from)} -to ${cells} ${period(from)}`,
              `set_bus_skew -from ${clock(from)} -to ${cells} ${period(from)}`,
            ]
          : kind === 'guarded'
            ? [
                `set_max_delay -datapath_only -from [get_cells -quiet -hierarchical {${register}*}] -to ${clock(to)} ${period(to)}`,
              ]
            : clocks.has(from)
              ? [`set_max_delay -datapath_only -from ${clock(from)} -to ${cells} ${period(from)}`]
              : [`set_false_path -to ${cells}`];
    return [meaning(crossing), ...commands].join('\n');
  });
  return `# Crossings of ${id}. Vivado: read_xdc -ref ${id} ${id}.xdc, after the clocks are defined.\n\n${lines.join('\n\n')}\n`;
}

function sdc(id: string, crossings: readonly CbbCrossing[]): string {
  const periods = [
    ...new Set(crossings.flatMap(({ from, to, kind }) => (kind === 'gray' ? [from] : kind === 'guarded' ? [to] : []))),
  ];
  const lines = crossings.map((crossing) => {
    const { from, to, kind, into } = crossing;
    const register = registerOf(into).replaceAll('.', '/');
    // `there_reg[0]` or `there_reg_0_`, as the tool names it; never the flops behind it, whose paths count.
    const index = indexOf(into).replace(/^\[(\d+)\]$/, '*?$1');
    const pins = (pin: string): string => `[get_pins "$cbb_instance/${register}${index}*/${pin}"]`;
    const commands =
      kind === 'reset'
        ? [`set_false_path -to ${pins('$cbb_reset_pin')}`]
        : kind === 'gray'
          ? [
              `set_max_delay $cbb_period(${from}) -to ${pins('$cbb_data_pin')}`,
              `set_false_path -hold -to ${pins('$cbb_data_pin')}`,
            ]
          : kind === 'guarded'
            ? [
                `set_max_delay $cbb_period(${to}) -from [get_cells "$cbb_instance/${register}*"]`,
                `set_false_path -hold -from [get_cells "$cbb_instance/${register}*"]`,
              ]
            : [`set_false_path -to ${pins('$cbb_data_pin')}`];
    return [meaning(crossing), ...commands].join('\n');
  });
  return `# Crossings of ${id}, for one instance. Set before this file is read:
#   cbb_instance          its hierarchical name, for example u_core/u_${id.replace(/^cbb_/, '')}
${periods.map((clock) => `#   cbb_period(${clock})    period of ${clock}, in the unit of the library\n`).join('')}# Pins of the library's flops, when they are not called D and RN: cbb_data_pin, cbb_reset_pin.
if {![info exists cbb_data_pin]} { set cbb_data_pin D }
if {![info exists cbb_reset_pin]} { set cbb_reset_pin RN }

${lines.join('\n\n')}
`;
}
