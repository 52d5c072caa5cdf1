// What of a workspace a prompt holds, within a window; and what the prompts of one job share.
import { describe, expect, it } from 'vitest';
import { sharedPrefix } from '../../../test/fakes/models/shared-prefix.ts';
import { chooseSources, hierarchyText, sourcesText } from './choose-sources.ts';
import { outputAllowance, promptRoom, tokensOf } from './window.ts';
import { largeWorkspace } from '../../../test/fakes/models/large-workspace.ts';

const WANTED = { paths: ['rtl/soc_top.sv'], names: ['soc_top', 'timer'] };

describe('200 files of 4 MB in a declared 32k window', async () => {
  const files = largeWorkspace({ files: 200, bytes: 4_000_000 });
  const window = { context: 32_768, maxOutput: null };
  const allowance = outputAllowance(window, 32_000);
  const room = promptRoom(window, allowance) - 8000;
  const chosen = await chooseSources(files, WANTED, room);

  it('holds what the task is about whole, the heads beside it, and lists all the rest', () => {
    const whole = chosen.shown.filter(({ part }) => part === 'whole').map(({ path }) => path);
    expect(whole).toEqual(expect.arrayContaining(['rtl/soc_top.sv', 'rtl/timer.sv', 'rtl/soc_pkg.sv']));
    // soc_top instantiates block_0 to block_3
    expect(chosen.shown.find(({ path }) => path === 'rtl/block_0.sv')).toMatchObject({ part: 'heads' });
    expect(chosen.shown.find(({ path }) => path === 'rtl/block_0.sv')?.text).toMatch(/^module block_0 [\s\S]*\);$/);
    expect(new Set([...whole, ...chosen.leftOut])).toEqual(new Set(files.map(({ path }) => path)));
  });
  it('fits', () => {
    expect(allowance).toBeGreaterThan(8000);
    expect(tokensOf(sourcesText(chosen))).toBeLessThan(room + 2500);
    expect(room + 8000 + allowance).toBeLessThan(32_768);
  });
  it('is the same for the same workspace, whatever the order', async () => {
    expect(await chooseSources(files, WANTED, room)).toEqual(chosen);
  });
  it('the plan sees the hierarchy', async () => {
    const text = (await hierarchyText(files, 'change soc_top', 4000)) ?? '';
    expect(text).toContain('soc_top (rtl/soc_top.sv): block_0 block_1 block_2 block_3');
    expect(text).toContain('module soc_top');
    expect(tokensOf(text)).toBeLessThan(5000);
  });
});

it('a workspace that fits is shown whole, and an empty one says so', async () => {
  const files = [{ path: 'src/a.sv', text: 'module a; endmodule\n' }];
  expect(await chooseSources(files, { paths: [], names: [] }, 1000)).toEqual({
    shown: [{ ...files[0], part: 'whole' }],
    leftOut: [],
  });
  expect(sourcesText({ shown: [], leftOut: [] })).toContain('no sources yet');
});

it('an answer may take what the window leaves, never more than is wanted', () => {
  expect(outputAllowance({ context: null, maxOutput: null }, 32_000)).toBe(32_000);
  expect(outputAllowance({ context: 200_000, maxOutput: 8192 }, 32_000)).toBe(8192);
  expect(outputAllowance({ context: 32_768, maxOutput: null }, 32_000)).toBe(11_468);
  expect(promptRoom({ context: 32_768, maxOutput: null }, 11_468)).toBeGreaterThan(18_000);
});

it('plan, implement and repair share at least 80 % of the smaller prompt on a specification of 20 kB', async () => {
  const { pairs, tokens } = await sharedPrefix();
  for (const { share } of pairs) expect(share).toBeGreaterThanOrEqual(0.8);
  expect(Math.min(...tokens)).toBeGreaterThan(5000);
});
