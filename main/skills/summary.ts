// summary.json and summary.md: the only place that comparisons read. Equal inputs give equal summaries but for job_id
// and generated_at.
import type { HostLogRecord, JobManifest, MetricValue, SkillSummary } from '@genrtl/contracts/skill-run.ts';
import type { SkillContract } from '@genrtl/contracts/skill-contract.ts';
import type { ValidatedOutput } from './outputs.ts';

export function buildSummary(
  manifest: JobManifest,
  contract: SkillContract,
  found: {
    readonly metrics: readonly MetricValue[];
    readonly outputs: readonly ValidatedOutput[];
    readonly hostLog: HostLogRecord | null;
  },
  now: Date,
): SkillSummary {
  return {
    schema_version: 1,
    job_id: manifest.job_id,
    generated_at: now.toISOString(),
    skill: { name: contract.name, version: contract.version, host: contract.host },
    design: manifest.design,
    tool_version: manifest.versions.tool,
    parameters: manifest.parameters,
    database: manifest.locator.selected?.files ?? null,
    metrics: [...found.metrics],
    ...(found.hostLog === null
      ? {}
      : { host_log: { warnings: found.hostLog.warnings, allowed: found.hostLog.allowed } }),
    outputs: [...found.outputs],
  };
}

const cell = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('|', '\\|').replaceAll('\n', ' ');
const ARROWS = { higher: 'higher is better', lower: 'lower is better', none: '' } as const;

export function summaryMarkdown(summary: SkillSummary, contract: SkillContract): string {
  const rows = summary.metrics.map((metric) => [
    metric.title,
    metric.value === null ? '–' : String(metric.value),
    metric.unit,
    ARROWS[metric.better],
    metric.evidence ? `${metric.evidence.path}:${metric.evidence.line}` : '–',
  ]);
  const table = [['Metric', 'Value', 'Unit', 'Direction', 'Evidence'], ['---', '---:', '---', '---', '---'], ...rows];
  const borne = (summary.host_log?.allowed ?? []).filter((each) => each.lines > 0);
  return [
    `# ${contract.title}: ${cell(summary.design)}`,
    '',
    `${summary.skill.name} ${summary.skill.version} on ${summary.skill.host} ${summary.tool_version ?? ''}`.trimEnd(),
    '',
    ...table.map((row) => `| ${row.map(cell).join(' | ')} |`),
    '',
    ...(summary.host_log === undefined
      ? []
      : [
          '## Host log',
          '',
          `${summary.host_log.warnings} warnings. No error but those that the contract allows:`,
          '',
          ...(borne.length === 0
            ? ['- none']
            : borne.map((each) => `- ${each.lines} × \`${each.pattern}\`: ${each.reason.replaceAll('\n', ' ')}`)),
          '',
        ]),
    '## Outputs',
    '',
    ...summary.outputs.map((output) => `- \`${output.path}\` (${output.size_bytes} bytes, sha256 ${output.sha256})`),
    '',
    `Job ${summary.job_id}, ${summary.generated_at}`,
    '',
  ].join('\n');
}
