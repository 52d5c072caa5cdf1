// The session supervisor: starts one tool for one job, knows whether it lives, and ends it without a trace. It judges
// deaths; it never retries.
import { closeSync, openSync, statSync } from 'node:fs';
import { statfs, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SessionReady, type LauncherSettings, type SessionState } from '@genrtl/contracts/skill-run.ts';
import { findExecutable } from '@genrtl/eda/runner/executable.ts';
import { readText } from '@genrtl/disk/records.ts';
import { SkillFault } from './fault.ts';
import { HOST_LOGS, severityOf } from './host-logs.ts';
import { clockWatch, heartbeatWatch } from './watches.ts';
import type { HostSpec } from './hosts.ts';
import {
  cancelOnCluster,
  killSession,
  LAUNCHERS,
  renderNodeScript,
  startGuarded,
  type GuardedProcess,
} from './launchers/index.ts';
import { headOf, replaceJson, tailOf, writeNew, type RunDir } from './run-dir.ts';
import { readRegular, readRegularSync } from '@genrtl/disk/regular-file.ts';

/** Seconds for which a node's guard bears a supervisor that does not renew its lease. */
const LEASE_SECONDS = 60;
const LEASE_RENEWAL_MS = 1000;
/** Most waits are short: the first looks come at quarter intervals, but never more often than this. */
const EAGER_LOOKS = 12;
const EAGER_MIN_MS = 10;

export interface SessionOptions {
  readonly dir: RunDir;
  readonly jobId: string;
  readonly host: HostSpec;
  /** executable as given by the person, or null for the host's own names on PATH */
  readonly tool: string | null;
  readonly launcher: LauncherSettings;
  readonly env: NodeJS.ProcessEnv;
  readonly pollMs: number;
  readonly heartbeatMs: number;
  readonly startMs: number;
  /** longest silence while a script runs */
  readonly busySilenceMs: number;
  readonly maxLogBytes: number;
  readonly signal: AbortSignal;
  log(level: 'INFO' | 'WARN', event: string, message: string, data?: Record<string, unknown>): Promise<void>;
}

export interface Session {
  readonly ready: SessionReady;
  /** Polls until `probe` gives a value; throws the fault that ends the wait otherwise. */
  waitFor<T>(probe: () => T | null, limit: { ms: number; fault: () => SkillFault }): Promise<T>;
  /** `orderly` asks first and waits; afterwards nothing of the session lives, whatever it did. */
  stop(ask: (() => void) | null): Promise<SessionState>;
}

export type SessionStarter = (options: SessionOptions) => Promise<Session>;

export interface SessionLogs {
  readonly stdout: string;
  readonly stderr: string;
}

export function sessionLogs(dir: RunDir, host: HostSpec): SessionLogs {
  return {
    stdout: path.join(dir.session, `${host.id}.stdout.log`),
    stderr: path.join(dir.session, `${host.id}.stderr.log`),
  };
}

export async function isInstalled(host: HostSpec, env: NodeJS.ProcessEnv): Promise<boolean> {
  return findTool(host, null, false, env).then(
    () => true,
    () => false,
  );
}

/**
 * The executable for a host: what was asked for, else GENRTL_TOOL_<HOST>, else the first of its names on PATH. On a
 * cluster the name itself, since PATH is the node's.
 */
export async function findTool(
  host: HostSpec,
  tool: string | null,
  onNode: boolean,
  env: NodeJS.ProcessEnv,
): Promise<string> {
  const given = tool ?? env[`GENRTL_TOOL_${host.id.toUpperCase()}`];
  const names = given === undefined || given === '' ? host.executables : [given];
  for (const name of names) {
    const found = findExecutable(name, env);
    if (found !== null) return found;
  }
  const [first] = names;
  if (onNode && first !== undefined) return first;
  throw new SkillFault('TOOL_MISSING', `${host.title} was not found (${names.join(', ')}).`, [
    'session/supervisor.log',
  ]);
}

async function bootId(): Promise<string> {
  return (await readRegular('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '')).trim();
}

export async function startSession(options: SessionOptions): Promise<Session> {
  const { dir, host, launcher, jobId } = options;
  const spec = LAUNCHERS[launcher.id];
  const logs = sessionLogs(dir, host);
  const tool = await findTool(host, options.tool, spec.submit !== null, options.env);
  // seen from work/, where the tool starts: not every tool opens a path with other letters than ASCII from its
  // arguments
  const toolArgv = [tool, ...host.argv('../session/boot.tcl', '../session')];
  const guard = path.join(dir.session, 'session_guard.sh');
  let argv = toolArgv;
  if (spec.submit !== null) {
    const submit = findExecutable(spec.submit, options.env);
    if (submit === null)
      throw new SkillFault('LAUNCHER_MISSING', `${spec.title}: ${spec.submit} was not found on PATH.`, [
        'session/supervisor.log',
      ]);
    const nodeScript = path.join(dir.session, 'launch.sh');
    writeNew(
      nodeScript,
      renderNodeScript({ runDir: dir.root, jobId, guard, leaseSeconds: LEASE_SECONDS, tool: toolArgv }),
    );
    argv = [submit, ...spec.argv({ jobName: jobId, nodeScript, settings: launcher }).slice(1)];
    await writeFile(path.join(dir.session, 'lease'), '0\n');
  }
  const state: SessionState = {
    schema_version: 1,
    state: 'STARTING',
    argv,
    pid: null,
    host: os.hostname(),
    boot_id: await bootId(),
    tool: null,
    exit_code: null,
    signal: null,
    stop: 'none',
    heartbeats: 0,
    longest_silence_ms: 0,
    started_at: new Date().toISOString(),
    exited_at: null,
  };
  const saveState = (): Promise<void> => replaceJson(path.join(dir.session, 'state.json'), state);
  const [stdout, stderr] = [openSync(logs.stdout, 'ax'), openSync(logs.stderr, 'ax')];
  let guarded: GuardedProcess;
  try {
    guarded = await startGuarded({
      guard,
      runDir: dir.root,
      mode: spec.submit === null ? 'local' : 'client',
      argv,
      cwd: dir.work,
      env: options.env,
      jobId,
      launcher: launcher.id,
      stdoutFd: stdout,
      stderrFd: stderr,
    });
  } finally {
    closeSync(stdout);
    closeSync(stderr);
  }
  state.pid = guarded.pid;
  state.state = 'STARTED';
  await saveState();
  const lease = spec.submit === null ? null : renewLease(path.join(dir.session, 'lease'));
  const watch = heartbeatWatch(path.join(dir.session, 'heartbeat'), state, options.heartbeatMs);
  await options.log('INFO', 'SESSION_STARTED', `${spec.title}: process ${guarded.pid}`, { argv });

  const exitFault = async (): Promise<SkillFault> => {
    const exit = guarded.exit();
    const errors = await tailOf(logs.stderr, 16_384);
    const output = await tailOf(logs.stdout, 16_384);
    const said = `${errors}\n${output}`
      .split(/\r?\n/)
      .find((line) => severityOf(line.slice(0, 4096), HOST_LOGS[host.id]) === 'error')
      ?.trim()
      .slice(0, 1000);
    const how = exit?.signal ? `signal ${exit.signal}` : `exit code ${exit?.code ?? 'unknown'}`;
    const evidence = [path.relative(dir.root, logs.stderr), path.relative(dir.root, logs.stdout), 'session/state.json'];
    if (host.licenceLine?.test(`${errors}\n${output}`))
      return new SkillFault('LICENSE_UNAVAILABLE', `${host.title} got no licence: ${said ?? how}.`, evidence);
    // 74: queue_processor.tcl could not write its files
    if (exit?.code === 74 || (await isDiskFull(dir.root)))
      return new SkillFault(
        'DISK_FULL',
        `${host.title} ended with ${how}: no space left on the run directory’s disk.`,
        evidence,
      );
    if (state.tool === null) {
      const started = await readText(path.join(dir.session, 'started'));
      if (exit?.code === 127 || exit?.code === 126)
        return new SkillFault(
          'TOOL_MISSING',
          `${host.title} could not be executed: ${errors.trim().split('\n').at(-1) ?? tool}.`,
          evidence,
        );
      if (spec.submit !== null && started === null) {
        const type =
          /immediate|timed? ?out|Unable to allocate/i.test(errors) && /immediate|busy|timed? ?out/i.test(errors)
            ? 'QUEUE_TIMEOUT'
            : 'LAUNCH_FAIL';
        return new SkillFault(
          type,
          `${spec.title} ended with ${how} before the tool was started: ${errors.trim().split('\n').at(-1) ?? ''}`,
          evidence,
        );
      }
    }
    if (exit?.code === 0)
      return new SkillFault('TOOL_EXITED', `${host.title} ended by itself with exit code 0.`, evidence);
    if (host.diesOnCommandError && exit?.signal === null && state.tool !== null)
      return new SkillFault('SCRIPT_ERROR', said ?? `${host.title} ended with ${how}.`, evidence);
    return new SkillFault(host.crash, `${host.title} ended with ${how}${said ? `: ${said}` : ''}.`, evidence);
  };

  let lastLogCheck = 0;
  const clock = clockWatch();
  const check = async (): Promise<void> => {
    if (options.signal.aborted) throw new SkillFault('CANCELLED', 'The job was stopped.');
    const jump = clock();
    if (jump !== null)
      await options.log('WARN', 'CLOCK_JUMP', `the system clock moved by ${jump} ms`, { jump_ms: jump });
    watch.look();
    const now = performance.now();
    if (now - lastLogCheck < 250) return;
    lastLogCheck = now;
    const sizes = [logs.stdout, logs.stderr].map((file) => statSync(file, { throwIfNoEntry: false })?.size ?? 0);
    if (sizes.some((size) => size > options.maxLogBytes))
      throw new SkillFault('LOG_LIMIT', `${host.title} printed more than ${options.maxLogBytes} bytes.`, [
        path.relative(dir.root, logs.stdout),
        path.relative(dir.root, logs.stderr),
      ]);
  };
  const silenceFault = (): SkillFault | null => {
    if (state.tool === null) return null;
    const allowed = watch.busy() ? options.busySilenceMs : Math.max(10 * options.heartbeatMs, 5000);
    const silent = watch.silentMs();
    if (silent <= allowed) return null;
    const moved =
      clock.total() > 1000
        ? ` The system clock moved by ${clock.total()} ms meanwhile, which makes Tcl's sleeps longer.`
        : '';
    return new SkillFault(
      'HEARTBEAT_LOST',
      `${host.title} lives, but its heartbeat stopped ${Math.round(silent / 1000)} s ago.${moved}`,
      ['session/heartbeat', 'session/supervisor.log', path.relative(dir.root, logs.stdout)],
    );
  };

  const waitFor: Session['waitFor'] = async (probe, limit) => {
    const started = performance.now();
    for (let looks = 1; ; looks += 1) {
      // the exit is looked at first: what the tool wrote before it ended is then surely seen by the probe
      const exited = guarded.exit() !== null;
      const value = probe();
      if (value !== null) return value;
      if (exited) throw await exitFault();
      await check();
      const silent = silenceFault();
      if (silent) throw silent;
      if (performance.now() - started > limit.ms) throw limit.fault();
      await sleep(
        looks > EAGER_LOOKS ? options.pollMs : Math.min(options.pollMs, Math.max(EAGER_MIN_MS, options.pollMs / 4)),
      );
    }
  };

  const end = async (): Promise<void> => {
    lease?.();
    if (guarded.exit() === null) {
      state.stop = 'terminated';
      guarded.terminate();
      // the guard gives the tool two seconds; a scheduler's client needs some to cancel its job
      await Promise.race([guarded.ended, sleep(spec.submit === null ? 4000 : 10_000, undefined, { ref: false })]);
    }
    // a submit command that ended well has nothing left in the cluster
    if (spec.submit !== null && guarded.exit()?.code !== 0) await cancelOnCluster(launcher.id, jobId, options.env);
    const left = await killSession(jobId);
    if (left.length > 0) {
      if (guarded.exit() === null) state.stop = 'killed';
      await options.log('WARN', 'ORPHANS_KILLED', `killed what the session left: ${left.join(', ')}`, { pids: left });
    }
    await Promise.race([guarded.ended, sleep(2000, undefined, { ref: false })]);
  };

  const stop: Session['stop'] = async (ask) => {
    state.state = 'STOPPING';
    if (ask !== null && guarded.exit() === null) {
      try {
        ask();
      } catch {
        // a full disk: it is ended without being asked
      }
      await Promise.race([guarded.ended, sleep(10_000, undefined, { ref: false })]);
      if (guarded.exit() !== null) state.stop = 'orderly';
    }
    await end();
    const exit = guarded.exit();
    state.state = 'EXITED';
    state.exit_code = exit?.code ?? null;
    state.signal = exit?.signal ?? null;
    state.exited_at = new Date().toISOString();
    watch.look(true);
    await saveState();
    await options.log(
      'INFO',
      'SESSION_ENDED',
      `${state.stop}: ${exit?.signal ?? `exit code ${exit?.code ?? 'unknown'}`}`,
    );
    return state;
  };

  try {
    if (spec.submit !== null) {
      await waitFor(() => textIfThere(path.join(dir.session, 'started')), {
        ms: launcher.queue_timeout_s * 1000,
        fault: () =>
          new SkillFault(
            'QUEUE_TIMEOUT',
            `${spec.title} did not start the session within ${launcher.queue_timeout_s} s.`,
            ['session/supervisor.log'],
          ),
      });
    }
    state.tool = await waitFor(() => readReady(path.join(dir.session, 'ready.json')), {
      ms: options.startMs,
      fault: () =>
        new SkillFault('START_TIMEOUT', `${host.title} was started but not ready within ${options.startMs / 1000} s.`, [
          path.relative(dir.root, logs.stdout),
        ]),
    });
    if (state.tool.tool_version === '' && host.banner !== null) {
      state.tool = { ...state.tool, tool_version: host.banner.exec(await headOf(logs.stdout))?.[1] ?? '' };
    }
    state.state = 'READY';
    watch.restart();
    await saveState();
    await options.log(
      'INFO',
      'SESSION_READY',
      `${host.title} ${state.tool.tool_version}, Tcl ${state.tool.tcl_version}`,
      { pid: state.tool.pid, host: state.tool.host },
    );
    return { ready: state.tool, waitFor, stop };
  } catch (error) {
    await stop(null);
    throw error;
  }
}

/** Looked for many times before it is there: no promise, and no error object for a file that is not. */
function textIfThere(file: string): string | null {
  return statSync(file, { throwIfNoEntry: false }) === undefined ? null : readRegularSync(file, 'utf8');
}

function readReady(file: string): SessionReady | null {
  const text = textIfThere(file);
  if (text === null) return null;
  const parsed = SessionReady.safeParse(JSON.parse(text));
  if (!parsed.success)
    throw new SkillFault('ACK_INVALID', 'session/ready.json is not what the protocol says.', ['session/ready.json']);
  return parsed.data;
}

async function isDiskFull(folder: string): Promise<boolean> {
  const info = await statfs(folder).catch(() => null);
  return info !== null && info.bavail * info.bsize < 16_384;
}

/** Writes a growing number once a second; the node's guard only looks whether it changes. */
function renewLease(file: string): () => void {
  let count = 0;
  const timer = setInterval(() => {
    count += 1;
    writeFile(file, `${count}\n`).catch(() => undefined);
  }, LEASE_RENEWAL_MS);
  timer.unref();
  return () => clearInterval(timer);
}
