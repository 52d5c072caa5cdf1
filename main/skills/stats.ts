// `skill stats`: what many run directories say together, from manifests and timelines alone.
import { JobManifest, type SkillState } from '@genrtl/contracts/skill-run.ts';
import { SKILL_FAILURES, type SkillErrorType } from '@genrtl/contracts/skill-failures.ts';
import { readJson } from '@genrtl/disk/records.ts';
import { listRunDirs } from './run-dir.ts';
import { readTimeline } from './timeline.ts';

export interface Spread {
  readonly count: number;
  readonly total_ms: number;
  readonly p50_ms: number;
  readonly p95_ms: number;
  readonly max_ms: number;
}
type Counts = Record<string, number>;

export interface SkillStats {
  readonly jobs: number;
  readonly by_status: Counts;
  readonly total: Spread;
  readonly by_state: Partial<Record<SkillState, Spread>>;
  /** wait of a request in queue/ until the tool took it, by the tool's clock */
  readonly queue_latency: Spread;
  readonly error_types: {
    readonly error_type: SkillErrorType;
    readonly meaning: string;
    readonly count: number;
    readonly by_tool_version: Counts;
    readonly by_skill_version: Counts;
    readonly by_design: Counts;
  }[];
  readonly heartbeat_losses: number;
  readonly queue_timeouts: number;
  readonly orphans_killed: number;
  readonly clock_jumps: number;
  /** run directories that cannot be read */
  readonly unreadable: readonly string[];
}

function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))] ?? 0;
  return {
    count: sorted.length,
    total_ms: Math.round(sorted.reduce((sum, value) => sum + value, 0)),
    p50_ms: at(0.5),
    p95_ms: at(0.95),
    max_ms: sorted.at(-1) ?? 0,
  };
}

function count(counts: Counts, key: string): void {
  counts[key] = (counts[key] ?? 0) + 1;
}

const numberOf = (data: Record<string, unknown> | undefined, key: string): number | null =>
  typeof data?.[key] === 'number' ? data[key] : null;

export async function skillStats(
  runRoots: readonly string[],
  filter: { skill?: string | undefined } = {},
): Promise<SkillStats> {
  const byStatus: Counts = {};
  const totals: number[] = [];
  const states = new Map<SkillState, number[]>();
  const latencies: number[] = [];
  const errors = new Map<
    SkillErrorType,
    { count: number; by_tool_version: Counts; by_skill_version: Counts; by_design: Counts }
  >();
  const unreadable: string[] = [];
  let jobs = 0;
  let orphans = 0;
  let clockJumps = 0;
  for (const root of runRoots) {
    for (const dir of await listRunDirs(root)) {
      const manifest = await readJson(dir.manifest, JobManifest).catch(() => null);
      if (manifest === null) {
        unreadable.push(dir.root);
        continue;
      }
      if (filter.skill !== undefined && manifest.skill.name !== filter.skill) continue;
      jobs += 1;
      count(byStatus, manifest.status);
      let total = 0;
      for (const event of await readTimeline(dir.timeline)) {
        const duration = numberOf(event.data, 'duration_ms');
        if (event.event === 'STATE_LEFT' && duration !== null) {
          total += duration;
          states.set(event.state, [...(states.get(event.state) ?? []), duration]);
        }
        const latency = numberOf(event.data, 'queue_ms');
        if (event.event === 'ACK' && latency !== null) latencies.push(latency);
        if (event.event === 'ORPHANS_KILLED') orphans += 1;
        if (event.event === 'CLOCK_JUMP') clockJumps += 1;
      }
      totals.push(total);
      if (manifest.error_type === null) continue;
      const entry = errors.get(manifest.error_type) ?? {
        count: 0,
        by_tool_version: {},
        by_skill_version: {},
        by_design: {},
      };
      entry.count += 1;
      count(entry.by_tool_version, `${manifest.skill.host ?? 'unknown'} ${manifest.versions.tool ?? 'unknown'}`);
      count(entry.by_skill_version, `${manifest.skill.name} ${manifest.skill.version ?? 'unknown'}`);
      count(entry.by_design, manifest.design);
      errors.set(manifest.error_type, entry);
    }
  }
  return {
    jobs,
    by_status: byStatus,
    total: spread(totals),
    by_state: Object.fromEntries([...states].map(([state, values]) => [state, spread(values)])),
    queue_latency: spread(latencies),
    error_types: [...errors]
      .map(([type, entry]) => ({ error_type: type, meaning: SKILL_FAILURES[type].meaning, ...entry }))
      .sort((a, b) => b.count - a.count || (a.error_type < b.error_type ? -1 : 1)),
    heartbeat_losses: errors.get('HEARTBEAT_LOST')?.count ?? 0,
    queue_timeouts: errors.get('QUEUE_TIMEOUT')?.count ?? 0,
    orphans_killed: orphans,
    clock_jumps: clockJumps,
    unreadable,
  };
}
