// The environment of a tool: a whitelist. API keys and everything else that the app was started with stay outside.

/** Names whose values are folders that tools are installed in, or lists of such. */
export const TOOL_FOLDER_VARIABLES: readonly string[] = [
  'LD_LIBRARY_PATH',
  'PERL5LIB',
  'PYTHONPATH',
  'PYTHONHOME',
  'VIRTUAL_ENV',
  'VERILATOR_ROOT',
  'IVERILOG_VPI_MODULE_PATH',
  'GHDL_PREFIX',
  'YOSYS_DATDIR',
  'SYSTEMC_INCLUDE',
  'SYSTEMC_LIBDIR',
  'VCS_HOME',
  'VERDI_HOME',
  'NOVAS_HOME',
  'MODEL_TECH',
  'MTI_HOME',
  'MODELSIM',
  'QUESTA_HOME',
  'UVM_HOME',
  'CDS_INST_DIR',
  'CDSHOME',
  'XLM_HOME',
  'XILINX_VIVADO',
  'XILINX_HOME',
  'XILINX',
  'RDI_DATADIR',
  'QUARTUS_ROOTDIR',
  'QSYS_ROOTDIR',
];

/** Exact names: what shells, locales, compilers and the known tools need. */
const NAMES = new Set([
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'SHELL',
  'TMPDIR',
  'TZ',
  'HOSTNAME',
  'CCACHE_DIR',
  'CCACHE_CONFIGPATH',
  'CC',
  'CXX',
  'SYSTEMROOT',
  'TEMP',
  'TMP',
  'PATHEXT',
  'VERILATOR_BIN',
  'VCS_TARGET_ARCH',
  'MTI_VCO_MODE',
  'CDS_AUTO_64BIT',
  'QUARTUS_64BIT',
  ...TOOL_FOLDER_VARIABLES,
]);
/**
 * Where licences are: `LM_LICENSE_FILE`, `SNPSLMD_LICENSE_FILE`, `CDS_LIC_FILE`, `MGLS_LICENSE_FILE` and the other
 * vendors' ones.
 */
const LICENCE =
  /^(?:[A-Z0-9_]*LM_LICENSE_FILE|[A-Z0-9]+_LICENSE_FILE|CDS_LIC_(?:FILE|ONLY)|SALT_LICENSE_SERVER|[A-Z0-9]+_LICENSE_SERVER)$/;

export const isLicenceVariable = (name: string): boolean => LICENCE.test(name);

/** The same for every run, so that a tool says the same things in the same form wherever it runs. */
export const FIXED_ENVIRONMENT: Readonly<Record<string, string>> = {
  LC_ALL: 'C.UTF-8',
  LANG: 'C.UTF-8',
  TERM: 'dumb',
  NO_COLOR: '1',
};

/**
 * The variables that a tool sees. `LC_ALL=C.UTF-8` keeps messages and numbers in the form that the parsers know,
 * `TERM=dumb` keeps colours out.
 */
export function toolEnvironment(
  from: Readonly<Record<string, string | undefined>>,
  extra: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(from)) {
    if (value !== undefined && (NAMES.has(name) || LICENCE.test(name))) env[name] = value;
  }
  return { ...env, ...FIXED_ENVIRONMENT, ...extra };
}
