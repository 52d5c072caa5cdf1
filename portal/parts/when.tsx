// Instants as a person reads them, with the exact one beside.
import { formatInstant } from '@genrtl/ui/format.ts';
import { useTexts } from '../i18n/index.ts';

export function When({ at, fallback = '–' }: { readonly at: string | null; readonly fallback?: string }) {
  const { i18n } = useTexts();
  if (at === null) return <>{fallback}</>;
  return (
    <time dateTime={at} title={at}>
      {formatInstant(at, i18n.language)}
    </time>
  );
}

/** Day only, for ends of periods. */
export const dayOf = (at: string, language: string): string =>
  new Intl.DateTimeFormat(language, { dateStyle: 'medium' }).format(new Date(at));
