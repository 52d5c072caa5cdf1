// The i18n engine of every page: English from the start, other languages when they are chosen. The texts are the page's.
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { Language } from '@genrtl/contracts';

/** Texts by namespace: `translation`, and where a page has them `hints` (by error code) and others of its own. */
export type Texts = Readonly<Record<string, object>>;

export async function startI18n(english: Texts): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: 'en',
    fallbackLng: 'en',
    resources: { en: english } as never,
    interpolation: { escapeValue: false },
    returnNull: false,
  });
}

/** A language is fetched once, by who reads it. */
export async function changeLanguage(language: Language, load: () => Promise<Texts>): Promise<void> {
  if (!i18next.hasResourceBundle(language, 'translation')) {
    for (const [namespace, texts] of Object.entries(await load()))
      i18next.addResourceBundle(language, namespace, texts);
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
