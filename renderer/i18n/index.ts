// Two languages, one key set; the compiler checks keys against en.json.
import i18next from 'i18next';
import type { Language } from '@genrtl/contracts';
import { readStepSummary } from '@genrtl/contracts/step-summary.ts';
import * as engine from '@genrtl/ui/i18n/engine.ts';
import type { Texts } from '@genrtl/ui/i18n/engine.ts';
import en from './en.json' with { type: 'json' };

declare module 'i18next' {
  interface CustomTypeOptions {
    resources: { translation: typeof en };
    returnNull: false;
  }
}

export async function startI18n(): Promise<void> {
  await engine.startI18n({ translation: en });
}

export async function setLanguage(language: Language): Promise<void> {
  await engine.changeLanguage(language, language === 'zh-CN' ? chinese : () => Promise.resolve({ translation: en }));
}

async function chinese(): Promise<Texts> {
  const [translation, hints, steps] = await Promise.all([
    import('./zh-CN.json', { with: { type: 'json' } }),
    import('./hints.zh-CN.json', { with: { type: 'json' } }),
    import('./steps.zh-CN.json', { with: { type: 'json' } }),
  ]);
  return { translation: translation.default, hints: hints.default, steps: steps.default };
}

/** A step's line in the present language; free text stays as it is. */
export function stepLine(line: string): string {
  const found = readStepSummary(line);
  if (found === null || !i18next.hasResourceBundle(i18next.language, 'steps')) return line;
  return i18next.t(found.name as never, { ns: 'steps', ...found.values });
}
