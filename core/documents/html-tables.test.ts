// HTML tables in Markdown.
import { expect, test } from 'vitest';
import { withMarkdownTables } from './html-tables.ts';

test('headers, merged cells, lines and lists in cells, entities, scripts, struck text', () => {
  const { text, tables } = withMarkdownTables(`Before.
<table border="1">
 <thead><tr><th rowspan=2>Name</th><th colspan="2">Access</th></tr><tr><th>SW</th><th>HW</th></tr></thead>
 <tbody>
  <tr><td rowspan="2"><code>CTRL_A</code></td><td>rw</td><td>2<sup>N</sup> &lt;= 8 | 9</td></tr>
  <tr><td><del>ro</del> rw</td><td><ul><li>one</li><li>two</li></ul></td></tr>
  <tr><td>last<td><td>a<br>b
 </tbody>
</table>
After.`);
  expect(text).toBe(
    'Before.\n\n| Name | Access SW | Access HW |\n|---|---|---|\n| CTRL_A | rw | 2^N <= 8 \\| 9 |\n| CTRL_A | ~~ro~~ rw | - one<br>- two |\n| last | | a<br>b |\nAfter.',
  );
  expect(tables).toBe(1);
});

test('tables in code, tables without an end and everything else stay as they are', () => {
  for (const text of [
    '```html\n<table><tr><td>a</td></tr></table>\n```\n',
    'a <table> b',
    '<tablet>x</tablet>',
    '| a |\n|---|\n| 1 |\n',
  ])
    expect(withMarkdownTables(text)).toEqual({ text, tables: 0, pictures: [] });
});

test('a table inside a table is one line a row; pictures are words and are told', () => {
  const { text, pictures } = withMarkdownTables(
    '<table><tr><th>F</th><th>V</th></tr><tr><td>M<img src=x alt="wave"></td><td><table><tr><td>0</td><td>off</td></tr></table></td></tr></table>',
  );
  expect(text).toBe('| F | V |\n|---|---|\n| M[picture: wave] | 0; off |\n\n');
  expect(pictures).toEqual(['wave']);
});

test('absurd spans and unclosed tags are read within limits', () => {
  const { text } = withMarkdownTables('<table><tr><td colspan=99999999 rowspan=99999999>a<td>b</table>');
  expect(text.length).toBeLessThan(3000);
  expect(withMarkdownTables('<table>'.repeat(50_000)).tables).toBe(0);
});
