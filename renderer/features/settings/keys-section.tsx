// Keys of commands and panels: each can have another, or none. The editor's and the waveforms' own keys stay theirs.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { RotateCcw } from 'lucide-react';
import { run } from '../../state/notice-store.ts';
import { useSettings } from '../../state/settings-store.ts';
import { Button, IconButton } from '@genrtl/ui/controls.tsx';
import { chordOf, normalKey, shownKey } from '../../workbench/keys.ts';
import type { CommandName, PanelName } from '../../workbench/feature.ts';
import { keyRows } from '../../workbench/registry.ts';

export function KeysSection() {
  const { t } = useTranslation();
  const own = useSettings((store) => store.settings?.keys);
  const change = useSettings((store) => store.change);
  const [text, setText] = useState('');
  const [asking, setAsking] = useState<string | null>(null);
  if (own === undefined) return null;
  const title = (id: string): string => {
    const [kind, name] = id.split('.');
    return kind === 'panel'
      ? t('palette.showPanel', { panel: t(`panels.${name as PanelName}`) })
      : t(`commands.${name as CommandName}`);
  };
  const rows = keyRows().map((row) => ({ ...row, title: title(row.id) }));
  const wanted = text.trim().toLowerCase();
  const shown = rows.filter(
    (row) =>
      wanted === '' || row.title.toLowerCase().includes(wanted) || row.key?.toLowerCase().includes(wanted) === true,
  );
  const set = (id: string, key: string | undefined): void => {
    const { [id]: _, ...others } = own;
    run(() => change({ keys: key === undefined ? others : { ...others, [id]: key } }));
  };
  return (
    <>
      <p className="muted">{t('keys.note')}</p>
      <input
        type="search"
        aria-label={t('keys.search')}
        placeholder={t('keys.search')}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <table className="table">
        <tbody>
          {shown.map(({ id, key, title: name }) => {
            const twin =
              key === undefined
                ? undefined
                : rows.find((row) => row.id !== id && row.key !== undefined && normalKey(row.key) === normalKey(key));
            return (
              <tr key={id} data-key-of={id}>
                <td>{name}</td>
                <td>
                  {asking === id ? (
                    <KeyField
                      label={t('keys.press', { name })}
                      onKey={(pressed) => {
                        setAsking(null);
                        if (pressed !== null) set(id, pressed);
                      }}
                    />
                  ) : (
                    <Button onClick={() => setAsking(id)} title={t('keys.change', { name })}>
                      {key === undefined ? t('keys.none') : shownKey(key)}
                    </Button>
                  )}
                  {twin === undefined ? null : <span className="muted"> {t('keys.twin', { name: twin.title })}</span>}
                </td>
                <td>
                  {own[id] === undefined ? null : (
                    <IconButton label={t('keys.reset', { name })} icon={RotateCcw} onClick={() => set(id, undefined)} />
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </>
  );
}

/** Takes the next chord: Escape leaves things as they are, Backspace takes the key away. */
function KeyField({ label, onKey }: { readonly label: string; readonly onKey: (key: string | null) => void }) {
  return (
    <input
      autoFocus
      readOnly
      className="key-field"
      data-every-key
      aria-label={label}
      placeholder={label}
      onBlur={() => onKey(null)}
      onKeyDown={(event) => {
        if (event.key === 'Tab') return;
        event.preventDefault();
        event.stopPropagation();
        if (event.key === 'Escape') return onKey(null);
        if (event.key === 'Backspace') return onKey('');
        const chord = chordOf(event);
        if (chord !== null) onKey(chord);
      }}
    />
  );
}
