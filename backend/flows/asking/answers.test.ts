// Reading answers: JSON with and without decoration, the plan's wire form, diffs.
import { describe, expect, it } from 'vitest';
import { jsonAnswer } from '../answers/json-text.ts';
import { withoutThoughts } from '../answers/thoughts.ts';
import { checkPatchAnswer } from './patch-answer.ts';
import { PLAN_SCHEMA, fromPlanWire } from '../plan/plan-answer.ts';

describe('JSON in an answer', () => {
  it.each([
    '{"a":"}{"}',
    ' \n{"a":"}{"}\n',
    '```json\n{"a":"}{"}\n```',
    'Here is the plan:\n{"a":"}{"}\nI hope it helps {really}.',
    '<think>{"not":"this"}</think>\n{"a":"}{"}',
  ])('%j', (answer) => {
    expect(jsonAnswer(answer)).toEqual({ found: true, value: { a: '}{' } });
  });

  it.each(['', 'no', '{"a":', '{"a":"\\"}', '<think>{"a":1}'])('none in %j', (answer) => {
    const result = jsonAnswer(answer);
    if (answer.startsWith('<think>')) expect(result).toEqual({ found: true, value: { a: 1 } });
    else expect(result.found).toBe(false);
  });

  it.each([
    ['{"a":"C:\\path\\new"}', 'C:\\path\\new'],
    ['{"a":"D:\\tools\\bin\\x.exe"}', 'D:\\tools\\bin\\x.exe'],
    ['{"a":"1_000\\_0"}', '1_000\\_0'],
    ['{"a":"\\$clog2(N)\\n"}', '\\$clog2(N)\n'],
    ['{"a":"\\d+ \\w+",}', '\\d+ \\w+'],
    ['{"a":"\\u12"}', '\\u12'],
    ["{'a':'x\\y'}", 'x\\y'],
    ['{"a":"it\\\'s"}', "it's"],
    ['{"a":"\\\\x \\u0041",}', '\\x A'],
  ])('a backslash that escapes nothing is a backslash: %s', (answer, expected) => {
    expect(jsonAnswer(answer)).toEqual({ found: true, value: { a: expected } });
  });

  it('stays linear on a bomb of braces', () => {
    const started = process.cpuUsage();
    expect(jsonAnswer('{'.repeat(2_000_000)).found).toBe(false);
    expect(process.cpuUsage(started).user).toBeLessThan(1000_000);
  });

  it('thoughts without an end are no thoughts', () => {
    expect(withoutThoughts('<think>a')).toBe('<think>a');
    expect(withoutThoughts('<think>a</think>b')).toBe('b');
  });
});

describe('the plan on the wire', () => {
  it('every object of the schema is strict: all members required, no others', () => {
    const walk = (schema: unknown): void => {
      if (typeof schema !== 'object' || schema === null) return;
      const one = schema as Record<string, unknown>;
      if (one['type'] === 'object') {
        expect(one['additionalProperties']).toBe(false);
        expect(one['required']).toEqual(Object.keys(one['properties'] as object));
      }
      for (const value of Object.values(one)) {
        if (Array.isArray(value)) value.forEach(walk);
        else walk(value);
      }
    };
    walk(PLAN_SCHEMA);
    expect(Object.keys(PLAN_SCHEMA['properties'] as object)).toEqual([
      'title',
      'summary',
      'top',
      'modules',
      'cbb_requirements',
      'verification',
      'files',
      'assumptions',
      'questions',
    ]);
  });

  it('nulls vanish and parameter pairs become a record', () => {
    expect(
      fromPlanWire({
        top: { instances: [{ name: 'u', of: 'm', cbb: null }] },
        cbb_requirements: [
          { id: 'r1', width: null, parameters: [{ name: 'DEPTH', value: '16' }] },
          { id: 'r2', parameters: { WIDTH: 8 } },
        ],
      }),
    ).toEqual({
      top: { instances: [{ name: 'u', of: 'm' }] },
      cbb_requirements: [
        { id: 'r1', parameters: { DEPTH: '16' } },
        { id: 'r2', parameters: { WIDTH: 8 } },
      ],
    });
  });

  it('what is no plan passes through', () => {
    for (const value of [
      null,
      1,
      'x',
      [],
      [1],
      { cbb_requirements: 'none' },
      { cbb_requirements: [1, { parameters: [1] }] },
    ])
      expect(fromPlanWire(value)).toEqual(value);
    const own = fromPlanWire(JSON.parse('{"__proto__":{"polluted":true},"a":1}'));
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    expect(own).toEqual(JSON.parse('{"__proto__":{"polluted":true},"a":1}'));
  });
});

describe('diffs in an answer', () => {
  const files = [{ path: 'src/a.sv', text: 'module a;\n  wire x;\n  wire y;\nendmodule\n' }];

  it('come out exact, without prose, whatever their numbers said', () => {
    const answer =
      'Sure!\n```diff\n--- a/src/a.sv\n+++ b/src/a.sv\n@@ -90,9 +7,1 @@\n   wire x;\n-  wire y;\n+  wire z;\n endmodule\n```\nDone.';
    expect(checkPatchAnswer(answer, files)).toEqual({
      ok: true,
      patch:
        '--- a/src/a.sv\n+++ b/src/a.sv\n@@ -1,4 +1,4 @@\n module a;\n   wire x;\n-  wire y;\n+  wire z;\n endmodule\n',
    });
  });

  it('new and deleted files', () => {
    const answer =
      '--- /dev/null\n+++ b/tb/tb_a.sv\n@@ -0,0 +1,2 @@\n+module tb_a;\n+endmodule\n--- a/src/a.sv\n+++ /dev/null\n@@ -1,4 +0,0 @@\n-module a;\n-  wire x;\n-  wire y;\n-endmodule\n';
    const result = checkPatchAnswer(answer, files);
    expect(result).toMatchObject({ ok: true });
    expect(result.ok && result.patch).toContain(
      '--- /dev/null\n+++ b/tb/tb_a.sv\n@@ -0,0 +1,2 @@\n+module tb_a;\n+endmodule\n',
    );
    expect(result.ok && result.patch).toContain('+++ /dev/null\n@@ -1,4 +0,0 @@\n');
  });

  it('keeps CRLF and a missing end of line', () => {
    const crlf = [{ path: 'src/a.sv', text: 'a\r\nb\r\nc' }];
    const result = checkPatchAnswer(
      '--- a/src/a.sv\n+++ b/src/a.sv\n@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n\\ No newline at end of file\n',
      crlf,
    );
    expect(result).toMatchObject({ ok: true });
    expect(result.ok && result.patch).toContain('-b\r\n+B\r\n c\n\\ No newline at end of file');
  });

  it.each([
    ['prose', 'I cannot do that.', 'PATCH_NO_DIFF'],
    [
      'a place that is not there',
      '--- a/src/a.sv\n+++ b/src/a.sv\n@@ -1,1 +1,1 @@\n-wire nothing;\n+wire q;\n',
      'PATCH_HUNK_FAILED',
    ],
    ['a file outside', '--- /dev/null\n+++ b/Makefile\n@@ -0,0 +1,1 @@\n+all:\n', 'PATCH_PROTECTED'],
    [
      'a vendor file',
      '--- /dev/null\n+++ b/.genRTL/vendor/cbb/x/1.0.0/rtl/x.sv\n@@ -0,0 +1,1 @@\n+x\n',
      'PATCH_PROTECTED',
    ],
    ['an escape', '--- /dev/null\n+++ b/src/../../x\n@@ -0,0 +1,1 @@\n+x\n', 'PATCH_PATH_ESCAPE'],
    ['an absolute path', '--- /dev/null\n+++ /etc/passwd\n@@ -0,0 +1,1 @@\n+x\n', 'PATCH_PATH_ABSOLUTE'],
  ])('%s is refused with a reason', (_name, answer, code) => {
    const result = checkPatchAnswer(answer, files);
    expect(result).toMatchObject({ ok: false, code });
    expect(!result.ok && result.reasons[0]).toContain(code);
  });

  it('hold to the rules of a project, whatever src/ and tb/ are elsewhere', () => {
    const rules = { edit: ['rtl/**'], read_only: ['rtl/vendor/**'], filelists: ['rtl/all.f'] };
    const project = [
      { path: 'rtl/a.sv', text: 'wire x;\n' },
      { path: 'rtl/vendor/v.sv', text: 'wire x;\n' },
      { path: 'rtl/all.f', text: 'rtl/a.sv\n' },
    ];
    const change = (path: string): string => `--- a/${path}\n+++ b/${path}\n@@ -1 +1 @@\n-wire x;\n+wire y;\n`;
    const create = (path: string): string => `--- /dev/null\n+++ b/${path}\n@@ -0,0 +1 @@\n+wire z;\n`;
    const listed = '--- a/rtl/all.f\n+++ b/rtl/all.f\n@@ -1 +1,2 @@\n rtl/a.sv\n+rtl/b.sv\n';
    const code = (answer: string): string => {
      const result = checkPatchAnswer(answer, project, rules);
      return result.ok ? 'ok' : result.code;
    };
    expect(code(`${change('rtl/a.sv')}${create('rtl/b.sv')}${listed}`)).toBe('ok');
    expect(code(change('rtl/vendor/v.sv'))).toBe('PATCH_PROTECTED');
    expect(code(create('src/b.sv'))).toBe('PATCH_PROTECTED');
    expect(code(create('rtl/Makefile'))).toBe('PATCH_PROTECTED');
    expect(code(listed)).toBe('PATCH_PROTECTED');
  });
});
