// What the patch applier must bear: true diffs, diffs as models spoil them, and texts that only look like diffs.
import { createTwoFilesPatch } from 'diff';
import fc from 'fast-check';
import { applyPatch, filesFrom, parsePatch, reversePatch } from '@genrtl/core/patch/index.ts';
import type { PatchResult } from '@genrtl/core/patch/index.ts';
import type { FuzzTarget } from './run-fuzz.ts';
import { spoilt } from './spoil.ts';

const lineText = fc.oneof(
  {
    weight: 8,
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
      'module m;',
      '// --- a/f',
    ),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 12 }).filter((text) => !/[\n\r\0]/.test(text)) },
);
const fileText = fc
  .record({ lines: fc.array(lineText, { maxLength: 40 }), eol: fc.constantFrom('\n', '\r\n'), last: fc.boolean() })
  .map(({ lines, eol, last }) => lines.join(eol) + (last && lines.length > 0 ? eol : ''));

const edited = fc
  .tuple(
    fileText,
    fc.array(fc.tuple(fc.nat(50), fc.nat(3), fc.array(lineText, { maxLength: 4 })), { minLength: 1, maxLength: 5 }),
    fc.nat(4),
  )
  .map(([before, edits, context]) => {
    const eol = before.includes('\r\n') ? '\r\n' : '\n';
    const lines = before.split(eol);
    for (const [at, remove, add] of edits) lines.splice(at % (lines.length + 1), remove, ...add);
    return { before, after: lines.join(eol), context };
  })
  .filter(({ before, after }) => before !== after && before !== '' && after !== '');

const diffOf = ({ before, after, context }: { before: string; after: string; context: number }): string =>
  createTwoFilesPatch('a/f', 'b/f', before, after, undefined, undefined, { context });

const after = (result: PatchResult): string | null | undefined => {
  if (!result.ok) throw new Error(JSON.stringify(result.refusals));
  return result.changes[0]?.after;
};

/** As models send diffs: fences, prose, lost numbers, wrong counts, other line ends, blanks at the ends of lines. */
const SPOIL: readonly ((diff: string) => string)[] = [
  (diff) => diff.replace(/^@@ .*@@$/gm, '@@ ... @@'),
  (diff) => diff.replace(/^@@ -(\d+),?\d* \+(\d+),?\d* @@$/gm, '@@ -$1,77 +$2,1 @@'),
  (diff) => diff.replace(/^ $/gm, ''),
  (diff) => `Here it is:\n\`\`\`diff\n${diff}\n\`\`\`\nThat should do.\n`,
  (diff) => diff.replaceAll('\n', '\r\n'),
  (diff) => diff.replace(/^(@@.*)$/gm, '$1 always_ff'),
  (diff) => diff.replace(/^@@ -(\d+)/gm, (_all, line: string) => `@@ -${Number(line) + 7}`),
  (diff) => diff.replace(/\n\\ No newline at end of file/g, ''),
  (diff) => `${diff}\n${diff}`,
];

const TEXTS = [
  diffOf({ before: 'a\nb\nc\nd\ne\nf\n', after: 'a\nB\nc\nd\ne\nF\n', context: 3 }),
  '--- /dev/null\n+++ b/src/new.sv\n@@ -0,0 +1,2 @@\n+module n;\n+endmodule\n',
  '--- a/f\n+++ /dev/null\n@@ -1,2 +0,0 @@\n-a\n-b\n',
  'diff --git a/f b/g\nsimilarity index 90%\nrename from f\nrename to g\n--- a/f\n+++ b/g\n@@ -1 +1 @@\n-a\n+b\n',
  'diff --git a/l b/l\nnew file mode 120000\n--- /dev/null\n+++ b/l\n@@ -0,0 +1 @@\n+/etc/passwd\n\\ No newline at end of file\n',
  '--- a/../x\n+++ b/../x\n@@ -1 +1 @@\n-a\n+b\n',
  'GIT binary patch\nliteral 3\nKcmZ\n',
].map((text) => Buffer.from(text));

const WORKSPACE = { f: 'a\nb\nc\nd\ne\nf\n', 'src/top.sv': 'module top;\nendmodule\n' };

export function patchTargets(): FuzzTarget[] {
  return [
    {
      name: 'true diffs apply and turn back',
      runs: 400,
      property: fc.property(edited, (case_) => {
        const patch = parsePatch(diffOf(case_));
        const turned = {
          there: applyPatch({ diff: patch, files: filesFrom({ f: case_.before }) }),
          back: applyPatch({ diff: reversePatch(patch), files: filesFrom({ f: case_.after }) }),
        };
        // with less than three lines of context a place may be refused as a guess
        const may = (result: PatchResult): boolean => case_.context < 3 && !result.ok;
        if (!may(turned.there) && after(turned.there) !== case_.after)
          throw new Error('other bytes than the diff says');
        if (!may(turned.back) && after(turned.back) !== case_.before)
          throw new Error('not the old bytes when turned back');
      }),
    },
    {
      name: 'spoilt diffs give the new bytes or are refused',
      runs: 400,
      property: fc.property(
        edited.filter(({ before, after: now }) => !/^(```|\\ |@@|--|\+\+)/m.test(`${before}\n${now}`)),
        fc.nat(SPOIL.length - 1),
        (case_, how) => {
          const files = { f: case_.before };
          const result = applyPatch({
            diff: (SPOIL[how] ?? ((diff: string) => diff))(diffOf(case_)),
            files: filesFrom(files),
          });
          if (files.f !== case_.before) throw new Error('the input was changed');
          if (result.ok && !mayBe(result.changes[0]?.after ?? '', case_.after))
            throw new Error(`guessed: ${JSON.stringify(result.changes[0]?.after)}`);
        },
      ),
    },
    {
      name: 'anything at all is read or refused',
      runs: 400,
      property: fc.property(spoilt(TEXTS), (bytes) => {
        const from = process.cpuUsage().user;
        const result = applyPatch({ diff: Buffer.from(bytes).toString('utf8'), files: filesFrom(WORKSPACE) });
        if ((process.cpuUsage().user - from) / 1000 > 2_000) throw new Error('more than two seconds');
        for (const change of result.ok ? result.changes : [])
          if (/^\/|(^|\/)\.\.(\/|$)|\0|^\.git(\/|$)|^\.genrtl(\/|$)/i.test(change.path))
            throw new Error(`a change of ${change.path}`);
      }),
    },
  ];
}

/**
 * A lost end of a hunk may keep or drop the last newline only, and line ends may have been translated with the diff.
 */
const mayBe = (got: string, wanted: string): boolean =>
  got.replaceAll('\r', '').trimEnd() === wanted.replaceAll('\r', '').trimEnd();
