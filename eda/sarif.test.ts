// SARIF against the schema of the standard, and the mapping that readers rely on.
import { Ajv } from 'ajv';
import addFormatsModule from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import type { Diagnostic } from '@genrtl/contracts';
import schema from '@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json' with { type: 'json' };
import { toSarif } from './sarif.ts';

const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
addFormatsModule.default(ajv);
// The schema is written in draft 4; what it uses of it means the same in draft 7.
const { $schema: _draft, id: _id, ...rules } = schema;
const validate = ajv.compile(rules);
const errorsOf = (log: unknown): unknown => (validate(log) ? [] : validate.errors);

const diagnostic = (more: Partial<Diagnostic>): Diagnostic => ({
  tool: 'verilator',
  severity: 'error',
  message: 'm',
  ...more,
});

const CASES: Record<string, Diagnostic[]> = {
  nothing: [],
  'a full one': [
    diagnostic({
      code: 'WIDTH',
      file: 'src/a.sv',
      line: 3,
      column: 5,
      end_column: 9,
      scope: 'tb.dut',
      time: '125 ns',
      related: [{ file: 'src/b.sv', line: 7, message: 'declared here' }],
    }),
  ],
  'no place at all': [diagnostic({})],
  'a file without a line': [diagnostic({ file: 'src/a.sv' })],
  'a scope without a file': [diagnostic({ scope: 'tb.dut.u0' })],
  'an empty message': [diagnostic({ message: '' })],
  'every severity': (['error', 'warning', 'info'] as const).map((severity) => diagnostic({ severity, code: severity })),
  'paths that are no URIs': [
    diagnostic({ file: 'src/ä b#1%.sv', line: 1 }),
    diagnostic({ file: '/opt/x y/z.sv', line: 1 }),
    diagnostic({ file: 'a:b?c', line: 1 }),
  ],
  'a related place without a line': [
    diagnostic({ file: 'a.sv', line: 1, related: [{ file: 'b.sv', line: 0, message: '' }] }),
  ],
};

describe('valid by the schema of the standard', () => {
  it.each(Object.entries(CASES))('%s', (_name, diagnostics) => {
    expect(errorsOf(toSarif([{ tool: 'verilator', version: '5.006', diagnostics }]))).toEqual([]);
  });

  it('the check can fail', () => {
    expect(errorsOf({ version: '2.1.0', runs: [{}] })).not.toEqual([]);
  });
});

it('keeps severity, rule, place, time; the end column is the first one after the text', () => {
  const [result] = toSarif([{ tool: 'verilator', diagnostics: CASES['a full one'] ?? [] }]).runs[0]?.results ?? [];
  expect(result).toMatchObject({
    level: 'error',
    ruleId: 'WIDTH',
    ruleIndex: 0,
    message: { text: 'm' },
    properties: { simulationTime: '125 ns' },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: 'src/a.sv', uriBaseId: 'WORKSPACE' },
          region: { startLine: 3, startColumn: 5, endColumn: 10 },
        },
        logicalLocations: [{ fullyQualifiedName: 'tb.dut' }],
      },
    ],
    relatedLocations: [{ physicalLocation: { artifactLocation: { uri: 'src/b.sv' }, region: { startLine: 7 } } }],
  });
});

it('the same diagnostics give the same bytes, with no machine path in them', () => {
  const runs = [
    { tool: 'icarus', diagnostics: [diagnostic({ file: 'src/a.sv', line: 1, code: 'B' }), diagnostic({ code: 'A' })] },
  ];
  expect(JSON.stringify(toSarif(runs))).toBe(JSON.stringify(toSarif(structuredClone(runs))));
  expect(toSarif(runs).runs[0]?.tool.driver.rules?.map((rule) => rule.id)).toEqual(['A', 'B']);
});
