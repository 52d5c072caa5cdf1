// The checks of a project: which there are, running some or all of them, and what their last runs said.
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { CheckResult, GenrtlError, toolIdFrom } from '@genrtl/contracts';
import type { CheckView, ToolId, UserSettings } from '@genrtl/contracts';
import { checkText, plannedChecks } from '@genrtl/core/project/checks.ts';
import type { CommandCheck, PlannedCheck } from '@genrtl/core/project/checks.ts';
import { realRoot } from '@genrtl/disk/real-root.ts';
import { readJson, writeJson } from '@genrtl/disk/records.ts';
import type { ConfinementPolicy } from '@genrtl/eda/runner/sandbox/index.ts';
import { assertVendorIntact, collectFilelists } from '../cbb/index.ts';
import type { CompileInput } from '../cbb/index.ts';
import { readSettings } from '../project/effective.ts';
import { commandsOf, requireTrusted, trust, trustKey, untrusted } from '../project/trust.ts';
import { confineSession } from '../settings/confinement.ts';
import { makeMetaFolder } from '../workspace/meta-folder.ts';
import { workspacePaths } from '../workspace/paths.ts';
import { runCheck } from './run-check.ts';
import { projectTool } from './tool-session.ts';

/** Runs of a check that are kept. */
const KEPT_RUNS = 20;
const DEFAULT_TIMEOUT_MS = 600_000;

/** The checks as they will run: the project's, or the person's tools on everything that is there. */
export async function checksOf(lists: CompileInput, env: NodeJS.ProcessEnv): Promise<PlannedCheck[]> {
  const { config, root } = lists.project;
  if (config?.checks !== undefined) return plannedChecks(config, { lint: 'verilator', sim: 'icarus' });
  return plannedChecks(config, chosenTools(lists, await readSettings(env, root)));
}

/** The project's own tools, GHDL where everything is VHDL, else the person's. */
export function chosenTools(
  lists: CompileInput,
  settings: Pick<UserSettings, 'lint_tool' | 'sim_tool'>,
): { lint: ToolId; sim: ToolId } {
  const { checks } = lists.project.config ?? {};
  const own = (action: 'lint' | 'simulate', chosen: string): ToolId => {
    const natural = projectTool(lists, action);
    const named = checks?.some((check) => check[action === 'lint' ? 'lint' : 'sim'] !== undefined) === true;
    return natural === 'ghdl' || named ? natural : (toolIdFrom(chosen) ?? natural);
  };
  return { lint: own('lint', settings.lint_tool), sim: own('simulate', settings.sim_tool) };
}

/** Trusts the commands of a project as they are now, or those of them that a person saw. Throws PROJECT_INVALID. */
export async function trustProject(
  workspace: string,
  env: NodeJS.ProcessEnv,
  keys: readonly string[] | null = null,
): Promise<CommandCheck[]> {
  const root = await realRoot(workspace);
  const checks = await checksOf(await collectFilelists(root, env), env);
  const seen = commandsOf(checks).filter((check) => keys === null || keys.includes(trustKey(check)));
  return trust(env, root, seen);
}

/** Throws PROJECT_INVALID. */
export async function listChecks(
  workspace: string,
  env: NodeJS.ProcessEnv,
): Promise<{ checks: CheckView[]; last: CheckResult[] }> {
  const root = await realRoot(workspace);
  const checks = await checksOf(await collectFilelists(root, env), env);
  const strange = new Set((await untrusted(env, root, checks)).map(({ name }) => name));
  const last = await Promise.all(checks.map(async ({ name }) => (await checkHistory(root, name, 1))[0] ?? null));
  return {
    checks: checks.map((check) => ({
      name: check.name,
      kind: check.kind,
      what: checkText(check),
      trusted: check.kind === 'command' ? !strange.has(check.name) : null,
      key: check.kind === 'command' ? trustKey(check) : null,
      needs: check.kind === 'command' ? check.needs : null,
    })),
    last: last.filter((one) => one !== null),
  };
}

export interface RunChecksRequest {
  readonly workspace: string;
  /** empty: all */
  readonly names: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  /** the person trusts the commands as they are now */
  readonly trust?: boolean;
  /** runs unconfined where no sandbox can be had */
  readonly acceptUnconfined?: boolean;
  readonly onStart?: (name: string) => void;
  readonly onOutput?: (name: string, stream: 'stdout' | 'stderr', text: string) => void;
  readonly onResult?: (result: CheckResult) => void;
}

/**
 * Runs checks one after the other, each recorded below `.genRTL/checks/`. Throws USAGE for a name that is none,
 * PROJECT_INVALID, PROJECT_UNTRUSTED before anything ran, VENDOR_DAMAGED, CONFINEMENT_UNAVAILABLE, CANCELLED.
 */
export async function runChecks(request: RunChecksRequest): Promise<CheckResult[]> {
  const { env, signal } = request;
  const root = await realRoot(request.workspace);
  const lists = await collectFilelists(root, env);
  const checks = named(await checksOf(lists, env), request.names);
  if (request.trust === true) await trust(env, root, checks);
  requireTrusted(await untrusted(env, root, checks));
  await assertVendorIntact(root);
  const confinement = await confineSession(
    env,
    root,
    existsSync(workspacePaths(root).state),
    request.acceptUnconfined === true,
  );
  const results: CheckResult[] = [];
  for (const check of checks) {
    if (signal.aborted) throw new GenrtlError('CANCELLED', 'Cancelled.');
    request.onStart?.(check.name);
    const result = await recordedCheck({ root, lists, check, env, signal, confinement, request });
    results.push(result);
    request.onResult?.(result);
  }
  return results;
}

async function recordedCheck({
  root,
  lists,
  check,
  env,
  signal,
  confinement,
  request,
}: {
  readonly root: string;
  readonly lists: CompileInput;
  readonly check: PlannedCheck;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  readonly confinement: ConfinementPolicy;
  readonly request: RunChecksRequest;
}): Promise<CheckResult> {
  const runDir = await newRunFolder(root, check.name);
  const result = await runCheck({
    root,
    lists,
    check,
    runDir,
    env,
    signal,
    confinement,
    timeoutMs: DEFAULT_TIMEOUT_MS,
    onOutput: (stream, text) => request.onOutput?.(check.name, stream, text),
  });
  await writeJson(path.join(runDir, 'check.json'), result);
  return result;
}

function named(checks: readonly PlannedCheck[], names: readonly string[]): readonly PlannedCheck[] {
  const unknown = names.filter((name) => !checks.some((check) => check.name === name));
  if (unknown.length > 0)
    throw new GenrtlError('USAGE', `There is no check ${unknown.join(', ')}.`, {
      hint: `The checks are ${checks.map(({ name }) => name).join(', ')}.`,
    });
  return names.length === 0 ? checks : checks.filter(({ name }) => names.includes(name));
}

const folderOf = (root: string, name: string): string => path.join(workspacePaths(root).meta, 'checks', name);
const RUN = /^\d{8}T\d{9}-[0-9a-f]{6}$/;

async function newRunFolder(root: string, name: string): Promise<string> {
  await makeMetaFolder(workspacePaths(root));
  const parent = folderOf(root, name);
  await mkdir(parent, { recursive: true });
  const earlier = (await readdir(parent)).filter((each) => RUN.test(each)).sort();
  await Promise.all(
    earlier
      .slice(0, Math.max(0, earlier.length - KEPT_RUNS + 1))
      .map((each) => rm(path.join(parent, each), { recursive: true, force: true })),
  );
  const stamp = new Date().toISOString().replace(/[-:.Z]/g, '');
  const folder = path.join(parent, `${stamp}-${randomBytes(3).toString('hex')}`);
  await mkdir(folder);
  return folder;
}

/** The newest first; runs that were cut off have left no result and are passed over. `name` is a check's. */
export async function checkHistory(workspace: string, name: string, limit = KEPT_RUNS): Promise<CheckResult[]> {
  const parent = folderOf(workspace, name);
  const runs = (await readdir(parent).catch(() => []))
    .filter((each) => RUN.test(each))
    .sort()
    .reverse();
  const results: CheckResult[] = [];
  for (const run of runs) {
    if (results.length === limit) break;
    const result = await readJson(path.join(parent, run, 'check.json'), CheckResult).catch(() => null);
    if (result !== null) results.push(result);
  }
  return results;
}
