import { describe, expect, it } from 'vitest';
import { MetricSpec, SkillContract } from '@genrtl/contracts/skill-contract.ts';
import { checkContract, checkMetrics, isReportPath } from './contract-check.ts';

const contract = (extra: Record<string, unknown> = {}): SkillContract =>
  SkillContract.parse({
    schema_version: 1,
    name: 'probe',
    version: '1.0.0',
    title: 'p',
    description: 'd',
    host: 'yosys',
    outputs: { required: [{ path: 'reports/a.txt' }] },
    ...extra,
  });
const faults = (extra: Record<string, unknown>): string[] => checkContract(contract(extra)).map((each) => each.message);
const output = (check: Record<string, unknown>) => ({
  outputs: { required: [{ path: 'reports/a.txt', checks: [check] }] },
});

describe('checkContract', () => {
  it('finds nothing in a legal contract', () => {
    expect(checkContract(contract())).toEqual([]);
  });

  it('wants at least one required output', () => {
    expect(faults({ outputs: { required: [] } })).toEqual(['at least one required output is needed']);
  });

  it.each([
    '/etc/passwd',
    'reports/../scripts/x',
    '../reports/a',
    'out/a.txt',
    'reports',
    'reports/',
    'reports/./a',
    'reports/a\\b',
    'reports/.hidden',
    'reports//a',
    'reports/a\n',
  ])('refuses the output path %j', (path) => {
    expect(isReportPath(path)).toBe(false);
    expect(faults({ outputs: { required: [{ path }] } }).join()).toContain('not a plain path below reports/');
  });

  it('refuses patterns that are none, that can take exponential time, and values without a group', () => {
    expect(faults(output({ type: 'regex', pattern: '(' })).join()).toContain('no regular expression');
    expect(faults(output({ type: 'regex', pattern: '(a+)+$' })).join()).toContain('exponential');
    expect(faults(output({ type: 'range', pattern: 'a\\d+', min: 0 })).join()).toContain('one group');
    expect(faults(output({ type: 'range', pattern: 'a(\\d+)' })).join()).toContain('min or max');
  });

  it('refuses schemas that are none and database forms of another host', () => {
    expect(faults(output({ type: 'json_schema', schema: { type: 'nonsense' } })).join()).toContain('JSON Schema');
    expect(faults({ parameters: { type: 'nonsense' } }).join()).toContain('JSON Schema');
    expect(faults({ parameters: { type: 'array' } }).join()).toContain('type object');
    expect(faults({ database: { required: true, forms: ['innovus_enc'] } }).join()).toContain(
      "yosys has no database form 'innovus_enc'",
    );
  });

  it('refuses templates outside templates/', () => {
    for (const template of ['../x.tcl', '/x.tcl', 'templates/../x.tcl', 'templates/x.sh', 'templates/.x.tcl'])
      expect(faults({ template }).join()).toContain('templates/');
  });

  it('names outputs only once', () => {
    expect(
      faults({ outputs: { required: [{ path: 'reports/a.txt' }], optional: [{ path: 'reports/a.txt' }] } }),
    ).toEqual(["'reports/a.txt' is named twice"]);
  });
});

describe('checkMetrics', () => {
  const metric = (extra: Record<string, unknown>) =>
    MetricSpec.parse({
      name: 'm',
      title: 'M',
      type: 'integer',
      unit: '',
      better: 'lower',
      report: 'reports/a.txt',
      pattern: '(\\d+)',
      ...extra,
    });
  it('wants declared reports, one definition of each name, and a group', () => {
    expect(checkMetrics([metric({})], contract())).toEqual([]);
    expect(checkMetrics([metric({ report: 'reports/b.txt' })], contract())[0]?.message).toContain(
      'no output of the contract',
    );
    expect(checkMetrics([metric({}), metric({})], contract())[0]?.message).toContain('twice');
    expect(checkMetrics([metric({ pattern: 'x' })], contract())[0]?.message).toContain('group');
    expect(checkMetrics([metric({ pattern: 'x', pick: 'count' })], contract())).toEqual([]);
  });
});
