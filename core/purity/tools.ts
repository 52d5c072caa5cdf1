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

const PRAGMA =
  /^(?:synopsys|pragma|synthesis|cadence|ambit|exemplar|xilinx|altera|quartus|vcs|coverage|lint)\s+(?:translate\w*|synthesis_\w+|coverage\w*|full_case|parallel_case|on|off|dc_\w+|attribute|black_?box|protect\w*|lint_\w+|keep\w*|preserve\w*|syn_\w+|one_hot|infer\w*|async_set\w*|sync_set\w*)\b/i;

/** The command in a comment, or null for a comment that is none. */
export function pragmaOf(comment: string): string | null {
  const said = comment
    .replace(/^\/[/*]+\s*/, '')
    .replace(/\s*\*\/$/, '')
    .trim();
  // Verilator takes every comment that begins with its name in small letters for a command
  if (/^verilator[\s_]/.test(said) || /^verible\s+lint_/.test(said) || PRAGMA.test(said)) return said.slice(0, 80);
  return HIDING.test(said) ||
    /^(?:spyglass\s+disable|ral_\w+|@?(?:nolint|lint_o(?:ff|n)))\b/i.test(said) ||
    /^(?:rtl_)?synthesis[\s_]+o(?:ff|n)$/i.test(said)
    ? said.slice(0, 80)
    : null;
}

/** Every vendor has its own word before it: what hides code from a tool is told by the command itself. */
const HIDING =
  /^(?:[@$\w]+\s+){0,2}(?:translate_o(?:ff|n)|(?:rtl_)?synthesis[_ ]o(?:ff|n)|(?:vcs|dump|coverage|leda|lint|cov)_o(?:ff|n)|leda\s+o(?:ff|n))\b/i;

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
