// Confinement of what runs code that a job, a model or a stranger wrote. One place: the runner opens a sandbox for each
// run, wraps its commands, and closes it; nobody else builds a command line of bubblewrap. docs/confinement.md tells
// what it holds back and what it does not.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { filesBelowSync } from '@genrtl/disk/files-below.ts';
import { GenrtlError, UNCONFINED_WHY } from '@genrtl/contracts';
import type { Confinement, ResourceBound, UnconfinedReason } from '@genrtl/contracts';
import { bubblewrapArguments } from './bubblewrap.ts';
import { askToEnd, endAll } from './family.ts';
import { needsNetwork, readablePlaces } from './needs.ts';
import { isSystem, real } from './places.ts';
import type { Environment } from './places.ts';
import { defaultBounds } from './policy.ts';
import type { Bounds, ConfinementPolicy, ToolNeeds } from './policy.ts';
import { probeConfinement } from './probe.ts';
import type { Probe } from './probe.ts';
import { allowEverything, filterProgram } from './seccomp.ts';
import { linksIn, sweepFolder } from './sweep.ts';
import { planView, TooWide } from './view.ts';
import { watchRun } from './watch.ts';

export { FILTER_FD, HOLD_FD, STATUS_FD } from './bubblewrap.ts';
export { confinedStdio } from './descriptors.ts';
export { defaultBounds } from './policy.ts';
export type { Bounds, ConfinementMode, ConfinementPolicy, ToolNeeds } from './policy.ts';
export { probeConfinement } from './probe.ts';
export type { Probe } from './probe.ts';
export { sweepFolder } from './sweep.ts';

/** Below a run folder: where a run works, since the workspace is read-only to it. */
export const ROOT_WRITES = 'files';

export interface SandboxRequest {
  readonly policy: ConfinementPolicy;
  /** absolute; working directory of the commands */
  readonly workspace: string;
  /** absolute; exists. Writable, but for `fixed`; may be the workspace itself where that is nobody's */
  readonly runDir: string;
  /** absolute folders that exist and are writable beside it */
  readonly writable?: readonly string[];
  /** absolute folders that exist, are writable too, and stay the person's: nothing in them is tidied */
  readonly shared?: readonly string[];
  /** absolute files below a writable folder that stay as they are */
  readonly fixed?: readonly string[];
  /** absolute paths of the tool's executables */
  readonly executables: readonly string[];
  /** absolute paths of sources and include folders, also outside the workspace */
  readonly sources?: readonly string[];
  readonly needs?: ToolNeeds;
  /** where the whitelisted variables come from */
  readonly env: Environment;
}

export interface Sandbox {
  /** absolute; null: the workspace itself */
  readonly worksIn: string | null;
  /**
   * The command as it is started; `folder` (absolute, in the workspace): where, instead of the workspace's root; `held`:
   * it waits for HOLD_FD.
   */
  wrap(argv: readonly [string, ...string[]], folder?: string, held?: boolean): readonly [string, ...string[]];
  environment(env: Readonly<Record<string, string>>): Record<string, string>;
  /** Written to FILTER_FD once `started` was called; nothing runs before it is there. */
  readonly filter: Buffer;
  /** Bounds the command; `onBound` is called once, when it reaches one. Returns what ends the watch. */
  started(processId: number, onBound: (bound: ResourceBound) => void): () => void;
  /** Asks everything inside to end by itself. */
  askToEnd(processId: number): void;
  /** Ends everything inside; `processId` ends when it is all gone. */
  endAll(processId: number): void;
  /** Makes the writable folders safe and tidy, once. Returns what the run wrote at the workspace's root. */
  close(): string[];
}

export interface Opened {
  readonly confinement: Confinement;
  /** null: the run is not confined */
  readonly sandbox: Sandbox | null;
}

/** Paths of root writes that a record names. */
const MAX_WRITTEN = 100;

/** Throws CONFINEMENT_UNAVAILABLE when the policy requires a sandbox and none can be had. */
export async function openSandbox(request: SandboxRequest): Promise<Opened> {
  const { policy, env } = request;
  const probe = policy.mode === 'off' ? null : await probeConfinement(env);
  if (probe === null) return unconfined('switched_off');
  if (!probe.works) return without(policy, probe.reason, probe.detail);
  const bounds: Bounds = { ...defaultBounds(), ...policy.bounds };
  const network = needsNetwork(request.needs, env);
  const inPlace = policy.workspace === 'write' || request.runDir === request.workspace;
  const rootWrites = inPlace ? null : path.join(request.runDir, ROOT_WRITES);
  const writable = [request.runDir, ...(request.writable ?? []), ...(policy.writable ?? [])];
  // what an earlier run left there, when nobody was left to sweep behind it; the run folder was swept by its owner
  for (const folder of request.writable ?? []) sweepFolder(folder);
  const known = linksIn(request.runDir);
  if (rootWrites !== null) mkdirSync(rootWrites, { recursive: true });
  let view;
  try {
    view = planView({
      workspace: request.workspace,
      root: policy.workspace === 'write' ? 'in_place' : rootWrites === null ? 'read_only' : { worksIn: rootWrites },
      writable: [...writable, ...(request.shared ?? [])],
      fixed: request.fixed ?? [],
      readable: [...readablePlaces(request), ...(policy.readable ?? [])],
      hidden: policy.hidden ?? [],
      devices: network,
      env,
    });
  } catch (error) {
    if (error instanceof TooWide) return without(policy, 'too_wide', error.message);
    throw error;
  }
  const head = (folder: string | undefined, held: boolean): readonly string[] => {
    const seen = folder === undefined ? view : { ...view, cwd: real(folder) ?? folder };
    return bubblewrapArguments(probe.bubblewrap, seen, network, bounds, true, held);
  };
  let closed = false;
  return {
    confinement: { confined: 'bubblewrap', network },
    sandbox: {
      worksIn: rootWrites,
      wrap: (argv, folder, held = false) => [probe.bubblewrap.path, ...head(folder, held), ...argv],
      environment: ({ TMPDIR: _outside, ...rest }) => ({ ...rest, ...(view.home === null ? {} : { HOME: view.home }) }),
      filter: filterProgram(network) ?? allowEverything,
      started(processId, onBound) {
        return watchRun({ bubblewrap: processId, writable, bounds, onBound });
      },
      askToEnd,
      endAll,
      close() {
        if (closed) return [];
        closed = true;
        for (const folder of writable) sweepFolder(folder, known);
        return rootWrites === null ? [] : namesBelow(rootWrites);
      },
    },
  };
}

/** Whether runs in this workspace can be confined here, without starting one. */
export async function canConfine(workspace: string, env: Environment): Promise<Probe> {
  const at = real(workspace);
  if (at !== null && isSystem(at)) return { works: false, reason: 'too_wide', detail: workspace };
  return probeConfinement(env);
}

/** The error of a run that must be confined and cannot be. */
export function cannotConfine(reason: UnconfinedReason, detail: string): GenrtlError {
  return new GenrtlError('CONFINEMENT_UNAVAILABLE', `${UNCONFINED_WHY[reason]} (${detail})`, {
    details: { reason, detail },
  });
}

/**
 * The words that start a command in a sandbox like that of a run which reads the workspace and writes nowhere but to
 * /tmp, for scripts that people start by hand; without the filter of system calls, which a script cannot hand over.
 * Null where no sandbox can be had.
 */
export async function sandboxWords(
  request: Pick<SandboxRequest, 'workspace' | 'runDir' | 'executables' | 'sources' | 'needs' | 'env'>,
): Promise<readonly string[] | null> {
  const probe = await canConfine(request.workspace, request.env);
  if (!probe.works) return null;
  const network = needsNetwork(request.needs, request.env);
  const view = planView({
    workspace: request.workspace,
    root: 'read_only',
    writable: [],
    fixed: [],
    readable: [...readablePlaces(request), request.runDir],
    hidden: [],
    devices: network,
    env: request.env,
  });
  const words = bubblewrapArguments(probe.bubblewrap, view, network, defaultBounds(), false);
  return [probe.bubblewrap.path, ...words];
}

function without(policy: ConfinementPolicy, reason: UnconfinedReason, detail: string): Opened {
  if (policy.mode !== 'required') return unconfined(reason);
  throw cannotConfine(reason, detail);
}

function unconfined(reason: UnconfinedReason): Opened {
  return { confinement: { confined: 'unconfined', unconfined_reason: reason, network: true }, sandbox: null };
}

function namesBelow(folder: string): string[] {
  const files = filesBelowSync(folder)
    .filter(({ kind }) => kind === 'file')
    .map((file) => file.path);
  return files.sort().slice(0, MAX_WRITTEN);
}
