import { describe, expect, it } from 'vitest';
import { applyPatch, filesFrom } from './index.ts';
import type { ApplyInput, PatchFiles, PatchResult } from './index.ts';

const COUNTER = [
  'module counter (',
  '  input  wire clk,',
  '  input  wire rst_n,',
  '  output reg [7:0] q',
  ');',
  '',
  '  always @(posedge clk or negedge rst_n) begin',
  "    if (!rst_n) q <= 8'd0;",
  "    else q <= q + 8'd1;",
  '  end',
  '',
  'endmodule',
  '',
].join('\n');

const FIX = [
  '--- a/src/counter.sv',
  '+++ b/src/counter.sv',
  '@@ -7,5 +7,5 @@',
  '   always @(posedge clk or negedge rst_n) begin',
  "     if (!rst_n) q <= 8'd0;",
  "-    else q <= q + 8'd1;",
  "+    else q <= q - 8'd1;",
  '   end',
  ' ',
  '',
].join('\n');
const FIXED = COUNTER.replace("q + 8'd1", "q - 8'd1");

const files = { 'src/counter.sv': COUNTER };

function run(diff: string, texts: Record<string, string> = files, more: Partial<ApplyInput> = {}): PatchResult {
  return applyPatch({ diff, files: filesFrom(texts), ...more });
}
function after(result: PatchResult, path: string): string | null | undefined {
  if (!result.ok) throw new Error(JSON.stringify(result.refusals));
  return result.changes.find((change) => change.path === path)?.after;
}
function codes(result: PatchResult): string[] {
  return result.ok ? [] : result.refusals.map((refusal) => refusal.code);
}
const body = FIX.slice(FIX.indexOf('@@'));
const withHeader = (header: string): string => header + body.slice(body.indexOf('\n') + 1);

describe('what models send and what is forgiven', () => {
  it.each<[string, string]>([
    ['a clean diff', FIX],
    ['fences and prose', `Sure! Here is the fix:\n\n\`\`\`diff\n${FIX}\`\`\`\n\nIt counts down now.`],
    [
      'a fence without language, inside a list',
      `1. Fix\n   \`\`\`\n${FIX.split('\n')
        .map((l) => `   ${l}`)
        .join('\n')}\n   \`\`\`\n`,
    ],
    ['a fence that never closes', `\`\`\`diff\n${FIX}`],
    ['other code in a fence before', `\`\`\`verilog\nassign x = 1;\n\`\`\`\n\`\`\`diff\n${FIX}\`\`\`\n`],
    ['prose right after the diff', `${FIX}\nThis makes the counter count down.`],
    ['wrong line numbers', FIX.replace('-7,5 +7,5', '-40,5 +41,5')],
    ['wrong counts', FIX.replace('-7,5 +7,5', '-7,3 +7,9')],
    ['counts that are too large', FIX.replace('-7,5 +7,5', '-7,50 +7,50')],
    ['no numbers', FIX.replace('-7,5 +7,5', '...')],
    ['an empty hunk header', FIX.replace('@@ -7,5 +7,5 @@', '@@')],
    ['a section heading in place of numbers', FIX.replace('@@ -7,5 +7,5 @@', '@@ module counter @@')],
    ['no hunk header at all', FIX.replace('@@ -7,5 +7,5 @@\n', '')],
    ['no a/ and b/', FIX.replace('a/src', 'src').replace('b/src', 'src')],
    ['a leading ./', FIX.replace('a/src', './src').replace('b/src', './src')],
    ['a git header', `diff --git a/src/counter.sv b/src/counter.sv\nindex 123..456 100644\n${FIX}`],
    ['time stamps', FIX.replace('counter.sv\n+++', 'counter.sv\t2024-01-01 00:00:00\n+++')],
    ['trailing blanks in the diff', FIX.replace('negedge rst_n) begin', 'negedge rst_n) begin   ')],
    ['a context line without its space', FIX.replace('\n \n', '\n\n')],
    ['a fenced context line without its space', `\`\`\`diff\n${FIX.replace('\n   end', '\n  end')}\`\`\``],
    ['a diff in CR LF', FIX.replaceAll('\n', '\r\n')],
    ['a mail signature', `${FIX}-- \n2.39.5\n`],
    ['the same diff twice', `Draft:\n\`\`\`diff\n${FIX}\`\`\`\nFinal:\n\`\`\`diff\n${FIX}\`\`\`\n`],
  ])('%s', (_name, diff) => {
    expect(after(run(diff), 'src/counter.sv')).toBe(FIXED);
  });

  it('keeps CR LF files in CR LF, also for added lines', () => {
    const crlf = COUNTER.replaceAll('\n', '\r\n');
    expect(after(run(FIX, { 'src/counter.sv': crlf }), 'src/counter.sv')).toBe(FIXED.replaceAll('\n', '\r\n'));
    expect(after(run(FIX.replaceAll('\n', '\r\n'), { 'src/counter.sv': crlf }), 'src/counter.sv')).toBe(
      FIXED.replaceAll('\n', '\r\n'),
    );
  });

  it('keeps the line ending of the neighbour in a mixed file', () => {
    const diff = '--- a/m\n+++ b/m\n@@ ... @@\n two\n+new\n three\n';
    expect(after(run(diff, { m: 'one\ntwo\r\nthree\r\nfour\n' }), 'm')).toBe('one\ntwo\r\nnew\r\nthree\r\nfour\n');
  });

  it('keeps trailing blanks of lines that it does not change', () => {
    const text = COUNTER.replace('  end\n', '  end   \n');
    expect(after(run(FIX, { 'src/counter.sv': text }), 'src/counter.sv')).toBe(FIXED.replace('  end\n', '  end   \n'));
  });

  it('keeps a missing last newline unless the diff speaks of it', () => {
    const unaware = '--- a/f\n+++ b/f\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n';
    expect(after(run(unaware, { f: 'a\nb' }), 'f')).toBe('a\nc');
    const marker = '\\ No newline at end of file\n';
    expect(after(run(`--- a/f\n+++ b/f\n@@ -1,2 +1,2 @@\n a\n-b\n${marker}+c\n`, { f: 'a\nb' }), 'f')).toBe('a\nc\n');
    expect(after(run(`--- a/f\n+++ b/f\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n${marker}`, { f: 'a\nb\n' }), 'f')).toBe('a\nc');
    expect(after(run(`--- a/f\n+++ b/f\n@@ -1,2 +1,2 @@\n a\n-b\n${marker}+c\n${marker}`, { f: 'a\nb' }), 'f')).toBe(
      'a\nc',
    );
    const append = '--- a/f\n+++ b/f\n@@ -1,2 +1,3 @@\n a\n b\n+c\n';
    expect(after(run(append, { f: 'a\nb' }), 'f')).toBe('a\nb\nc');
  });

  it('keeps a byte order mark', () => {
    const diff = '--- a/f\n+++ b/f\n@@ -1,2 +1,2 @@\n-a\n+x\n b\n';
    expect(after(run(diff, { f: '\ufeffa\nb\n' }), 'f')).toBe('\ufeffx\nb\n');
  });

  it('creates files, with wrong counts, blank lines without plus and no /dev/null', () => {
    const text = 'module a;\n\nendmodule\n';
    for (const diff of [
      '--- /dev/null\n+++ b/src/a.sv\n@@ -0,0 +1,99 @@\n+module a;\n+\n+endmodule\n',
      '--- /dev/null\n+++ b/src/a.sv\n@@ -0,0 +1,3 @@\n+module a;\n\n+endmodule\n',
      '--- /dev/null\n+++ b/src/a.sv\n+module a;\n+\n+endmodule\n',
      'diff --git a/src/a.sv b/src/a.sv\nnew file mode 100644\n--- /dev/null\n+++ b/src/a.sv\n@@ -0,0 +1 @@\n+module a;\n+\n+endmodule\n',
      '--- a/src/a.sv\n+++ b/src/a.sv\n@@ -0,0 +1,3 @@\n+module a;\n+\n+endmodule\n',
    ])
      expect(after(run(diff), 'src/a.sv')).toBe(text);
  });

  it('deletes files, and renames as delete and create', () => {
    const removed = `--- a/f\n+++ /dev/null\n@@ -1,2 +0,0 @@\n-a\n-b\n`;
    expect(after(run(removed, { f: 'a\nb\n' }), 'f')).toBeNull();
    expect(after(run('diff --git a/f b/f\ndeleted file mode 100644\n', { f: 'a\nb\n' }), 'f')).toBeNull();
    const renamed = run(
      'diff --git a/f b/g\nsimilarity index 90%\nrename from f\nrename to g\n--- a/f\n+++ b/g\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n',
      { f: 'a\nb\n' },
    );
    expect(renamed).toMatchObject({
      ok: true,
      changes: [
        { path: 'f', kind: 'delete' },
        { path: 'g', kind: 'create', after: 'a\nc\n' },
      ],
    });
  });

  it('removes VHDL comments, whose removal looks like a file header', () => {
    const diff = '--- a/e.vhd\n+++ b/e.vhd\n@@ -1,3 +1,2 @@\n entity e is\n--- old comment\n end e;\n';
    expect(after(run(diff, { 'e.vhd': 'entity e is\n-- old comment\nend e;\n' }), 'e.vhd')).toBe(
      'entity e is\nend e;\n',
    );
    expect(
      after(run(diff.replace('-1,3 +1,2', '...'), { 'e.vhd': 'entity e is\n-- old comment\nend e;\n' }), 'e.vhd'),
    ).toBe('entity e is\nend e;\n');
  });

  it('applies several hunks and files, also two sections of one file', () => {
    const text = Array.from({ length: 30 }, (_, i) => `line ${i + 1}`).join('\n') + '\n';
    const diff =
      '--- a/f\n+++ b/f\n@@ -2,3 +2,4 @@\n line 2\n+new 2\n line 3\n line 4\n@@ -20,3 +21,2 @@\n line 20\n-line 21\n line 22\n' +
      '--- a/f\n+++ b/f\n@@ ... @@\n line 28\n-line 29\n+LINE 29\n line 30\n--- /dev/null\n+++ b/g\n@@ -0,0 +1 @@\n+x\n';
    const result = run(diff, { f: text });
    expect(after(result, 'f')).toBe(
      text.replace('line 2\n', 'line 2\nnew 2\n').replace('line 21\n', '').replace('line 29', 'LINE 29'),
    );
    expect(after(result, 'g')).toBe('x\n');
  });

  it('leaves every byte of another encoding alone', () => {
    const gbk = Buffer.from([0x2f, 0x2f, 0xbc, 0xc6, 0xca, 0xfd, 0x0a, 0x61, 0x0a, 0x62, 0x0a]).toString('latin1');
    const diskFiles: PatchFiles = {
      read: (path) => (path === 'f' ? { kind: 'text', text: gbk, encoding: 'latin1' } : { kind: 'missing' }),
    };
    const result = applyPatch({ diff: '--- a/f\n+++ b/f\n@@ -2,2 +2,2 @@\n a\n-b\n+é\n', files: diskFiles });
    expect(result).toMatchObject({
      ok: true,
      changes: [{ encoding: 'latin1', after: `${gbk.slice(0, -2)}\u00c3\u00a9\n` }],
    });
  });
});

describe('strict where tolerance would guess', () => {
  const twice = 'begin\n  x <= 1;\nend\nmid\nbegin\n  x <= 1;\nend\n';
  const edit = (header: string): string => `--- a/f\n+++ b/f\n${header}\n begin\n-  x <= 1;\n+  x <= 0;\n end\n`;

  it('a hunk that fits twice needs exact numbers', () => {
    expect(after(run(edit('@@ -5,3 +5,3 @@'), { f: twice }), 'f')).toBe(
      'begin\n  x <= 1;\nend\nmid\nbegin\n  x <= 0;\nend\n',
    );
    for (const header of [
      '@@ -4,3 +4,3 @@',
      '@@ ... @@',
      '@@ -5,9 +5,9 @@',
      '@@ -2,3 +2,3 @@',
      '@@ -500,3 +500,3 @@',
    ]) {
      expect(codes(run(edit(header), { f: twice })), header).toEqual(['PATCH_AMBIGUOUS']);
    }
  });

  it('one drifted hunk takes the weight from the numbers of its neighbours', () => {
    const drifted = `${edit('@@ -1,3 +1,3 @@')}@@ -9,3 +9,3 @@\n end\n-tail\n+TAIL\n last\n`;
    expect(codes(run(drifted, { f: `${twice}tail\nlast\n` }))).toEqual(['PATCH_AMBIGUOUS']);
  });

  it('old and new numbers that do not agree with one another decide nothing', () => {
    expect(codes(run(edit('@@ -5,3 +1,3 @@'), { f: twice }))).toEqual(['PATCH_AMBIGUOUS']);
    const longer = '@@ -1,1 +0,0 @@\n-top\n';
    const second = (header: string): string =>
      `--- a/f\n+++ b/f\n${longer}${header}\n begin\n-  x <= 1;\n+  x <= 0;\n end\n`;
    expect(after(run(second('@@ -6,3 +5,3 @@'), { f: `top\n${twice}` }), 'f')).toBe(
      'begin\n  x <= 1;\nend\nmid\nbegin\n  x <= 0;\nend\n',
    );
    expect(codes(run(second('@@ -6,3 +6,3 @@'), { f: `top\n${twice}` }))).toEqual(['PATCH_AMBIGUOUS']);
    const deletion = (header: string): string => `--- a/f\n+++ b/f\n${header}\n-endmodule\n`;
    const ends = 'endmodule\nbegin\nendmodule\n';
    expect(after(run(deletion('@@ -3,1 +2,0 @@'), { f: ends }), 'f')).toBe('endmodule\nbegin\n');
    expect(codes(run(deletion('@@ -3,1 +0,0 @@'), { f: ends }))).toEqual(['PATCH_AMBIGUOUS']);
  });

  it('an insertion without context is a guess', () => {
    expect(codes(run('--- a/f\n+++ b/f\n@@ -2,0 +3,1 @@\n+x\n', { f: twice }))).toEqual(['PATCH_AMBIGUOUS']);
  });

  it('reports hunk by hunk, says what it found, and changes nothing', () => {
    const result = run(
      `${FIX.replace("8'd0;", "8'hFF;")}@@ -1,3 +1,3 @@\n module counter (\n-  input  wire clk,\n+  input  wire clock,\n   input  wire rst_n,\n`,
    );
    expect(result).toMatchObject({
      ok: false,
      refusals: [{ code: 'PATCH_HUNK_FAILED', path: 'src/counter.sv', hunk: 1 }],
    });
    expect(JSON.stringify(result)).toContain("8'd0");
    expect(JSON.stringify(result)).toContain('at line 8');
  });

  it('names an edit that stands in the file already', () => {
    expect(JSON.stringify(run(FIX, { 'src/counter.sv': FIXED }))).toContain('stand in the file already');
  });

  it('hunks that change one line twice, or insert at one place, are refused', () => {
    const double = '--- a/f\n+++ b/f\n@@ -1,2 +1,2 @@\n-a\n+x\n b\n@@ -1,2 +1,2 @@\n-a\n+y\n b\n';
    expect(codes(run(double, { f: 'a\nb\nc\n' }))).toEqual(['PATCH_HUNK_FAILED']);
    const same = '--- a/f\n+++ b/f\n@@ -1,2 +1,3 @@\n a\n+x\n b\n@@ -1,3 +1,4 @@\n a\n+y\n b\n c\n';
    expect(codes(run(same, { f: 'a\nb\nc\n' }))).toEqual(['PATCH_HUNK_FAILED']);
  });

  it('hunks may share context', () => {
    const shared = '--- a/f\n+++ b/f\n@@ -1,3 +1,3 @@\n-a\n+x\n b\n c\n@@ -2,3 +2,3 @@\n b\n c\n-d\n+y\n';
    expect(after(run(shared, { f: 'a\nb\nc\nd\n' }), 'f')).toBe('x\nb\nc\ny\n');
  });

  it('a change after an odd line is never lost', () => {
    const cut = '--- a/f\n+++ b/f\n@@ -1,2 +1,2 @@\n a\n-b\n+B\nsome prose\n-d\n+D\n';
    expect(codes(run(cut, { f: 'a\nb\nc\nd\n' }))).toEqual(['PATCH_HUNK_FAILED']);
    expect(codes(run(`\`\`\`diff\n${cut}\`\`\``, { f: 'a\nb\nc\nd\n' }))).toEqual(['PATCH_HUNK_FAILED']);
  });
});

describe('the policy, each rule with its own code', () => {
  const create = (path: string): string => `--- /dev/null\n+++ ${path}\n@@ -0,0 +1 @@\n+x\n`;
  const CASES: readonly (readonly [string, string])[] = [
    ['', 'PATCH_NO_DIFF'],
    ['I would change the reset.', 'PATCH_NO_DIFF'],
    ['```verilog\nmodule a; endmodule\n```', 'PATCH_NO_DIFF'],
    ['*** Begin Patch\n*** Update File: src/counter.sv\n', 'PATCH_NO_DIFF'],
    [create('/etc/passwd'), 'PATCH_PATH_ABSOLUTE'],
    [create('b//etc/passwd'), 'PATCH_PATH_ABSOLUTE'],
    [create('C:/x'), 'PATCH_PATH_ABSOLUTE'],
    [create('b/C:\\x'), 'PATCH_PATH_ABSOLUTE'],
    [create('\\\\server\\x'), 'PATCH_PATH_ABSOLUTE'],
    [create('b/../x'), 'PATCH_PATH_ESCAPE'],
    [create('b/src/../../x'), 'PATCH_PATH_ESCAPE'],
    [create('b/src/..'), 'PATCH_PATH_ESCAPE'],
    [create('b/..\\x'), 'PATCH_PATH_ESCAPE'],
    [create('"b/\\056\\056/x"'), 'PATCH_PATH_ESCAPE'],
    [create('b/src//x'), 'PATCH_PATH_INVALID'],
    [create('b/src\\x'), 'PATCH_PATH_INVALID'],
    [create('b/src/a\0b'), 'PATCH_PATH_INVALID'],
    [create('"b/src/a\\nb"'), 'PATCH_PATH_INVALID'],
    [create('b/src/./x'), 'PATCH_PATH_INVALID'],
    [create(`b/${'x'.repeat(300)}`), 'PATCH_PATH_INVALID'],
    [create('b/.git/config'), 'PATCH_PROTECTED'],
    [create('b/.GIT/hooks/pre-commit'), 'PATCH_PROTECTED'],
    [create('b/sub/.Git/config'), 'PATCH_PROTECTED'],
    [create('b/.git'), 'PATCH_PROTECTED'],
    [create('b/.git./config'), 'PATCH_PROTECTED'],
    [create('b/.git::$INDEX_ALLOCATION/config'), 'PATCH_PROTECTED'],
    [create('b/.gi\u200dt/config'), 'PATCH_PROTECTED'],
    [create('b/GIT~1/config'), 'PATCH_PROTECTED'],
    [create('b/.genRTL/vendor/cbb/x'), 'PATCH_PROTECTED'],
    [create('b/.GENRTL/state.json'), 'PATCH_PROTECTED'],
    [create('b/accept/t1.sv'), 'PATCH_SEALED'],
    [create('b/src/counter.sv'), 'PATCH_EXISTS'],
    [create('b/src'), 'PATCH_EXISTS'],
    [create('b/src/counter.sv/x'), 'PATCH_PATH_INVALID'],
    [create('b/bin'), 'PATCH_EXISTS'],
    [create('b/link/x'), 'PATCH_SYMLINK'],
    [FIX.replaceAll('src/counter.sv', 'src/none.sv'), 'PATCH_MISSING'],
    [FIX.replaceAll('src/counter.sv', 'bin'), 'PATCH_BINARY'],
    [FIX.replaceAll('src/counter.sv', 'link'), 'PATCH_SYMLINK'],
    [FIX.replaceAll('src/counter.sv', 'link/x'), 'PATCH_SYMLINK'],
    [FIX.replaceAll('src/counter.sv', 'src'), 'PATCH_PATH_INVALID'],
    [FIX.replaceAll('src/counter.sv', 'big'), 'PATCH_FILE_TOO_LARGE'],
    [FIX.replace('b/src/counter.sv', 'b/src/other.sv'), 'PATCH_PATH_INVALID'],
    [
      'diff --git a/l b/l\nnew file mode 120000\n--- /dev/null\n+++ b/l\n@@ -0,0 +1 @@\n+/etc/passwd\n',
      'PATCH_SYMLINK',
    ],
    [
      'diff --git a/s b/s\nnew file mode 160000\n--- /dev/null\n+++ b/s\n@@ -0,0 +1 @@\n+Subproject commit 1\n',
      'PATCH_SYMLINK',
    ],
    ['diff --git a/p b/p\nnew file mode 100644\nindex 0..1\nGIT binary patch\nliteral 3\nKc$x\n\n', 'PATCH_BINARY'],
    ['diff --git a/p b/p\nindex 0..1 100644\nBinary files a/p and b/p differ\n', 'PATCH_BINARY'],
    ['Binary files a/p and b/p differ\n', 'PATCH_BINARY'],
    ['--- /dev/null\n+++ b/n\n@@ -0,0 +1 @@\n+a\0b\n', 'PATCH_BINARY'],
    [`--- /dev/null\n+++ b/n\n@@ -0,0 +1 @@\n+${'x'.repeat(3_000_000)}\n`, 'PATCH_FILE_TOO_LARGE'],
    [Array.from({ length: 65 }, (_, i) => create(`b/f${i}`)).join(''), 'PATCH_TOO_MANY_FILES'],
    [create('b/n/A.sv') + create('b/n/a.sv'), 'PATCH_PATH_INVALID'],
    [create('b/n/a') + create('b/n/a/b'), 'PATCH_PATH_INVALID'],
    [create('b/n/a/b') + create('b/n/a'), 'PATCH_PATH_INVALID'],
    [create('b/n') + create('b/n').replace('+x', '+y'), 'PATCH_EXISTS'],
    ['@@ -1,1 +1,1 @@\n-a\n+b\n', 'PATCH_HUNK_FAILED'],
    ['--- /dev/null\n+++ b/n\n@@ -0,0 +1,2 @@\n+x\n y\n', 'PATCH_HUNK_FAILED'],
    ['--- a/src/counter.sv\n+++ /dev/null\n@@ -1,1 +0,0 @@\n-module counter (\n', 'PATCH_HUNK_FAILED'],
    ['--- /dev/null\n+++ /dev/null\n@@ -0,0 +1 @@\n+x\n', 'PATCH_PATH_INVALID'],
    ['diff --git a/src/counter.sv b/src/counter.sv\nold mode 100644\nnew mode 100755\n', 'PATCH_NO_DIFF'],
    [withHeader('--- a/src/counter.sv\n+++ b/src/counter.sv\n@@@ -7,5 -7,5 +7,5 @@@\n'), 'PATCH_HUNK_FAILED'],
  ];
  const disk: PatchFiles = {
    read: (path) => {
      if (path === 'bin') return { kind: 'binary' };
      if (path === 'link' || path.startsWith('link/')) return { kind: 'symlink' };
      if (path === 'big') return { kind: 'too_large', sizeBytes: 9_000_000 };
      return filesFrom(files).read(path);
    },
  };

  it.each(CASES.map(([diff, code]) => [code, diff.slice(0, 60), diff] as const))('%s: %j', (code, _shown, diff) => {
    const result = applyPatch({ diff, files: disk, policy: { isSealed: (path) => path.startsWith('accept/') } });
    expect(codes(result)).toContain(code);
    expect(new Set(codes(result)).size).toBe(1);
  });

  it('one bad file refuses the whole patch', () => {
    expect(codes(run(FIX + create('b/.git/config')))).toEqual(['PATCH_PROTECTED']);
  });

  it('a file that changed since it was seen is stale, a vanished one too', () => {
    const read: PatchFiles = {
      read: (path) => (path === 'src/counter.sv' ? { kind: 'text', text: COUNTER, sha256: 'aa' } : { kind: 'missing' }),
    };
    expect(applyPatch({ diff: FIX, files: read, seen: { 'src/counter.sv': 'aa' } }).ok).toBe(true);
    expect(codes(applyPatch({ diff: FIX, files: read, seen: { 'src/counter.sv': 'bb' } }))).toEqual(['PATCH_STALE']);
    expect(codes(applyPatch({ diff: FIX, files: filesFrom({}), seen: { 'src/counter.sv': 'aa' } }))).toEqual([
      'PATCH_STALE',
    ]);
  });
});
