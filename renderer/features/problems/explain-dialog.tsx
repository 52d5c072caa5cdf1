// One finding, explained: what its code means, the lines it speaks of, what else points there, and what can be done
// about it.
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { MessageSquareText, Wrench } from 'lucide-react';
import type { Diagnostic } from '@genrtl/contracts';
import { bridge } from '../../bridge/bridge.ts';
import { relativePath, useWorkspace } from '../../state/workspace-store.ts';
import { Button, Chip } from '@genrtl/ui/controls.tsx';
import { Dialog } from '@genrtl/ui/dialog.tsx';
import { openFile } from '../../workbench/dock-store.ts';
import { explainWithModel } from '../ask/ask-store.ts';
import { run } from '../../state/notice-store.ts';
import { meaningOf } from './meanings.ts';
import { fixBlockedBy } from './fix.ts';
import type { Fix } from './fix.ts';

const AROUND = 4;
const TONES = { error: 'error', warning: 'warning', info: 'info' } as const;

export function ExplainDialog({
  found,
  fix,
  onClose,
}: {
  readonly found: Diagnostic;
  readonly fix: Fix;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const workspace = useWorkspace((store) => store.view?.path ?? '');
  const file = found.file === undefined ? null : (relativePath(workspace, found.file) ?? found.file);
  const [source, setSource] = useState<readonly string[] | null>(null);
  useEffect(() => {
    if (file === null || found.line === undefined) return;
    bridge.call('workspace.read', { workspace, path: file }).then(
      ({ text }) => setSource(text.split(/\r?\n/)),
      () => undefined,
    );
  }, [workspace, file, found.line]);
  const meaning = meaningOf(found);
  const blocked = fixBlockedBy(found, fix);
  const first = Math.max(1, (found.line ?? 1) - AROUND);
  const lines = source?.slice(first - 1, (found.line ?? 1) + AROUND) ?? [];
  return (
    <Dialog
      title={t('explain.title')}
      size="medium"
      onClose={onClose}
      footer={
        <>
          {blocked === null ? null : <span className="muted explain-blocked">{t(`explain.blocked.${blocked}`)}</span>}
          <Button onClick={onClose}>{t('ui.close')}</Button>
          <Button
            icon={MessageSquareText}
            onClick={() => {
              onClose();
              run(() =>
                explainWithModel({ kind: 'problem', finding: { ...found, ...(file === null ? {} : { file }) } }),
              );
            }}
          >
            {t('ask.explain')}
          </Button>
          <Button
            tone="primary"
            icon={Wrench}
            disabled={blocked !== null}
            onClick={() => {
              fix.start(found);
              onClose();
            }}
          >
            {t('problems.fix')}
          </Button>
        </>
      }
    >
      <p className="explain-message">
        <Chip tone={TONES[found.severity]}>{t(`explain.severity.${found.severity}`)}</Chip>{' '}
        <span className="mono">
          {found.tool}
          {found.code === undefined ? '' : ` ${found.code}`}
        </span>
      </p>
      <p className="explain-text">{found.message}</p>
      {meaning === null ? null : (
        <section>
          <h3>{t('explain.meaning')}</h3>
          <p>{t(`meanings.${meaning}.what`)}</p>
          <p className="muted">{t(`meanings.${meaning}.then`)}</p>
        </section>
      )}
      {found.time === undefined && found.scope === undefined ? null : (
        <dl className="facts">
          {found.time === undefined ? null : (
            <>
              <dt>{t('explain.time')}</dt>
              <dd className="mono">{found.time}</dd>
            </>
          )}
          {found.scope === undefined ? null : (
            <>
              <dt>{t('explain.scope')}</dt>
              <dd className="mono">{found.scope}</dd>
            </>
          )}
        </dl>
      )}
      {file === null ? null : (
        <section>
          <h3>
            <button
              type="button"
              className="link mono"
              onClick={() => {
                openFile(file, found.line === undefined ? {} : { line: found.line });
                onClose();
              }}
            >
              {file}
              {found.line === undefined ? '' : `:${found.line}`}
            </button>
          </h3>
          {lines.length === 0 ? null : (
            <pre className="code explain-source" tabIndex={0}>
              {lines.map((text, at) => (
                <span key={at} className={first + at === found.line ? 'snippet-line explain-here' : 'snippet-line'}>
                  <span className="snippet-number">{first + at}</span>
                  {text}
                  {'\n'}
                </span>
              ))}
            </pre>
          )}
        </section>
      )}
      {(found.related ?? []).length === 0 ? null : (
        <section>
          <h3>{t('explain.related')}</h3>
          <ul className="step-findings">
            {found.related?.map((other) => (
              <li key={`${other.file}:${other.line}`}>
                <button type="button" className="link" onClick={() => openFile(other.file, { line: other.line })}>
                  {other.file}:{other.line}
                </button>
                <span>{other.message}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </Dialog>
  );
}
