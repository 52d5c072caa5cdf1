// The commands of one run, one behind the other. While one runs, the sandbox of the next is made: both cost the kernel
// more than many commands do.
import { existsSync } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { GenrtlError } from '@genrtl/contracts';
import type { ResourceBound, ToolRunRecord } from '@genrtl/contracts';
import type { BuildPlan, CommandResult, StreamKind, ToolCommand } from '../adapter.ts';
import { feedLines } from '../parsing/index.ts';
import type { DiagnosticCollector } from '../parsing/index.ts';
import { toolEnvironment } from './environment.ts';
import type { LogFile } from './log-file.ts';
import { holdProcess, runProcess } from './process.ts';
import type { ProcessRequest, ProcessResult } from './process.ts';
import { guardDisk } from './record.ts';
import type { Opened } from './sandbox/index.ts';
import type { Supervisor } from './supervisor.ts';
import type { RunToolRequest } from './types.ts';

export type CommandRecord = ToolRunRecord['commands'][number];

export interface CommandsRequest {
  readonly request: RunToolRequest;
  readonly collector: DiagnosticCollector;
  readonly supervisor: Supervisor;
  readonly logs: Record<StreamKind, LogFile>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly plan: BuildPlan;
  readonly opened: Opened;
}

export interface CommandsRun {
  readonly commands: CommandRecord[];
  readonly results: CommandResult[];
  readonly spawnError: NodeJS.ErrnoException | null;
}

/** How the kernel ends a process that reached a limit of its own. */
const BOUND_SIGNALS: Partial<Record<NodeJS.Signals, ResourceBound>> = { SIGXCPU: 'cpu', SIGXFSZ: 'file_size' };

/** Ends with the first command that cannot be started or fails to build, and when the run is stopped. */
export async function runCommands(run: CommandsRequest): Promise<CommandsRun> {
  const { supervisor, plan, request } = run;
  const commands: CommandRecord[] = [];
  const results: CommandResult[] = [];
  const removed = new Set<string>();
  let spawnError: NodeJS.ErrnoException | null = null;
  let held: Command | null = null;
  try {
    for (const [index, command] of plan.commands.entries()) {
      const artefact = command.artefact === undefined ? null : resolve(request.workspace, command.artefact);
      // what several commands build together is only old before the first of them
      if (artefact !== null && !removed.has(artefact)) await rm(artefact, { force: true, recursive: true });
      if (artefact !== null) removed.add(artefact);
      const running: Promise<ProcessResult> = (held ?? directly(command, run)).run();
      held = hold(plan.commands[index + 1], run);
      const end = await running;
      if (end.sandboxError !== null)
        throw new GenrtlError('TOOL_FAILED', `The sandbox of the run could not be made: ${end.sandboxError}`);
      const bound = end.signal === null ? undefined : BOUND_SIGNALS[end.signal];
      if (bound !== undefined) supervisor.bound(bound);
      commands.push({
        argv: [...command.argv],
        cwd: command.cwd === undefined ? request.workspace : resolve(request.workspace, command.cwd),
        exit_code: end.exitCode,
        signal: end.signal,
        duration_ms: Math.round(end.durationMs),
      });
      spawnError = end.spawnError;
      if (spawnError !== null || supervisor.reason !== null) break;
      const artefactFound = artefact === null ? null : await exists(artefact);
      results.push({ role: command.role, exitCode: end.exitCode, signal: end.signal, artefactFound });
      if (command.role === 'build' && (end.exitCode !== 0 || artefactFound === false)) break;
    }
  } finally {
    held?.drop();
  }
  return { commands, results, spawnError };
}

interface Command {
  run(): Promise<ProcessResult>;
  drop(): void;
}

function directly(command: ToolCommand, run: CommandsRequest): Command {
  const { process, end } = heard(command, run);
  return { run: () => guardDisk(runProcess(process)).then(end), drop: () => undefined };
}

/** Null where there is nothing to make ahead: no sandbox, no command, or a folder that the command before has to make. */
function hold(command: ToolCommand | undefined, run: CommandsRequest): Command | null {
  const { sandbox } = run.opened;
  if (command === undefined || sandbox === null || run.supervisor.reason !== null) return null;
  const { process, end } = heard(command, run);
  if (process.folder !== undefined && !existsSync(process.folder)) return null;
  const { run: go, drop } = holdProcess({ ...process, sandbox });
  return { run: () => guardDisk(go()).then(end), drop };
}

/** A command whose output goes to logs, parser and listener. */
function heard(
  command: ToolCommand,
  { request, collector, supervisor, logs, env, plan, opened }: CommandsRequest,
): { process: ProcessRequest; end: (result: ProcessResult) => ProcessResult } {
  const open = (stream: StreamKind) => ({
    feed: feedLines(request.adapter.createParser(stream, collector)),
    decoder: new StringDecoder('utf8'),
    log: logs[stream],
  });
  const streams = { stdout: open('stdout'), stderr: open('stderr') };
  return {
    process: {
      argv: command.argv,
      cwd: request.workspace,
      ...(command.cwd === undefined ? {} : { folder: resolve(request.workspace, command.cwd) }),
      env: toolEnvironment(env, plan.env),
      supervisor,
      sandbox: opened.sandbox,
      async onChunk(stream, chunk) {
        const { feed, decoder, log } = streams[stream];
        feed.push(chunk);
        if (request.onOutput !== undefined) request.onOutput(stream, decoder.write(chunk));
        await log.append(chunk);
      },
    },
    end(result) {
      streams.stdout.feed.end();
      streams.stderr.feed.end();
      return result;
    },
  };
}

/** There, and not empty. */
export async function exists(path: string): Promise<boolean> {
  try {
    return (await stat(path)).size > 0;
  } catch {
    return false;
  }
}
