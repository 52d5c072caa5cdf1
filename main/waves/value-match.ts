// Whether a signal's value meets a condition. Pure.
import type { WaveCondition } from '@genrtl/contracts/waves.ts';

/**
 * Values and `bits` are binary digits with x and z, the most significant first. `eq` and `ne` compare digit by digit,
 * so that x is found as x; the order of numbers holds between defined values only, unsigned. Reals are compared as
 * text.
 */
export function meets({ op, bits }: WaveCondition): (value: string) => boolean {
  const wanted = bits.replace(/^0+(?=.)/, '');
  const trimmed = (value: string): string => value.replace(/^0+(?=.)/, '');
  if (op === 'eq') return (value) => trimmed(value) === wanted;
  if (op === 'ne') return (value) => trimmed(value) !== wanted;
  const compared = (value: string): number | null => {
    if (!/^[01]+$/.test(value) || !/^[01]+$/.test(wanted)) return null;
    const number = trimmed(value);
    if (number.length !== wanted.length) return number.length - wanted.length;
    return number === wanted ? 0 : number < wanted ? -1 : 1;
  };
  const holds: Readonly<Record<Exclude<WaveCondition['op'], 'eq' | 'ne'>, (order: number) => boolean>> = {
    lt: (order) => order < 0,
    le: (order) => order <= 0,
    gt: (order) => order > 0,
    ge: (order) => order >= 0,
  };
  return (value) => {
    const order = compared(value);
    return order !== null && holds[op](order);
  };
}
