// The i18n engine of every page: English from the start, other languages when they are chosen. The texts are the
// page's.
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { Language } from '@genrtl/contracts';

/**
 * Texts of each page by namespace, for the compiler: every page adds its own. `translation` is that of the app, and
 * `ui` in it what the kit itself says.
 */
// oxlint-disable-next-line typescript/no-empty-interface
export interface PageTexts {}

declare module 'i18next' {
  interface CustomTypeOptions {
    resources: PageTexts;
    returnNull: false;
  }
}

/** Texts by namespace: `translation`, where a page has them `hints` and `errors` (by error code), others of its own. */
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

/** Words of the command line and of the environment: no help to who sits before a window. */
const COMMAND_LINE = /\bnpx\b|`genrtl\b|(^|[\s(`])--[a-z]|\b[A-Z]{2,}_[A-Z_]{3,}\b|\bapt-get\b|\biconv\b/;

export const isForCommandLine = (text: string): boolean => COMMAND_LINE.test(text);

const CHINESE = /[\u4e00-\u9fff]/;

/**
 * What an error is, in the present language, where the page has words for its code and its message is another
 * language's: throwers speak English.
 */
export function titleFor({ code, message }: { readonly code: string; readonly message: string }): string | null {
  const titles = i18next.getResourceBundle(i18next.language, 'errors') as Record<string, string> | undefined;
  return CHINESE.test(message) ? null : (titles?.[code] ?? null);
}

/**
 * What to do about an error, in the present language and in the words of the page; '' where nothing helps. The
 * thrower's own hint is more exact, but English, and may be meant for the command line: then the page's table has its
 * own.
 */
export function hintFor({ code, hint = '' }: { readonly code: string; readonly hint?: string | undefined }): string {
  const own = i18next.getResourceBundle(i18next.language, 'hints') as Record<string, string> | undefined;
  const text = own?.[code];
  const usable = isForCommandLine(hint) ? '' : hint;
  return (i18next.language === 'en' ? usable || text : text || usable) ?? '';
}
