// Tabs of the docked panels.
import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { IDockviewPanelHeaderProps } from 'dockview-react';
import { X } from 'lucide-react';
import type { PanelName } from '../../workbench/feature.ts';
import { ContextMenu } from '@genrtl/ui/context-menu.tsx';
import { run } from '../../state/notice-store.ts';
import { shownKey } from '../../workbench/keys.ts';
import { commandNamed, panelNamed } from '../../workbench/registry.ts';
import { reveal } from '../explorer/reveal-store.ts';
import { FileGlyph } from '../explorer/file-glyph.tsx';
import { isDirty, useDocuments } from '../editor/document-store.ts';

/**
 * Closes with the pointer; the keyboard closes the active panel with Ctrl+F4, since a tab may hold no control of its
 * own.
 */
function CloseMark({ api }: Pick<IDockviewPanelHeaderProps, 'api'>) {
  const { t } = useTranslation();
  return (
    <span
      className="tab-close"
      title={t('ui.closeTab')}
      aria-hidden
      onPointerDown={(event) => event.stopPropagation()}
      onClick={(event) => {
        event.stopPropagation();
        api.close();
      }}
    >
      <X size={12} />
    </span>
  );
}

type Api = IDockviewPanelHeaderProps['api'];

/** The middle button closes a tab, as everywhere; the right one opens its menu. */
const pointers = (api: Api, openMenu: (at: { x: number; y: number }) => void) => ({
  onAuxClick: (event: React.MouseEvent) => {
    if (event.button === 1) api.close();
  },
  onContextMenu: (event: React.MouseEvent) => {
    event.preventDefault();
    openMenu({ x: event.clientX, y: event.clientY });
  },
});

interface TabMenuProps {
  readonly api: Api;
  /** of a file */
  readonly path?: string;
  readonly at: { readonly x: number; readonly y: number };
  readonly onClose: () => void;
}

/** Files keep their unsaved text when their tab is closed. */
function TabMenu({ api, path, at, onClose }: TabMenuProps) {
  const { t } = useTranslation();
  const { panels } = api.group;
  const place = panels.findIndex(({ id }) => id === api.id);
  const closeThese = (which: (index: number) => boolean): void => {
    for (const panel of panels.filter((_, index) => which(index))) panel.api.close();
  };
  return (
    <ContextMenu
      label={t('tabMenu.title')}
      at={at}
      groups={[
        [
          { label: t('tabMenu.close'), key: shownKey(commandNamed('closeTab').key ?? ''), run: () => api.close() },
          {
            label: t('tabMenu.closeOthers'),
            disabled: panels.length < 2,
            run: () => closeThese((index) => index !== place),
          },
          {
            label: t('tabMenu.closeRight'),
            disabled: place === panels.length - 1,
            run: () => closeThese((index) => index > place),
          },
          { label: t('tabMenu.closeAll'), run: () => closeThese(() => true) },
        ],
        ...(path === undefined
          ? []
          : [
              [
                { label: t('tabMenu.copyPath'), run: () => run(() => navigator.clipboard.writeText(path)) },
                { label: t('commands.revealFile'), run: () => reveal(path) },
              ],
            ]),
      ]}
      onClose={onClose}
    />
  );
}

/** Tab of a named panel: its title in the person's language, which the dock also announces. */
export function PanelTab({ api }: IDockviewPanelHeaderProps) {
  const { t } = useTranslation();
  const title = t(`panels.${api.id as PanelName}`);
  useEffect(() => api.setTitle(title), [api, title]);
  const [menu, setMenu] = useState<{ x: number; y: number } | null>(null);
  const closeMenu = useCallback(() => setMenu(null), []);
  const Glyph = panelNamed(api.id as PanelName).icon;
  return (
    <div className="tab" {...pointers(api, setMenu)}>
      <Glyph size={13} aria-hidden />
      <span className="tab-title">{title}</span>
      <CloseMark api={api} />
      {menu === null ? null : <TabMenu api={api} at={menu} onClose={closeMenu} />}
    </div>
  );
}

/** Tab of a file: its name, a dot while it holds unsaved changes. */
export function FileTab({ api, params }: IDockviewPanelHeaderProps<{ path: string }>) {
  const { t } = useTranslation();
  const dirty = useDocuments((store) => isDirty(store, params.path));
  const [menu, setMenu] = useState<{ x: number; y: number } | null>(null);
  const closeMenu = useCallback(() => setMenu(null), []);
  return (
    <div className="tab" title={params.path} {...pointers(api, setMenu)}>
      <FileGlyph path={params.path} />
      <span className="tab-title">{api.title}</span>
      {dirty ? (
        <span className="tab-dirty" role="img" aria-label={t('editor.unsaved')}>
          ●
        </span>
      ) : null}
      <CloseMark api={api} />
      {menu === null ? null : <TabMenu api={api} path={params.path} at={menu} onClose={closeMenu} />}
    </div>
  );
}
