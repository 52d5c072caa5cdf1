// What git asks: which branch, whether to discard, which commit of a file to look at, whether programs are trusted.
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { GitBranch, GitBranchPlus } from 'lucide-react';
import type { GitProgram } from '@genrtl/contracts/git.ts';
import { Button, ErrorNote, Spinner } from '@genrtl/ui/controls.tsx';
import { Dialog } from '@genrtl/ui/dialog.tsx';
import { PathText } from '@genrtl/ui/path-text.tsx';
import { bridge } from '../../bridge/bridge.ts';
import { useCall } from '../../bridge/use-call.ts';
import { run } from '../../state/notice-store.ts';
import { useWorkspace } from '../../state/workspace-store.ts';
import { compare, discard, switchBranch } from './git-actions.ts';
import { useGitStore } from './git-store.ts';

export function GitDialogs() {
  const question = useGitStore((store) => store.question);
  const ask = useGitStore((store) => store.ask);
  const close = (): void => ask(null);
  switch (question?.kind) {
    case undefined:
      return null;
    case 'branch':
      return <BranchDialog onClose={close} />;
    case 'history':
      return <HistoryDialog path={question.path} onClose={close} />;
    case 'discard':
      return <DiscardDialog paths={question.paths} onClose={close} />;
    case 'trust':
      return (
        <TrustDialog
          programs={question.programs}
          onAnswer={(trusted) => {
            close();
            question.answer(trusted);
          }}
        />
      );
  }
}

function BranchDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const id = useId();
  const workspace = useWorkspace((store) => store.view?.path ?? null);
  const { data, error } = useCall('git.branches', workspace === null ? null : { workspace });
  const [typed, setTyped] = useState('');
  const wanted = typed.trim();
  const branches = data?.branches ?? [];
  const fits = (name: string): boolean => name.toLowerCase().includes(wanted.toLowerCase());
  const fitting = branches.filter(({ name }) => fits(name));
  const fresh = wanted !== '' && data !== undefined && !branches.some(({ name }) => name === wanted);
  const go = (branch: string, create: boolean): void => {
    onClose();
    run(() => switchBranch(branch, create));
  };
  // Enter counts although the list is still on its way
  const enter = async (of: string): Promise<void> => {
    const all = data?.branches ?? (await bridge.call('git.branches', { workspace: of })).branches;
    const first = all.find(({ name }) => name === wanted) ?? all.find(({ name }) => fits(name));
    if (first === undefined) go(wanted, true);
    else if (!first.current) go(first.name, false);
  };
  return (
    <Dialog title={t('git.branchTitle')} size="small" onClose={onClose}>
      <form
        className="git-branches"
        onSubmit={(event) => {
          event.preventDefault();
          if (workspace !== null && wanted !== '') run(() => enter(workspace));
        }}
      >
        <label htmlFor={id}>{t('git.branchFind')}</label>
        <input
          id={id}
          value={typed}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => setTyped(event.target.value)}
        />
        {error === null ? null : <ErrorNote error={error} />}
        <ul>
          {fitting.map(({ name, current, subject }) => (
            <li key={name}>
              <button type="button" className="git-choice" disabled={current} onClick={() => go(name, false)}>
                <GitBranch size={13} aria-hidden />
                <b>{name}</b>
                <span className="muted">{current ? t('git.current') : subject}</span>
              </button>
            </li>
          ))}
          {fresh ? (
            <li>
              <button type="button" className="git-choice" onClick={() => go(wanted, true)}>
                <GitBranchPlus size={13} aria-hidden />
                <b>{t('git.branchNew', { name: wanted })}</b>
              </button>
            </li>
          ) : null}
        </ul>
        {data !== undefined && branches.length === 0 && !fresh ? <p className="muted">{t('git.noBranch')}</p> : null}
      </form>
    </Dialog>
  );
}

function HistoryDialog({ path, onClose }: { readonly path: string; readonly onClose: () => void }) {
  const { t, i18n } = useTranslation();
  const workspace = useWorkspace((store) => store.view?.path ?? null);
  const { data, error } = useCall('git.log', workspace === null ? null : { workspace, path });
  const time = new Intl.DateTimeFormat(i18n.language, { dateStyle: 'medium', timeStyle: 'short' });
  return (
    <Dialog title={t('git.historyTitle', { file: path })} size="large" onClose={onClose}>
      {error === null ? null : <ErrorNote error={error} />}
      {data === undefined && error === null ? <Spinner label={t('ui.loading')} /> : null}
      {data?.commits.length === 0 ? <p className="muted">{t('git.noHistory')}</p> : null}
      <ul className="git-history">
        {data?.commits.map(({ hash, author, time: at, subject }) => (
          <li key={hash}>
            <button
              type="button"
              className="git-choice"
              onClick={() => {
                onClose();
                compare({ path, from: `${hash}^`, to: hash });
              }}
            >
              <code>{hash.slice(0, 10)}</code>
              <b>{subject}</b>
              <span className="muted">
                {author} · {time.format(new Date(at))}
              </span>
            </button>
          </li>
        ))}
      </ul>
      {data?.truncated === true ? <p className="muted">{t('git.historyCut', { count: data.commits.length })}</p> : null}
    </Dialog>
  );
}

function DiscardDialog({ paths, onClose }: { readonly paths: readonly string[]; readonly onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Dialog
      title={t('git.discardTitle', { count: paths.length })}
      size="small"
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('ui.cancel')}</Button>
          <Button
            tone="danger"
            onClick={() => {
              onClose();
              run(() => discard(paths));
            }}
          >
            {t('git.discard')}
          </Button>
        </>
      }
    >
      <ul className="git-paths">
        {paths.slice(0, 20).map((path) => (
          <li key={path}>
            <PathText path={path === '' ? t('git.wholeWorkspace') : path} title={path} />
          </li>
        ))}
      </ul>
      {paths.length > 20 ? <p className="muted">{t('git.more', { count: paths.length - 20 })}</p> : null}
      <p>{t('git.discardNote')}</p>
    </Dialog>
  );
}

interface TrustProps {
  readonly programs: readonly GitProgram[];
  readonly onAnswer: (trusted: boolean) => void;
}

function TrustDialog({ programs, onAnswer }: TrustProps) {
  const { t } = useTranslation();
  return (
    <Dialog
      title={t('git.trustTitle')}
      onClose={() => onAnswer(false)}
      footer={
        <>
          <Button onClick={() => onAnswer(false)}>{t('ui.cancel')}</Button>
          <Button tone="danger" onClick={() => onAnswer(true)}>
            {t('git.trust')}
          </Button>
        </>
      }
    >
      <p>{t('git.trustNote')}</p>
      <ul className="git-paths">
        {programs.map(({ kind, name }) => (
          <li key={`${kind} ${name}`}>
            {t(`git.program.${kind}`)} <code>{name}</code>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
