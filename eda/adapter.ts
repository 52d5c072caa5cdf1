// The shape of every EDA tool adapter: what a tool can do, its commands, its log formats, what its pass needs.
// Adapters only describe; eda/runner alone spawns, limits, cancels and writes logs.
import type { z } from 'zod';
import { GenrtlError } from '@genrtl/contracts/errors.ts';
import type { ToolNeeds } from './runner/sandbox/policy.ts';
import type { Diagnostic, TestResult, ToolAction, ToolId, ToolVerdict } from '@genrtl/contracts';
import type { SourceLanguage } from '@genrtl/core/filelist/source-facts.ts';

export type StreamKind = 'stdout' | 'stderr';

/** A tool as it was found on this machine. Paths are absolute. */
export interface DetectedTool {
  readonly path: string;
  readonly version: string;
  /** e.g. "Debian 5.006-3", "Lite Edition"; null when the tool has none */
  readonly edition: string | null;
  /** further executables by name that the adapter's commands need, e.g. `vvp` */
  readonly companions: Readonly<Record<string, string>>;
}

/** What detection may use; the runner bounds every call in time. */
export interface DetectHost {
  /** absolute path of an executable on the PATH, or null */
  which(name: string): Promise<string | null>;
  /** runs a version query; never throws for a failing tool */
  capture(argv: readonly string[]): Promise<{ exitCode: number | null; stdout: string; stderr: string }>;
}

export interface WaveRequest {
  readonly format: 'vcd' | 'fst';
  /** where the waveform is to be written; relative to the workspace root */
  readonly file: string;
  /**
   * `plusarg`: the bench dumps by itself under `+vcd=<file>`, as genRTL's own benches do.
   * `module`: nothing in the sources dumps, so the adapter adds a module that does, where its tool allows it.
   */
  readonly by: 'plusarg' | 'module';
}

/**
 * Everything that decides the commands of one run. All paths are relative to the workspace root, the tools' working
 * directory, with forward slashes; files outside it are absolute.
 */
export interface BuildContext<Options> {
  readonly action: ToolAction;
  readonly tool: DetectedTool;
  /** in compile order */
  readonly sources: readonly string[];
  readonly includeDirs: readonly string[];
  /** null: defined without a value */
  readonly defines: Readonly<Record<string, string | null>>;
  /** VHDL library by source, of those that are not of `work` */
  readonly libraries: Readonly<Record<string, string>>;
  /** overrides of the top's parameters, as literals of the language */
  readonly parameters: Readonly<Record<string, string>>;
  /** without the leading `+` */
  readonly plusargs: readonly string[];
  /** null where the tool is to find it by itself */
  readonly top: string | null;
  /** folder for everything that the run builds; exists already */
  readonly runDir: string;
  /**
   * folder for builds whose tools cannot bear blanks in a path (GNU make); the run folder itself wherever that will do
   */
  readonly buildDir: string;
  readonly seed: number | null;
  readonly waves: WaveRequest | null;
  readonly coverage: boolean;
  /** some source sets a `timescale */
  readonly timescales: boolean;
  /** processes that the tool may use by itself */
  readonly jobs: number;
  readonly options: Options;
}

export interface ToolCommand {
  /** executable and arguments; never passes through a shell */
  readonly argv: readonly [string, ...string[]];
  /** `build` commands must succeed for the next to run; `run` is the simulation itself */
  readonly role: 'build' | 'run';
  /** folder that it runs in, relative to the workspace root; default: the root */
  readonly cwd?: string;
  /** a file that a successful command leaves; removed before the first command that names it: no old one may count */
  readonly artefact?: string;
}

export interface BuildPlan {
  /** written by the runner before the first command */
  readonly files: readonly { readonly path: string; readonly text: string }[];
  readonly commands: readonly ToolCommand[];
  /** added to the runner's whitelisted environment */
  readonly env?: Readonly<Record<string, string>>;
  /** folders that only the run itself needs: removed when it ends */
  readonly disposable?: readonly string[];
  /** xUnit XML files that the run may leave; read as test results */
  readonly resultFiles?: readonly string[];
  /** names and globs of such files, relative to the workspace; some of each list has to be there for a pass */
  readonly resultPatterns?: readonly (readonly string[])[];
  /** the same of log files that the run writes itself; read by `createLogParser` */
  readonly logPatterns?: readonly (readonly string[])[];
}

/** What a log said beside its diagnostics. Counted by the parsers, judged by `verdict`. */
export interface LogFacts {
  /** lines that start with `PASS` */
  passLines: number;
  /** lines that contain the word `FAIL` */
  failLines: number;
  /** the tool's own statement that `$finish` was reached */
  finishLines: number;
  /** the tool's own statement that the simulation ended in another way: `$stop`, no events left */
  stopLines: number;
  /** fatal texts that no rule turned into a diagnostic: crashes, assertion failures of the tool itself */
  fatalLines: number;
  /** diagnostics in which the tool accuses itself: they say nothing of the design, wherever they point */
  internalErrors: number;
  /** the simulation ended because nothing was left to happen, before any `$finish` */
  outOfEvents: number;
  /** free-form counters of one adapter, e.g. its own summary lines */
  readonly own: Record<string, number>;
}

export const emptyLogFacts = (): LogFacts => ({
  passLines: 0,
  failLines: 0,
  finishLines: 0,
  stopLines: 0,
  fatalLines: 0,
  internalErrors: 0,
  outOfEvents: 0,
  own: {},
});

/** Where a parser puts what it recognises. */
export interface ParserSink {
  report(diagnostic: Diagnostic): void;
  readonly facts: LogFacts;
  /** the tool queues for a licence, or got it */
  licence(state: 'waiting' | 'granted'): void;
}

/**
 * Fed with one line after the other, without line ends, ANSI codes or carriage returns. Must run in constant memory and
 * linear time.
 */
export interface LogParser {
  line(text: string): void;
  /** the stream ended; its last line may have been cut off */
  end(): void;
}

export interface CommandResult {
  readonly role: 'build' | 'run';
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** null when the command promised no artefact */
  readonly artefactFound: boolean | null;
}

/**
 * What a finished run is judged by. Time-outs, cancelling, limits and missing tools are the runner's verdicts and never
 * reach the adapter; an end by a signal does, since an aborting simulation may be the design's failure.
 */
export interface RunFacts {
  readonly action: ToolAction;
  readonly commands: readonly CommandResult[];
  /** how many commands the plan had; fewer results mean that one failed */
  readonly planned: number;
  readonly counts: { readonly error: number; readonly warning: number; readonly info: number };
  readonly log: LogFacts;
  /** read from result files */
  readonly tests: readonly TestResult[];
  /** promised result and log files that are not there */
  readonly missing: number;
}

/** An adapter as the runner sees it: options are checked inside. */
/** `command`: a check of a project's own, an adapter made of data. */
export interface ToolAdapter<Id extends string = ToolId | 'command'> {
  readonly id: Id;
  readonly title: string;
  readonly testedAgainstRealTool: boolean;
  readonly actions: readonly ToolAction[];
  /** what it reads; sources of another language are left out of its runs, which is said */
  readonly languages: readonly SourceLanguage[];
  /** it finds its sources by itself: those of a request only stand in the record */
  readonly findsSources?: true;
  readonly optionsSchema: z.ZodType;
  /** what a confined run of the tool must still reach; default: nothing */
  readonly needs?: ToolNeeds;
  /** null: not installed */
  detect(host: DetectHost): Promise<DetectedTool | null>;
  /** Pure. Throws USAGE for an action that the tool does not have and for options that its schema refuses. */
  buildCommands(context: BuildContext<unknown>): BuildPlan;
  /** One parser reads the tool's compile and run logs alike. */
  createParser(stream: StreamKind, sink: ParserSink): LogParser;
  /** reads log files that the run writes itself, where it promises some */
  createLogParser?(sink: ParserSink): LogParser;
  verdict(facts: RunFacts): ToolVerdict;
}

interface AdapterDefinition<Schema extends z.ZodType, Id extends string>
  extends Omit<ToolAdapter<Id>, 'optionsSchema' | 'buildCommands'> {
  readonly optionsSchema: Schema;
  buildCommands(context: BuildContext<z.infer<Schema>>): BuildPlan;
}

/** Wraps an adapter so that its `buildCommands` sees only actions that it has and options that its schema accepted. */
export function defineAdapter<Schema extends z.ZodType, Id extends string = ToolId>(
  definition: AdapterDefinition<Schema, Id>,
): ToolAdapter<Id> {
  return {
    ...definition,
    buildCommands(context) {
      if (!definition.actions.includes(context.action)) {
        throw new GenrtlError(
          'USAGE',
          `${definition.title} cannot ${context.action}; it can ${definition.actions.join(', ')}.`,
        );
      }
      const options = definition.optionsSchema.safeParse(context.options ?? {});
      if (!options.success) {
        const issue = options.error.issues[0];
        throw new GenrtlError(
          'USAGE',
          `Option ${issue?.path.join('.') ?? ''} of ${definition.title}: ${issue?.message ?? 'invalid'}.`,
        );
      }
      return definition.buildCommands({ ...context, options: options.data });
    },
  };
}
