// The project file `genrtl.yaml` at a workspace's root, what it resolves to, and the checks that it names.
// docs/genrtl.schema.json is made from `ProjectFile` (a test compares); docs/project-file.md explains every field.
import { z } from 'zod';
import { Diagnostic, ToolId } from './diagnostic.ts';
import { Instant, Sha256 } from './primitives.ts';
import { TestResult } from './tools.ts';
import { Waiver, WaiverEntry } from './verdicts.ts';

export { IGNORE_FILE, PROJECT_FILE } from './project-names.ts';

const Text = z.string().trim().min(1).max(1024);
/** Relative to the workspace root with forward slashes; absolute or `../…` for what lies outside. */
const PathText = Text.regex(/^[^\0\n]+$/, 'is no path');
/** `*`, `?`, `[a-z]` and `{a,b}` within a name, `**` for any folders; a folder's name stands for all below it. */
const Glob = PathText;
const MacroName = z.string().regex(/^[A-Za-z_][\w$]*$/, 'is no macro name');
/** null: defined without a value. */
const Define = z.union([z.string().max(4096), z.number().transform(String), z.null()]);
const UnitName = z.string().regex(/^[A-Za-z_\\][^\s;]*$/, 'is no name of a module or entity');

const FilelistEntry = z.union([
  PathText,
  z.strictObject({
    file: PathText,
    /** what relative paths of the list are relative to: the folder that the tool is started in; default: the root */
    folder: PathText.optional(),
  }),
]);

export const FileSetConfig = z.strictObject({
  /** files and globs, in order; files named without a glob keep their order */
  files: z.array(Glob).max(10_000).default([]),
  /** tools' file lists (`.f`) */
  filelists: z.array(FilelistEntry).max(200).default([]),
  include_dirs: z.array(PathText).max(1000).default([]),
  defines: z.record(MacroName, Define).default({}),
  /** VHDL libraries by name, with the files that are analysed into them; default: `work`, or as clauses tell */
  libraries: z.record(z.string().regex(/^[A-Za-z]\w*$/), z.array(Glob).max(1000)).default({}),
});
export type FileSetConfig = z.infer<typeof FileSetConfig>;

const Day = z.union([
  z.iso.date(),
  // YAML itself reads unquoted dates as dates where a schema says so
  z.date().transform((date) => date.toISOString().slice(0, 10)),
]);

/** A finding of a check that a person lets pass. Every given part has to fit. */
export const FindingWaiver = z
  .strictObject({
    /** path or glob */
    file: Glob.optional(),
    /** the tool's code, e.g. `UNUSEDSIGNAL`; `*` stands for any text */
    code: Text.optional(),
    /** part of the message; `*` stands for any text */
    text: Text.optional(),
    /** the line of the finding, or its first and last */
    line: z
      .union([z.number().int().positive(), z.tuple([z.number().int().positive(), z.number().int().positive()])])
      .optional(),
    reason: Text,
    owner: Text.optional(),
    /** last day on which it holds, `2027-03-31` */
    expires: Day.optional(),
  })
  .refine((waiver) => waiver.file !== undefined || waiver.code !== undefined || waiver.text !== undefined, {
    message: 'needs file, code or text: without one it would waive everything',
  });
export type FindingWaiver = z.infer<typeof FindingWaiver>;

/** A file of waivers. */
export const WaiverFile = z.strictObject({ waivers: z.array(FindingWaiver).max(10_000) });

const CheckName = z.string().regex(/^[A-Za-z0-9][\w.-]{0,63}$/, 'is no name: letters, digits, `_`, `-` and `.`');
const Tool = z.preprocess((text) => (text === 'iverilog' ? 'icarus' : text), ToolId);

/** What a command needs beside the workspace; everything else is out of its reach where the system can confine. */
export const CommandNeeds = z.strictObject({
  network: z.boolean().default(false),
  /** files and folders of the person's home that it reads, relative to it: `.synopsys`, `tools/uvm` */
  home: z.array(PathText).max(100).default([]),
  /** names of environment variables that it gets beside the usual ones */
  env: z
    .array(z.string().regex(/^[A-Za-z_]\w*$/))
    .max(100)
    .default([]),
  /** folders that it may write to beside its own folder; relative to the workspace root */
  write: z.array(PathText).max(100).default([]),
  /** folders outside the workspace that it reads: tools, libraries, process kits */
  read: z.array(PathText).max(100).default([]),
});
export type CommandNeeds = z.infer<typeof CommandNeeds>;

const MAX_CHECK_S = 7 * 24 * 3600;

/** One check. Exactly one of `lint`, `sim` and `command` says what it is. */
export const CheckConfig = z
  .strictObject({
    name: CheckName,
    /** lints the design with this tool */
    lint: Tool.optional(),
    /** runs testbenches with this tool */
    sim: Tool.optional(),
    /** program and arguments; nothing passes through a shell */
    command: z.array(z.string().min(1).max(8192)).min(1).max(1000).optional(),
    /** of lint: the design's top; default: that of the project */
    top: UnitName.optional(),
    /** of sim: the testbenches to run; default: every one of tb */
    benches: z.array(UnitName).max(1000).optional(),
    /** of sim: without the leading `+` */
    plusargs: z.array(Text).max(100).optional(),
    /** of command: the folder that it runs in */
    cwd: PathText.optional(),
    /** of command: environment variables that it gets */
    env: z.record(z.string().regex(/^[A-Za-z_]\w*$/), z.union([z.string(), z.number().transform(String)])).optional(),
    /** of command: the log files that it writes, beside what it prints; relative to `cwd`, else to the root */
    log: z.union([Glob, z.array(Glob).max(100)]).optional(),
    /** of command: whose logs those are */
    parser: Tool.optional(),
    /** of command: JUnit XML that it leaves; removed before each run */
    results: z.union([Glob, z.array(Glob).max(100)]).optional(),
    /** of command: text of a line that must stand in what it prints or logs; `*` stands for any text */
    pass: Text.optional(),
    /** of command: text of a line that must not */
    fail: Text.optional(),
    needs: CommandNeeds.optional(),
    timeout_s: z.number().positive().max(MAX_CHECK_S).optional(),
    /** what makes findings fail the check */
    fail_on: z.enum(['error', 'warning']).optional(),
    /** a file of waivers, or the waivers */
    waivers: z.union([PathText, z.array(FindingWaiver).max(10_000)]).optional(),
  })
  .superRefine((check, context) => {
    const kinds = (['lint', 'sim', 'command'] as const).filter((kind) => check[kind] !== undefined);
    if (kinds.length !== 1)
      context.addIssue({
        code: 'custom',
        message: kinds.length === 0 ? 'needs one of lint, sim and command' : `has ${kinds.join(' and ')}: one is right`,
        path: kinds.slice(1, 2),
      });
    const [kind] = kinds;
    if (kind === undefined || kinds.length > 1) return;
    for (const [key, owner] of Object.entries(OWNED_KEYS))
      if (check[key as keyof typeof check] !== undefined && owner !== kind)
        context.addIssue({ code: 'custom', message: `belongs to ${owner} checks`, path: [key] });
    if (kind === 'command' && check.results === undefined && check.pass === undefined && check.parser === undefined)
      context.addIssue({
        code: 'custom',
        message: 'needs results, pass or parser: an exit code alone proves nothing',
        path: ['command'],
      });
  });
export type CheckConfig = z.infer<typeof CheckConfig>;

const OWNED_KEYS = {
  top: 'lint',
  benches: 'sim',
  plusargs: 'sim',
  cwd: 'command',
  env: 'command',
  log: 'command',
  parser: 'command',
  results: 'command',
  pass: 'command',
  fail: 'command',
  needs: 'command',
} as const;

/** `genrtl.yaml`. */
export const ProjectFile = z.strictObject({
  version: z.literal(1),
  /** the design's top; default: the only module that nobody instantiates */
  top: UnitName.optional(),
  rtl: FileSetConfig.prefault({}),
  tb: FileSetConfig.prefault({}),
  /** values of variables in file lists, before those of the environment */
  variables: z
    .record(z.string().regex(/^[A-Za-z_]\w*$/), z.union([z.string(), z.number().transform(String)]))
    .default({}),
  /** what patches may touch; default: the files of rtl and tb inside the workspace */
  edit: z.array(Glob).max(1000).optional(),
  /** what they may not, whatever `edit` says */
  read_only: z.array(Glob).max(1000).default([]),
  /** what never leaves the machine */
  hidden: z.array(Glob).max(1000).default([]),
  /** what verifies the design, in order; default: lint, then every bench of tb */
  checks: z
    .array(CheckConfig)
    .max(200)
    .superRefine((checks, context) => {
      checks.forEach(({ name }, at) => {
        if (checks.findIndex((other) => other.name === name) !== at)
          context.addIssue({ code: 'custom', message: `two checks are named ${name}`, path: [at, 'name'] });
      });
    })
    .optional(),
  /** what a job may leave unmeasured: `KIND:NAME=REASON` */
  waive: z.array(WaiverEntry).max(1000).default([]),
  /** share of mutants that the benches have to catch; reaching it passes */
  min_strength: z.number().min(0).max(1).optional(),
});
export type ProjectFile = z.infer<typeof ProjectFile>;
/** As a person writes it. */
export type ProjectFileInput = z.input<typeof ProjectFile>;

/** What patches may touch: carried by every request for one, so that client and server apply the same. */
export const PatchRules = z.object({
  edit: z.array(z.string().max(1024)).max(20_000),
  read_only: z.array(z.string().max(1024)).max(20_000),
  /** tools' file lists of the project: a patch may add lines that name files which it creates */
  filelists: z.array(z.string().max(1024)).max(1000).default([]),
});
export type PatchRules = z.infer<typeof PatchRules>;

export const FileSetView = z.object({
  /** in compile order */
  files: z.array(
    z.object({ path: z.string(), language: z.enum(['verilog', 'vhdl']), library: z.string(), bytes: z.number().int() }),
  ),
  /** null: defined without a value */
  defines: z.record(z.string(), z.string().nullable()),
});
export type FileSetView = z.infer<typeof FileSetView>;

export const CheckKind = z.enum(['lint', 'sim', 'command']);
export type CheckKind = z.infer<typeof CheckKind>;

/** A check as it will run. */
export const CheckView = z.object({
  name: z.string(),
  kind: CheckKind,
  /** tool of lint and sim, or the command */
  what: z.string(),
  /** of a command: the person trusted exactly this one on this machine */
  trusted: z.boolean().nullable(),
  /** of a command: stands for exactly this one, with its folder, environment and needs */
  key: Sha256.nullable(),
  /** of a command: what it asks for beside the workspace */
  needs: CommandNeeds.nullable(),
});
export type CheckView = z.infer<typeof CheckView>;

/** `genrtl project show`. */
export const ProjectView = z.object({
  /** null: there is no project file, `src/` and `tb/` hold */
  file: z.string().nullable(),
  /** null: several modules are uninstantiated, or none */
  top: z.string().nullable(),
  /** design units that nobody instantiates */
  tops: z.array(z.string()),
  benches: z.array(z.object({ name: z.string(), file: z.string() })),
  rtl: FileSetView,
  tb: FileSetView,
  /** for both sets, in order */
  include_dirs: z.array(z.string()),
  /** files that others include, in the workspace */
  headers: z.array(z.string()),
  edit: z.array(z.string()),
  read_only: z.array(z.string()),
  /** files inside the workspace's sources that never leave the machine */
  hidden: z.array(z.string()),
  /** what a model would be sent of the sources when the request's size allows all of it */
  model: z.array(z.object({ path: z.string(), bytes: z.number().int() })),
  checks: z.array(CheckView),
  waive: z.array(Waiver),
  /** what was guessed, passed over or not found */
  notes: z.array(Diagnostic),
});
export type ProjectView = z.infer<typeof ProjectView>;

export const CheckVerdict = z.enum(['pass', 'fail', 'unknown', 'error', 'untrusted', 'cancelled']);
export type CheckVerdict = z.infer<typeof CheckVerdict>;

export const WaiverUse = z.object({
  reason: z.string(),
  owner: z.string().nullable(),
  /** what it waives, as it is written */
  what: z.string(),
  /** findings that it passed */
  count: z.number().int(),
  state: z.enum(['used', 'unused', 'expired']),
});
export type WaiverUse = z.infer<typeof WaiverUse>;

/** One run of one check. */
export const CheckResult = z.object({
  name: z.string(),
  kind: CheckKind,
  verdict: CheckVerdict,
  /** one sentence: why it is no pass; '' for a pass */
  reason: z.string(),
  /** exact numbers, waived findings left out */
  counts: z.object({ error: z.number().int(), warning: z.number().int(), info: z.number().int() }),
  /** findings that a waiver passed */
  waived: z.number().int(),
  waivers: z.array(WaiverUse),
  /** at most some thousand; waived ones left out */
  diagnostics: z.array(Diagnostic),
  tests: z.array(TestResult),
  started_at: Instant,
  duration_ms: z.number(),
  /** relative to the workspace root: tool records and logs */
  run_folder: z.string().nullable(),
});
export type CheckResult = z.infer<typeof CheckResult>;

/** What the project's linter says of a text that is being typed. */
export const LiveLint = z.object({
  tool: ToolId,
  /** as a person knows the tool */
  title: z.string(),
  /** at most 500; waived ones left out */
  findings: z.array(Diagnostic),
  /** findings beyond those */
  cut: z.number().int(),
});
export type LiveLint = z.infer<typeof LiveLint>;

/** A check of the project as a job has left it. */
export const JobCheck = CheckResult.pick({
  name: true,
  kind: true,
  verdict: true,
  reason: true,
  waived: true,
  waivers: true,
}).extend({
  /** before the job's first patch; null: not run then */
  before: CheckVerdict.nullable(),
  /** false: it passes, or it fails as it did before */
  charged: z.boolean(),
});
export type JobCheck = z.infer<typeof JobCheck>;

/** What a person trusted on a machine: sha256 of the canonical form of a command, with its folder and environment. */
export const TrustRecord = z.object({
  schema_version: z.literal(1),
  /** the workspace's real path */
  workspace: z.string(),
  commands: z.array(z.object({ sha256: Sha256, check: z.string(), command: z.string(), at: Instant })),
});
export type TrustRecord = z.infer<typeof TrustRecord>;
