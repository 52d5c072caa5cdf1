// Reports, their checks and their metrics: bounds, evidence lines, and what each way to pick a value means.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MetricSpec, SkillContract } from '@genrtl/contracts/skill-contract.ts';
import { readMetrics } from './metrics.ts';
import { validateOutputs } from './outputs.ts';
import { parseReportNumber, reportLines } from './report-lines.ts';
import { runDirAt, type RunDir } from './run-dir.ts';

let dir: RunDir;
beforeEach(() => {
  dir = runDirAt(mkdtempSync(path.join(os.tmpdir(), 'genrtl-reports-')));
  mkdirSync(dir.reports);
});
afterEach(() => rmSync(dir.root, { recursive: true, force: true }));
const report = (name: string, text: string | Buffer): void => writeFileSync(path.join(dir.reports, name), text);

const validate = (required: Record<string, unknown>[], optional: Record<string, unknown>[] = []) =>
  validateOutputs(
    dir,
    SkillContract.parse({
      schema_version: 1,
      name: 'probe',
      version: '1.0.0',
      title: 'p',
      description: 'd',
      host: 'tclsh',
      outputs: { required, optional },
    }),
  );
const metrics = (...specs: Record<string, unknown>[]) =>
  readMetrics(
    dir,
    specs.map((spec) =>
      MetricSpec.parse({
        title: 'M',
        type: 'number',
        unit: 'ns',
        better: 'higher',
        report: 'reports/a.txt',
        name: 'm',
        ...spec,
      }),
    ),
  );

describe('validateOutputs', () => {
  it('gives size and hash of what is there', async () => {
    report('a.txt', 'hello\n');
    expect(await validate([{ path: 'reports/a.txt' }], [{ path: 'reports/none.txt' }])).toEqual([
      {
        path: 'reports/a.txt',
        size_bytes: 6,
        sha256: '5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03',
      },
    ]);
  });

  it('tells missing, empty and invalid apart', async () => {
    await expect(validate([{ path: 'reports/a.txt' }])).rejects.toMatchObject({ type: 'OUTPUT_MISSING' });
    report('a.txt', '');
    await expect(validate([{ path: 'reports/a.txt' }])).rejects.toMatchObject({ type: 'OUTPUT_EMPTY' });
    await expect(validate([{ path: 'reports/a.txt', non_empty: false }])).resolves.toHaveLength(1);
    report('a.txt', 'slack -3\n');
    await expect(
      validate([{ path: 'reports/a.txt', checks: [{ type: 'range', pattern: 'slack (-?\\d+)', min: 0 }] }]),
    ).rejects.toMatchObject({
      type: 'OUTPUT_INVALID',
      message: expect.stringContaining('line 1: -3 is below 0') as string,
    });
    await expect(
      validate([{ path: 'reports/a.txt', checks: [{ type: 'regex', pattern: '^slack', absent: true }] }]),
    ).rejects.toMatchObject({ type: 'OUTPUT_INVALID' });
    await expect(
      validate([{ path: 'reports/a.txt', checks: [{ type: 'regex', pattern: '^total' }] }]),
    ).rejects.toMatchObject({ type: 'OUTPUT_INVALID' });
    await expect(
      validate([{ path: 'reports/a.txt', checks: [{ type: 'json_schema', schema: { type: 'object' } }] }]),
    ).rejects.toMatchObject({ type: 'OUTPUT_INVALID' });
  });

  it('refuses a report that is a link out of the run directory', async () => {
    symlinkSync('/etc/hostname', path.join(dir.reports, 'a.txt'));
    await expect(validate([{ path: 'reports/a.txt' }])).rejects.toMatchObject({ type: 'OUTPUT_INVALID' });
    rmSync(dir.reports, { recursive: true });
    symlinkSync('/etc', dir.reports);
    await expect(validate([{ path: 'reports/hostname' }])).rejects.toMatchObject({ type: 'OUTPUT_INVALID' });
  });
});

describe('readMetrics', () => {
  it('picks first, last, least, greatest, sum and count, each with a line as evidence', async () => {
    report('a.txt', 'v 3\nv -1\nx\nv 2.5\n');
    const values = await metrics(
      ...(['first', 'last', 'min', 'max', 'sum', 'count'] as const).map((pick) => ({
        name: pick,
        pick,
        pattern: '^v (\\S+)',
      })),
    );
    expect(values.map((each) => [each.value, each.evidence?.line])).toEqual([
      [3, 1],
      [2.5, 4],
      [-1, 2],
      [3, 1],
      [4.5, 1],
      [3, 1],
    ]);
  });

  it('reads JSON by pointer with the line of the value', async () => {
    report('a.json', '{\n  "design": {\n    "cells": 12,\n    "list": [1,\n 7]\n  }\n}\n');
    const [cells, item] = await metrics(
      { name: 'cells', report: 'reports/a.json', pointer: '/design/cells' },
      { name: 'item', report: 'reports/a.json', pointer: '/design/list/1' },
    );
    expect(cells).toMatchObject({ value: 12, evidence: { path: 'reports/a.json', line: 3, text: '"cells": 12,' } });
    expect(item).toMatchObject({ value: 7, evidence: { line: 5 } });
  });

  it('names every required metric that is missing and leaves optional ones null', async () => {
    report('a.txt', 'nothing\n');
    await expect(
      metrics({ name: 'one', pattern: 'v (\\d+)' }, { name: 'two', pattern: 'w (\\d+)' }),
    ).rejects.toMatchObject({
      type: 'METRIC_MISSING',
      message: 'Not found: one in reports/a.txt, two in reports/a.txt.',
    });
    expect(await metrics({ name: 'one', pattern: 'v (\\d+)', required: false })).toMatchObject([
      { value: null, evidence: null },
    ]);
  });

  it('does not take "N/A" or a fraction for a whole number', async () => {
    report('a.txt', 'v N/A\nw 1.5\n');
    await expect(metrics({ name: 'v', pattern: '^v (\\S+)' })).rejects.toMatchObject({ type: 'METRIC_MISSING' });
    await expect(metrics({ name: 'w', type: 'integer', pattern: '^w (\\S+)' })).rejects.toMatchObject({
      type: 'METRIC_MISSING',
    });
  });

  it('stays quick and bounded on a hostile report', async () => {
    report(
      'a.txt',
      Buffer.concat([Buffer.alloc(20 * 1024 * 1024, 'a'), Buffer.from([0xff, 0xfe, 0x0a]), Buffer.from('v 9\r\n')]),
    );
    const started = process.cpuUsage();
    expect(
      await metrics({ pattern: '^v (\\d+)$' }, { name: 'n', pattern: '(a*b|v \\d)', type: 'string' }),
    ).toMatchObject([{ value: 9, evidence: { line: 2 } }, { value: 'v 9' }]);
    expect(process.cpuUsage(started).user).toBeLessThan(3_000_000);
  });
});

describe('reportLines', () => {
  it('numbers lines whatever their endings', async () => {
    report('a.txt', 'a\r\nb\n\nc');
    const lines = [];
    for await (const line of reportLines(path.join(dir.reports, 'a.txt'))) lines.push([line.number, line.text]);
    expect(lines).toEqual([
      [1, 'a'],
      [2, 'b'],
      [3, ''],
      [4, 'c'],
    ]);
  });
});

describe('parseReportNumber', () => {
  it.each([
    ['1,234.5', 1234.5],
    ['-0.10', -0.1],
    ['+3', 3],
    ['1e-9', 1e-9],
    ['.5', 0.5],
    ['', null],
    ['1,2', null],
    ['0x10', null],
    ['NaN', null],
    ['Infinity', null],
    ['1 2', null],
  ])('%s is %s', (text, value) => {
    expect(parseReportNumber(text)).toBe(value);
  });
});
