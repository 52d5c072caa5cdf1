// Bottom of the window: connection and backend, findings, tools of the next job, language.
import { useTranslation } from 'react-i18next';
import { AlertTriangle, CircleDot, OctagonX } from 'lucide-react';
import { AiStatus } from '../ai-editor/ai-status.tsx';
import { useActiveEditor, useEditorPlace } from '../editor/active-editor.ts';
import { useJob } from '../../state/job-store.ts';
import { BranchName } from '../git/branch-name.tsx';
import { useLink } from '../../state/link-store.ts';
import { run } from '../../state/notice-store.ts';
import { useProblems } from '../../state/problems.ts';
import { useSettings } from '../../state/settings-store.ts';
import { openPanel } from '../../workbench/dock-store.ts';

/** Line and column of the editor that is seen; leads to another line. */
function CursorPlace() {
  const { t } = useTranslation();
  const place = useEditorPlace((store) => store.place);
  if (place === null) return null;
  return (
    <button
      type="button"
      title={t('editor.goToLine')}
      onClick={() => useActiveEditor.getState().editor?.run('editor.action.gotoLine')}
    >
      {t('editor.place', { line: place.line, column: place.column })}
    </button>
  );
}

export function StatusBar() {
  const { t } = useTranslation();
  const link = useLink((store) => store.link);
  const backend = useLink((store) => store.backend);
  const problems = useProblems();
  const settings = useSettings((store) => store.settings);
  const change = useSettings((store) => store.change);
  const job = useJob((store) => store.state);
  const errors = problems.filter((found) => found.severity === 'error').length;
  const warnings = problems.filter((found) => found.severity === 'warning').length;
  const health = link !== 'open' ? 'lost' : backend;
  if (settings === null) return null;
  const next = settings.language === 'en' ? 'zh-CN' : 'en';
  const current = job?.status === 'running' ? job.settings : settings;
  return (
    <footer className="status-bar">
      <span className={`status-health status-${health}`}>
        <CircleDot size={12} aria-hidden />
        {t(`health.${health}`)}
      </span>
      <BranchName />
      <button type="button" onClick={() => openPanel('problems')} title={t('problems.show')}>
        <OctagonX size={12} aria-hidden />
        <span className="visually-hidden">{t('severity.error')}</span>
        {errors}
        <AlertTriangle size={12} aria-hidden />
        <span className="visually-hidden">{t('severity.warning')}</span>
        {warnings}
      </button>
      <span className="status-space" />
      <AiStatus />
      <CursorPlace />
      <span title={t('settings.tools')}>
        {current.lint_tool} · {current.sim_tool}
      </span>
      <span className="status-model" title={t('settings.model')}>
        {current.model ?? t('settings.modelAuto')}
      </span>
      <button type="button" onClick={() => run(() => change({ language: next }))} title={t('commands.language')}>
        {settings.language === 'en' ? 'English' : '简体中文'}
      </button>
    </footer>
  );
}
