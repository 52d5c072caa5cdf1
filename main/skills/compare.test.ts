import { describe, expect, it } from 'vitest';
import { SkillSummary } from '@genrtl/contracts/skill-run.ts';
import { compareSummaries, parseThreshold } from './compare.ts';
import { comparisonCsv, comparisonHtml, comparisonText, csvCell } from './compare-text.ts';

function summary(
  design: string,
  values: Record<string, [number | string | null, 'higher' | 'lower' | 'none', string?]>,
  extra: Record<string, unknown> = {},
): SkillSummary {
  return SkillSummary.parse({
    schema_version: 1,
    job_id: `job-${design.replace(/\W/g, '')}`,
    generated_at: '2026-01-01T00:00:00.000Z',
    skill: { name: 'probe', version: '1.0.0', host: 'tclsh' },
    design,
    tool_version: '8.6',
    parameters: {},
    database: null,
    outputs: [],
    metrics: Object.entries(values).map(([name, [value, better, unit]]) => ({
      name,
      title: name,
      type: 'number',
      value,
      unit: unit ?? 'ns',
      better,
      evidence: null,
    })),
    ...extra,
  });
}
const compare = (summaries: SkillSummary[], rules: string[] = []) =>
  compareSummaries(
    summaries.map((each) => ({ summary: each, runDir: `/runs/${each.design}` })),
    rules.map(parseThreshold),
  );

describe('compareSummaries', () => {
  it('gives deltas against the first and best and worst by direction', () => {
    const { metrics } = compare([
      summary('a', { wns: [-0.3, 'higher'], cells: [100, 'lower'] }),
      summary('b', { wns: [-0.1, 'higher'], cells: [120, 'lower'] }),
      summary('c', { wns: [-0.1, 'higher'], cells: [90, 'lower'] }),
    ]);
    expect(metrics).toMatchObject([
      { name: 'wns', deltas: [0, 0.2, 0.2], best: [1, 2], worst: [0] },
      { name: 'cells', deltas: [0, 20, -10], best: [2], worst: [1] },
    ]);
  });

  it('has no best among equals, texts, single values and metrics without direction', () => {
    const { metrics } = compare([
      summary('a', { x: [1, 'lower'], y: ['s', 'lower'], z: [1, 'none'] }),
      summary('b', { x: [1, 'lower'], y: ['t', 'lower'], z: [2, 'none'] }),
    ]);
    expect(metrics.map((each) => [each.best, each.worst])).toEqual([
      [[], []],
      [[], []],
      [[], []],
    ]);
  });

  it('warns of other skills, tools and units', () => {
    const { warnings } = compare([
      summary('a', { x: [1, 'lower', 'ns'] }),
      summary(
        'b',
        { x: [1, 'lower', 'ps'] },
        { tool_version: '9', skill: { name: 'probe', version: '2.0.0', host: 'tclsh' } },
      ),
    ]);
    expect(warnings).toHaveLength(3);
  });

  it('breaks absolute and relative thresholds, and on silence', () => {
    const runs = [
      summary('a', { cells: [100, 'lower'], wns: [-1, 'higher'] }),
      summary('b', { cells: [106, 'lower'] }),
    ];
    expect(compare(runs, ['cells<=+5%']).breaches).toMatchObject([{ job_id: 'job-b', value: 106 }]);
    expect(compare(runs, ['cells<=6%']).breaches).toEqual([]);
    expect(compare(runs, ['cells<106']).breaches).toHaveLength(1);
    expect(compare(runs, ['wns>=-1']).breaches).toMatchObject([{ job_id: 'job-b', value: null }]);
    expect(compare(runs, ['nosuch>=0']).breaches).toHaveLength(2);
  });

  it('takes a relative bound of a negative baseline in the right direction', () => {
    const runs = [
      summary('a', { wns: [-1, 'higher'] }),
      summary('b', { wns: [-1.04, 'higher'] }),
      summary('c', { wns: [-1.06, 'higher'] }),
    ];
    expect(compare(runs, ['wns>=-5%']).breaches).toMatchObject([{ job_id: 'job-c' }]);
  });
});

describe('parseThreshold', () => {
  it.each(['', 'x', 'x=1', 'x<=', '<=1', 'x<=1e3', 'X<=1', 'x<=1; rm', 'x<=one'])('refuses %j', (text) => {
    expect(() => parseThreshold(text)).toThrow(expect.objectContaining({ code: 'USAGE' }) as Error);
  });
});

describe('what people read', () => {
  const hostile = compare([
    summary('<script>alert(1)</script>', { x: [1, 'lower'] }),
    summary('=cmd|"a",b', { x: [2, 'lower'] }),
  ]);

  it('HTML holds no markup of the design names and no script', () => {
    const html = comparisonHtml(hostile);
    expect(html).not.toContain('<script');
    expect(html).toContain('&#60;script&#62;');
    expect(html).toContain("default-src 'none'");
    expect(html.match(/<rect /g)).toHaveLength(2);
  });

  it('CSV quotes and defuses formulas', () => {
    expect(comparisonCsv(hostile).split('\r\n')[2]).toBe(`job-cmdab,"'=cmd|""a"",b",probe 1.0.0,x,ns,lower,2,1,worst`);
    expect([csvCell('a,b'), csvCell('-1'), csvCell(-1), csvCell(null), csvCell('x\ny')]).toEqual([
      '"a,b"',
      "'-1",
      '-1',
      '',
      '"x\ny"',
    ]);
  });

  it('text shows deltas and marks', () => {
    expect(comparisonText(hostile)).toContain('2 (+1) ▼');
  });
});
