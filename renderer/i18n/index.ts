// Two languages, one key set; the compiler checks keys against en.json.
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { Language } from '@genrtl/contracts';
import { readStepSummary } from '@genrtl/contracts/step-summary.ts';
import en from './en.json' with { type: 'json' };

declare module 'i18next' {
  interface CustomTypeOptions {
    resources: { translation: typeof en };
    returnNull: false;
  }
}

export async function startI18n(): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: 'en',
    fallbackLng: 'en',
    resources: { en: { translation: en } },
    interpolation: { escapeValue: false },
    returnNull: false,
  });
}

/** Chinese is fetched only by who reads it. */
export async function setLanguage(language: Language): Promise<void> {
  if (language === 'zh-CN' && !i18next.hasResourceBundle('zh-CN', 'translation')) {
    const [zh, hints, steps] = await Promise.all([
      import('./zh-CN.json', { with: { type: 'json' } }),
      import('./hints.zh-CN.json', { with: { type: 'json' } }),
      import('./steps.zh-CN.json', { with: { type: 'json' } }),
    ]);
    i18next.addResourceBundle('zh-CN', 'translation', zh.default);
    i18next.addResourceBundle('zh-CN', 'hints', hints.default);
    i18next.addResourceBundle('zh-CN', 'steps', steps.default);
  }
  document.documentElement.lang = language;
  if (i18next.language !== language) await i18next.changeLanguage(language);
}

/** What to do about an error, in the present language; null where only the error's own English hint exists. */
export function hintFor(code: string): string | null {
  const hints: unknown = i18next.getResourceBundle(i18next.language, 'hints');
  const text = (hints as Record<string, unknown> | undefined)?.[code];
  return typeof text === 'string' ? text : null;
}

/** A step's line in the present language; free text stays as it is. */
export function stepLine(line: string): string {
  const found = readStepSummary(line);
  if (found === null || !i18next.hasResourceBundle(i18next.language, 'steps')) return line;
  return i18next.t(found.name as never, { ns: 'steps', ...found.values });
}
