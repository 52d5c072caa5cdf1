import { describe, expect, it } from 'vitest';
import { builtinCatalog } from '../spec/fixtures/packages.ts';
import { defaultValue, evaluatePorts, valueFault } from './parameters.ts';

const fifo = builtinCatalog.find(({ cbb_id }) => cbb_id === 'cbb_fifo_sync')!;
const parameter = (type: 'int' | 'bit' | 'bits' | 'string', rest: object = {}) => ({
  name: 'P',
  type,
  default: '1',
  description: '',
  ...rest,
});

describe('evaluatePorts', () => {
  it('gives every width at the defaults and at other values', () => {
    const level = (values: [string, bigint][]) =>
      evaluatePorts(fifo, new Map(values)).find(({ name }) => name === 'level')?.width;
    expect(level([])).toBe(5);
    expect(level([['DEPTH', 15n]])).toBe(4);
    expect(evaluatePorts(fifo, new Map([['WIDTH', 33n]])).find(({ name }) => name === 'rd_data')?.width).toBe(33);
  });

  it('gives null for widths without value', () => {
    const manifest = {
      ...fifo,
      ports: ['WIDTH - 8', 'NOPE', 'WIDTH *', '70000'].map((width) => ({ ...fifo.ports[0]!, width })),
    };
    expect(evaluatePorts(manifest, new Map()).map(({ width }) => width)).toEqual([null, null, null, null]);
  });

  it('knows a width for every port of every package', () => {
    for (const manifest of builtinCatalog)
      for (const { width } of evaluatePorts(manifest, new Map())) expect(width).toBeGreaterThan(0);
  });
});

describe('valueFault', () => {
  it.each([
    [parameter('int', { min: 2, max: 4 }), 2n, true],
    [parameter('int', { min: 2, max: 4 }), 1n, false],
    [parameter('int', { min: 2, max: 4 }), 5n, false],
    [parameter('int', { allowed: ['0', "2'd1"] }), 1n, true],
    [parameter('int', { allowed: ['0', '1'] }), 2n, false],
    [parameter('bit'), 2n, false],
    [parameter('bit'), 1n, true],
    [parameter('bits'), 255n, true],
    [parameter('string'), 'rom.hex', true],
    [parameter('string'), 1n, false],
    [parameter('int'), 'x', false],
    [parameter('string', { allowed: ['a'] }), 'b', false],
  ] as const)('%j = %s', (definition, value, legal) => {
    expect(valueFault({ ...definition }, value) === undefined).toBe(legal);
  });

  it('accepts the default of every parameter', () => {
    for (const { parameters } of builtinCatalog) {
      for (const definition of parameters) expect(valueFault(definition, defaultValue(definition)!)).toBeUndefined();
    }
  });
});
