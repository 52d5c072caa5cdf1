// The docked panels by name. Each is drawn in a frame of its own: a failing panel shows its error and leaves the others
// alone.
import { Component, Suspense } from 'react';
import type { FunctionComponent, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { IDockviewPanelProps } from 'dockview-react';
import { ErrorNote, Spinner } from '@genrtl/ui/controls.tsx';
import { errorBody } from '../../bridge/call-error.ts';
import { loadMonacoTexts } from '../editor/monaco-texts.ts';
import type { PanelComponent } from '../../workbench/feature.ts';
import { useKeptFocus } from '../../workbench/keep-focus.ts';
import { lazyPanel } from '../../workbench/lazy-panel.ts';
import { panels } from '../../workbench/registry.ts';
import { useTurn } from '../../workbench/use-turn.ts';

/** Files are panels too, as many as are open, by path instead of by name. */
const EditorPanel = lazyPanel(async () => {
  await loadMonacoTexts();
  return (await import('../editor/editor-panel.tsx')).EditorPanel;
});

class PanelBoundary extends Component<{ readonly children: ReactNode }, { readonly error: unknown }> {
  override state: { readonly error: unknown } = { error: null };

  static getDerivedStateFromError(error: unknown): { error: unknown } {
    return { error };
  }

  override render(): ReactNode {
    return this.state.error === null ? (
      this.props.children
    ) : (
      <div className="panel-pad">
        <ErrorNote error={errorBody(this.state.error)} />
      </div>
    );
  }
}

function framed(name: string, Panel: PanelComponent): FunctionComponent<IDockviewPanelProps> {
  return function Framed(props: IDockviewPanelProps) {
    const { t } = useTranslation();
    const turn = useTurn();
    const ref = useKeptFocus<HTMLElement>();
    return (
      <section ref={ref} className={`panel panel-${name}`} data-panel={name} tabIndex={-1}>
        {turn ? (
          <PanelBoundary>
            <Suspense
              fallback={
                <div className="panel-wait">
                  <Spinner label={t('ui.loading')} />
                </div>
              }
            >
              <Panel {...props} />
            </Suspense>
          </PanelBoundary>
        ) : null}
      </section>
    );
  };
}

export function dockComponents(): Record<string, PanelComponent> {
  const named = panels().map((panel) => [panel.name, framed(panel.name, panel.component)] as const);
  return { ...Object.fromEntries(named), editor: framed('editor', EditorPanel) };
}
