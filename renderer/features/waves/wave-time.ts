// Ticks of a waveform as times with a unit, and the steps of the ruler.

export interface Tick {
  /** a positive decimal number: 1, 10 or 100 by the standard, but tools write others */
  readonly factor: number;
  readonly unit: string;
}

const UNITS = ['fs', 'ps', 'ns', 'us', 'ms', 's'] as const;

/** "12.5 ns", "0 ns", "1.000004 ms": exact, in the largest unit in which the number is at least 1. */
export function formatTicks(ticks: number, tick: Tick): string {
  const first = UNITS.indexOf(tick.unit as (typeof UNITS)[number]);
  if (first === -1) return `${ticks} × ${tick.factor} ${tick.unit}`;
  const whole = Math.round(ticks);
  const factor = Number.isInteger(tick.factor) ? String(tick.factor) : tick.factor.toFixed(12).replace(/0+$/, '');
  const digits = factor.includes('.') ? factor.length - factor.indexOf('.') - 1 : 0;
  let amount = BigInt(Math.abs(whole)) * BigInt(factor.replace('.', ''));
  let scale = 10n ** BigInt(digits);
  let unit = first;
  while (unit < UNITS.length - 1 && amount >= scale * 1000n) {
    scale *= 1000n;
    unit += 1;
  }
  const integer = amount / scale;
  amount %= scale;
  const fraction =
    scale === 1n
      ? ''
      : amount
          .toString()
          .padStart(scale.toString().length - 1, '0')
          .replace(/0+$/, '');
  return `${whole < 0 ? '−' : ''}${integer}${fraction === '' ? '' : `.${fraction}`} ${UNITS[unit] ?? ''}`;
}

/** Frequency of a period in ticks, "100 MHz"; empty for none. */
export function formatFrequency(ticks: number, tick: Tick): string {
  const at = UNITS.indexOf(tick.unit as (typeof UNITS)[number]);
  if (at === -1 || ticks === 0) return '';
  const hertz = 1 / (Math.abs(ticks) * tick.factor * 10 ** (3 * at - 15));
  const [scale, unit] = (
    [
      [1e9, 'GHz'],
      [1e6, 'MHz'],
      [1e3, 'kHz'],
      [1, 'Hz'],
    ] as const
  ).find(([size]) => hertz >= size) ?? [1, 'Hz'];
  return `${Number((hertz / scale).toPrecision(4))} ${unit}`;
}

/** "125 ns", "125ns", "1.5us" or a plain number of ns (as genRTL's benches print) as ticks; null when it is no time. */
export function parseTicks(text: string, tick: Tick): number | null {
  const match = /^\s*(\d+(?:\.\d+)?)\s*(fs|ps|ns|us|ms|s)?\s*$/.exec(text);
  const to = UNITS.indexOf(tick.unit as (typeof UNITS)[number]);
  if (match === null || to === -1) return null;
  const from = UNITS.indexOf((match[2] ?? 'ns') as (typeof UNITS)[number]);
  return Math.round((Number(match[1]) * 10 ** (3 * (from - to))) / tick.factor);
}

/** Step of ruler marks: 1, 2 or 5 times a power of ten, at least `minimum` ticks. */
export function rulerStep(minimum: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, minimum)));
  return ([1, 2, 5, 10].find((factor) => factor * power >= minimum) ?? 10) * power;
}
