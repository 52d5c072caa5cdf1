// What is said outside of React follows the language, and no longer once it is over.
import i18next from 'i18next';
import { expect, test } from 'vitest';
import { inEachLanguage } from './each-language.ts';

test('it is said at once and in each language that follows, the old words taken back first', async () => {
  await i18next.init({ lng: 'en', resources: { en: {}, 'zh-CN': {} } });
  const heard: string[] = [];
  const forget = inEachLanguage(() => {
    const { language } = i18next;
    heard.push(`says ${language}`);
    return () => void heard.push(`takes back ${language}`);
  });
  await i18next.changeLanguage('zh-CN');
  expect(heard).toEqual(['says en', 'takes back en', 'says zh-CN']);
  forget();
  await i18next.changeLanguage('en');
  expect(heard).toEqual(['says en', 'takes back en', 'says zh-CN', 'takes back zh-CN']);
});
