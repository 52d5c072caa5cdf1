// Diffs in the shapes that models, mailers and other tools give them, each as it is taken and as it is refused.
import { describe, expect, it } from 'vitest';
import { applyPatch, filesFrom } from './index.ts';

const PULSE = 'module pulse;\n  reg n;\n\n  always @(posedge clk)\n    n <= 1;\n\nendmodule\n';
const HUNK = '@@ -3,5 +3,5 @@\n \n   always @(posedge clk)\n-    n <= 1;\n+    n <= 2;\n \n endmodule\n';
const run = (diff: string, files: Record<string, string> = { 'src/pulse.v': PULSE }) => {
  const result = applyPatch({ diff, files: filesFrom(files) });
  return result.ok
    ? Object.fromEntries(result.changes.map(({ path, after }) => [path, after]))
    : result.refusals.map(({ code, message }) => `${code} ${message}`);
};
const MENDED = { 'src/pulse.v': PULSE.replace('n <= 1', 'n <= 2') };

describe('file headers', () => {
  it.each([
    ['git’s mnemonic prefixes', 'i/src/pulse.v', 'w/src/pulse.v'],
    ['the same, backwards', 'w/src/pulse.v', 'i/src/pulse.v'],
    ['old and new', 'old/src/pulse.v', 'new/src/pulse.v'],
    ['a copy kept as .orig', 'a/src/pulse.v.orig', 'b/src/pulse.v'],
    ['a copy made as .new', 'src/pulse.v', 'src/pulse.v.new'],
    [
      'time behind a blank, as GNU writes it',
      'a/src/pulse.v Mon May  1 10:00:00 2024',
      'b/src/pulse.v Mon May  1 10:00:09 2024',
    ],
    ['marks of code around the names', '`a/src/pulse.v`', '`b/src/pulse.v`'],
    ['time behind a blank', 'a/src/pulse.v 2024-05-01 10:00:00.0 +0200', 'b/src/pulse.v 2024-05-01 10:01:00'],
  ])('%s', (_name, from, to) => {
    expect(run(`--- ${from}\n+++ ${to}\n${HUNK}`)).toEqual(MENDED);
  });
  it('a byte order mark before the diff', () => {
    expect(run(`\ufeff--- a/src/pulse.v\n+++ b/src/pulse.v\n${HUNK}`)).toEqual(MENDED);
  });
  it.each([
    ['--- a/dev/null\n+++ b/src/x.v'],
    ['--- /dev/null 1970-01-01 00:00:00.0 +0000\n+++ b/src/x.v 2024-01-01 00:00:00'],
    ['--- /dev/null\n+++ w/src/x.v'],
    ['diff --git c/src/x.v w/src/x.v\nnew file mode 100644\n--- /dev/null\n+++ w/src/x.v'],
    ['--- /dev/null\n+++ new/src/x.v'],
  ])('a new file as %j', (head) => {
    expect(run(`${head}\n@@ -0,0 +1 @@\n+module x; endmodule\n`)).toEqual({ 'src/x.v': 'module x; endmodule\n' });
  });
  it('folders that are really called so stay, and no prefix leads out', () => {
    const w = { 'w/src/pulse.v': PULSE, 'src/pulse.v': PULSE };
    expect(run(`--- w/src/pulse.v\n+++ w/src/pulse.v\n${HUNK}`, w)).toEqual({ 'w/src/pulse.v': MENDED['src/pulse.v'] });
    expect(run('--- /dev/null\n+++ w/src/x.v\n@@ -0,0 +1 @@\n+x\n', w)).toEqual({ 'w/src/x.v': 'x\n' });
    expect(run('--- /dev/null\n+++ new/deep/x.v\n@@ -0,0 +1 @@\n+x\n', w)).toEqual({ 'new/deep/x.v': 'x\n' });
    const both = { 'i/src/a.v': 'a\n', 'w/src/a.v': 'a\n' };
    expect(run('--- i/src/a.v\n+++ w/src/a.v\n@@ -1 +1 @@\n-a\n+b\n', both)).toEqual([
      expect.stringContaining('PATCH_PATH_INVALID'),
    ]);
    expect(run('--- /dev/null\n+++ w/../x.v\n@@ -0,0 +1 @@\n+x\n')).toEqual([expect.stringContaining('PATCH_PATH')]);
    expect(run('--- i/.git/config\n+++ w/.git/config\n@@ -1 +1 @@\n-a\n+b\n')).toEqual([
      expect.stringContaining('PATCH_PROTECTED'),
    ]);
  });
});

describe('the end of a hunk', () => {
  const head = '--- a/src/pulse.v\n+++ b/src/pulse.v\n';
  it.each([
    ['the file’s last line break, counted as a line', `${HUNK.replace('-3,5 +3,5', '-3,6 +3,6')} \n`],
    ['the same without numbers', `${HUNK.replace('-3,5 +3,5', '...')} \n`],
    ['a list after it', `${HUNK}- The counter steps by two.\n- Nothing else.\n`],
    ['a blank line and a list after it', `${HUNK}\n- The counter steps by two.\n`],
    ['the mark of a mail’s end, without a version', `${HUNK}-- \n`],
    ['a rule after it', `${HUNK}\n---\n\nStepped by two.\n`],
  ])('%s', (_name, hunk) => {
    expect(run(head + hunk)).toEqual(MENDED);
  });
  it('a removal behind counts that are too small is never taken for a list', () => {
    const diff = `${head}@@ -3,2 +3,2 @@\n \n   always @(posedge clk)\n-    n <= 1;\n+    n <= 2;\n-    nosuch;\n`;
    expect(run(diff)).toEqual([expect.stringContaining('PATCH_HUNK_FAILED')]);
  });
});

describe('a new file whose text is not in the diff', () => {
  it.each([
    ['no line has its plus', '@@ -0,0 +1,2 @@\nmodule x;\nendmodule\n'],
    ['cut off after the header', '@@ -0,0 +1,120 @@\n'],
    ['in a fence of its own', '@@ -0,0 +1,2 @@\n```verilog\nmodule x;\nendmodule\n```\n'],
    ['the last line has no plus', '@@ -0,0 +1,2 @@\n+module x;\nendmodule\n'],
    ['lines behind a blank one have none', '@@ -0,0 +1,4 @@\n+module x;\n\nendmodule\n'],
    ['no hunk at all', ''],
  ])('%s: refused', (_name, body) => {
    for (const text of [body, `${body}\`\`\`\n`])
      expect(run(`--- /dev/null\n+++ b/src/x.v\n${text}`, {})).toEqual([expect.stringContaining('leading `+`')]);
  });
  it('a wrong count is forgiven where every line has its plus; an empty file by git’s header too', () => {
    expect(run('--- /dev/null\n+++ b/x.v\n@@ -0,0 +1,9 @@\n+a\n+b\n\nThat is all.\n', {})).toEqual({ 'x.v': 'a\nb\n' });
    expect(run('diff --git a/x.v b/x.v\nnew file mode 100644\nindex 0000000..e69de29\n', {})).toEqual({ 'x.v': '' });
  });
});
