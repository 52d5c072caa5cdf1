// One line a measurement: what, the figure, the goal, and whether it is met.

export interface Measurement {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** the goal, as an upper (`max`) or lower (`min`) bound */
  readonly goal?: { readonly max: number } | { readonly min: number };
}

export function printTable(title: string, rows: readonly Measurement[]): void {
  console.log(`\n## ${title}\n\n| what | measured | goal | |\n|---|---|---|---|`);
  for (const { name, value, unit, goal } of rows) {
    const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 3;
    const bound = goal === undefined ? '' : 'max' in goal ? `≤ ${goal.max} ${unit}` : `≥ ${goal.min} ${unit}`;
    const met = goal === undefined ? '' : ('max' in goal ? value <= goal.max : value >= goal.min) ? 'met' : 'missed';
    console.log(`| ${name} | ${value.toFixed(digits)} ${unit} | ${bound} | ${met} |`);
  }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}
