// The docking layout: restored at start, saved as it changes, put back to the default when what was saved does not fit.
import { useEffect, useRef, useState } from 'react';
import { DockviewReact } from 'dockview-react';
import type { DockviewApi, DockviewReadyEvent } from 'dockview-react';
import 'dockview-react/dist/styles/dockview.css';
import { bridge } from '../../bridge/bridge.ts';
import { showError } from '../../state/notice-store.ts';
import { useSettings } from '../../state/settings-store.ts';
import { useDock } from '../../workbench/dock-store.ts';
import { keepTabsInSight } from '../../workbench/sides.ts';
import { layDefault } from './default-layout.ts';
import { dockComponents } from './framed-panels.tsx';
import { FileTab, PanelTab } from './panel-tabs.tsx';

const SAVE_AFTER_MS = 800;
const THEMES = {
  dark: { name: 'dark', className: 'dockview-theme-dark', colorScheme: 'dark' as const },
  light: { name: 'light', className: 'dockview-theme-light', colorScheme: 'light' as const },
};

function restore(api: DockviewApi, layout: string | null): void {
  if (layout !== null) {
    try {
      api.fromJSON(JSON.parse(layout) as Parameters<DockviewApi['fromJSON']>[0]);
      if (api.panels.length > 0) return;
    } catch {
      // a layout of another version: the default is better than half of it
    }
  }
  layDefault(api);
}

export function Dock({ workspace }: { readonly workspace: string }) {
  const theme = useSettings((store) => store.settings?.theme ?? 'dark');
  const [components] = useState(dockComponents);
  const stop = useRef<() => void>(() => undefined);
  const ready = ({ api }: DockviewReadyEvent): void => {
    bridge
      .call('layout.read', { workspace })
      .then(
        ({ layout }) => layout,
        () => null,
      )
      .then((layout) => {
        // features may open panels once the layout stands, not before
        restore(api, layout);
        useDock.getState().setApi(api);
        let timer: ReturnType<typeof setTimeout> | undefined;
        const changed = api.onDidLayoutChange(() => {
          clearTimeout(timer);
          timer = setTimeout(() => {
            bridge.call('layout.write', { workspace, layout: JSON.stringify(api.toJSON()) }).catch(() => undefined);
          }, SAVE_AFTER_MS);
        });
        const unwatch = keepTabsInSight(api);
        stop.current = () => {
          unwatch();
          clearTimeout(timer);
          changed.dispose();
        };
      }, showError);
  };
  useEffect(
    () => () => {
      stop.current();
      useDock.getState().setApi(null);
    },
    [],
  );
  return (
    <DockviewReact
      className="dock"
      components={components}
      tabComponents={{ file: FileTab }}
      defaultTabComponent={PanelTab}
      theme={THEMES[theme]}
      onReady={ready}
    />
  );
}
