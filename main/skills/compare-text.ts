// A comparison for people and spreadsheets: text table, CSV, and one HTML file with charts and without any script.
import type { ComparedMetric, Comparison } from '@genrtl/contracts/skill-batch.ts';

const show = (value: number | string | null | undefined): string =>
  value === null || value === undefined ? '–' : String(value);
const signed = (value: number): string => (value > 0 ? `+${value}` : String(value));

function withDelta(metric: ComparedMetric, index: number): string {
  const value = show(metric.values[index]);
  const delta = metric.deltas[index];
  return index === 0 || delta === null || delta === undefined || delta === 0 ? value : `${value} (${signed(delta)})`;
}

const missingText = ({ design, job_id, status, error_type }: Comparison['missing'][number]): string =>
  [design, job_id ?? '', status, error_type ?? ''].filter((part) => part !== '').join(' ');

export function comparisonText(comparison: Comparison): string {
  const header = ['metric', 'unit', ...comparison.columns.map((column) => column.design)];
  const rows = comparison.metrics.map((metric) => [
    metric.title,
    metric.unit,
    ...metric.values.map(
      (_, index) =>
        `${withDelta(metric, index)}${metric.best.includes(index) ? ' ▲' : metric.worst.includes(index) ? ' ▼' : ''}`,
    ),
  ]);
  const widths = header.map((_, column) => Math.max(...[header, ...rows].map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row
      .map((text, column) => (column < 2 ? text.padEnd(widths[column] ?? 0) : text.padStart(widths[column] ?? 0)))
      .join('  ')
      .trimEnd();
  return [
    line(header),
    widths.map((width) => '-'.repeat(width)).join('  '),
    ...rows.map(line),
    ...comparison.warnings.map((warning) => `warning: ${warning}`),
    ...comparison.breaches.map(
      (breach) => `breach: ${breach.rule} is broken by ${breach.job_id} (${show(breach.value)})`,
    ),
    ...comparison.missing.map((each) => `missing: ${missingText(each)}`),
  ].join('\n');
}

/** RFC 4180. A text that a spreadsheet would take for a formula gets an apostrophe in front. */
export function csvCell(value: number | string | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export function comparisonCsv(comparison: Comparison): string {
  const rows: (number | string | null)[][] = [
    ['job_id', 'design', 'skill', 'metric', 'unit', 'better', 'value', 'delta', 'rank'],
  ];
  comparison.columns.forEach((column, index) => {
    for (const metric of comparison.metrics) {
      const rank = metric.best.includes(index) ? 'best' : metric.worst.includes(index) ? 'worst' : '';
      rows.push([
        column.job_id,
        column.design,
        column.skill,
        metric.name,
        metric.unit,
        metric.better,
        metric.values[index] ?? null,
        metric.deltas[index] ?? null,
        rank,
      ]);
    }
  });
  for (const each of comparison.missing)
    rows.push([
      each.job_id,
      each.design,
      null,
      null,
      null,
      null,
      null,
      null,
      `${each.status} ${each.error_type ?? ''}`.trim(),
    ]);
  return `${rows.map((row) => row.map(csvCell).join(',')).join('\r\n')}\r\n`;
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Horizontal bars around zero, one for each run; texts have no bars. */
function chart(metric: ComparedMetric, names: readonly string[]): string {
  const numbers = metric.values.map((value) => (typeof value === 'number' ? value : null));
  const known = numbers.filter((value): value is number => value !== null);
  if (known.length === 0) return '';
  const [low, high] = [Math.min(0, ...known), Math.max(0, ...known)];
  const scale = high === low ? 0 : 360 / (high - low);
  const rows = numbers.map((value, index) => {
    const y = index * 22;
    const label = `<text x="150" y="${y + 15}" text-anchor="end">${escapeHtml((names[index] ?? '').slice(0, 22))}</text>`;
    if (value === null) return label;
    const x = 160 + (Math.min(value, 0) - low) * scale;
    const kind = metric.best.includes(index) ? 'best' : metric.worst.includes(index) ? 'worst' : 'plain';
    return `${label}<rect class="${kind}" x="${x.toFixed(1)}" y="${y + 3}" width="${Math.max(1, Math.abs(value) * scale).toFixed(1)}" height="16"/><text x="530" y="${y + 15}">${value}</text>`;
  });
  const title = `${metric.title}${metric.unit === '' ? '' : ` [${metric.unit}]`}`;
  return `<figure><figcaption>${escapeHtml(title)}</figcaption><svg viewBox="0 0 640 ${numbers.length * 22}" role="img" aria-label="${escapeHtml(title)}">${rows.join('')}</svg></figure>`;
}

const STYLE = `:root{color-scheme:light dark}body{font:14px/1.45 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem}
table{border-collapse:collapse;width:100%}th,td{border-bottom:1px solid #8884;padding:.3rem .6rem;text-align:right}th:first-child,td:first-child{text-align:left}
.best{color:#16803c;fill:#16803c}.worst{color:#b3261e;fill:#b3261e}rect.plain{fill:#5b7db1}figure{margin:1.5rem 0}svg{width:100%;max-width:44rem}svg text{font-size:12px;fill:currentColor}
.breach{color:#b3261e}small{opacity:.7}`;

export function comparisonHtml(comparison: Comparison): string {
  const names = comparison.columns.map((column) => column.design);
  const head = comparison.columns
    .map((column) => `<th>${escapeHtml(column.design)}<br><small>${escapeHtml(column.job_id)}</small></th>`)
    .join('');
  const body = comparison.metrics
    .map((metric) => {
      const cells = metric.values
        .map(
          (_, index) =>
            `<td class="${metric.best.includes(index) ? 'best' : metric.worst.includes(index) ? 'worst' : ''}">${escapeHtml(withDelta(metric, index))}</td>`,
        )
        .join('');
      return `<tr><td>${escapeHtml(metric.title)} <small>${escapeHtml(metric.unit)}</small></td>${cells}</tr>`;
    })
    .join('\n');
  const notes = [
    ...comparison.warnings.map((warning) => `<li>${escapeHtml(warning)}</li>`),
    ...comparison.missing.map((each) => `<li class="breach">${escapeHtml(missingText(each))}</li>`),
    ...comparison.breaches.map(
      (breach) =>
        `<li class="breach">${escapeHtml(breach.rule)} is broken by ${escapeHtml(breach.job_id)} (${escapeHtml(show(breach.value))})</li>`,
    ),
  ].join('');
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width"><title>Comparison of ${comparison.columns.length} runs</title><style>${STYLE}</style></head>
<body><h1>Comparison of ${comparison.columns.length} runs</h1>
<p>Differences are against ${escapeHtml(names[0] ?? '')}. Green is best, red is worst.</p>${notes === '' ? '' : `<ul>${notes}</ul>`}
<table><thead><tr><th>Metric</th>${head}</tr></thead><tbody>${body}</tbody></table>
${comparison.metrics.map((metric) => chart(metric, names)).join('\n')}
</body></html>
`;
}
