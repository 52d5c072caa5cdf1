// Each shape in which models give changes of files, as it is taken, and as it is refused with a sentence that says what
// to do. The answers are as models wrote them, down to the byte.
import { describe, expect, it } from 'vitest';
import { applyPatch, filesFrom } from '@genrtl/core/patch/index.ts';
import { checkPatchAnswer } from '../asking/patch-answer.ts';

const PULSE =
  'module pulse(input logic clk, output logic q);\n  logic n;\n  always_ff @(posedge clk)\n    n <= ~n;\n  assign q = n;\nendmodule\n';
const FILES = [{ path: 'src/pulse.sv', text: PULSE }];
const MENDED = PULSE.replace('q = n', 'q = ~n');
const NEW = 'module blink(input logic clk);\nendmodule\n';

/** The files after the answer, or the reasons against it. */
function after(answer: string, files = FILES): unknown {
  const checked = checkPatchAnswer(answer, files);
  if (!checked.ok) return checked.reasons;
  const texts = Object.fromEntries(files.map(({ path, text }) => [path, text]));
  const applied = applyPatch({ diff: checked.patch, files: filesFrom(texts) });
  return applied.ok ? Object.fromEntries(applied.changes.map((change) => [change.path, change.after])) : applied;
}

const DIFF =
  '--- a/src/pulse.sv\n+++ b/src/pulse.sv\n@@ -4,3 +4,3 @@\n     n <= ~n;\n-  assign q = n;\n+  assign q = ~n;\n endmodule\n';

const CODEX = '*** Begin Patch\n*** Update File: src/pulse.sv\n@@\n-  assign q = n;\n+  assign q = ~n;\n';
let numbered = 0;
const block = (language: string, text: string): string => `\`\`\`${language}\n${text}\`\`\`\n`;
const SR = (old: string, now: string): string => `<<<<<<< SEARCH\n${old}=======\n${now}>>>>>>> REPLACE\n`;

describe('taken', () => {
  it.each([
    ['whole file, path above', `Here it is.\n\n**src/pulse.sv**\n${block('systemverilog', MENDED)}`],
    ['whole file, path as heading', `### File: \`src/pulse.sv\`\n\n${block('verilog', MENDED)}`],
    ['whole file, path behind the language', block('sv src/pulse.sv', MENDED)],
    ['whole file, path joined to the language', block('systemverilog:src/pulse.sv', MENDED)],
    ['whole file, path as title', block('sv title="src/pulse.sv"', MENDED)],
    ['SEARCH/REPLACE', `src/pulse.sv\n${block('sv', SR('  assign q = n;\n', '  assign q = ~n;\n'))}`],
    [
      'SEARCH/REPLACE, path inside the fence',
      `\`\`\`\nsrc/pulse.sv\n${SR('  assign q = n;\n', '  assign q = ~n;\n')}\`\`\`\n`,
    ],
    [
      'Codex patch',
      '*** Begin Patch\n*** Update File: src/pulse.sv\n@@ module pulse\n     n <= ~n;\n-  assign q = n;\n+  assign q = ~n;\n endmodule\n*** End Patch\n',
    ],
    ['JSON edit', '{"path":"src/pulse.sv","old":"  assign q = n;","new":"  assign q = ~n;"}'],
    [
      'JSON edits in a list, in a fence, with a comment',
      block(
        'json',
        '{"edits": [\n // the output\n {"file": "src/pulse.sv", "old_string": "  assign q = n;", "new_string": "  assign q = ~n;",},\n]}\n',
      ),
    ],
    ['JSON with the whole file', JSON.stringify({ files: [{ path: 'src/pulse.sv', content: MENDED }] })],
    [
      'an existing file given as a new one',
      `--- /dev/null\n+++ b/src/pulse.sv\n@@ -0,0 +1,6 @@\n${MENDED.trimEnd()
        .split('\n')
        .map((one) => `+${one}`)
        .join('\n')}\n`,
    ],
    [
      'context with tabs for blanks',
      '--- a/src/pulse.sv\n+++ b/src/pulse.sv\n@@ -4,3 +4,3 @@\n \t\tn <= ~n;\n-\tassign q = n;\n+\tassign q = ~n;\n endmodule\n',
    ],
    [
      'context shifted by two',
      '--- a/src/pulse.sv\n+++ b/src/pulse.sv\n@@ ... @@\n       n <= ~n;\n-    assign q = n;\n+    assign q = ~n;\n',
    ],
    [
      'SEARCH with dashes and pluses',
      `src/pulse.sv\n------- SEARCH\n  assign q = n;\n=======\n  assign q = ~n;\n+++++++ REPLACE\n`,
    ],
    [
      'SEARCH with line numbers above it',
      `src/pulse.sv\n<<<<<<< SEARCH\n:start_line:5\n-------\n  assign q = n;\n=======\n  assign q = ~n;\n>>>>>>> REPLACE\n`,
    ],
    [
      'SEARCH below a sentence that names one path',
      `In \`src/pulse.sv\` invert the output:\n\n${SR('  assign q = n;\n', '  assign q = ~n;\n')}`,
    ],
    [
      'a path as diffs write it, in a Codex patch',
      '*** Begin Patch\n*** Update File: a/src/pulse.sv\n@@\n-  assign q = n;\n+  assign q = ~n;\n*** End Patch\n',
    ],
    ['a path as diffs write it, above a fence', `b/src/pulse.sv\n${block('sv', MENDED)}`],
    ['a path from the folder, in JSON', '{"path":"./src/pulse.sv","old":"  assign q = n;","new":"  assign q = ~n;"}'],
    [
      'whole file in a fence of a list',
      `- src/pulse.sv\n\n${block('sv', MENDED)
        .trimEnd()
        .split('\n')
        .map((one) => `  ${one}`)
        .join('\n')}\n`,
    ],
    ['JSON edit within a line', '{"path":"src/pulse.sv","old_str":"q = n;","new_str":"q = ~n;"}'],
    [
      'JSON as a call of a tool',
      JSON.stringify({
        name: 'edit',
        arguments: { file_path: 'src/pulse.sv', old_string: 'q = n', new_string: 'q = ~n' },
      }),
    ],
    [
      'JSON as a call whose arguments are text',
      JSON.stringify({ name: 'write', arguments: JSON.stringify({ path: 'src/pulse.sv', content: MENDED }) }),
    ],
    ['JSON, text by path', JSON.stringify({ files: { 'src/pulse.sv': MENDED } })],
    [
      'JSON, edits of a file below its path',
      JSON.stringify([{ path: 'src/pulse.sv', edits: [{ find: 'q = n', replace: 'q = ~n' }] }]),
    ],
    ['a file between tags', `<file path="src/pulse.sv">\n${MENDED}</file>\n`],
    [
      'an agent’s tool as tags',
      `<write_to_file>\n<path>src/pulse.sv</path>\n<content>\n${MENDED}</content>\n</write_to_file>`,
    ],
    [
      'SEARCH/REPLACE between tags',
      `<replace_in_file>\n<path>src/pulse.sv</path>\n<diff>\n${SR('  assign q = n;\n', '  assign q = ~n;\n')}</diff>\n</replace_in_file>`,
    ],
    ['a command that writes the file', block('bash', `cat > src/pulse.sv <<'EOF'\n${MENDED}EOF\n`)],
    ['the same, the other way round', block('sh', `cat << EOF > src/pulse.sv\n${MENDED}EOF\n`)],
    ['a Codex patch as arguments', JSON.stringify({ command: ['apply_patch', `${CODEX}*** End Patch`] })],
    ['a Codex patch of a shell', `apply_patch <<'EOF'\n${CODEX}*** End Patch\nEOF\n`],
    ['a diff as a JSON string', JSON.stringify(DIFF)],
    ['a diff whose line breaks are written out', DIFF.replaceAll('\n', '\\n')],
    ['a diff in a terminal’s colours', DIFF.replaceAll(/^([-+][^-+].*)$/gm, '\u001b[32m$1\u001b[m')],
    ['a diff with an indented hunk header', DIFF.replace('@@ -4', ' @@ -4')],
    ['a diff of a name without its folder', DIFF.replaceAll(/[ab]\/src\//g, '')],
    ['a diff with backslashes in its paths', DIFF.replaceAll('src/pulse', 'src\\pulse')],
    ['a path in a comment of the page', `<!-- src/pulse.sv -->\n${block('sv', MENDED)}`],
    ['a path with a Chinese label', `文件：src/pulse.sv\n${block('sv', MENDED)}`],
    ['a path in a Chinese sentence', `修改后的 \`src/pulse.sv\`：\n\n${block('verilog', MENDED)}`],
    ['a path in a numbered heading', `#### 1. src/pulse.sv (modified)\n\n${block('verilog', MENDED)}`],
    [
      'a listing with its line numbers',
      `src/pulse.sv\n${block(
        'sv',
        MENDED.replaceAll(/^(?=.)/gm, () => `${(numbered += 1)} | `),
      )}`,
    ],
    ['JSON with the lines as a list', JSON.stringify({ path: 'src/pulse.sv', content: MENDED.trimEnd().split('\n') })],
    ['JSON with the new content', JSON.stringify({ path: 'src/pulse.sv', newContent: MENDED })],
    ['a diff inside JSON', JSON.stringify({ summary: 'inverted', diff: DIFF })],
    ['a diff as a quotation', DIFF.replaceAll(/^/gm, '> ').trimEnd()],
    ['a diff as an indented block', `Here:\n\n${DIFF.replaceAll(/^(?=.)/gm, '    ')}`],
    ['a diff whose signs became entities', DIFF.replace('     n <= ~n;', '     n &lt;= ~n;')],
    ['a diff with blanks of a page', DIFF.replace('-  assign', '-\u00a0\u00a0assign')],
    ['SEARCH shifted to the margin', `src/pulse.sv\n${SR('assign q = n;\n', 'assign q = ~n;\n')}`],
    [
      'thoughts whose opening mark the server swallowed',
      `The output is wrong, so I will write src/other.sv … no.\n</think>\n\nsrc/pulse.sv\n${SR('  assign q = n;\n', '  assign q = ~n;\n')}`,
    ],
    [
      'Harmony’s channels',
      `<|channel|>analysis<|message|>Invert it.<|end|><|start|>assistant<|channel|>final<|message|>src/pulse.sv\n${SR('  assign q = n;\n', '  assign q = ~n;\n')}<|return|>`,
    ],
  ])('%s', (_name, answer) => {
    expect(after(answer)).toEqual({ 'src/pulse.sv': MENDED });
  });

  it('new files: in a fence whose first comment is the path, as Codex adds them, beside a diff', () => {
    expect(after(block('systemverilog', `// src/blink.sv\n${NEW}`))).toEqual({
      'src/blink.sv': `// src/blink.sv\n${NEW}`,
    });
    const added = NEW.trimEnd()
      .split('\n')
      .map((one) => `+${one}`)
      .join('\n');
    expect(after(`*** Begin Patch\n*** Add File: src/blink.sv\n${added}\n*** End Patch\n`)).toEqual({
      'src/blink.sv': NEW,
    });
    const diff =
      '--- a/src/pulse.sv\n+++ b/src/pulse.sv\n@@ -5,2 +5,2 @@\n-  assign q = n;\n+  assign q = ~n;\n endmodule\n';
    expect(after(`${block('diff', diff)}\nsrc/blink.sv\n${block('sv', NEW)}`)).toEqual({
      'src/blink.sv': NEW,
      'src/pulse.sv': MENDED,
    });
  });

  it('JSON edits one after another are all of the change', () => {
    const edits = [
      { path: 'src/pulse.sv', old: 'q = n', new: 'q = ~n' },
      { path: 'src/blink.sv', content: NEW },
      { path: 'src/pulse.sv', old: 'logic n;', new: 'logic n = 0;' },
    ];
    expect(after(edits.map((edit) => JSON.stringify(edit)).join('\n'))).toEqual({
      'src/pulse.sv': MENDED.replace('logic n;', 'logic n = 0;'),
      'src/blink.sv': NEW,
    });
    expect(after('{"path":"src/pulse.sv","delete":true}')).toEqual({ 'src/pulse.sv': null });
  });

  it('a deletion and two changes of one file', () => {
    expect(after('*** Begin Patch\n*** Delete File: src/pulse.sv\n*** End Patch\n')).toEqual({ 'src/pulse.sv': null });
    expect(
      after(
        `src/pulse.sv\n${SR('  logic n;\n', '  logic n = 0;\n')}\n${SR('  assign q = n;\n', '  assign q = ~n;\n')}`,
      ),
    ).toEqual({ 'src/pulse.sv': MENDED.replace('logic n;', 'logic n = 0;') });
  });
});

describe('refused with what to do', () => {
  const twice = [{ path: 'src/a.sv', text: 'x = 1;\ny = 2;\nx = 1;\n' }];
  it.each([
    [
      'a part of a file as the whole of it',
      `src/pulse.sv\n${block('sv', '  assign q = ~n;\n')}`,
      'only a part of the file is given',
    ],
    ['the same as JSON', JSON.stringify({ path: 'src/pulse.sv', content: '  assign q = ~n;\n' }), 'only a part'],
    [
      'a file without its end',
      `src/blink.sv\n${block('sv', 'module blink;\n  wire w;\n')}`,
      'ends before its last unit',
    ],
    [
      'two files in one block',
      block('sv', `// src/pulse.sv\n${MENDED}\n// src/blink.sv\n${NEW}`),
      'give each file its own block',
    ],
    ['a diff that ends within a change', DIFF.slice(0, DIFF.indexOf('+  assign')), 'the answer ends in the middle'],
    [
      'a new file that breaks off',
      '--- /dev/null\n+++ b/src/blink.sv\n@@ -0,0 +1,90 @@\n+module blink;\n+  wire w',
      'ends before its last unit',
    ],
    ['a diff and a hunk of nobody knows what', `${DIFF}\n\n@@@ -1 -1 +1 @@@\n- a\n`, 'combined diff'],
    ['a draft and its correction', DIFF + DIFF.replace('= ~n;\n end', '= !n;\n end'), 'give one diff a file'],
    ['prose', 'I have mended it.', 'answer with one unified diff'],
    ['a block without a path', block('systemverilog', NEW), 'put the file’s path'],
    [
      'a file with parts left out',
      `src/pulse.sv\n${block('sv', 'module pulse;\n  // ... existing code ...\nendmodule\n')}`,
      'parts left out',
    ],
    [
      'the same in Chinese',
      `src/pulse.sv\n${block('sv', 'module pulse;\n  // ... 其余不变\nendmodule\n')}`,
      'parts left out',
    ],
    ['a block that never ends', `src/pulse.sv\n\`\`\`sv\n${PULSE}`, 'not closed'],
    ['two texts for one path', `src/a.sv\n${block('sv', 'a\n')}src/a.sv\n${block('sv', 'b\n')}`, 'give the file once'],
    ['SEARCH that stands nowhere', `src/pulse.sv\n${SR('  assign nothing = 1;\n', 'x\n')}`, 'the hunk expects'],
    ['SEARCH without a path', SR('  assign q = n;\n', 'x\n'), 'has no path'],
    ['SEARCH that is cut off', 'src/pulse.sv\n<<<<<<< SEARCH\n  assign q = n;\n=======\n  assign q', 'cut off'],
    ['an empty SEARCH on a file', `src/pulse.sv\n${SR('', 'x\n')}`, 'SEARCH part is empty'],
    [
      'a Codex patch without its end',
      '*** Begin Patch\n*** Update File: src/pulse.sv\n@@\n-  assign q = n;\n+  a',
      'End Patch',
    ],
    [
      'a Codex file without plus',
      '*** Begin Patch\n*** Add File: src/b.sv\nmodule b;\n*** End Patch',
      'starts with “+”',
    ],
    [
      'lines by their numbers',
      '{"path":"src/pulse.sv","start_line":5,"end_line":5,"content":"  assign q = ~n;"}',
      'named by their numbers',
    ],
    [
      'a JSON text that stands more than once',
      '{"path":"src/pulse.sv","old":"n","new":"m"}',
      'stands in the file more than once',
    ],
    [
      'a file whole and as edits',
      '[{"path":"src/pulse.sv","content":"x"},{"path":"src/pulse.sv","old":"q = n","new":"q = m"}]',
      'give one of both',
    ],
    ['a file twice', '{"path":"src/b.sv","content":"x"}\n{"path":"src/b.sv","content":"y"}', 'give it once'],
    [
      'a merge conflict',
      `src/pulse.sv\n<<<<<<< HEAD\n  assign q = n;\n||||||| base\n  assign q = n;\n=======\nx\n>>>>>>> other\n`,
      'three parts',
    ],
    ['headers without hunks', `--- a/src/pulse.sv\n+++ b/src/pulse.sv\n${MENDED}`, 'no `@@` hunk'],
    ['a JSON edit without new text', '{"path":"src/pulse.sv","old":"x"}', '“old” but no “new”'],
    ['a path that leads out', `../x.sv\n${SR('', 'x\n')}`, 'PATCH_PATH_ESCAPE'],
    ['JSON whose path leads out', '{"path":"src/../../x.sv","content":"x"}', 'PATCH_PATH_ESCAPE'],
    ['JSON for a protected file', '{"path":".git/config","content":"x"}', 'PATCH_PROTECTED'],
  ])('%s', (_name, answer, reason) => {
    expect(JSON.stringify(after(answer))).toContain(reason);
  });
  it('a place that fits twice is never chosen', () => {
    expect(JSON.stringify(after(`src/a.sv\n${SR('x = 1;\n', 'x = 3;\n')}`, twice))).toContain('fits equally');
    expect(JSON.stringify(after(`src/a.sv\n${SR('  x = 1;\n', '  x = 3;\n')}`, twice))).toContain('PATCH_');
  });
});

it('hostile answers take linear time', () => {
  for (const unit of [
    '<<<<<<< SEARCH\n',
    '```sv\n',
    '*** Update File: a\n',
    '{"path":',
    '<think>',
    "{'a': ['",
    '<|channel|>',
    '<file path="a">',
    '<write_to_file><path>a</path><content>',
    "cat > a <<'E'\n",
  ])
    expect(Array.isArray(after(unit.repeat(20_000)))).toBe(true);
}, 20_000);
