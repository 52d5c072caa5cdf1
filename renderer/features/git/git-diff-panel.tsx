// One file at two places of its history, side by side.
import { useTranslation } from 'react-i18next';
import type { IDockviewPanelProps } from 'dockview-react';
import { FileDiff } from 'lucide-react';
import type { GitPlace } from '@genrtl/contracts/git.ts';
import { Button, Empty, ErrorNote, Spinner } from '@genrtl/ui/controls.tsx';
import { PathText } from '@genrtl/ui/path-text.tsx';
import { useCall } from '../../bridge/use-call.ts';
import { useWorkspace } from '../../state/workspace-store.ts';
import { openFile } from '../../workbench/dock-store.ts';
import { DiffView } from '../changes/diff-view.tsx';
import '../changes/changes.css';
import type { Comparison } from './git-actions.ts';

export function GitDiffPanel({ params }: IDockviewPanelProps<Partial<Comparison>>) {
  const { t } = useTranslation();
  const { path, from, to } = params;
  if (path === undefined || from === undefined || to === undefined)
    return <Empty icon={FileDiff} title={t('git.nothingCompared')} />;
  return <Compared path={path} from={from} to={to} fromPath={params.fromPath ?? path} />;
}

function Compared({ path, from, to, fromPath }: Required<Comparison>) {
  const { t } = useTranslation();
  const workspace = useWorkspace((store) => store.view?.path ?? null);
  const before = useCall('git.text', workspace === null ? null : { workspace, path: fromPath, at: from });
  const after = useCall('git.text', workspace === null ? null : { workspace, path, at: to });
  const error = before.error ?? after.error;
  const name = (place: GitPlace): string =>
    place === 'head' || place === 'index' || place === 'disk'
      ? t(`git.places.${place}`)
      : place.endsWith('^')
        ? t('git.places.before', { commit: place.slice(0, 10) })
        : place.slice(0, 10);
  const [left, right] = [before.data, after.data];
  const unread = [left?.why, right?.why].find((why) => why !== null && why !== undefined && why !== 'absent');
  const both = left?.why === 'absent' && right?.why === 'absent';
  return (
    <div className="git-diff">
      <div className="panel-tools">
        <PathText path={path} title={path} />
        <span className="muted">
          {name(from)} → {name(to)}
        </span>
        <span className="status-space" />
        <Button onClick={() => openFile(path)}>{t('changes.open')}</Button>
      </div>
      {error !== null ? (
        <div className="panel-pad">
          <ErrorNote error={error} />
        </div>
      ) : left === undefined || right === undefined ? (
        <div className="panel-wait">
          <Spinner label={t('ui.loading')} />
        </div>
      ) : unread !== undefined || both ? (
        <Empty icon={FileDiff} title={t(both ? 'git.why.absent' : `git.why.${unread ?? 'binary'}`)} />
      ) : left.text === right.text ? (
        <Empty icon={FileDiff} title={t('git.same')} />
      ) : (
        <DiffView path={path} before={left.text} after={right.text} />
      )}
    </div>
  );
}
