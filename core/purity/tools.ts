// What tools define by themselves, and the comments, attributes and directives by which they are told something: code
// that depends on it is another design for another tool.

const MACROS: ReadonlySet<string> = new Set(
  `__ICARUS__ __VVP__ VERILATOR VERILATOR_TIMING verilator verilator3 YOSYS SYNTHESIS SYNTH FORMAL FORMAL_ BMC ABSTRACT
  COCOTB_SIM SIMULATION SIM RTL_SIM RTL_SIMULATION GATE_SIM VCS VCS_UVM MODEL_TECH MODELSIM QUESTA QUESTASIM MENTOR INCA
  NCVERILOG NC_VERILOG NCSIM XCELIUM XMSIM CADENCE CDS_TOOL_DEFINE VIVADO XILINX_SIMULATOR XILINX_ISIM XILINX XSIM ISE
  __XILINX__ QUARTUS ALTERA ALTERA_RESERVED_QIS INTEL_FPGA LATTICE GOWIN EFINIX SYNOPSYS DC DESIGN_COMPILER SYNPLIFY
  PRECISION GENUS RC FUSION_COMPILER ALDEC ACTIVEHDL RIVIERA _VCP VERITAK GHDL SLANG __slang__ __pyslang__ SURELOG VERIBLE
  SVLINT SPYGLASS HAL LINT JASPERGOLD JASPER ONESPIN VC_FORMAL ASSERT_ON SVA_ON DUMP DUMP_ON DUMPVCD`
    .trim()
    .split(/\s+/),
);

/** A macro that some tool of the trade sets, or is commonly set for. */
export const isToolMacro = (name: string): boolean =>
  MACROS.has(name) || /^(?:__|SV_COV_|SYNTHESIS|VERILATOR|XILINX_|ALTERA_)/.test(name);

/** The command in a comment, or null for a comment that is none: a sentence may begin with the name of a tool. */
export function pragmaOf(comment: string): string | null {
  const said = comment
    .replace(/^\/[/*]+\s*/, '')
    .replace(/\s*\*\/$/, '')
    .trim();
  return COMMANDS.some((command) => command.test(said)) ? said.slice(0, 80) : null;
}

/**
 * Words that only place or keep, `synthesis keep`, are none, as in attributes. Every vendor has its own word before a
 * command: what hides code from a tool is told by the command itself.
 */
const COMMANDS: readonly RegExp[] = [
  // Verilator takes every comment that begins with its name in small letters for a command
  /^verilator[\s_]/,
  /^(?:[@$\w]+\s+){0,2}(?:translate_o(?:ff|n)|(?:rtl_)?synthesis_o(?:ff|n)|(?:vcs|dump|coverage|leda|lint|cov|cdc|ascent_lint)_o(?:ff|n))\b/i,
  /^(?:(?:ambit|cadence|exemplar|mentor|pragma|questa|synopsys|vcs)\s+)?(?:rtl_)?(?:synthesis|leda|hal|svlint|coverage|lint)\s+o(?:ff|n)(?:\s+-.*|\s+\w*[_\d]\w*)?$/i,
  /^(?:pragma|synthesis|synopsys|cadence|ambit|exemplar|vcs|xilinx|altera|quartus)\s+o(?:ff|n)$/i,
  /^(?:synopsys|pragma|synthesis|cadence|ambit|exemplar|xilinx|altera|quartus)\s+(?:\w+[\s,]+)?(?:full_case|parallel_case|dc_\w+|(?:syn_)?black_?box|one_(?:hot|cold)|a?sync_set\w*|lint_\w+|template$)\b/i,
  /^pragma\s+protect(?:\s+(?:begin|end|\w+\s*=.*)?)?$/i,
  // tools that look for faults, told to look away
  /^(?:[@\w]+\s+)?@?\w*lint\w*[\s:_-]*(?:\d+\s+)?(?:off|disable|waive|ignore|suppress)(?:-\w+)?(?:[\s:=-]+[\w.,*"'-]+)?$/i,
  /^lint\s+[-+!]\s*\w/i,
  /^@?nolint\w*(?:\s*\(.*\)|\s*:.*)?$/i,
  /^(?:spyglass|hal)[\s:]+(?:disable|enable)(?:_block)?\b/i,
  /^ral_\w+/i,
];

const TELLING =
  /\b(?:full_case|parallel_case|translate_\w+|black_?box|whitebox|blackbox|formal\w*|keep_hierarchy_off|any(?:const|seq)|all(?:const|seq)|gclk)\b/i;

/** An attribute that changes what a tool takes the code for, and not only how it builds it. */
export const isTellingAttribute = (attribute: string): boolean => TELLING.test(attribute);

const DIRECTIVES: ReadonlySet<string> = new Set(
  `define undef undefineall ifdef ifndef elsif else endif include timescale default_nettype resetall celldefine
  endcelldefine unconnected_drive nounconnected_drive`
    .trim()
    .split(/\s+/)
    .map((word) => `\`${word}`),
);

/** A directive of the language that every tool takes alike. */
export const isPlainDirective = (directive: string): boolean => DIRECTIVES.has(directive.split(/\s/, 1)[0] ?? '');
