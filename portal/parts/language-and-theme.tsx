// The two switches that every page has.
import { Languages, Moon, Sun } from 'lucide-react';
import { Button, IconButton } from '@genrtl/ui/controls.tsx';
import { useTexts } from '../i18n/index.ts';
import { usePreferences } from '../state/preferences.ts';

export function LanguageAndTheme() {
  const { t } = useTexts();
  const { language, theme, setLanguage, setTheme } = usePreferences();
  return (
    <div className="portal-switches">
      <Button tone="quiet" icon={Languages} onClick={() => setLanguage(language === 'en' ? 'zh-CN' : 'en')}>
        {t('shell.language')}
      </Button>
      <IconButton
        label={t(theme === 'dark' ? 'shell.light' : 'shell.dark')}
        icon={theme === 'dark' ? Sun : Moon}
        onClick={() => setTheme(theme === 'dark' ? 'light' : 'dark')}
      />
    </div>
  );
}
