// An evidence bundle as a model reads it: diagnostics as tools print them, snippets with line numbers, waves as a
// table.
import type { EvidenceBundle, TimeValue, WaveSlice } from '@genrtl/contracts';

export function evidenceText(evidence: EvidenceBundle): string {
  const parts = [
    `tool: ${evidence.tool} ${evidence.tool_version}`,
    `command: ${evidence.cmd.join(' ')}`,
    `exit code: ${evidence.exit_code === null ? 'none (stopped)' : String(evidence.exit_code)}`,
    `diagnostics, root causes first:\n${evidence.diagnostics.map(diagnosticLine).join('\n') || '(none)'}`,
  ];
  if (evidence.trace !== undefined) {
    const line =
      evidence.trace.spec_line === undefined ? '' : `, line ${String(evidence.trace.spec_line)} of the specification`;
    parts.push(`failing check: ${evidence.trace.check_id}${line}`);
  }
  for (const change of evidence.bench_changes ?? []) parts.push(`testbench changed in this job: ${change}`);
  for (const snippet of evidence.snippets) {
    parts.push(
      `${snippet.file}, lines ${String(snippet.start)} to ${String(snippet.end)}:\n${numbered(snippet.text, snippet.start)}`,
    );
  }
  if (evidence.waveform !== undefined) parts.push(waveText(evidence.waveform));
  parts.push(
    `installed packages: ${evidence.notes.cbb_installed.join(', ') || 'none'}`,
    `policy: ${evidence.notes.policy}`,
  );
  return parts.join('\n\n');
}

function diagnosticLine(diagnostic: EvidenceBundle['diagnostics'][number]): string {
  const place =
    diagnostic.file === undefined
      ? ''
      : [diagnostic.file, diagnostic.line, diagnostic.column].filter((part) => part !== undefined).join(':') + ': ';
  const code = diagnostic.code === undefined ? '' : ` [${diagnostic.code}]`;
  const time = diagnostic.time === undefined ? '' : ` (time ${diagnostic.time})`;
  const scope = diagnostic.scope === undefined ? '' : ` (scope ${diagnostic.scope})`;
  const related = (diagnostic.related ?? [])
    .map((other) => `\n    ${other.file}:${String(other.line)}: ${other.message}`)
    .join('');
  return `${place}${diagnostic.severity}${code}: ${diagnostic.message}${time}${scope}${related}`;
}

function numbered(text: string, start: number): string {
  return text
    .replace(/\n$/, '')
    .split('\n')
    .map((line, index) => `${String(start + index)}| ${line}`)
    .join('\n');
}

function waveText(wave: WaveSlice): string {
  const rows = wave.signals.map((signal) => {
    const changes = signal.changes.map(([time, value]) => `${timeText(time)} ${value}`).join(', ');
    return `${signal.name}[${String(signal.width)}]: ${changes || 'no change'}`;
  });
  return `waveform from ${timeText(wave.window.from)} to ${timeText(wave.window.to)}, each signal as "time value" (binary):\n${rows.join('\n')}`;
}

function timeText(time: TimeValue): string {
  return `${time.value} ${time.unit}`;
}
