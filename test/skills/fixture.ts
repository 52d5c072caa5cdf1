// Skills, databases and contexts for the tests: small tclsh skills made on the fly in a folder that is removed
// afterwards.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { stringify } from 'yaml';
import { DebugBundleIndex, JobManifest, type TimelineEvent } from '@genrtl/contracts/skill-run.ts';
import type { SkillHost } from '@genrtl/contracts/skill-contract.ts';
import type { SkillContext } from '../../main/skills/index.ts';
import { readTimeline } from '../../main/skills/timeline.ts';

export const STAND_IN = path.join(import.meta.dirname, 'innovus-stand-in', 'innovus');
export const STAND_IN_DATABASES = path.join(import.meta.dirname, 'innovus-stand-in', 'databases');

export interface TestSkill {
  readonly name?: string;
  readonly host?: SkillHost;
  readonly template?: string;
  readonly database?: { required: boolean; forms: string[] } | null;
  readonly timeouts?: Record<string, number>;
  readonly contract?: Record<string, unknown>;
  readonly metrics?: readonly Record<string, unknown>[];
}

export const GOOD_TEMPLATE = '::skillpilot::write_report out.txt "value 42"\n';

export class Sandbox {
  readonly root: string;
  private constructor(root: string) {
    this.root = root;
  }

  static async create(folder = os.tmpdir()): Promise<Sandbox> {
    return new Sandbox(await mkdtemp(path.join(folder, 'genrtl-skills-')));
  }

  at(...parts: string[]): string {
    return path.join(this.root, ...parts);
  }

  /** A skill folder with one required output reports/out.txt and the metric `value`. */
  async skill(options: TestSkill = {}): Promise<string> {
    const name = options.name ?? 'probe';
    const folder = this.at('skills', name);
    await mkdir(path.join(folder, 'templates'), { recursive: true });
    await writeFile(
      path.join(folder, 'contract.yaml'),
      stringify({
        schema_version: 1,
        name,
        version: '1.2.3',
        title: name,
        description: 'a skill of the tests',
        host: options.host ?? 'tclsh',
        database: options.database ?? null,
        outputs: { required: [{ path: 'reports/out.txt' }] },
        timeouts: { start_s: 10, restore_s: 10, run_s: 10, silence_s: 10, ...options.timeouts },
        ...options.contract,
      }),
    );
    await writeFile(
      path.join(folder, 'metrics.yaml'),
      stringify({
        schema_version: 1,
        metrics: options.metrics ?? [
          {
            name: 'value',
            title: 'Value',
            type: 'integer',
            unit: '',
            better: 'lower',
            report: 'reports/out.txt',
            pattern: '^value (-?\\d+)',
          },
        ],
      }),
    );
    await writeFile(path.join(folder, 'templates', 'run.tcl'), options.template ?? GOOD_TEMPLATE);
    return folder;
  }

  async executable(name: string, text: string): Promise<string> {
    const file = this.at('bin', name);
    await mkdir(this.at('bin'), { recursive: true });
    await writeFile(file, text);
    await chmod(file, 0o755);
    return file;
  }

  context(
    options: {
      env?: NodeJS.ProcessEnv;
      signal?: AbortSignal;
      runRoot?: string;
      onEvent?: (event: TimelineEvent, runDir: string) => void;
    } = {},
  ): SkillContext {
    return {
      cwd: this.root,
      env: options.env ?? process.env,
      signal: options.signal ?? new AbortController().signal,
      runRoot: options.runRoot ?? this.at('runs'),
      skillFolders: [this.at('skills')],
      onEvent: options.onEvent,
    };
  }

  async remove(): Promise<void> {
    await rm(this.root, { recursive: true, force: true });
  }
}

/** Poll and heartbeat of the tests: quick, so that a run takes little more than its tool. */
export const QUICK = { pollMs: 10, heartbeatMs: 100 } as const;

export async function manifestOf(runDir: string): Promise<JobManifest> {
  return JobManifest.parse(JSON.parse(await readFile(path.join(runDir, 'job_manifest.json'), 'utf8')));
}

export async function eventsOf(runDir: string): Promise<TimelineEvent[]> {
  return readTimeline(path.join(runDir, 'job_timeline.jsonl'));
}

/**
 * What every failed job must leave: manifest, timeline and a bundle whose files are there and have the hashes of its
 * index.
 */
export async function expectFailure(runDir: string, errorType: string): Promise<DebugBundleIndex> {
  const manifest = await manifestOf(runDir);
  if (manifest.status !== 'FAIL' || manifest.error_type !== errorType)
    throw new Error(
      `expected ${errorType}, manifest says ${manifest.status} ${manifest.error_type ?? ''}: ${manifest.error?.message ?? ''}`,
    );
  const index = DebugBundleIndex.parse(
    JSON.parse(await readFile(path.join(runDir, 'debug_bundle', 'index.json'), 'utf8')),
  );
  if (index.error.error_type !== errorType) throw new Error(`the bundle says ${index.error.error_type}`);
  const names = index.files.map((file) => file.path);
  for (const wanted of ['README.md', 'reproduce.sh', 'listing.txt', 'job_manifest.json', 'job_timeline.jsonl']) {
    if (!names.includes(wanted)) throw new Error(`the bundle lacks ${wanted}`);
  }
  for (const file of index.files) {
    const bytes = await readFile(path.join(runDir, 'debug_bundle', file.path));
    if (createHash('sha256').update(bytes).digest('hex') !== file.sha256)
      throw new Error(`${file.path} differs from the bundle's index`);
  }
  const events = await eventsOf(runDir);
  if (!events.some((event) => event.event === 'FAIL' && event.level === 'ERROR'))
    throw new Error('the timeline has no FAIL event');
  return index;
}

/** Ids of live processes whose environment carries the job's session variable. */
export function sessionProcesses(jobId: string): string[] {
  const read = (file: string): string => {
    try {
      return readFileSync(file, 'latin1');
    } catch {
      return '';
    }
  };
  return readdirSync('/proc').filter(
    (name) =>
      /^\d+$/.test(name) &&
      read(`/proc/${name}/environ`).split('\0').includes(`GENRTL_SKILL_SESSION=${jobId}`) &&
      !/^.*\) Z/.test(read(`/proc/${name}/stat`)),
  );
}

/** SIGKILL; a process that ended first is as dead. */
export function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // it ended first
  }
}

export function hasTool(name: string): boolean {
  try {
    execFileSync('/bin/sh', ['-c', `command -v "$1"`, 'sh', name], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
