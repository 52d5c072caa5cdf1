// Timing charts, READMEs and instantiations of packages, on the shipped ones and on hostile text.
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { CbbManifest } from '@genrtl/contracts';
import { instancePlace } from './instance-place.ts';
import { instanceOf, instanceSnippet, netDeclarations } from './instantiation.ts';
import { codeSpans, readSections } from './readme-parts.ts';
import { readWaveJson } from './wave-json.ts';

const PACKAGES = path.resolve(import.meta.dirname, '../../../resources/cbb');

describe('shipped packages', () => {
  test.each(readdirSync(PACKAGES).filter((name) => name.startsWith('cbb_')))(
    '%s: every timing diagram is drawn with all its labels, the README has prose',
    (name) => {
      const sections = readSections(readFileSync(path.join(PACKAGES, name, 'README.md'), 'utf8'));
      const charts = sections
        .flatMap((section) => section.blocks)
        .filter((block) => block.kind === 'code' && block.language === 'wavejson');
      expect(charts.length).toBeGreaterThan(0);
      for (const block of charts) {
        const text = block.kind === 'code' ? block.text : '';
        const chart = readWaveJson(text);
        const given = (JSON.parse(text) as { signal: { data?: string[] }[] }).signal.flatMap((lane) => lane.data ?? []);
        expect(
          chart?.lanes.flatMap((lane) =>
            lane.stretches.flatMap((stretch) => (stretch.label === undefined ? [] : [stretch.label])),
          ),
        ).toEqual(given);
      }
      expect(sections.some((section) => section.blocks.some((block) => block.kind !== 'code'))).toBe(true);
    },
  );
});

test('a chart: levels, data, extension, gaps, groups, period and phase', () => {
  const chart = readWaveJson(
    JSON.stringify({
      head: { text: 'Write' },
      signal: [
        { name: 'clk', wave: 'p..' },
        ['bus', { name: 'd', wave: 'x3.|=z', data: 'A B' }],
        {},
        { name: 'slow', wave: '01', period: 2, phase: 0.5 },
      ],
    }),
  );
  expect(chart?.title).toBe('Write');
  expect(chart?.cycles).toBe(6);
  expect(chart?.lanes[0]?.stretches).toEqual([{ from: 0, to: 3, level: 'clock' }]);
  expect(chart?.lanes[1]).toMatchObject({ depth: 1, group: 'bus', gaps: [3.5] });
  expect(chart?.lanes[1]?.stretches).toEqual([
    { from: 0, to: 1, level: 'unknown' },
    { from: 1, to: 4, level: 'data', tint: 3, label: 'A' },
    { from: 4, to: 5, level: 'data', tint: 2, label: 'B' },
    { from: 5, to: 6, level: 'floating' },
  ]);
  expect(chart?.lanes[3]?.stretches).toEqual([
    { from: 0, to: 1.5, level: 'low' },
    { from: 1.5, to: 3.5, level: 'high' },
  ]);
});

test.each([
  '',
  '{',
  '[]',
  '{"signal":7}',
  '{"signal":[]}',
  '{"signal":[null,3,"x"]}',
  `{"signal":${'['.repeat(2000)}${']'.repeat(2000)}}`,
])('no chart: %.30s', (text) => expect(readWaveJson(text)).toBeNull());

test('what is not known in a lane is left out, and its size is bounded', () => {
  const chart = readWaveJson(
    JSON.stringify({
      signal: [{ name: { a: 1 }, wave: `0?é${'.'.repeat(100_000)}`, data: 5, period: -3, phase: 'x' }],
    }),
  );
  expect(chart?.lanes[0]).toMatchObject({ name: '', stretches: [{ level: 'low' }] });
  expect(chart?.cycles).toBeLessThan(300);
});

test('README: sections, paragraphs, lists, code; tables are left to the manifest', () => {
  const sections = readSections(
    '# T\n\nlead\ntext\n\n## Behaviour\n- one `x`\n- two\n\n| a | b |\n|---|---|\n\n```systemverilog\nmodule m;\n```\n## Empty\n',
  );
  expect(sections).toEqual([
    { title: '', blocks: [{ kind: 'text', text: 'lead text' }] },
    {
      title: 'Behaviour',
      blocks: [
        { kind: 'list', items: ['one `x`', 'two'] },
        { kind: 'code', language: 'systemverilog', text: 'module m;' },
      ],
    },
  ]);
  expect(codeSpans('a `b` c')).toEqual(['a ', 'b', ' c']);
});

test('an instantiation names every parameter and port; characters of the snippet language are literal', () => {
  const manifest = CbbManifest.parse(
    JSON.parse(readFileSync(path.join(PACKAGES, 'cbb_fifo_sync/manifest.json'), 'utf8')),
  );
  const snippet = instanceSnippet(instanceOf(manifest));
  expect(snippet.startsWith('cbb_fifo_sync #(\n')).toBe(true);
  for (const port of manifest.ports)
    expect(snippet).toMatch(new RegExp(`\\.${port.name}\\s+\\(\\$\\{\\d+:${port.name}\\}\\)`));
  const stops = [...snippet.matchAll(/\$\{(\d+):/g)].map((match) => Number(match[1]));
  expect(new Set(stops).size).toBe(manifest.ports.length + manifest.parameters.length + 1);
  expect(instanceSnippet({ module: 'm', parameters: [{ name: 'F', value: '"a}$b"' }], ports: [] })).toContain(
    '(${2:"a\\}\\$b"})',
  );
});

describe('where an instance goes', () => {
  const file = [
    '// module in a comment', // 1
    'module top #(parameter W = 8) (', // 2
    '  input logic clk, // clock;', // 3
    '  input logic [W-1:0] a', // 4
    ');', // 5
    '  logic [7:0] sum;', // 6
    'endmodule', // 7
    '', // 8
  ].join('\n');
  test('at the cursor inside a body, else at the end of the nearest body, never before or between', () => {
    expect(instancePlace(file, 6)).toMatchObject({ line: 6, own: false });
    for (const outside of [1, 2, 4, 5, 8]) expect(instancePlace(file, outside)).toMatchObject({ line: 7, own: true });
    expect(instancePlace('package p;\nendpackage\n', 1)).toBeNull();
    const imports = 'module c import p::*, q::x; // module\n(\n input clk);\nendmodule\n';
    for (const line of [1, 2, 3]) expect(instancePlace(imports, line)).toMatchObject({ line: 4, own: true });
    expect(instancePlace(`${file}module b;\nendmodule\n`, 8)).toMatchObject({ line: 9, own: true });
  });
  test('only nets that the module does not name are declared, as wide as the package’s defaults make them', () => {
    const manifest = {
      parameters: [{ name: 'WIDTH', type: 'int', default: '8' }],
      ports: [
        { name: 'clk', width: '1' },
        { name: 'sum', width: 'WIDTH' },
        { name: 'carry', width: '1' },
        { name: 'high', width: '2*WIDTH' },
      ],
    } as unknown as CbbManifest;
    const names = instancePlace(file, 6)?.names;
    expect(netDeclarations(manifest, (name) => names?.has(name) === true)).toBe(
      'logic carry;\nlogic [2*(8)-1:0] high;\n',
    );
  });
});
