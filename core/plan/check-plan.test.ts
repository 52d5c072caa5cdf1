import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plan, PlanModule } from '@genrtl/contracts';
import { describe, expect, it } from 'vitest';
import { builtinCatalog } from '../spec/fixtures/packages.ts';
import { composePlan, elaborateSpec, parseSpec } from '../spec/index.ts';
import { checkPlan } from './check-plan.ts';

const module = (name: string, changes: Partial<PlanModule> = {}): PlanModule => ({
  name,
  purpose: '',
  ports: [
    { name: 'clk', direction: 'input', width: '1', description: '' },
    { name: 'rst_n', direction: 'input', width: '1', description: '' },
    { name: 'q', direction: 'output', width: 'W', description: '' },
  ],
  parameters: [{ name: 'W', default: '8', description: '' }],
  clocks: ['clk'],
  resets: [{ name: 'rst_n', active: 'low', async: true }],
  instances: [],
  ...changes,
});
const plan = (changes: Partial<Plan> = {}): Plan => ({
  title: 't',
  summary: '',
  top: module('top'),
  modules: [],
  cbb_requirements: [],
  verification: { checks: [] },
  files: [{ path: 'src/top.sv', purpose: '' }],
  assumptions: [],
  questions: [],
  ...changes,
});
const problems = (value: unknown) => {
  const result = checkPlan(value);
  return result.ok ? [] : result.problems;
};
const port = (name: string, width: string) => ({ name, direction: 'input' as const, width, description: '' });

describe('checkPlan', () => {
  it('accepts a sound plan and every plan of the composer', () => {
    expect(problems(plan())).toEqual([]);
    const samples = join(import.meta.dirname, '../../resources/samples');
    for (const name of readdirSync(samples)) {
      const result = elaborateSpec(
        parseSpec(readFileSync(join(samples, name, 'spec.md'), 'utf8'), 'spec.md'),
        builtinCatalog,
      );
      expect('design' in result && problems(composePlan(result.design)), name).toEqual([]);
    }
  });

  it.each([
    ['no object', 'text', /the answer/],
    ['a missing member', { ...plan(), top: undefined }, /^top/],
    ['a top that is no name', plan({ top: module('my top') }), /"my top" is no usable Verilog name/],
    [
      'a reserved port name',
      plan({ top: module('top', { ports: [port('output', '1')], clocks: [], resets: [] }) }),
      /"output"/,
    ],
    [
      'a port twice',
      plan({ top: module('top', { ports: [port('clk', '1'), port('rst_n', '1'), port('clk', '1')] }) }),
      /clk is declared twice/,
    ],
    [
      'a range as width',
      plan({ top: module('top', { ports: [port('clk', '[7:0]'), port('rst_n', '1')] }) }),
      /width of clk is "\[7:0\]"/,
    ],
    [
      'a width over nothing known',
      plan({ top: module('top', { ports: [port('clk', 'N'), port('rst_n', '1')] }) }),
      /no parameter/,
    ],
    ['a width of 0', plan({ top: module('top', { ports: [port('clk', '0'), port('rst_n', '1')] }) }), /is 0/],
    [
      'a clock that is no port',
      plan({ top: module('top', { clocks: ['clock'] }) }),
      /"clock" is listed as clock or reset/,
    ],
    ['the top listed again', plan({ modules: [module('top')] }), /top is the top/],
    ['a module twice', plan({ modules: [module('a'), module('a')] }), /a is listed twice/],
    [
      'an instance of nothing',
      plan({ top: module('top', { instances: [{ name: 'u', of: 'ghost' }] }) }),
      /u is of "ghost"/,
    ],
    [
      'an instance of a package not required',
      plan({ top: module('top', { instances: [{ name: 'u', of: 'cbb_x', cbb: 'cbb_x' }] }) }),
      /cbb_requirements does not list/,
    ],
    [
      'modules in a circle',
      plan({
        modules: [
          module('a', { instances: [{ name: 'u', of: 'b' }] }),
          module('b', { instances: [{ name: 'u', of: 'a' }] }),
        ],
      }),
      /a instantiates b instantiates a/,
    ],
    ['a path outside', plan({ files: [{ path: 'src/../x.sv', purpose: '' }] }), /without \. and \.\./],
    ['an absolute path', plan({ files: [{ path: '/src/x.sv', purpose: '' }] }), /must be relative/],
    [
      'a path elsewhere',
      plan({
        files: [
          { path: '.genRTL/x.sv', purpose: '' },
          { path: 'src/a.sv', purpose: '' },
        ],
      }),
      /below src\/ or tb\//,
    ],
    ['a path of another kind', plan({ files: [{ path: 'src/x.sh', purpose: '' }] }), /must end in/],
    [
      'a file twice',
      plan({
        files: [
          { path: 'src/x.sv', purpose: '' },
          { path: 'src/X.sv', purpose: '' },
        ],
      }),
      /listed twice/,
    ],
    ['no source file', plan({ files: [] }), /at least one file/],
  ])('refuses %s', (_, value, message) => {
    expect(problems(value).join('\n')).toMatch(message);
  });

  it('accepts instances by requirement id, function or package id', () => {
    const requirement = { id: 'rx_fifo', function: 'synchronous FIFO', needs_tb: false };
    const top = (of: string, cbb?: string) =>
      plan({
        cbb_requirements: [requirement],
        top: module('top', { instances: [{ name: 'u', of, ...(cbb ? { cbb } : {}) }] }),
      });
    for (const value of [top('rx_fifo'), top('fifo', 'rx_fifo'), top('cbb_fifo_sync', 'cbb_fifo_sync')])
      expect(problems(value)).toEqual([]);
  });

  it('bounds its problems', () => {
    expect(
      problems(plan({ files: Array.from({ length: 500 }, (_, index) => ({ path: `x${index}`, purpose: '' })) })),
    ).toHaveLength(30);
  });
});

describe('a plan for a project that is there', () => {
  const scope = { rules: { edit: ['rtl/**'], read_only: ['rtl/ip/**'], filelists: [] }, existing: ['fifo'] };
  const faults = (changes: Partial<Plan>): readonly string[] => {
    const result = checkPlan(plan({ files: [{ path: 'rtl/top.sv', purpose: '' }], ...changes }), scope);
    return result.ok ? [] : result.problems;
  };

  it('may instantiate its modules and name files by its rules', () => {
    expect(faults({ top: module('top', { instances: [{ name: 'u', of: 'fifo' }] }) })).toEqual([]);
    expect(faults({ files: [{ path: 'rtl/sub/b.vhd', purpose: '' }] })).toEqual([]);
  });

  it('may touch nothing else', () => {
    expect(faults({ top: module('top', { instances: [{ name: 'u', of: 'uart' }] }) })[0]).toContain('uart');
    for (const path of ['src/top.sv', 'rtl/ip/x.sv', 'rtl/Makefile', '../x.sv'])
      expect(faults({ files: [{ path, purpose: '' }] })[0]).toContain(path);
    expect(faults({ files: [] })).toEqual(['files: at least one file is needed']);
  });
});
