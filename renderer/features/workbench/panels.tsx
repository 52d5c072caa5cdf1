// The docked panels by name. Each is loaded when it is first shown; a failing panel shows its error and leaves the
// others alone.
import { Component, Suspense, lazy, useEffect } from 'react';
import type { FunctionComponent, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { IDockviewPanelHeaderProps, IDockviewPanelProps } from 'dockview-react';
import { X } from 'lucide-react';
import { errorBody } from '../../bridge/call-error.ts';
import { ErrorNote, Spinner } from '@genrtl/ui/controls.tsx';
import { AgentPanel } from '../agent/agent-panel.tsx';
import { isDirty, useDocuments } from '../editor/document-store.ts';
import { ExplorerPanel } from '../explorer/explorer-panel.tsx';
import { ProblemsPanel } from '../problems/problems-panel.tsx';
import { WelcomePanel } from './welcome-panel.tsx';
import type { PanelName } from './panel-names.ts';
import { useTurn } from './use-turn.ts';

const EditorPanel = lazy(async () => ({ default: (await import('../editor/editor-panel.tsx')).EditorPanel }));
const ChangesPanel = lazy(async () => ({ default: (await import('../changes/changes-panel.tsx')).ChangesPanel }));
const PlanPanel = lazy(async () => ({ default: (await import('../plan/plan-panel.tsx')).PlanPanel }));
const CbbPanel = lazy(async () => ({ default: (await import('../cbb/cbb-panel.tsx')).CbbPanel }));
const SchematicPanel = lazy(async () => ({
  default: (await import('../schematic/schematic-panel.tsx')).SchematicPanel,
}));
const OutlinePanel = lazy(async () => ({ default: (await import('../language/outline-panel.tsx')).OutlinePanel }));
const SearchPanel = lazy(async () => ({ default: (await import('../language/search-panel.tsx')).SearchPanel }));
const WavesPanel = lazy(async () => ({ default: (await import('../waves/waves-panel.tsx')).WavesPanel }));
const ConsolesPanel = lazy(async () => ({ default: (await import('../consoles/consoles-panel.tsx')).ConsolesPanel }));
const SkillsPanel = lazy(async () => ({ default: (await import('../skills/skills-panel.tsx')).SkillsPanel }));
const LogPanel = lazy(async () => ({ default: (await import('../logs/log-panel.tsx')).LogPanel }));

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

function framed(name: string, Panel: FunctionComponent<IDockviewPanelProps>): FunctionComponent<IDockviewPanelProps> {
  return function Framed(props: IDockviewPanelProps) {
    const { t } = useTranslation();
    const turn = useTurn();
    return (
      <section className={`panel panel-${name}`} data-panel={name}>
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

export const PANELS: Record<PanelName | 'editor', FunctionComponent<IDockviewPanelProps>> = {
  explorer: framed('explorer', ExplorerPanel),
  agent: framed('agent', AgentPanel),
  problems: framed('problems', ProblemsPanel),
  log: framed('log', LogPanel),
  plan: framed('plan', PlanPanel),
  changes: framed('changes', ChangesPanel),
  welcome: framed('welcome', WelcomePanel),
  cbb: framed('cbb', CbbPanel),
  waves: framed('waves', WavesPanel),
  schematic: framed('schematic', SchematicPanel),
  outline: framed('outline', OutlinePanel),
  search: framed('search', SearchPanel),
  consoles: framed('consoles', ConsolesPanel),
  skills: framed('skills', SkillsPanel),
  editor: framed('editor', EditorPanel),
};

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

/** Tab of a named panel: its title in the person's language, which the dock also announces. */
export function PanelTab({ api }: IDockviewPanelHeaderProps) {
  const { t } = useTranslation();
  const title = t(`panels.${api.id as PanelName}`);
  useEffect(() => api.setTitle(title), [api, title]);
  return (
    <div className="tab">
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
    <div className="tab" title={params.path}>
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
