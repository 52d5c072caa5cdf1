// What a caller asks of the runner and what it gets back.
import type { Diagnostic, TestResult, ToolAction, ToolRunRecord, ToolVerdict } from '@genrtl/contracts';
import type { DetectedTool, LogFacts, StreamKind, ToolAdapter, WaveRequest } from '../adapter.ts';
import type { ConfinementPolicy } from './sandbox/index.ts';

export interface RunLimits {
  /** whole run, waiting for licences not counted */
  readonly timeoutMs: number;
  /** no output on either stream for so long; null: never */
  readonly idleTimeoutMs: number | null;
  /** the tool is stopped after printing so many bytes on both streams together */
  readonly outputBytes: number;
  /** of each stream so many bytes are kept in its log file, the head and the tail of it */
  readonly keepBytes: number;
  /** how long a run may queue for a licence */
  readonly licenceWaitMs: number;
}

export const DEFAULT_LIMITS: RunLimits = {
  timeoutMs: 600_000,
  idleTimeoutMs: null,
  outputBytes: 256 * 1024 * 1024,
  keepBytes: 16 * 1024 * 1024,
  licenceWaitMs: 1_800_000,
};

export interface RunToolRequest {
  readonly adapter: ToolAdapter;
  readonly action: ToolAction;
  /** absolute path; the tools' working directory */
  readonly workspace: string;
  /** in compile order; relative to the workspace, or absolute for files outside it */
  readonly sources?: readonly string[];
  /** `.f` files, expanded before `sources` */
  readonly filelists?: readonly string[];
  readonly includeDirs?: readonly string[];
  readonly defines?: Readonly<Record<string, string | null>>;
  /** VHDL library by source, of those that are not of `work` */
  readonly libraries?: Readonly<Record<string, string>>;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly plusargs?: readonly string[];
  readonly top?: string | null;
  readonly seed?: number | null;
  /** write a waveform here (relative to the run folder); how it is dumped is found out from the sources */
  readonly waves?: { readonly format: WaveRequest['format']; readonly file: string } | null;
  readonly coverage?: boolean;
  /**
   * xUnit XML that the bench leaves (cocotb's results.xml, VUnit's --xunit-xml), relative to the workspace; without it
   * there is no pass
   */
  readonly resultFiles?: readonly string[];
  readonly jobs?: number;
  readonly options?: unknown;
  /** absolute; made when missing; gets tool.json, raw_stdout.log, raw_stderr.log, diagnostics.json */
  readonly runDir: string;
  /**
   * of a simulation: only its build, whose artefacts stay in `runDir`; or only the run of what such a build left in the
   * folder named. Several may run the same build at a time
   */
  readonly part?: 'build' | { readonly runOf: string };
  /** false: only the raw logs are written; for runs by the hundred whose folders are thrown away */
  readonly record?: boolean;
  readonly limits?: Partial<RunLimits>;
  readonly signal?: AbortSignal;
  /** default: `preferred`, confined wherever the machine can; what a job wrote asks for `required` */
  readonly confinement?: ConfinementPolicy;
  /** findings that a person lets pass: not counted, not in the list */
  readonly waive?: (diagnostic: Diagnostic) => boolean;
  /** absolute files and folders that the run may write beside its own, and files among them that stay as they are */
  readonly writable?: readonly string[];
  readonly fixed?: readonly string[];
  /** name and kind of the test that a simulation is; default: its top as testbench */
  readonly test?: { readonly name: string; readonly kind: TestResult['kind'] };
  readonly onOutput?: (stream: StreamKind, text: string) => void;
  readonly onState?: (state: 'running' | 'licence_wait') => void;
  /** found before, so that the runner need not look again */
  readonly tool?: DetectedTool;
  /** environment to take the whitelisted variables from; default process.env */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

export interface RunToolResult {
  readonly record: ToolRunRecord;
  /** at most 10,000; `counts` is exact */
  readonly diagnostics: readonly Diagnostic[];
  readonly counts: { readonly error: number; readonly warning: number; readonly info: number };
  /** findings that `waive` took out */
  readonly waived: number;
  readonly tests: readonly TestResult[];
  readonly verdict: ToolVerdict;
  /** all build commands succeeded and the last command was started */
  readonly ran: boolean;
  /** absolute path of the waveform, when one was asked for and written */
  readonly waves: string | null;
  /** what the logs said beside the diagnostics */
  readonly facts: Readonly<LogFacts>;
}
