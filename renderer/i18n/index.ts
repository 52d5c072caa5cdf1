// Two languages, one key set; the compiler checks keys against en.json.
import i18next from 'i18next';
import type { Language } from '@genrtl/contracts';
import { readStepSummary } from '@genrtl/contracts/step-summary.ts';
import * as engine from '@genrtl/ui/i18n/engine.ts';
import type { Texts } from '@genrtl/ui/i18n/engine.ts';
import en from './en.json' with { type: 'json' };
import hints from './hints.en.json' with { type: 'json' };

declare module '@genrtl/ui/i18n/engine.ts' {
  interface PageTexts {
    translation: typeof en;
  }
}

export async function startI18n(): Promise<void> {
  await engine.startI18n({ translation: en, hints });
}

export async function setLanguage(language: Language): Promise<void> {
  await engine.changeLanguage(
    language,
    language === 'zh-CN' ? chinese : () => Promise.resolve({ translation: en, hints }),
  );
}

async function chinese(): Promise<Texts> {
  const [translation, hintsZh, errors, steps, shipped, importNotes] = await Promise.all([
    import('./zh-CN.json', { with: { type: 'json' } }),
    import('./hints.zh-CN.json', { with: { type: 'json' } }),
    import('./errors.zh-CN.json', { with: { type: 'json' } }),
    import('./steps.zh-CN.json', { with: { type: 'json' } }),
    import('./shipped.zh-CN.json', { with: { type: 'json' } }),
    import('./import-notes.zh-CN.json', { with: { type: 'json' } }),
  ]);
  return {
    translation: translation.default,
    hints: hintsZh.default,
    errors: errors.default,
    steps: steps.default,
    shipped: shipped.default,
    importNotes: importNotes.default,
  };
}

/** A step's line in the present language; free text stays as it is. */
export function stepLine(line: string): string {
  const found = readStepSummary(line);
  if (found === null) return line;
  if (!i18next.hasResourceBundle(i18next.language, 'steps')) return singular(line);
  return i18next.t(found.name as never, { ns: 'steps', ...found.values });
}

/** One is one: `1 files` of a line that is kept for every count. */
const singular = (line: string): string =>
  line.replace(/\b1 (module|package|receipt|file|error|warning|output|point)s\b/g, '1 $1');

type Shipped = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, string>>>>>>;

/** Title or description of what comes with genRTL, in the present language where it is written; else as it came. */
export function shippedText(
  kind: 'samples' | 'packages' | 'skills',
  name: string,
  part: 'title' | 'description',
  text: string,
): string {
  const texts = i18next.getResourceBundle(i18next.language, 'shipped') as Shipped | undefined;
  return texts?.[kind]?.[name]?.[part] ?? text;
}
