// How SkillPilot's results read for a person at a terminal.
import type { SkillSummary } from '@genrtl/contracts/skill-run.ts';
import type { BatchResult, SkillJobResult, ListedSkill, SkillStats } from '../../../skills/index.ts';

export function jobLines(result: SkillJobResult, summary: SkillSummary | null): string[] {
  if (result.status === 'WAITING_SELECTION') {
    return [
      result.candidates.length === 1 ? 'One database matches:' : 'Several databases match:',
      ...result.candidates.map(
        (each) => `  ${each.id}  ${Object.values(each.files)[0] ?? each.name}  (${each.form}, ${each.modified_at})`,
      ),
      ...result.not_searched.map((each) => `  not searched: ${each.path}: ${each.reason}`),
      `Choose with: genrtl skill resume ${result.job_id} --select <number>`,
      `run directory: ${result.run_dir}`,
    ];
  }
  if (result.status !== 'DONE' || summary === null) {
    return [
      `${result.error_type ?? result.status}: ${result.error?.message ?? ''}`,
      ...(result.error ? [`  ${result.error.hint}`] : []),
      `debug bundle: ${result.run_dir}/debug_bundle`,
    ];
  }
  const width = Math.max(...summary.metrics.map((metric) => metric.title.length));
  return [
    ...summary.metrics.map(
      (metric) =>
        `${metric.title.padEnd(width)}  ${metric.value ?? '–'} ${metric.unit}`.trimEnd() +
        (metric.evidence ? `  [${metric.evidence.path}:${metric.evidence.line}]` : ''),
    ),
    `run directory: ${result.run_dir}`,
  ];
}

export function batchSummary(
  { record, file }: BatchResult,
  aborted: boolean,
): { text: string; status: string; exitCode: number } {
  const has = (status: string): boolean => record.entries.some((entry) => entry.status === status);
  const [status, exitCode] = aborted
    ? (['cancelled', 130] as const)
    : has('FAIL')
      ? (['failed', 1] as const)
      : has('WAITING_SELECTION')
        ? (['needs_input', 6] as const)
        : (['done', 0] as const);
  const lines = record.entries.map((entry) =>
    `${entry.status.padEnd(18)} ${entry.design}  ${entry.runs.at(-1) ?? ''}  ${entry.error_type ?? ''}`.trimEnd(),
  );
  return { text: [...lines, `batch ${record.batch_id}: ${file}`].join('\n'), status, exitCode };
}

/** Skills whose tool is here come first. */
export function listTable(found: readonly ListedSkill[]): string {
  const width = Math.max(0, ...found.map((each) => each.name.length));
  const sorted = [...found].sort((a, b) => Number(b.installed) - Number(a.installed));
  return sorted
    .map(({ name, folder, skill, diagnostics, origin, trusted, hidesShipped, installed }) => {
      const marks = [
        ...(skill !== null && !installed ? ['tool not found'] : []),
        ...(origin === 'shipped' ? [] : [folder]),
        ...(trusted ? [] : ['not trusted yet']),
        ...(hidesShipped ? ['hides the shipped skill'] : []),
      ];
      const text =
        skill === null
          ? `INVALID: ${diagnostics[0]?.message ?? ''}`
          : `${skill.contract.host.padEnd(8)} ${skill.contract.version}  ${skill.contract.title}`;
      return `${name.padEnd(width)}  ${text}${marks.length === 0 ? '' : `  [${marks.join('; ')}]`}`;
    })
    .join('\n');
}

export function statsText(stats: SkillStats): string {
  const spread = (name: string, value: SkillStats['total']): string =>
    `  ${name.padEnd(18)} n=${value.count}  p50 ${value.p50_ms} ms  p95 ${value.p95_ms} ms  max ${value.max_ms} ms`;
  const counts = (value: Readonly<Record<string, number>>): string =>
    Object.entries(value)
      .map(([key, number]) => `${key} ×${number}`)
      .join(', ');
  return [
    `${stats.jobs} jobs: ${counts(stats.by_status)}`,
    spread('total', stats.total),
    ...Object.entries(stats.by_state).map(([state, value]) => spread(state, value)),
    spread('queue latency', stats.queue_latency),
    `heartbeats lost ${stats.heartbeat_losses}, queue time-outs ${stats.queue_timeouts}, orphans killed in ${stats.orphans_killed} jobs, clock jumps ${stats.clock_jumps}`,
    ...stats.error_types.flatMap((each) => [
      `${each.error_type} ×${each.count}: ${each.meaning}`,
      `  tools: ${counts(each.by_tool_version)}`,
      `  skills: ${counts(each.by_skill_version)}`,
      `  designs: ${counts(each.by_design)}`,
    ]),
    ...stats.unreadable.map((each) => `unreadable: ${each}`),
  ].join('\n');
}
