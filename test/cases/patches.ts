// Diffs as models and tools write them, through `genrtl patch --check`.
import { readdirSync } from 'node:fs';
import { expect } from 'vitest';
import type { CaseCheck } from './case.ts';

/** Each diff of the case applies to its workspace. */
export const diffsApply: CaseCheck = async ({ folder, genrtl }) => {
  for (const diff of diffsIn(folder))
    expect({ diff, ...(await genrtl('patch', '--workspace', 'ws', '--diff', diff, '--check')) }).toMatchObject({
      diff,
      code: 0,
    });
};

/** Each diff of the case is refused as PATCH_HUNK_FAILED with a sentence. */
export const diffsRefused: CaseCheck = async ({ folder, genrtl }) => {
  for (const diff of diffsIn(folder)) {
    const { code, out } = await genrtl('patch', '--workspace', 'ws', '--diff', diff, '--check', '--json');
    expect({ diff, code }).toEqual({ diff, code: 1 });
    expect(JSON.parse(out)).toMatchObject({ status: 'failed', refusals: [{ code: 'PATCH_HUNK_FAILED' }] });
  }
};

const diffsIn = (folder: string): string[] => readdirSync(folder).filter((name) => name.endsWith('.diff'));
