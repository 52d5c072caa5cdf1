// The repository of the workspace: branch, what is staged and what is not, and the commit.
import { useState } from 'react';
import type { KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Check, FolderGit2, GitBranch, History, Minus, Plus, RefreshCw, Square, Undo2 } from 'lucide-react';
import type { GitEntry, GitRepositoryView } from '@genrtl/contracts/git.ts';
import { Button, Empty, ErrorNote, IconButton, Spinner } from '@genrtl/ui/controls.tsx';
import { baseName } from '@genrtl/ui/format.ts';
import { TreeList } from '@genrtl/ui/tree-list.tsx';
import type { TreeListRow } from '@genrtl/ui/tree-list.tsx';
import { bridge } from '../../bridge/bridge.ts';
import { run } from '../../state/notice-store.ts';
import { useWorkspace } from '../../state/workspace-store.ts';
import { openFile } from '../../workbench/dock-store.ts';
import { commit, compare, stage, unstage } from './git-actions.ts';
import { GitMark } from './git-mark.tsx';
import { useGitStore } from './git-store.ts';
import { useGit } from './use-git.ts';

type Side = 'staged' | 'unstaged';
interface GitRow extends TreeListRow {
  readonly side: Side;
  /** null: the row of the whole side */
  readonly entry: GitEntry | null;
}

export function GitPanel() {
  const { t } = useTranslation();
  const { data: view, error, reload } = useGit();
  const workspace = useWorkspace((store) => store.view?.path ?? '');
  if (view === undefined)
    return error === null ? (
      <div className="panel-wait">
        <Spinner label={t('ui.loading')} />
      </div>
    ) : (
      <div className="panel-pad">
        <ErrorNote error={error} />
        <Button onClick={reload}>{t('explorer.refresh')}</Button>
      </div>
    );
  switch (view.state) {
    case 'no_git':
      return (
        <Empty icon={FolderGit2} title={t('git.missing')}>
          {t('git.missingNote')}
        </Empty>
      );
    case 'no_repository':
      return (
        <Empty icon={FolderGit2} title={t('git.noRepository')}>
          <p>{t('git.noRepositoryNote')}</p>
          <Button onClick={() => run(() => bridge.call('git.init', { workspace }))}>{t('git.init')}</Button>
        </Empty>
      );
    case 'refused':
      return (
        <div className="panel-pad git-refused" role="alert">
          <p>{t('git.refused')}</p>
          <pre>{view.message}</pre>
          <Button onClick={reload}>{t('explorer.refresh')}</Button>
        </div>
      );
    case 'repository':
      return <Repository view={view} workspace={workspace} onRefresh={reload} />;
  }
}

interface RepositoryProps {
  readonly view: GitRepositoryView;
  readonly workspace: string;
  readonly onRefresh: () => void;
}

function Repository({ view, workspace, onRefresh }: RepositoryProps) {
  const { t } = useTranslation();
  const ask = useGitStore((store) => store.ask);
  const [closed, setClosed] = useState<ReadonlySet<Side>>(new Set());
  const [chosen, setChosen] = useState<GitRow | null>(null);
  const rows = rowsOf(view.entries, closed, (side, count) => t(`git.${side}`, { count }));
  // what was chosen may have moved to the other side, or be done
  const at = rows.find(({ key }) => key === chosen?.key) ?? null;
  const paths = at === null ? [] : at.entry === null ? pathsOf(view.entries, at.side) : [at.entry.path];
  const canStage = at?.side === 'unstaged' && paths.length > 0;
  const canUnstage = at?.side === 'staged' && paths.length > 0;
  const file = at?.entry?.kind === 'file' ? at.entry.path : null;

  const press = (event: KeyboardEvent): void => {
    if (event.target instanceof HTMLTextAreaElement || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === '+' && canStage) run(() => stage(paths));
    else if (event.key === '-' && canUnstage) run(() => unstage(paths));
    else if (event.key === 'Delete' && canStage) ask({ kind: 'discard', paths });
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div className="git" onKeyDownCapture={press}>
      <div className="panel-tools">
        <button
          type="button"
          className="git-branch"
          title={t('commands.gitSwitch')}
          onClick={() => ask({ kind: 'branch' })}
        >
          <GitBranch size={13} aria-hidden />
          <span>{view.branch ?? t('git.detached', { commit: view.commit?.slice(0, 10) ?? '' })}</span>
          {view.ahead + view.behind === 0 ? null : (
            <span className="muted" title={t('git.aheadBehind', { ahead: view.ahead, behind: view.behind })}>
              ↑{view.ahead} ↓{view.behind}
            </span>
          )}
        </button>
        <span className="status-space" />
        <IconButton label={t('explorer.refresh')} icon={RefreshCw} onClick={onRefresh} />
      </div>
      <CommitBox view={view} workspace={workspace} />
      <GitNotes view={view} />
      {rows.length === 0 ? (
        <p className="muted panel-pad">{t(view.commit === null ? 'git.nothingYet' : 'git.clean')}</p>
      ) : (
        <>
          <div className="panel-tools git-acts" role="toolbar" aria-label={t('git.acts')}>
            <IconButton
              label={`${t('git.stage')} (+)`}
              icon={Plus}
              disabled={!canStage}
              onClick={() => run(() => stage(paths))}
            />
            <IconButton
              label={`${t('git.unstage')} (−)`}
              icon={Minus}
              disabled={!canUnstage}
              onClick={() => run(() => unstage(paths))}
            />
            <IconButton
              label={`${t('git.discard')} (Del)`}
              icon={Undo2}
              disabled={!canStage}
              onClick={() => ask({ kind: 'discard', paths })}
            />
            <IconButton
              label={t('commands.gitHistory')}
              icon={History}
              disabled={file === null}
              onClick={() => (file === null ? undefined : ask({ kind: 'history', path: file }))}
            />
          </div>
          <TreeList
            rows={rows}
            label={t('git.changes')}
            onChoose={setChosen}
            onToggle={({ side }) => setClosed(toggled(closed, side))}
            onAct={({ entry, side }, other) => {
              if (entry === null) setClosed(toggled(closed, side));
              else if (entry.kind !== 'file') return;
              else if (other) openFile(entry.path);
              else show(entry, side);
            }}
          />
        </>
      )}
    </div>
  );
}

function show(entry: GitEntry, side: Side): void {
  const { path, from } = entry;
  const past = from === null ? {} : { fromPath: from };
  if (side === 'staged') compare({ path, from: 'head', to: 'index', ...past });
  else compare({ path, from: entry.unstaged === 'conflict' ? 'head' : 'index', to: 'disk' });
}

const toggled = (closed: ReadonlySet<Side>, side: Side): ReadonlySet<Side> =>
  new Set(closed.has(side) ? [...closed].filter((one) => one !== side) : [...closed, side]);

const pathsOf = (entries: readonly GitEntry[], side: Side): string[] =>
  entries.filter((entry) => entry[side] !== null).map(({ path }) => path);

function rowsOf(
  entries: readonly GitEntry[],
  closed: ReadonlySet<Side>,
  title: (side: Side, count: number) => string,
): GitRow[] {
  return (['staged', 'unstaged'] as const).flatMap((side): GitRow[] => {
    const of = entries.filter((entry) => entry[side] !== null);
    if (of.length === 0) return [];
    const name = title(side, of.length);
    const open = !closed.has(side);
    return [
      { key: side, name, level: 0, open, side, entry: null, content: <b className="git-side">{name}</b> },
      ...(open ? of : []).map((entry): GitRow => {
        const { path } = entry;
        return {
          key: `${side} ${path}`,
          name: baseName(path),
          level: 1,
          open: null,
          side,
          entry,
          title: entry.from === null ? path : `${entry.from} → ${path}`,
          content: <FileLine entry={entry} side={side} />,
        };
      }),
    ];
  });
}

function FileLine({ entry, side }: { readonly entry: GitEntry; readonly side: Side }) {
  const { t } = useTranslation();
  const folder = entry.path.slice(0, Math.max(0, entry.path.lastIndexOf('/')));
  const name = entry.path === '' ? t('git.wholeWorkspace') : baseName(entry.path);
  const change = entry[side];
  return (
    <>
      <span className="git-name">
        {entry.kind === 'folder' && entry.path !== '' ? `${name}/` : name} <span className="muted">{folder}</span>
      </span>
      {change === null ? null : <GitMark mark={{ change, inside: false, staged: side === 'staged' }} />}
    </>
  );
}

function GitNotes({ view }: { readonly view: GitRepositoryView }) {
  const { t } = useTranslation();
  const notes = [
    view.doing === null ? null : t('git.doing', { what: t(`git.doings.${view.doing}`) }),
    view.locked ? t('git.locked') : null,
    view.staged_elsewhere === 0 ? null : t('git.elsewhere', { count: view.staged_elsewhere }),
    view.truncated ? t('git.truncated', { count: view.entries.length }) : null,
  ].filter((note) => note !== null);
  return notes.length === 0 ? null : (
    <ul className="git-notes" role="status">
      {notes.map((note) => (
        <li key={note}>{note}</li>
      ))}
    </ul>
  );
}

function CommitBox({ view, workspace }: { readonly view: GitRepositoryView; readonly workspace: string }) {
  const { t } = useTranslation();
  const message = useGitStore((store) => store.message);
  const setMessage = useGitStore((store) => store.setMessage);
  const [busy, setBusy] = useState(false);
  const count = pathsOf(view.entries, 'staged').length + view.staged_elsewhere;
  // a merge is concluded by a commit of nothing
  const why =
    count === 0 && view.doing !== 'merge' ? 'git.nothingStaged' : message.trim() === '' ? 'git.noMessage' : null;
  const act = (): void => {
    if (why !== null || busy) return;
    setBusy(true);
    run(async () => {
      try {
        if (await commit(message)) setMessage('');
      } finally {
        setBusy(false);
      }
    });
  };
  return (
    <form
      className="git-commit"
      onSubmit={(event) => {
        event.preventDefault();
        act();
      }}
    >
      <textarea
        rows={3}
        value={message}
        aria-label={t('git.message')}
        data-own-keys="ctrl+enter"
        placeholder={t('git.messageHint')}
        onChange={(event) => setMessage(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
          event.preventDefault();
          act();
        }}
      />
      <div className="git-commit-acts">
        <Button type="submit" tone="primary" icon={Check} disabled={why !== null || busy}>
          {t('git.commit', { count })}
        </Button>
        {busy ? (
          <Button icon={Square} onClick={() => run(() => bridge.call('git.stop', { workspace }))}>
            {t('git.stop')}
          </Button>
        ) : why === null ? null : (
          <span className="muted">{t(why)}</span>
        )}
      </div>
    </form>
  );
}
