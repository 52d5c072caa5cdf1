// Diagnostics as SARIF 2.1.0 (OASIS standard), the form that code scanners and editors import.
import type { Log, ReportingDescriptor, Result, Run } from 'sarif';
import type { Diagnostic } from '@genrtl/contracts';

export interface SarifRun {
  /** tool id, e.g. `verilator` */
  readonly tool: string;
  readonly version?: string | null;
  readonly diagnostics: readonly Diagnostic[];
}

const LEVEL = { error: 'error', warning: 'warning', info: 'note' } as const;
const HOME: Readonly<Record<string, string>> = {
  icarus: 'https://steveicarus.github.io/iverilog/',
  verilator: 'https://verilator.org/',
  yosys: 'https://yosyshq.net/yosys/',
  ghdl: 'https://ghdl.github.io/ghdl/',
  verible: 'https://chipsalliance.github.io/verible/',
};
/** Paths are relative to this base, as section 3.4.4 asks of files of the analysed project. */
const BASE = 'WORKSPACE';

/** One run per tool. Deterministic: no times, no machine paths. */
export function toSarif(runs: readonly SarifRun[]): Log {
  return {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: runs.map(toRun),
  };
}

function toRun({ tool, version, diagnostics }: SarifRun): Run {
  const ids = [...new Set(diagnostics.flatMap(({ code }) => (code === undefined ? [] : [code])))].sort();
  const rules: ReportingDescriptor[] = ids.map((id) => ({ id }));
  const index = new Map(ids.map((id, at) => [id, at]));
  const home = HOME[tool];
  return {
    tool: {
      driver: {
        name: tool,
        ...(version ? { version } : {}),
        ...(home === undefined ? {} : { informationUri: home }),
        rules,
      },
    },
    originalUriBaseIds: { [BASE]: { description: { text: 'The workspace root.' } } },
    // our columns count characters as the tools do; SARIF's default would be UTF-16 code units as well
    columnKind: 'utf16CodeUnits',
    results: diagnostics.map((one) => toResult(one, index)),
  };
}

function toResult(diagnostic: Diagnostic, rules: ReadonlyMap<string, number>): Result {
  const { code, file, scope, time, related } = diagnostic;
  const ruleIndex = code === undefined ? undefined : rules.get(code);
  const physical =
    file === undefined ? {} : { physicalLocation: { artifactLocation: artifact(file), ...region(diagnostic) } };
  const logical = scope === undefined ? {} : { logicalLocations: [{ fullyQualifiedName: scope, kind: 'module' }] };
  return {
    level: LEVEL[diagnostic.severity],
    message: { text: diagnostic.message === '' ? '(no message)' : diagnostic.message },
    ...(code === undefined || ruleIndex === undefined ? {} : { ruleId: code, ruleIndex }),
    ...(file === undefined && scope === undefined ? {} : { locations: [{ ...physical, ...logical }] }),
    ...(related === undefined || related.length === 0
      ? {}
      : {
          relatedLocations: related.map((one, id) => ({
            id,
            message: { text: one.message },
            physicalLocation: {
              artifactLocation: artifact(one.file),
              ...(one.line > 0 ? { region: { startLine: one.line } } : {}),
            },
          })),
        }),
    ...(time === undefined ? {} : { properties: { simulationTime: time } }),
  };
}

/** A region needs a line; SARIF's end column is the first one after the text, ours the last one of it. */
function region({ line, column, end_column: endColumn }: Diagnostic): {
  region?: { startLine: number; startColumn?: number; endColumn?: number };
} {
  if (line === undefined) return {};
  return {
    region: {
      startLine: line,
      ...(column === undefined ? {} : { startColumn: column }),
      ...(column === undefined || endColumn === undefined ? {} : { endColumn: endColumn + 1 }),
    },
  };
}

/** A valid URI reference: blanks and non-ASCII characters encoded; absolute paths as `file:` URIs. */
function artifact(file: string): { uri: string; uriBaseId?: string } {
  const encoded = file.toWellFormed().split('/').map(encodeURIComponent).join('/');
  return file.startsWith('/') ? { uri: `file://${encoded}` } : { uri: encoded, uriBaseId: BASE };
}
