// Both languages of the portal have the same keys and the same values in each text, and Chinese ones are Chinese.
import { expect, test } from 'vitest';
import { flatTexts, placeholdersOf } from '@genrtl/ui/i18n/same-texts.ts';
import en from './en.json' with { type: 'json' };
import zh from './zh-CN.json' with { type: 'json' };

const english = flatTexts(en);
const chinese = flatTexts(zh);

test('the two languages have the same keys, with the same values', () => {
  expect([...chinese.keys()], 'zh-CN.json').toEqual([...english.keys()]);
  for (const [key, text] of english) expect(placeholdersOf(chinese.get(key) ?? ''), key).toEqual(placeholdersOf(text));
});

test('no text is empty, and every Chinese one but the switch to English is Chinese', () => {
  for (const [key, text] of english) expect(text.trim(), key).not.toBe('');
  for (const [key, text] of chinese)
    if (key !== 'shell.language' && /\p{L}/u.test(text.replaceAll(/\{\{\w+\}\}/g, '')))
      expect(text, key).toMatch(/\p{Script=Han}/u);
});
