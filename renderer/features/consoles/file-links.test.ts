import { describe, expect, it } from 'vitest';
import { fileLinks, workspaceFile } from './file-links.ts';

const brief = (text: string) => fileLinks(text).map(({ path, line, column }) => [path, line, column]);

describe('places in what tools print', () => {
  it.each([
    ['src/top.sv:12: syntax error', [['src/top.sv', 12, null]]],
    ['%Error: src/top.sv:3:14: Missing pin', [['src/top.sv', 3, 14]]],
    ['** Error: src/top.vhd(7): (vcom-1136) Unknown identifier', [['src/top.vhd', 7, null]]],
    ['Error-[SE] "src/a.v", line 9: token is', [['src/a.v', 9, null]]],
    ['ERROR: [Synth 8-439] not found [/home/me/ws/src/b.v:22]', [['/home/me/ws/src/b.v', 22, null]]],
    [
      './tb/../src/top.sv:4 and lib.v:5',
      [
        ['./tb/../src/top.sv', 4, null],
        ['lib.v', 5, null],
      ],
    ],
    ['12:30:00 nothing here, http://a.b/c:80 v1.2:3', []],
  ])('%s', (text, places) => expect(brief(text)).toEqual(places));

  it('takes time that is linear in the line', () => {
    const started = process.cpuUsage();
    fileLinks('a/'.repeat(20_000));
    fileLinks('a.'.repeat(20_000));
    expect(process.cpuUsage(started).user).toBeLessThan(2000_000);
  });
});

it('keeps links inside the workspace', () => {
  expect(workspaceFile('/ws', './tb/../src/top.sv')).toBe('src/top.sv');
  expect(workspaceFile('/ws', '/ws/src/a.v')).toBe('src/a.v');
  expect(workspaceFile('/ws', '/etc/passwd.txt')).toBeNull();
  expect(workspaceFile('/ws', '../x.sv')).toBeNull();
});
