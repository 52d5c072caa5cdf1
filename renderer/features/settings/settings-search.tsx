// Finds a setting by its words: the sections that hold it, and the field itself once the section is shown.
import { useTranslation } from 'react-i18next';
import { SECTIONS, textsOf, type Section } from './settings-fields.ts';

interface FoundProps {
  /** as typed, not empty */
  readonly text: string;
  readonly onChoose: (section: Section) => void;
}

export function FoundSettings({ text, onChoose }: FoundProps) {
  const { t } = useTranslation();
  const wanted = text.trim().toLowerCase();
  const found = SECTIONS.flatMap((section) => {
    const title = t(`settings.sections.${section}`);
    const labels = textsOf(section).map((text) => t(text));
    const fitting = labels.filter((label) => label.toLowerCase().includes(wanted));
    if (fitting.length === 0 && title.toLowerCase().includes(wanted)) fitting.push(title);
    return fitting.map((label) => ({ section, title, label }));
  });
  if (found.length === 0) return <p className="muted">{t('settings.searchNone')}</p>;
  return (
    <ul className="settings-found" aria-label={t('settings.search')}>
      {found.map(({ section, title, label }) => (
        <li key={`${section} ${label}`}>
          <button
            type="button"
            onClick={() => {
              onChoose(section);
              // the section is drawn first
              requestAnimationFrame(() => requestAnimationFrame(() => focusField(label)));
            }}
          >
            {label} <span className="muted">{title}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

/** The control that a text of the section belongs to. */
function focusField(label: string): void {
  const body = document.querySelector('.settings-body');
  const holder = [...(body?.querySelectorAll('label, fieldset, section, h3') ?? [])].find((element) =>
    element.textContent.includes(label),
  );
  const control = holder?.querySelector<HTMLElement>('input, select, button') ?? null;
  (control ?? holder)?.scrollIntoView({ block: 'center' });
  control?.focus();
}
