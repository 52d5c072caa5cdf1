// Laws that hold for every text: applying and turning back gives the old bytes, git agrees, hostile input stays cheap.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTwoFilesPatch } from 'diff';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { applyPatch, filesFrom, parsePatch, reversePatch } from './index.ts';
import type { PatchResult } from './index.ts';

const scratch = mkdtempSync(join(tmpdir(), 'genrtl-patch-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** Lines that repeat often, look like diff syntax, and carry odd white space. */
const lineText = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom(
      'begin',
      'end',
      '',
      '  x <= 1;',
      '  x <= 0;',
      'endmodule',
      '-- note',
      '++ y',
      '@@ -1 +1 @@',
      '\\ slash',
      '```',
      '\tq',
      'tail ',
    ),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 12 }).filter((text) => !/[\n\r\0]/.test(text)) },
);
const fileText = fc
  .record({
    lines: fc.array(lineText, { maxLength: 25 }),
    eol: fc.constantFrom('\n', '\r\n'),
    last: fc.boolean(),
  })
  .map(({ lines, eol, last }) => lines.join(eol) + (last && lines.length > 0 ? eol : ''));

/** A text and one made from it by a few edits. */
const edited = fc
  .tuple(
    fileText,
    fc.array(fc.tuple(fc.nat(30), fc.nat(2), fc.array(lineText, { maxLength: 3 })), { minLength: 1, maxLength: 4 }),
  )
  .map(([before, edits]) => {
    const eol = before.includes('\r\n') ? '\r\n' : '\n';
    const lines = before.split(eol);
    for (const [at, remove, add] of edits) lines.splice(at % (lines.length + 1), remove, ...add);
    return { before, after: lines.join(eol) };
  })
  .filter(({ before, after }) => before !== after && before !== '' && after !== '');

function diffOf(before: string, after: string): string {
  return createTwoFilesPatch('a/f', 'b/f', before, after, undefined, undefined, { context: 3 });
}
function textAfter(result: PatchResult): string | null | undefined {
  if (!result.ok) throw new Error(JSON.stringify(result.refusals));
  return result.changes[0]?.after;
}

describe('laws', () => {
  it('a true diff always applies and gives the new bytes', () => {
    fc.assert(
      fc.property(edited, ({ before, after }) => {
        expect(textAfter(applyPatch({ diff: diffOf(before, after), files: filesFrom({ f: before }) }))).toBe(after);
      }),
      { numRuns: 500 },
    );
  });

  it('apply, then reverse, gives the old bytes', () => {
    fc.assert(
      fc.property(edited, ({ before, after }) => {
        const patch = parsePatch(diffOf(before, after));
        const there = textAfter(applyPatch({ diff: patch, files: filesFrom({ f: before }) }));
        expect(there).toBe(after);
        expect(textAfter(applyPatch({ diff: reversePatch(patch), files: filesFrom({ f: after }) }))).toBe(before);
      }),
      { numRuns: 300 },
    );
  });

  it('reversing a create is a delete, and back', () => {
    const patch = parsePatch('--- /dev/null\n+++ b/f\n@@ -0,0 +1,2 @@\n+a\n+b\n');
    const made = applyPatch({ diff: patch, files: filesFrom({}) });
    expect(textAfter(made)).toBe('a\nb\n');
    const gone = applyPatch({ diff: reversePatch(patch), files: filesFrom({ f: 'a\nb\n' }) });
    expect(gone).toMatchObject({ ok: true, changes: [{ kind: 'delete' }] });
  });

  it('with numbers taken away it gives the new bytes or refuses, but never other bytes', () => {
    const spoil = fc.constantFrom<(diff: string) => string>(
      (diff) => diff.replace(/^@@ .*@@$/gm, '@@ ... @@'),
      (diff) => diff.replace(/^@@ -(\d+),?\d* \+(\d+),?\d* @@$/gm, '@@ -$1,77 +$2,1 @@'),
      (diff) => diff.replace(/^ $/gm, ''),
      (diff) => `Here:\n\`\`\`diff\n${diff}\n\`\`\`\n`,
    );
    const plain = edited.filter(({ before, after }) => !/^(```|\\ |@@|--|\+\+)/m.test(before + '\n' + after));
    let applied = 0;
    let total = 0;
    fc.assert(
      fc.property(plain, spoil, ({ before, after }, change) => {
        const files = { f: before };
        const result = applyPatch({ diff: change(diffOf(before, after)), files: filesFrom(files) });
        total += 1;
        if (result.ok) {
          applied += 1;
          // a lost end of a hunk may keep or drop the last newline only
          expect(result.changes[0]?.after?.trimEnd()).toBe(after.trimEnd());
        }
        expect(files).toEqual({ f: before });
      }),
      { numRuns: 500 },
    );
    expect(applied / total).toBeGreaterThan(0.5);
  });

  it('git apply agrees on well-formed diffs', () => {
    fc.assert(
      fc.property(edited, ({ before, after }) => {
        const diff = diffOf(before, after);
        writeFileSync(join(scratch, 'f'), before);
        writeFileSync(join(scratch, 'p.diff'), diff);
        execFileSync('git', ['apply', '--whitespace=nowarn', 'p.diff'], {
          cwd: scratch,
          stdio: 'pipe',
          env: { ...process.env, GIT_CEILING_DIRECTORIES: tmpdir() },
        });
        expect(textAfter(applyPatch({ diff, files: filesFrom({ f: before }) }))).toBe(
          readFileSync(join(scratch, 'f'), 'utf8'),
        );
      }),
      { numRuns: 60 },
    );
  });

  it('random text never throws', () => {
    const piece = fc.oneof(
      lineText,
      fc.constantFrom(
        '--- a/f',
        '+++ b/f',
        '--- /dev/null',
        '+++ /dev/null',
        'diff --git a/f b/f',
        '@@ -1,2 +1,2 @@',
        '@@',
        '```diff',
        '```',
        'new file mode 120000',
        'rename from f',
        'rename to g',
        '+x',
        '-begin',
        ' end',
        '\r',
        '"a/\\777"',
        '+++ "b/\\',
      ),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (lines) => {
        applyPatch({ diff: lines.join('\n'), files: filesFrom({ f: 'begin\nend\n  x <= 1;\n' }) });
      }),
      { numRuns: 2000 },
    );
  });
});

describe('hostile input costs seconds of CPU at most', () => {
  const timed = (diff: string, text = 'x\n'): PatchResult => {
    const from = process.cpuUsage();
    const result = applyPatch({ diff, files: filesFrom({ f: text }) });
    const { user, system } = process.cpuUsage(from);
    expect((user + system) / 1000).toBeLessThan(3000);
    return result;
  };
  const header = '--- a/f\n+++ b/f\n';

  it('a line of a megabyte', () => {
    const long = 'x'.repeat(1_000_000);
    expect(textAfter(timed(`${header}@@ -1 +1 @@\n-${long}\n+y\n`, `${long}\n`))).toBe('y\n');
    timed(`${header}@@ -1 +1 @@\n-${' '.repeat(1_000_000)}z\n+y\n`);
    timed(`--- ${'a/'.repeat(500_000)}\n+++ ${'"\\'.repeat(500_000)}\n@@ -1 +1 @@\n-x\n+y\n`);
    timed(`diff --git ${'"\\"'.repeat(300_000)}\n`);
    timed(`${header}@@ -${'9'.repeat(1_000_000)},1 +1 @@\n-x\n+y\n`);
    timed('`'.repeat(2_000_000));
  });

  it('100,000 hunks, right or failing', () => {
    const text = Array.from({ length: 200_000 }, (_, i) => `l${i}\n`).join('');
    const hunks = Array.from(
      { length: 100_000 },
      (_, i) => `@@ -${2 * i + 1} +${2 * i + 1} @@\n-l${2 * i}\n+m${2 * i}\n`,
    ).join('');
    expect(textAfter(timed(header + hunks, text))?.startsWith('m0\nl1\nm2\n')).toBe(true);
    const failing = timed(header + '@@ -1 +1 @@\n-no\n+yes\n'.repeat(100_000), text);
    expect(failing.ok ? 0 : failing.refusals.length).toBe(100);
  });

  it('100,000 equal lines that nearly match', () => {
    const text = 'a\n'.repeat(100_000) + 'b\n';
    expect(timed(`${header}@@ ... @@\n${' a\n'.repeat(50_000)}-b\n+c\n`, text).ok).toBe(true);
    const near = `${' a\n b\n'.repeat(100)}-a\n+z\n a\n`;
    expect(timed(header + `@@ ... @@\n${near}`.repeat(300), 'a\nb\n'.repeat(50_000)).ok).toBe(false);
  });

  it('lines without any prefix, sections and fences without end', () => {
    timed(`${header}@@ -1 +1 @@\n${'prose\n'.repeat(200_000)}+x\n`);
    timed(`\`\`\`\n${header}@@ -1 +1 @@\n${'prose\n'.repeat(200_000)}+x\n`);
    timed('--- a/f\n+++ b/f\n'.repeat(100_000));
    timed('```\n'.repeat(400_000));
    timed(`${header}@@ -1,99999 +1,99999 @@\n`.repeat(100_000));
    timed(`${header}${'\n'.repeat(1_000_000)}`);
    timed(`${header}@@ -1,1 +1,1 @@\n-x\n+y\n${'\n'.repeat(500_000)}`.repeat(2));
  });
});
