// Commands and files by typing a few letters.
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Command } from 'cmdk';
import { useDialogs } from '../../state/dialog-store.ts';
import { useWorkspace } from '../../state/workspace-store.ts';
import { listFiles } from '../explorer/list-files.ts';
import { openFile, showPanel } from '../../workbench/dock-store.ts';
import { ariaKey, shownKey } from '../../workbench/keys.ts';
import { commands, panels } from '../../workbench/registry.ts';

const MAX_FILES = 2000;

export function CommandPalette() {
  const { t } = useTranslation();
  const close = useDialogs((store) => store.close);
  const workspace = useWorkspace((store) => store.view?.path ?? null);
  const [files, setFiles] = useState<readonly string[]>([]);
  useEffect(() => {
    if (workspace !== null) listFiles(workspace, MAX_FILES).then(setFiles, () => undefined);
  }, [workspace]);

  const act =
    (action: () => void): (() => void) =>
    () => {
      close();
      action();
    };
  return (
    <Command.Dialog
      open
      label={t('palette.title')}
      className="palette"
      overlayClassName="palette-veil"
      contentClassName="palette-box"
      onOpenChange={(shown) => (shown ? undefined : close())}
    >
      <Command.Input placeholder={t('palette.placeholder')} />
      <Command.List>
        <Command.Empty>{t('palette.empty')}</Command.Empty>
        {workspace === null ? null : (
          <Command.Group heading={t('palette.views')}>
            {panels().map(({ name, key }) => {
              const title = `${t('palette.show')}: ${t(`panels.${name}`)}`;
              return <Row key={name} title={title} shortcut={key} onSelect={act(() => showPanel(name))} />;
            })}
          </Command.Group>
        )}
        <Command.Group heading={t('palette.application')}>
          {commands()
            .filter((command) => command.palette !== false && command.available?.() !== false)
            .map((command) => (
              <Row
                key={command.name}
                title={t(`commands.${command.name}`)}
                shortcut={command.key}
                onSelect={act(() => command.run())}
              />
            ))}
        </Command.Group>
        {files.length === 0 ? null : (
          <Command.Group heading={t('palette.files')}>
            {files.map((file) => (
              <Command.Item key={file} value={file} onSelect={act(() => openFile(file))}>
                <span className="path">{file}</span>
              </Command.Item>
            ))}
          </Command.Group>
        )}
      </Command.List>
    </Command.Dialog>
  );
}

interface RowProps {
  readonly title: string;
  readonly shortcut: string | undefined;
  readonly onSelect: () => void;
}

function Row({ title, shortcut, onSelect }: RowProps) {
  return (
    <Command.Item
      value={title}
      onSelect={onSelect}
      aria-keyshortcuts={shortcut === undefined ? undefined : ariaKey(shortcut)}
    >
      <span>{title}</span>
      {shortcut === undefined ? null : <kbd aria-hidden>{shownKey(shortcut)}</kbd>}
    </Command.Item>
  );
}
