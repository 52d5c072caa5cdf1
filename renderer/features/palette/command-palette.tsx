// Views, commands and files by typing a few letters. A leading `>` leaves the files out.
import { useDeferredValue, useMemo, useState } from 'react';
import { flushSync } from 'react-dom';
import { useTranslation } from 'react-i18next';
import { Command } from 'cmdk';
import { useCall } from '../../bridge/use-call.ts';
import { useDialogs } from '../../state/dialog-store.ts';
import { useWorkspace } from '../../state/workspace-store.ts';
import { openFile, showPanel } from '../../workbench/dock-store.ts';
import { ariaKey, shownKey } from '../../workbench/keys.ts';
import { commands, panels } from '../../workbench/registry.ts';
import { bestMatches, scoreOf } from './match.ts';
import { PaletteModal } from './palette-modal.tsx';
import { PathText } from '@genrtl/ui/path-text.tsx';

/** More would not be read; typing another letter shows others. */
const SHOWN_FILES = 60;
/** What the list has room for: drawn with the key, the rows below it afterwards. */
const FIRST_ROWS = 18;

interface Entry {
  readonly name: string;
  readonly title: string;
  readonly key: string | undefined;
  act(): void;
}

const NO_FILES: readonly string[] = [];

export function CommandPalette() {
  const { t } = useTranslation();
  const close = useDialogs((store) => store.close);
  const workspace = useWorkspace((store) => store.view?.path ?? null);
  const at = useDialogs((store) => store.at);
  const [typed, setTyped] = useState(at);
  const { data: listing, loading } = useCall('workspace.files', workspace === null ? null : { workspace });
  const commandsOnly = typed.startsWith('>');
  // at once: Enter right after a letter acts on what that letter found
  const query = commandsOnly ? typed.slice(1) : typed;
  const all = listing?.files ?? NO_FILES;
  const { best, count } = useMemo(
    () => (commandsOnly ? { best: [], count: 0 } : bestMatches(all, query, SHOWN_FILES)),
    [all, query, commandsOnly],
  );

  const views: Entry[] =
    workspace === null
      ? []
      : panels().map(({ name, key }) => ({
          name,
          title: t('palette.showPanel', { panel: t(`panels.${name}`) }),
          key,
          act: () => showPanel(name),
        }));
  const actions: Entry[] = commands()
    .filter((command) => command.palette !== false && command.available?.() !== false)
    .map((command) => ({
      name: command.name,
      title: t(`commands.${command.name}`),
      key: command.key,
      act: () => command.run(),
    }));
  const fitting = (entries: readonly Entry[]): Entry[] => {
    const wanted = query.trim().toLowerCase();
    return entries
      .map((entry) => ({ entry, score: wanted === '' ? 0 : scoreOf(entry.title.toLowerCase(), wanted) }))
      .filter((one): one is { entry: Entry; score: number } => one.score !== null)
      .sort((a, b) => b.score - a.score)
      .map(({ entry }) => entry);
  };
  const whole = useDeferredValue(typed, null) === typed;
  const room = whole ? Number.POSITIVE_INFINITY : FIRST_ROWS;
  const [shownViews, shownActions] = [fitting(views), fitting(actions)];
  const groups = [
    { heading: t('palette.views'), entries: shownViews.slice(0, room) },
    { heading: t('palette.application'), entries: shownActions.slice(0, Math.max(0, room - shownViews.length)) },
  ];
  const files = best.slice(0, Math.max(0, room - shownViews.length - shownActions.length));
  const act = (action: () => void): void => {
    // gone before what is chosen takes the focus
    flushSync(close);
    action();
  };
  return (
    <PaletteModal label={t('palette.title')} onClose={close}>
      <Command label={t('palette.title')} className="palette" shouldFilter={false}>
        <Command.Input autoFocus placeholder={t('palette.placeholder')} value={typed} onValueChange={setTyped} />
        <Command.List>
          <Command.Empty>{t(loading ? 'palette.reading' : 'palette.empty')}</Command.Empty>
          {groups.map(({ heading, entries }) =>
            entries.length === 0 ? null : (
              <Command.Group key={heading} heading={heading}>
                {entries.map((entry) => (
                  <Command.Item
                    key={entry.name}
                    value={entry.name}
                    onSelect={() => act(entry.act)}
                    aria-keyshortcuts={entry.key === undefined ? undefined : ariaKey(entry.key)}
                  >
                    <span>{entry.title}</span>
                    {entry.key === undefined ? null : <kbd aria-hidden>{shownKey(entry.key)}</kbd>}
                  </Command.Item>
                ))}
              </Command.Group>
            ),
          )}
          {files.length === 0 ? null : (
            <Command.Group heading={t('palette.files')}>
              {files.map((file) => (
                <Command.Item key={file} value={`file:${file}`} onSelect={() => act(() => openFile(file))}>
                  <PathText path={file} />
                </Command.Item>
              ))}
            </Command.Group>
          )}
        </Command.List>
        {count > best.length ? (
          <p className="palette-note">{t('palette.more', { shown: best.length, count })}</p>
        ) : null}
        {listing?.truncated === true ? (
          <p className="palette-note palette-cut" role="status">
            {t('palette.truncated', { count: all.length })}
          </p>
        ) : null}
      </Command>
    </PaletteModal>
  );
}
