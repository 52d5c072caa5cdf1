// An answer that was cut off at its limit: what was whole stands, only the rest is asked for, and the pieces together
// are the one change.
import { describe, expect, it } from 'vitest';
import { applyPatch, filesFrom } from '@genrtl/core/patch/index.ts';
import { PatchPieces } from './patch-pieces.ts';

const A = 'module a;\n  wire x;\nendmodule\n';
const FILES = [{ path: 'src/a.sv', text: A }];
const NEW = (name: string): string => `module ${name};\nendmodule\n`;
const create = (name: string): string =>
  `--- /dev/null\n+++ b/src/${name}.sv\n@@ -0,0 +1,2 @@\n+module ${name};\n+endmodule\n`;
const CHANGE = '--- a/src/a.sv\n+++ b/src/a.sv\n@@ -1,3 +1,3 @@\n module a;\n-  wire x;\n+  wire y;\n endmodule\n';
const block = (name: string, text = NEW(name)): string => `src/${name}.sv\n\`\`\`sv\n${text}\`\`\`\n`;
const SR = '<<<<<<< SEARCH\n  wire x;\n=======\n  wire y;\n>>>>>>> REPLACE\n';

/** Files after the pieces, or what was said. */
function after(pieces: PatchPieces, last: string): unknown {
  const checked = pieces.check(last);
  if (!checked.ok) return checked.reasons;
  const applied = applyPatch({ diff: checked.patch, files: filesFrom({ 'src/a.sv': A }) });
  return applied.ok ? Object.fromEntries(applied.changes.map(({ path, after: text }) => [path, text])) : applied;
}

describe('what stands', () => {
  const CUTS: [string, string, string | null][] = [
    [
      'a diff, inside its third file',
      `${CHANGE}${create('b')}--- /dev/null\n+++ b/src/c.sv\n@@ -0,0 +1,9 @@\n+modu`,
      'src/c.sv',
    ],
    [
      'a diff in a fence',
      `\`\`\`diff\n${CHANGE}${create('b')}--- /dev/null\n+++ b/src/c.sv\n@@ -0,0 +1,2 @@\n+module c`,
      'src/c.sv',
    ],
    ['a diff, inside a header', `${CHANGE}${create('b')}${create('c')}`, 'src/c.sv'],
    [
      'whole files in fences',
      `${block('a', A.replace('x', 'y'))}${block('b')}src/c.sv\n\`\`\`sv\nmodule c;\n  ass`,
      'src/c.sv',
    ],
    [
      'SEARCH/REPLACE blocks',
      `src/a.sv\n${SR}\nsrc/b.sv\n<<<<<<< SEARCH\n=======\n${NEW('b')}>>>>>>> REPLACE\n\nsrc/c.sv\n<<<<<<< SEARCH\n=======\nmod`,
      'src/c.sv',
    ],
    [
      'a Codex patch',
      `*** Begin Patch\n*** Update File: src/a.sv\n@@\n-  wire x;\n+  wire y;\n*** Add File: src/b.sv\n+module b;\n+endmodule\n*** Add File: src/c.sv\n+modul`,
      'src/c.sv',
    ],
  ];
  it.each(CUTS)('%s', (_name, cut, brokeIn) => {
    const pieces = new PatchPieces(FILES, undefined, ['src/a.sv', 'src/b.sv', 'src/c.sv', 'tb/tb_a.sv']);
    const kept = pieces.keep(cut);
    expect(kept?.said).toContain('- src/a.sv\n- src/b.sv');
    expect(kept?.said).toContain(`broke off inside ${brokeIn ?? ''}`);
    expect(kept?.said).toContain('- src/c.sv\n- tb/tb_a.sv');
    expect(kept?.answered).toContain('+  wire y;');
    expect(after(pieces, create('c'))).toEqual({
      'src/a.sv': A.replace('x', 'y'),
      'src/b.sv': NEW('b'),
      'src/c.sv': NEW('c'),
    });
  });

  it('two pieces, and the last one in another shape', () => {
    const pieces = new PatchPieces(FILES);
    expect(pieces.keep(`${create('b')}--- /dev/null\n+++ b/src/c.sv\n`)).not.toBeNull();
    expect(pieces.keep(`${block('c')}src/d.sv\n\`\`\`sv\nmo`)).not.toBeNull();
    expect(after(pieces, `src/a.sv\n${SR}`)).toEqual({
      'src/a.sv': A.replace('x', 'y'),
      'src/b.sv': NEW('b'),
      'src/c.sv': NEW('c'),
    });
  });

  it('a file that was taken may still be changed, and one that comes again is no second file', () => {
    const pieces = new PatchPieces(FILES);
    pieces.keep(`${create('b')}${create('c')}`);
    expect(after(pieces, block('b', 'module b;\n  wire z;\nendmodule\n'))).toEqual({
      'src/b.sv': 'module b;\n  wire z;\nendmodule\n',
    });
  });
});

describe('nothing stands', () => {
  it.each([
    ['cut inside the first file', '--- /dev/null\n+++ b/src/c.sv\n@@ -0,0 +1,9 @@\n+modu'],
    ['cut inside the only block', 'src/c.sv\n```sv\nmodule c;'],
    ['prose', 'I will now write'],
    ['a plan', '{"title": "x", "files": ['],
    ['drafts inside thoughts without an end', `<think>maybe\n${create('b')}${create('c')}`],
    ['a file that may not be touched', `--- /dev/null\n+++ b/.git/config\n@@ -0,0 +1 @@\n+x\n${create('c')}`],
    [
      'a file with parts left out',
      `${block('b', 'module b;\n  // ... existing code ...\nendmodule\n')}src/c.sv\n\`\`\`sv\nmod`,
    ],
    [
      'an old text that is not there',
      `src/a.sv\n<<<<<<< SEARCH\nnothing\n=======\nx\n>>>>>>> REPLACE\nsrc/c.sv\n<<<<<<< SEARCH\n`,
    ],
  ])('%s', (_name, cut) => {
    const pieces = new PatchPieces(FILES);
    expect(pieces.keep(cut)).toBeNull();
    expect(pieces.note()).toBeNull();
    expect(after(pieces, create('c'))).toEqual({ 'src/c.sv': NEW('c') });
  });
});
