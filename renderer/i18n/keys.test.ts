// Both languages have the same keys and the same placeholders; Chinese hints exist for codes of the error table only
// (English ones come with the error).
import { describe, expect, test } from 'vitest';
import { ERRORS, STEP_SUMMARIES, readStepSummary, stepSummary, type StepSummaryName } from '@genrtl/contracts';
import en from './en.json' with { type: 'json' };
import hints from './hints.zh-CN.json' with { type: 'json' };
import steps from './steps.zh-CN.json' with { type: 'json' };
import zh from './zh-CN.json' with { type: 'json' };

function flatten(tree: object, prefix = ''): Map<string, string> {
  const entries = new Map<string, string>();
  for (const [key, value] of Object.entries(tree) as [string, unknown][]) {
    if (typeof value === 'string') entries.set(prefix + key, value);
    else if (typeof value === 'object' && value !== null)
      for (const [inner, text] of flatten(value, `${prefix}${key}.`)) entries.set(inner, text);
  }
  return entries;
}

const english = flatten(en);
const chinese = flatten(zh);
const placeholders = (text: string): string[] =>
  [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1] ?? '').sort();

describe('the two languages', () => {
  test('have the same keys', () => {
    expect([...chinese.keys()].sort()).toEqual([...english.keys()].sort());
  });
  test('name the same values in each text', () => {
    for (const [key, text] of english) expect(placeholders(chinese.get(key) ?? ''), key).toEqual(placeholders(text));
  });
  test('leave no text empty, and none of the Chinese ones in English', () => {
    for (const [key, text] of chinese) {
      expect(text.trim(), key).not.toBe('');
      // a text without any Chinese character must be one that needs no translation
      if (!/\p{Script=Han}/u.test(text)) expect(text.replaceAll(/\{\{\w+\}\}|[\s\p{P}$]/gu, ''), key).toBe('');
    }
  });
  test('every line that a step says has its Chinese form, with the same values', () => {
    expect(Object.keys(steps).sort()).toEqual(Object.keys(STEP_SUMMARIES).sort());
    for (const [name, text] of Object.entries(STEP_SUMMARIES)) {
      expect(placeholders(steps[name as StepSummaryName]), name).toEqual(
        [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '').sort(),
      );
    }
    expect(readStepSummary(stepSummary('planned', { top: 'uart', modules: 3, packages: 2 }))).toEqual({
      name: 'planned',
      values: { top: 'uart', modules: '3', packages: '2' },
    });
    expect(readStepSummary('approved')).toEqual({ name: 'approved', values: {} });
    expect(readStepSummary('the file a.sv is not part of the plan')).toBeNull();
  });
  test('Chinese hints belong to codes of the error table', () => {
    for (const code of Object.keys(hints)) expect(Object.keys(ERRORS)).toContain(code);
    expect(Object.keys(hints).length).toBeGreaterThan(80);
  });
});
