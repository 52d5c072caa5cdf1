// Reading answers: places in their words, modules in their code blocks, attempts that replace each other.
import { describe, expect, test } from 'vitest';
import { NO_ANSWER, withEvent } from './answer-text.ts';
import { citedFile, findCitations } from './citations.ts';
import { isMilestone, withPart, type LongProgress } from './long-progress.ts';
import { filesNamedIn, moduleNamesIn, withModules } from './code-block.ts';

describe('citations', () => {
  test.each([
    ['see src/fifo.sv:12 and tb/top_tb.v:3-9.', ['src/fifo.sv:12', 'tb/top_tb.v:3']],
    ['`a/b/c.vhd:1`, (spec.md:40)', ['a/b/c.vhd:1', 'spec.md:40']],
    ['http://10.0.0.1:80/x 1.2:3 12:30 v1.2:3', []],
    ['../../etc/passwd.txt:1 a/../b.sv:2', []],
    ['https://host.example:443/a', []],
    ['fifo.sv:12:5', []],
  ])('%s', (text, places) => {
    expect(findCitations(text).map(({ path, line }) => `${path}:${line}`)).toEqual(places);
  });
  test('hostile text takes no time', () => {
    expect(findCitations(`${'a.'.repeat(50_000)}:`)).toEqual([]);
    expect(findCitations('a/'.repeat(50_000))).toEqual([]);
  });
  test('a short name means the one file that ends so', () => {
    expect(citedFile('fifo.sv', ['src/fifo.sv', 'src/afifo.sv'])).toBe('src/fifo.sv');
    expect(citedFile('fifo.sv', ['a/fifo.sv', 'b/fifo.sv'])).toBeNull();
  });
});

describe('code blocks', () => {
  const before =
    '// module a in words\nmodule a; initial $display("endmodule"); endmodule\n\nmodule b;\nendmodule : b\n';
  test('modules are told from words, comments and strings', () => {
    expect(moduleNamesIn(before)).toEqual(['a', 'b']);
    expect(moduleNamesIn('assign x = module_y;')).toEqual([]);
  });
  test('a module takes the place of its like, and nothing else moves', () => {
    const after = withModules(before, 'module b (input x);\nendmodule', ['b']);
    expect(after).toBe(before.replace('module b;\nendmodule : b', 'module b (input x);\nendmodule'));
    expect(withModules(before, 'module c; endmodule', ['c'])).toBeNull();
    expect(withModules(`${before}${before}`, 'module b; endmodule', ['b'])).toBeNull();
  });
  test('files of a diff', () => {
    expect(filesNamedIn('--- a/x.sv\n+++ b/x.sv\n@@\n--- /dev/null\n+++ b/y.sv\t1\n')).toEqual(['x.sv', 'y.sv']);
  });
});

test('tokens of an atomic answer are none, its patch is the text', () => {
  const base = { seq: 1, runId: 'r' };
  const start = {
    ...base,
    type: 'step',
    phase: 'start',
    name: 'd',
    docVersion: 1,
    attempt: 1,
    model: 'm',
    flow: 'f@1',
  } as const;
  const answer = [
    { ...start, renderMode: 'atomic-patch' } as const,
    { ...base, type: 'token', text: 'no' } as const,
    { ...base, type: 'patch', op: 'replace_text', target: { type: 'selectionRef', ref: {} }, text: 'yes' } as const,
  ].reduce(withEvent, NO_ANSWER);
  expect(answer.text).toBe('yes');
});

test('a run in parts tells how many there are, what they cost, and each tenth that is done', () => {
  const base = { seq: 1, runId: 'r' };
  const chunks = Array.from({ length: 200 }, (_, at) => ({ id: `c${at + 1}`, range: 'b1..b1', tokens: 9 }));
  let progress: LongProgress | null = withPart(null, { ...base, type: 'map:start', chunkId: 'c1' });
  expect(progress).toBe(null);
  progress = withPart(null, {
    ...base,
    type: 'plan',
    chunks,
    strategy: 'map-reduce',
    model: 'm',
    reused: 3,
    costUsd: '0.10',
  });
  expect(progress).toEqual({ parts: 200, reused: 3, done: 0, inputTokens: null, costUsd: '0.10' });
  const told: number[] = [];
  for (const { id } of chunks) {
    progress = withPart(progress, { ...base, type: 'map:end', chunkId: id, summary: '' });
    if (progress !== null && isMilestone(progress)) told.push(progress.done);
  }
  expect(told).toEqual([20, 40, 60, 80, 100, 120, 140, 160, 180, 200]);
});
