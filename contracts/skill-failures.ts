// The failure taxonomy of skill jobs: one table, each entry with what it means, why it happens, where to look, whether
// to retry.
import { z } from 'zod';

interface FailureSpec {
  readonly meaning: string;
  readonly cause: string;
  /** path below the run directory, or the command, that shows the fault first */
  readonly look: string;
  readonly retry: 'no' | 'after_fix' | 'yes';
  /** exit code of the command line */
  readonly exit: 1 | 2 | 3 | 130;
}

export const SKILL_FAILURES = {
  PARAMETER_INVALID: {
    meaning: 'A parameter does not satisfy the skill’s schema, or an input file cannot be read.',
    cause: 'A typing error, a wrong unit, a file that moved.',
    look: 'job_manifest.json: error.message names the parameter',
    retry: 'after_fix',
    exit: 2,
  },
  CONTRACT_INVALID: {
    meaning: 'The skill’s own contract is not legal.',
    cause: 'No required output, an output outside reports/, an unsafe pattern, a missing template.',
    look: '`genrtl skill lint`',
    retry: 'after_fix',
    exit: 2,
  },
  RUN_DIR_FAIL: {
    meaning: 'The run directory cannot be written.',
    cause: 'Permissions, a read-only file system, a file where a folder must be.',
    look: 'the path in error.message',
    retry: 'after_fix',
    exit: 3,
  },
  DISK_FULL: {
    meaning: 'No space was left for the run’s files or the tool’s reports.',
    cause: 'A full disk or an exhausted quota.',
    look: '`df` on the run directory, then session/',
    retry: 'after_fix',
    exit: 3,
  },
  DB_NOT_FOUND: {
    meaning: 'No database matches the query.',
    cause: 'A wrong name or search path, a restored design that was never saved.',
    look: 'job_manifest.json: locator.search_paths',
    retry: 'after_fix',
    exit: 2,
  },
  DB_INCOMPLETE: {
    meaning: 'A database was found, but a part of it is missing.',
    cause: 'A copy without its .enc.dat folder, a save that was interrupted.',
    look: 'job_manifest.json: locator.incomplete',
    retry: 'after_fix',
    exit: 2,
  },
  TOOL_MISSING: {
    meaning: 'The tool’s executable was not found.',
    cause: 'The tool is not installed or not on PATH (clusters: on the node).',
    look: 'session/supervisor.log',
    retry: 'after_fix',
    exit: 3,
  },
  LAUNCHER_MISSING: {
    meaning: 'The cluster’s submit command was not found.',
    cause: 'The scheduler’s client is not installed or its environment not sourced.',
    look: 'session/supervisor.log',
    retry: 'after_fix',
    exit: 3,
  },
  LAUNCH_FAIL: {
    meaning: 'The session ended before the tool was started.',
    cause: 'The scheduler refused the request: queue, account or resources.',
    look: 'the stderr log in session/',
    retry: 'after_fix',
    exit: 3,
  },
  QUEUE_TIMEOUT: {
    meaning: 'The scheduler did not start the session in time.',
    cause: 'A busy queue, or a request that no node can satisfy.',
    look: 'session/supervisor.log, then the scheduler’s queue',
    retry: 'yes',
    exit: 3,
  },
  START_TIMEOUT: {
    meaning: 'The tool was started but did not become ready.',
    cause: 'A slow file system, a licence wait, a start-up file that asks a question.',
    look: 'the stdout log in session/',
    retry: 'yes',
    exit: 3,
  },
  LICENSE_UNAVAILABLE: {
    meaning: 'The tool got no licence.',
    cause: 'All licences in use, or the licence server is not reachable.',
    look: 'the stdout log in session/',
    retry: 'yes',
    exit: 3,
  },
  RESTORE_FAIL: {
    meaning: 'The database could not be restored.',
    cause: 'A damaged database, another tool version, missing libraries.',
    look: 'ack/0001_restore.json: error_info',
    retry: 'after_fix',
    exit: 3,
  },
  SCRIPT_ERROR: {
    meaning: 'The skill’s script ended with a Tcl error.',
    cause: 'The design lacks what the skill reports on, or a command is not known in this tool version.',
    look: 'ack/0002_run.json: error_info and error_line',
    retry: 'after_fix',
    exit: 1,
  },
  LOG_ERROR: {
    meaning: 'The tool’s own log holds an error, although the script went on to its end.',
    cause:
      'A command that failed without stopping the script: a name that does not exist, a cell without a model, a construct that the tool skips.',
    look: 'session/host_log.json, which names the lines',
    retry: 'after_fix',
    exit: 1,
  },
  SCRIPT_REFUSED: {
    meaning: 'The request named a script outside scripts/.',
    cause: 'A request that the runtime did not write, or a symbolic link in its path.',
    look: 'queue/ and scripts/',
    retry: 'no',
    exit: 3,
  },
  SCRIPT_CHANGED: {
    meaning: 'The script is not the one that was hashed into the request.',
    cause: 'Something else wrote into the run directory.',
    look: 'scripts/ against the request’s script_sha256',
    retry: 'yes',
    exit: 3,
  },
  REQUEST_INVALID: {
    meaning: 'The tool found a request file that is no regular file or no valid request.',
    cause: 'Something else wrote into queue/, for example a symbolic link.',
    look: 'queue/',
    retry: 'yes',
    exit: 3,
  },
  ACK_INVALID: {
    meaning: 'An acknowledgement is not readable as one.',
    cause: 'A file system that shows half-written files, or something else wrote into ack/.',
    look: 'ack/',
    retry: 'yes',
    exit: 3,
  },
  ACK_TIMEOUT: {
    meaning: 'The script did not end in time, although the tool was alive.',
    cause: 'A design larger than the skill’s time limit allows, an endless loop.',
    look: 'session/heartbeat, then the stdout log in session/',
    retry: 'after_fix',
    exit: 3,
  },
  HEARTBEAT_LOST: {
    meaning: 'The tool’s process lives, but its heartbeat stopped.',
    cause: 'A hung command, a stalled file system, a stopped process, a system clock set back.',
    look: 'session/heartbeat and session/supervisor.log',
    retry: 'yes',
    exit: 3,
  },
  TOOL_CRASH: {
    meaning: 'The tool’s process died.',
    cause: 'A crash, out of memory, a kill by the scheduler.',
    look: 'the stderr log in session/ and the signal in session/state.json',
    retry: 'yes',
    exit: 3,
  },
  INNOVUS_CRASH: {
    meaning: 'Innovus died.',
    cause: 'A crash, out of memory, a kill by the scheduler.',
    look: 'the stderr log in session/ and the signal in session/state.json',
    retry: 'yes',
    exit: 3,
  },
  TOOL_EXITED: {
    meaning: 'The tool ended by itself with success in the middle of a request.',
    cause: 'A script that calls `exit`.',
    look: 'scripts/ for exit',
    retry: 'after_fix',
    exit: 3,
  },
  LOG_LIMIT: {
    meaning: 'The tool printed more than the limit and was stopped.',
    cause: 'An endless message, debug output left on.',
    look: 'head of the logs in session/',
    retry: 'after_fix',
    exit: 3,
  },
  OUTPUT_MISSING: {
    meaning: 'A required output does not exist.',
    cause: 'The script ended early without an error.',
    look: 'reports/',
    retry: 'after_fix',
    exit: 1,
  },
  OUTPUT_EMPTY: {
    meaning: 'A required output is empty.',
    cause: 'The report command found nothing, or the tool buffered its output.',
    look: 'reports/',
    retry: 'after_fix',
    exit: 1,
  },
  OUTPUT_INVALID: {
    meaning: 'An output fails a check of its contract.',
    cause: 'Another report format of this tool version, or values out of range.',
    look: 'the report that error.message names',
    retry: 'after_fix',
    exit: 1,
  },
  METRIC_MISSING: {
    meaning: 'A required metric was not found in its report.',
    cause: 'Another report format of this tool version.',
    look: 'the report that error.message names',
    retry: 'after_fix',
    exit: 1,
  },
  SUPERVISOR_LOST: {
    meaning: 'The process that supervised the job died before the job ended.',
    cause: 'A kill, a reboot, a closed terminal.',
    look: 'the last lines of job_timeline.jsonl',
    retry: 'yes',
    exit: 3,
  },
  CANCELLED: {
    meaning: 'A person stopped the job.',
    cause: 'Ctrl-C or a cancel request.',
    look: 'nothing',
    retry: 'yes',
    exit: 130,
  },
  INTERNAL: {
    meaning: 'genRTL itself failed.',
    cause: 'A fault of ours.',
    look: 'session/supervisor.log; please report it with the bundle',
    retry: 'no',
    exit: 3,
  },
} as const satisfies Record<string, FailureSpec>;

export type SkillErrorType = keyof typeof SKILL_FAILURES;
export const SkillErrorType = z.enum(Object.keys(SKILL_FAILURES) as [SkillErrorType, ...SkillErrorType[]]);
