// Tabs of the docked panels.
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { IDockviewPanelHeaderProps } from 'dockview-react';
import { X } from 'lucide-react';
import type { PanelName } from '../../workbench/feature.ts';
import { panelNamed } from '../../workbench/registry.ts';
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

/** The middle button closes a tab, as everywhere. */
const closeByMiddle = (api: IDockviewPanelHeaderProps['api']) => ({
  onAuxClick: (event: React.MouseEvent) => {
    if (event.button === 1) api.close();
  },
});

/** Tab of a named panel: its title in the person's language, which the dock also announces. */
export function PanelTab({ api }: IDockviewPanelHeaderProps) {
  const { t } = useTranslation();
  const title = t(`panels.${api.id as PanelName}`);
  useEffect(() => api.setTitle(title), [api, title]);
  const Glyph = panelNamed(api.id as PanelName).icon;
  return (
    <div className="tab" {...closeByMiddle(api)}>
      <Glyph size={13} aria-hidden />
      <span className="tab-title">{title}</span>
      <CloseMark api={api} />
    </div>
  );
}

/** Tab of a file: its name, a dot while it holds unsaved changes. */
export function FileTab({ api, params }: IDockviewPanelHeaderProps<{ path: string }>) {
  const { t } = useTranslation();
  const dirty = useDocuments((store) => isDirty(store, params.path));
  return (
    <div className="tab" title={params.path} {...closeByMiddle(api)}>
      <FileGlyph path={params.path} />
      <span className="tab-title">{api.title}</span>
      {dirty ? (
        <span className="tab-dirty" role="img" aria-label={t('editor.unsaved')}>
          ●
        </span>
      ) : null}
      <CloseMark api={api} />
    </div>
  );
}
