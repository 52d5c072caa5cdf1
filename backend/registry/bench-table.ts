// The page docs/bench/cbb.md: what the publishing gate measured for each package.
import type { CbbEvidence, CbbManifest } from '@genrtl/contracts';

/** Markdown. Without times and dates, so that it changes only when a measurement does. */
export function benchTable(
  packages: readonly { readonly manifest: CbbManifest; readonly evidence: CbbEvidence }[],
): string {
  const rows = packages.map(({ manifest, evidence }) => {
    const runs = evidence.parameter_sets.flatMap(({ benches }) => benches);
    const { killed, total } = evidence.mutants;
    return [
      manifest.cbb_id,
      evidence.version,
      `$${manifest.price_usd}`,
      String(evidence.parameter_sets.length),
      `${runs.filter(({ passed }) => passed).length}/${runs.length}`,
      total === 0 ? '–' : `${killed}/${total} (${((100 * killed) / total).toFixed(1)} %)`,
      `${evidence.stubs.filter(({ failed }) => failed).length}/${evidence.stubs.length}`,
      evidence.passed ? 'yes' : 'no',
    ];
  });
  const tools = [
    ...new Set(packages.flatMap(({ evidence }) => evidence.tools.map(({ name, version }) => `${name} ${version}`))),
  ].sort();
  const survivors = packages.flatMap(({ manifest, evidence }) =>
    evidence.survivors.map(({ file, line, description }) => `- ${manifest.cbb_id} ${file}:${line}: ${description}`),
  );
  return [
    '# CBB packages: measured strength',
    '',
    'Written by `scripts/soak cbb`. Every bench runs on Icarus and Verilator at every parameter set; mutants are single-point changes of the RTL, killed when a bench fails at any set; stubs have their outputs tied to 0, 1 and X.',
    '',
    `Tools: ${tools.join(', ')}.`,
    '',
    row([
      'package',
      'version',
      'price',
      'parameter sets',
      'bench runs passed',
      'mutants killed',
      'stubs that fail',
      'gate passed',
    ]),
    row(['---', '---', '---', '---', '---', '---', '---', '---']),
    ...rows.map(row),
    '',
    ...(survivors.length === 0
      ? []
      : [
          '## Survivors',
          '',
          'Mutants that no bench tells from the design at any parameter set.',
          '',
          ...survivors,
          '',
        ]),
  ].join('\n');
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
