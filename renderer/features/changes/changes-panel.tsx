// Everything the job changed, file by file, in a diff editor.
import { useCallback, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FileDiff, RefreshCw } from 'lucide-react';
import type { IDockviewPanelProps } from 'dockview-react';
import type { FileChange } from '@genrtl/contracts';
import { bridge } from '../../bridge/bridge.ts';
import { useJob } from '../../state/job-store.ts';
import { showError } from '../../state/notice-store.ts';
import { useSettings } from '../../state/settings-store.ts';
import { useWorkspace } from '../../state/workspace-store.ts';
import { Button, Empty, IconButton } from '../../ui/controls.tsx';
import { EDITOR_OPTIONS, languageOf, monaco } from '../editor/monaco.ts';
import { DiffText } from '../agent/step-details.tsx';
import { openFile } from '../workbench/dock-store.ts';

export function ChangesPanel({ params }: IDockviewPanelProps<{ patchOf?: string | null }>) {
  const { t } = useTranslation();
  const workspace = useWorkspace((store) => store.view?.path ?? '');
  const settled = useJob((store) => `${store.state?.job_id ?? ''} ${store.state?.steps.filter((step) => step.step === 'apply').length ?? 0} ${store.state?.status ?? ''}`);
  const waiting = useJob((store) => store.state?.steps.at(-1)?.step === 'approve_patch' && store.state.steps.at(-1)?.status === 'waiting');
  const [changes, setChanges] = useState<readonly FileChange[] | null>(null);
  const [selected, setSelected] = useState<string | null>(null);
  const load = useCallback(() => {
    bridge.call('job.changes', { workspace }).then((answer) => setChanges(answer.changes), showError);
  }, [workspace]);
  useEffect(load, [load, settled]);
  const shown = changes?.find((change) => change.path === selected) ?? changes?.[0];
  if (waiting && params.patchOf != null) return <ProposedPatch stepId={params.patchOf} />;
  if (changes?.length === 0) return <Empty icon={FileDiff} title={t('changes.none')} />;
  return (
    <div className="changes">
      <nav className="changes-files" aria-label={t('panels.changes')}>
        <div className="panel-tools"><span className="panel-tools-title">{t('changes.files', { count: changes?.length ?? 0 })}</span><IconButton label={t('explorer.refresh')} icon={RefreshCw} onClick={load} /></div>
        <ul>
          {changes?.map((change) => (
            <li key={change.path}>
              <button type="button" className={change === shown ? 'changes-file changes-file-on' : 'changes-file'} aria-current={change === shown} title={change.path} onClick={() => setSelected(change.path)}>
                <span className={`change-kind change-${kindOf(change)}`} aria-label={t(`changes.${kindOf(change)}`)}>{kindOf(change)[0]?.toUpperCase()}</span>
                <span className="path">{change.path}</span>
              </button>
            </li>
          ))}
        </ul>
      </nav>
      {shown === undefined ? null : <DiffView key={shown.path} change={shown} />}
    </div>
  );
}

const kindOf = (change: FileChange): 'created' | 'deleted' | 'modified' => (change.before === null ? 'created' : change.after === null ? 'deleted' : 'modified');

function ProposedPatch({ stepId }: { readonly stepId: string }) {
  const { t } = useTranslation();
  const workspace = useWorkspace((store) => store.view?.path ?? '');
  const [patch, setPatch] = useState<string | null>(null);
  useEffect(() => {
    bridge.call('job.run', { workspace, step_id: stepId }).then((found) => setPatch(found.patch), showError);
  }, [workspace, stepId]);
  return <div className="proposed"><h3>{t('changes.proposed')}</h3>{patch === null ? null : <DiffText text={patch} />}</div>;
}

function DiffView({ change }: { readonly change: FileChange }) {
  const { t } = useTranslation();
  const theme = useSettings((store) => store.settings?.theme ?? 'dark');
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (host.current === null) return undefined;
    const language = languageOf(change.path);
    if (change.before === null || change.after === null) {
      // Nothing to compare with: the text itself reads better than a diff against nothing.
      const model = monaco.editor.createModel(change.after ?? change.before ?? '', language);
      const plain = monaco.editor.create(host.current, { ...EDITOR_OPTIONS, readOnly: true, model, ariaLabel: change.path });
      return () => {
        plain.dispose();
        model.dispose();
      };
    }
    const original = monaco.editor.createModel(change.before, language);
    const modified = monaco.editor.createModel(change.after, language);
    const editor = monaco.editor.createDiffEditor(host.current, { ...EDITOR_OPTIONS, readOnly: true, originalEditable: false, renderSideBySide: true, useInlineViewWhenSpaceIsLimited: true, hideUnchangedRegions: { enabled: true } });
    editor.setModel({ original, modified });
    return () => {
      editor.dispose();
      original.dispose();
      modified.dispose();
    };
  }, [change]);
  useEffect(() => monaco.editor.setTheme(theme === 'dark' ? 'genrtl-dark' : 'genrtl-light'), [theme]);
  return (
    <section className="changes-diff" aria-label={change.path}>
      <div className="panel-tools"><span className="panel-tools-title path">{change.path}</span>{change.after === null ? null : <Button onClick={() => openFile(change.path)}>{t('changes.open')}</Button>}</div>
      <div ref={host} className="editor-host" />
    </section>
  );
}
