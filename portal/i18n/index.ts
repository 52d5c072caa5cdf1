// The portal's texts in its two languages; the compiler checks keys against en.json.
import { useTranslation } from 'react-i18next';
import type { Language } from '@genrtl/contracts';
import * as engine from '@genrtl/ui/i18n/engine.ts';
import type { Texts } from '@genrtl/ui/i18n/engine.ts';
import en from './en.json' with { type: 'json' };

const NAMESPACE = 'portal';

declare module '@genrtl/ui/i18n/engine.ts' {
  interface PageTexts {
    portal: typeof en;
  }
}

/** What the kit says by itself is looked up in its own place. */
const texts = (all: typeof en): Texts => ({ [NAMESPACE]: all, translation: { ui: all.ui }, hints: all.hints });

export async function startI18n(language: Language): Promise<void> {
  await engine.startI18n(texts(en));
  await setLanguage(language);
}

export async function setLanguage(language: Language): Promise<void> {
  await engine.changeLanguage(language, async () =>
    texts(language === 'zh-CN' ? (await import('./zh-CN.json', { with: { type: 'json' } })).default : en),
  );
}

export const useTexts = () => useTranslation(NAMESPACE);
