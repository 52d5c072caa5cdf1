// The one error class and the one table of codes. A code is never reused; HTTP status is decided in backend/http only.
// No schema: worker threads and the page load this file.

interface ErrorSpec {
  /** exit code of the command line */
  readonly exit: 1 | 2 | 3 | 4 | 5 | 6 | 130;
  readonly retryable: boolean;
  /** what the person can do; a thrower may give a more exact one */
  readonly hint: string;
}

const spec = (hint: string): ErrorSpec => ({ exit: 2, retryable: false, hint });

export const ERRORS = {
  // structured specs
  SPEC_EMPTY: spec('Give a specification with at least a title and a few sentences.'),
  SPEC_TOO_LARGE: spec('Split the specification, or leave out appendices; the limit is 10 MB of text.'),
  SPEC_BINARY: spec('Save the specification as Markdown, plain text, PDF or DOCX.'),
  SPEC_ENCODING: spec(
    'Save the file as UTF-8: in Windows’ Notepad with Save as, Encoding: UTF-8; in VS Code with Save with Encoding; or with `iconv -f GB18030 -t UTF-8`, its own encoding behind -f.',
  ),
  SPEC_FORMAT: spec(
    'Check that the file is what its ending says: SystemRDL (.rdl), an IP-XACT component (.xml), an OpenTitan block (.hjson), a table (.csv).',
  ),
  SPEC_SECTION_MISSING: spec('Add the section that the message names.'),
  SPEC_TABLE: spec('Correct the table: every row needs the columns that the message names.'),
  SPEC_NAME_INVALID: spec('Use a Verilog identifier that is no keyword.'),
  SPEC_NAME_DUPLICATE: spec('Rename one of the two.'),
  SPEC_NAME_UNKNOWN: spec('Declare the name in Ports, Parameters, Logic, Registers or Blocks, or correct it.'),
  SPEC_DIRECTION: spec('Swap the two ends, or correct the direction in the Ports table.'),
  SPEC_WIDTH: spec('Make both widths equal, or give the width explicitly.'),
  SPEC_MULTIPLE_DRIVERS: spec('Leave exactly one driver for the signal.'),
  SPEC_UNDRIVEN: spec('Connect the signal, or drive it from Logic or Registers.'),
  SPEC_COMB_LOOP: spec('Break the combinational loop with a register.'),
  SPEC_PARAMETER: spec('Correct the parameter: its name and its range stand in the block’s listing.'),
  SPEC_CBB_AMBIGUOUS: spec('Name one of the matching packages by its exact id.'),
  SPEC_CBB_NOT_FOUND: spec('Look at `genrtl cbb search`, or describe the block in Logic and Registers.'),
  SPEC_CHECKS_MISSING: spec('Add a Checks table with stimulus and expected outputs.'),
  SPEC_CHECK_RESET: spec('Release the reset in the Drive column of an early cycle.'),
  SPEC_CHECKS_WEAK: {
    exit: 6,
    retryable: false,
    hint: 'Add checks that tell the design from one whose outputs are stuck, or set a model that can strengthen the testbench.',
  },
  SPEC_NEEDS_MODEL: {
    exit: 4,
    retryable: false,
    hint: 'Set a model: OPENAI_API_KEY, ANTHROPIC_API_KEY, or OPENAI_BASE_URL for a server on your site; then name it with --model.',
  },
  SPEC_NOT_FOUND: spec('Check the path of the specification.'),
  // usage
  USAGE: spec('See `npx genrtl --help`.'),
  WORKSPACE_NOT_FOUND: spec('Check the path of the workspace.'),
  WORKSPACE_BUSY: {
    exit: 2,
    retryable: true,
    hint: 'Another genRTL client works on this workspace; wait for it or stop it, or repeat the command with --take-over when it is out of reach.',
  },
  WORKSPACE_TAKEN_OVER: {
    exit: 2,
    retryable: false,
    hint: 'Nothing more was written here; go on in the client that took it over.',
  },
  LOCK_UNAVAILABLE: {
    exit: 3,
    retryable: false,
    hint: 'Choose a folder on another disk; or, where nobody else works on this one, repeat the command with --take-over.',
  },
  ACCEPTANCE_BROKEN: {
    exit: 6,
    retryable: true,
    hint: 'Correct the acceptance test, then continue the job.',
  },
  SOURCE_UNREADABLE: spec('Check that the folder exists and that you may read it; the message names it.'),
  WORKSPACE_READ_ONLY: spec('Choose a workspace on a disk that you may write to.'),
  FILE_EXISTS: spec('Choose another name.'),
  TRASH_UNAVAILABLE: {
    exit: 3,
    retryable: false,
    hint: 'The trash of this machine cannot be written; delete the file with your own tools.',
  },
  GIT_MISSING: { exit: 3, retryable: false, hint: 'Install git, or put it on the PATH.' },
  GIT_LOCKED: {
    exit: 3,
    retryable: true,
    hint: 'Wait until the other git is done. If none runs, one was killed: delete index.lock in the repository’s .git folder.',
  },
  GIT_UNTRUSTED: {
    exit: 6,
    retryable: true,
    hint: 'Look at the programs that the repository brings, then trust them on this machine.',
  },
  GIT_FAILED: { exit: 3, retryable: false, hint: 'The message is git’s own.' },
  SEARCH_TIMEOUT: { exit: 3, retryable: true, hint: 'Search for something more exact, or in fewer files.' },
  PROJECT_INVALID: spec('Correct genrtl.yaml at the line that the message names.'),
  PROJECT_EXISTS: spec('Nothing is overwritten: change the genrtl.yaml that is there, or move it aside.'),
  PROJECT_UNTRUSTED: {
    exit: 6,
    retryable: true,
    hint: 'Look at the commands, then trust them on this machine with `npx genrtl project trust`, or give --trust.',
  },
  NO_JOB: spec('Start one with `npx genrtl run --spec FILE --workspace DIR`.'),
  STATE_UNREADABLE: spec(
    'The job state was written by a newer version or is damaged; move .genRTL/state.json aside to start anew.',
  ),
  LOCKFILE_UNREADABLE: spec(
    'Restore .genRTL/genRTL.lock.json from version control or correct it, then run `npx genrtl cbb install`.',
  ),
  DISK_FULL: {
    exit: 3,
    retryable: true,
    hint: 'Free some space on the disk of the workspace, then run `npx genrtl resume`.',
  },
  // design outcome
  DESIGN_FAILED: {
    exit: 1,
    retryable: false,
    hint: 'Look at the diagnostics, change the specification or raise --max-repairs.',
  },
  INTERFACE_CONTRADICTION: {
    exit: 6,
    retryable: false,
    hint: 'The plan contradicts the specification; correct the specification or approve the plan.',
  },
  UNTRIED: {
    exit: 6,
    retryable: true,
    hint: 'Mend what stood in the way, or pass it by a waiver with your reason: `npx genrtl resume --waive KIND:NAME=REASON`.',
  },
  BENCH_CHANGED: {
    exit: 6,
    retryable: false,
    hint: 'Look at the change of the testbench beside the specification, then accept it with `npx genrtl resume --accept-bench-changes`, or send it back.',
  },
  PLAN_INVALID: { exit: 1, retryable: true, hint: 'The model gave no valid plan; try again or choose another model.' },
  VENDOR_ROOT_CAUSE: {
    exit: 6,
    retryable: false,
    hint: 'The fault lies in a purchased package: upgrade it, replace it, or report it with `npx genrtl cbb report`.',
  },
  VENDOR_DAMAGED: {
    exit: 3,
    retryable: true,
    hint: 'Run `npx genrtl cbb install` to restore the package from its receipt.',
  },
  APPROVAL_NEEDED: { exit: 6, retryable: false, hint: 'Approve with `npx genrtl resume --yes`, or in the app.' },
  FILE_CHANGED: {
    exit: 6,
    retryable: false,
    hint: 'A file was changed while the job ran; keep your version or restore it, then resume.',
  },
  FILE_OWNED: {
    exit: 6,
    retryable: false,
    hint: 'Look at the files, then let the job change them with `npx genrtl resume --yes`; a script says so with --accept-file-changes.',
  },
  JOB_UNDONE: spec('Start a new job, or let this one go back to one of its steps in the app.'),
  REJECTED_CHANGE_RETURNS: {
    exit: 6,
    retryable: false,
    hint: 'The patch brings back a change that you rejected: look at it, then approve it or send it back.',
  },
  CANCELLED: { exit: 130, retryable: true, hint: 'Continue with `npx genrtl resume`.' },
  // patch policy
  PATCH_NO_DIFF: { exit: 1, retryable: false, hint: 'Answer with a unified diff.' },
  PATCH_PATH_ABSOLUTE: { exit: 1, retryable: false, hint: 'Use paths relative to the workspace root.' },
  PATCH_PATH_ESCAPE: { exit: 1, retryable: false, hint: 'Stay inside the workspace.' },
  PATCH_PATH_INVALID: { exit: 1, retryable: false, hint: 'Use plain relative paths.' },
  PATCH_SYMLINK: { exit: 1, retryable: false, hint: 'Patches may not create or follow symbolic links.' },
  PATCH_PROTECTED: {
    exit: 1,
    retryable: false,
    hint: '.git/ and .genRTL/ belong to the tools; change files in src/ and tb/.',
  },
  PATCH_SEALED: { exit: 1, retryable: false, hint: 'Acceptance tests are sealed.' },
  PATCH_BINARY: { exit: 1, retryable: false, hint: 'Only text files can be patched.' },
  PATCH_EXISTS: { exit: 1, retryable: false, hint: 'The file exists already: give a diff against its present text.' },
  PATCH_MISSING: { exit: 1, retryable: false, hint: 'The file does not exist: create it from /dev/null.' },
  PATCH_AMBIGUOUS: { exit: 1, retryable: false, hint: 'Give more context lines: the place is not unique.' },
  PATCH_HUNK_FAILED: {
    exit: 1,
    retryable: false,
    hint: 'The context does not match the file; make the diff against its present text.',
  },
  PATCH_FILE_TOO_LARGE: { exit: 1, retryable: false, hint: 'Split the file.' },
  PATCH_TOO_MANY_FILES: { exit: 1, retryable: false, hint: 'Change fewer files in one patch.' },
  PATCH_STALE: { exit: 1, retryable: true, hint: 'The file changed since the model saw it; ask again.' },
  // tools
  TOOL_MISSING: {
    exit: 3,
    retryable: false,
    hint: 'Install the tool, or choose another with --lint or --sim; `npx genrtl tools` lists what is found.',
  },
  TOOL_FAILED: { exit: 3, retryable: true, hint: 'Look at the tool’s log in the run folder.' },
  TOOL_TIMEOUT: {
    exit: 3,
    retryable: true,
    hint: 'The tool did not end in time and was stopped; look for an endless loop, or raise the limit.',
  },
  TOOL_OUTPUT_LIMIT: {
    exit: 3,
    retryable: false,
    hint: 'The tool printed more than the limit and was stopped; head and tail of the log are kept.',
  },
  TOOL_RESOURCE_LIMIT: {
    exit: 3,
    retryable: false,
    hint: 'The run reached a bound of its sandbox and was stopped; docs/confinement.md tells the bounds and how to raise them.',
  },
  CONFINEMENT_UNAVAILABLE: {
    exit: 6,
    retryable: true,
    hint: 'Install bubblewrap (Debian: apt-get install bubblewrap), or agree to run the code of the job without a sandbox: `--yes`.',
  },
  TOOL_UNKNOWN_VERDICT: {
    exit: 3,
    retryable: false,
    hint: 'The tool’s output was not recognised; look at its log in the run folder.',
  },
  LICENSE_WAIT: { exit: 3, retryable: true, hint: 'No licence was free within the limit; try again later.' },
  SKILL_UNTRUSTED: {
    exit: 6,
    retryable: true,
    hint: 'Read its contract.yaml and script, then trust it on this machine in the skills panel, with `npx genrtl skill trust NAME`, or with --trust.',
  },
  SKILL_CHANGED: { exit: 6, retryable: true, hint: 'Read it again, then trust it as it is now.' },
  SUMMARY_UNVERIFIED: spec('Run the skill again, and compare the new run.'),
  NOT_A_FILE: spec('Give a regular file: FIFOs, devices, sockets and folders are not read.'),
  LOG_NOT_FOUND: spec('Check the path of the log file.'),
  // backend
  BACKEND_UNAVAILABLE: {
    exit: 4,
    retryable: true,
    hint: 'Check GENRTL_BACKEND_URL, or unset it to use the embedded backend.',
  },
  BACKEND_START_FAILED: { exit: 4, retryable: true, hint: 'Look at backend.log in GENRTL_HOME.' },
  HOME_UNUSABLE: { exit: 2, retryable: false, hint: 'Name a folder that you may write to in GENRTL_HOME.' },
  UNAUTHORIZED: { exit: 4, retryable: false, hint: 'Sign in with `npx genrtl login`.' },
  SECRET_STORE_UNAVAILABLE: {
    exit: 2,
    retryable: false,
    hint: 'Unlock the key store of this desktop, or set the key in the environment of genRTL.',
  },
  SECRET_PASSPHRASE_WRONG: {
    exit: 2,
    retryable: true,
    hint: 'Say it again; when it is lost, forget the kept keys and set them anew.',
  },
  FORBIDDEN: { exit: 4, retryable: false, hint: 'Ask the people who run this backend.' },
  REQUEST_INVALID: spec('The message names the field.'),
  REQUEST_TOO_LARGE: spec('Send less at once; the message names the limit.'),
  HOST_REFUSED: spec('Reach the backend under the address that it announced.'),
  IDEMPOTENCY_MISMATCH: spec('The same key was used before with another request; start a new attempt.'),
  NOT_FOUND: spec('Check the id.'),
  RATE_LIMITED: { exit: 4, retryable: true, hint: 'Wait a moment and try again.' },
  INTERNAL: { exit: 4, retryable: true, hint: 'Try again; if it stays, report it with the log of the backend.' },
  // models and money
  MODEL_UNKNOWN: { exit: 2, retryable: false, hint: '`npx genrtl run --help` tells how to set a model.' },
  MODEL_UNPRICED: {
    exit: 2,
    retryable: false,
    hint: 'Set a price for the model (0 is allowed) in the settings or in GENRTL_MODEL_PRICES.',
  },
  MODEL_UNAVAILABLE: {
    exit: 4,
    retryable: true,
    hint: 'The model’s server does not answer properly; try again later or choose another model.',
  },
  MODEL_AUTH: { exit: 4, retryable: false, hint: 'Check the API key.' },
  MODEL_RATE_LIMITED: { exit: 4, retryable: true, hint: 'The model’s server limits requests; try again later.' },
  MODEL_TIMEOUT: { exit: 4, retryable: true, hint: 'The model did not answer in time.' },
  ADDRESS_REFUSED: {
    exit: 2,
    retryable: false,
    hint: 'Name a server on the internet; the operator of the backend lists private networks in GENRTL_PRIVATE_NETWORKS.',
  },
  MODEL_TRUNCATED: { exit: 4, retryable: true, hint: 'The answer broke off; try again.' },
  MODEL_MALFORMED: {
    exit: 4,
    retryable: true,
    hint: 'The model’s server answered something that is not its protocol.',
  },
  MODEL_REFUSED: {
    exit: 4,
    retryable: false,
    hint: 'The model declined to answer; look at the specification’s wording or choose another model.',
  },
  MODEL_CONTEXT_EXCEEDED: {
    exit: 2,
    retryable: false,
    hint: 'Use a model with a longer context, or a shorter specification.',
  },
  BUDGET_RESERVED: {
    exit: 4,
    retryable: true,
    hint: 'Other calls that run now hold what is left; try again when one has ended.',
  },
  BUDGET_EXCEEDED: { exit: 5, retryable: false, hint: 'Raise the cap with `npx genrtl resume --max-usd N`.' },
  ON_DEMAND_CONSENT: {
    exit: 6,
    retryable: false,
    hint: 'Agree once for this period with `npx genrtl usage --consent`, then continue with `npx genrtl resume`.',
  },
  PLAN_EXCLUDES: {
    exit: 4,
    retryable: false,
    hint: 'Choose a model of your plan, or a larger plan: `npx genrtl usage` names the page.',
  },
  // the AI module
  AI_NEEDS_MODEL: {
    exit: 4,
    retryable: false,
    hint: '`npx genrtl run --help` tells how to set a model.',
  },
  CONTEXT_FORBIDDEN: spec('Leave that file out: it is kept on this machine.'),
  LONG_CONTEXT_STALLED: {
    exit: 4,
    retryable: true,
    hint: 'Ask about less of the document, or choose a model with a longer context.',
  },
  RUN_NOT_RETAINED: spec('Ask again: this run was made without keeping its text.'),
  RUN_LOST: { exit: 4, retryable: true, hint: 'Ask again.' },
  // CBB supply
  CBB_NOT_FOUND: { exit: 2, retryable: false, hint: 'Look at `npx genrtl cbb search`.' },
  CBB_AMBIGUOUS: { exit: 2, retryable: false, hint: 'Name one by its exact id.' },
  CBB_RECEIPT_UNKNOWN: {
    exit: 6,
    retryable: false,
    hint: 'The receipt belongs to another account or ledger: buy the package for this one with `npx genrtl cbb install ID@VERSION --yes`.',
  },
  CBB_PRICE_CHANGED: {
    exit: 6,
    retryable: true,
    hint: 'The price changed since the quote; look at the new one and approve again.',
  },
  CBB_UNDELIVERABLE: { exit: 4, retryable: true, hint: 'The package could not be delivered; the charge was reversed.' },
  CBB_HASH_MISMATCH: { exit: 3, retryable: true, hint: 'The download was damaged; try again.' },
  CBB_SIGNATURE_INVALID: { exit: 3, retryable: false, hint: 'The package is not signed by the registry; report it.' },
  CBB_ARCHIVE_INVALID: {
    exit: 3,
    retryable: false,
    hint: 'The archive holds links or paths outside the package; report it.',
  },
  CBB_GATE_FAILED: {
    exit: 1,
    retryable: false,
    hint: 'The package does not meet the publishing gate; the findings are listed.',
  },
  // skills; what ends a skill's job stands in skill-failures.ts
  SKILL_NOT_FOUND: { exit: 2, retryable: false, hint: '`npx genrtl skill list` shows the skills that are found.' },
  SKILL_INVALID: { exit: 2, retryable: false, hint: '`npx genrtl skill lint` names every fault with its line.' },
  SKILL_EXISTS: { exit: 2, retryable: false, hint: 'Choose another name, or remove the folder.' },
  RUN_DIR_NOT_FOUND: {
    exit: 2,
    retryable: false,
    hint: 'Give the job id below --run-root, or the path of its run directory.',
  },
  RUN_DIR_BUSY: {
    exit: 2,
    retryable: true,
    hint: 'Another supervisor works on this run directory; wait for it or stop it.',
  },
  SELECTION_INVALID: { exit: 2, retryable: false, hint: 'Give the number or the path of one of the candidates.' },
} as const satisfies Record<string, ErrorSpec>;

export type ErrorCode = keyof typeof ERRORS;

/** The wire form of an error; its schema is in error-body.ts. */
export interface ErrorBody {
  code: string;
  message: string;
  hint?: string | undefined;
  retryable: boolean;
  details?: Record<string, unknown> | undefined;
}

export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERRORS, code);
}

interface ErrorOptions {
  hint?: string | undefined;
  details?: Record<string, unknown> | undefined;
  cause?: unknown;
}

/** An outcome that the product must report: a stable code, a plain sentence, a hint. */
export class GenrtlError extends Error {
  readonly code: ErrorCode;
  readonly hint: string;
  readonly retryable: boolean;
  readonly details: Record<string, unknown> | undefined;

  constructor(code: ErrorCode, message: string, options: ErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'GenrtlError';
    this.code = code;
    this.hint = options.hint ?? ERRORS[code].hint;
    this.retryable = ERRORS[code].retryable;
    this.details = options.details;
  }

  toBody(): ErrorBody {
    return {
      code: this.code,
      message: this.message,
      hint: this.hint,
      retryable: this.retryable,
      ...(this.details ? { details: this.details } : {}),
    };
  }

  /** Any failure as one of ours. What nobody foresaw becomes INTERNAL, and what it said stays inside as the cause. */
  static of(error: unknown, place = 'genRTL failed by a fault of its own.'): GenrtlError {
    return error instanceof GenrtlError ? error : new GenrtlError('INTERNAL', place, { cause: error });
  }

  /** Rebuilds an error from the wire; unknown codes become INTERNAL with the original code in the message. */
  static fromBody(body: ErrorBody): GenrtlError {
    const options = { hint: body.hint, details: body.details };
    return isErrorCode(body.code)
      ? new GenrtlError(body.code, body.message, options)
      : new GenrtlError('INTERNAL', `${body.code}: ${body.message}`, options);
  }
}
