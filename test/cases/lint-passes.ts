// The check that several kinds share: these workspaces lint with these tools, without a warning of genRTL's own.
import { expect } from 'vitest';
import type { CaseCheck } from './case.ts';

export function lintPasses(workspaces: readonly string[], tools: readonly string[], never?: RegExp): CaseCheck {
  return async ({ genrtl }) => {
    for (const workspace of workspaces) {
      for (const tool of tools) {
        const { code, out, err } = await genrtl('lint', '--workspace', workspace, '--tool', tool, '--json');
        expect(code, `${workspace} ${tool}: ${out}${err}`).toBe(0);
        if (never !== undefined) expect(out, `${workspace} ${tool}`).not.toMatch(never);
      }
    }
  };
}
