// Both languages have the same keys and the same placeholders; every error code has its Chinese hint (English ones come
// with the error).
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { ERRORS, IMPORT_NOTES } from '@genrtl/contracts';
import { STEP_SUMMARIES, readStepSummary, stepSummary, type StepSummaryName } from '@genrtl/contracts/step-summary.ts';
import en from './en.json' with { type: 'json' };
import { isForCommandLine } from '@genrtl/ui/i18n/engine.ts';
import { flatTexts, placeholdersOf } from '@genrtl/ui/i18n/same-texts.ts';
import errors from './errors.zh-CN.json' with { type: 'json' };
import hintsEn from './hints.en.json' with { type: 'json' };
import hints from './hints.zh-CN.json' with { type: 'json' };
import shipped from './shipped.zh-CN.json' with { type: 'json' };
import steps from './steps.zh-CN.json' with { type: 'json' };
import importNotes from './import-notes.zh-CN.json' with { type: 'json' };
import zh from './zh-CN.json' with { type: 'json' };

const english = flatTexts(en);
const chinese = flatTexts(zh);

describe('the two languages', () => {
  test('have the same keys', () => {
    expect([...chinese.keys()].sort(), 'zh-CN.json').toEqual([...english.keys()].sort());
  });
  test('name the same values in each text', () => {
    for (const [key, text] of english)
      expect(placeholdersOf(chinese.get(key) ?? ''), key).toEqual(placeholdersOf(text));
  });
  test('leave no text empty, and none of the Chinese ones in English', () => {
    for (const [key, text] of chinese) {
      expect(text.trim(), key).not.toBe('');
      // a text without any Chinese character must be one that needs no translation
      if (!/\p{Script=Han}/u.test(text)) expect(text.replaceAll(/\{\{\w+\}\}|[\s\p{P}$]/gu, ''), key).toBe('');
    }
  });
  test('every line that a step says has its Chinese form, with the same values', () => {
    expect(Object.keys(steps).sort(), 'steps.zh-CN.json').toEqual(Object.keys(STEP_SUMMARIES).sort());
    for (const [name, text] of Object.entries(STEP_SUMMARIES)) {
      expect(placeholdersOf(steps[name as StepSummaryName]), name).toEqual(
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
  test('no hint that the page shows speaks of the command line or the environment, in either language', () => {
    const told: Record<string, string> = hintsEn;
    const told2: Record<string, string> = hints;
    for (const [code, { hint }] of Object.entries(ERRORS) as [string, { hint: string }][])
      if (isForCommandLine(hint)) expect(told[code] ?? '', code).not.toBe('');
    for (const [code, text] of [...Object.entries(told), ...Object.entries(told2)]) {
      expect(Object.keys(ERRORS)).toContain(code);
      expect(isForCommandLine(text), `${code}: ${text}`).toBe(false);
    }
    for (const code of Object.keys(told)) expect(told2[code] ?? '', code).not.toBe('');
  });
  test('samples and skills that come with genRTL are told in Chinese, and nothing is told of what does not come', () => {
    const shippedIn = (kind: string): string[] =>
      readdirSync(path.resolve(import.meta.dirname, '../../resources', kind), { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map((entry) => entry.name)
        .sort();
    expect(Object.keys(shipped.samples).sort(), 'shipped.zh-CN.json').toEqual(shippedIn('samples'));
    expect(Object.keys(shipped.skills).sort(), 'shipped.zh-CN.json').toEqual(shippedIn('skills'));
    expect(shippedIn('cbb')).toEqual(expect.arrayContaining(Object.keys(shipped.packages)));
  });
  test('every note of an import has its Chinese form, with the same values', () => {
    expect(Object.keys(importNotes).sort(), 'import-notes.zh-CN.json').toEqual(Object.keys(IMPORT_NOTES).sort());
    for (const [kind, [, text]] of Object.entries(IMPORT_NOTES))
      expect(placeholdersOf(importNotes[kind as keyof typeof importNotes]), kind).toEqual(
        [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '').sort(),
      );
  });
  test('every code of the error table has its Chinese title and hint, and no other', () => {
    expect(Object.keys(hints).sort(), 'hints.zh-CN.json').toEqual(Object.keys(ERRORS).sort());
    expect(Object.keys(errors).sort(), 'errors.zh-CN.json').toEqual(Object.keys(ERRORS).sort());
  });
});
