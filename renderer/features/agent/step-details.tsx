// What a step left in its run folder: command and verdict, first findings, the evidence that went out, the patch that
// came back.
import { useTranslation } from 'react-i18next';
import type { StepRecord } from '@genrtl/contracts';
import { stepLine } from '../../i18n/index.ts';
import { useCall } from '../../bridge/use-call.ts';
import { useWorkspace } from '../../state/workspace-store.ts';
import { ErrorNote, Spinner } from '@genrtl/ui/controls.tsx';
import { formatBytes, formatDuration } from '@genrtl/ui/format.ts';
import { goTo } from '../problems/problems-panel.tsx';
import { LeftOutList, SentTable } from './sent-table.tsx';

const SHOWN = 5;

export function StepDetails({ step }: { readonly step: StepRecord }) {
  const { t } = useTranslation();
  const workspace = useWorkspace((store) => store.view?.path ?? '');
  const { data: found, error } = useCall('job.run', { workspace, step_id: step.step_id });
  if (error !== null) return <ErrorNote error={error} />;
  if (found === undefined) return <Spinner label={t('ui.loading')} />;
  const { record, diagnostics, evidence, patch, sent } = found;
  return (
    <>
      {step.summary === '' ? null : <p>{stepLine(step.summary)}</p>}
      {record === null ? null : (
        <dl className="facts">
          <dt>{t('run.tool')}</dt>
          <dd>
            {record.tool} {record.tool_version}
          </dd>
          <dt>{t('run.verdict')}</dt>
          <dd>
            {t(`verdict.${record.verdict}`)} · {formatDuration(record.duration_ms)}
          </dd>
          {record.commands.map((command) => (
            <CommandFact key={command.argv.join(' ')} argv={command.argv} />
          ))}
        </dl>
      )}
      {diagnostics.length === 0 ? null : (
        <ul className="step-findings">
          {diagnostics.slice(0, SHOWN).map((diagnostic, at) => (
            <li key={`${at} ${diagnostic.message}`} className={`tone-${diagnostic.severity}`}>
              <button type="button" className="link" onClick={() => goTo(diagnostic, workspace)}>
                {diagnostic.file === undefined ? diagnostic.tool : `${diagnostic.file}:${diagnostic.line ?? ''}`}
              </button>
              <span>{diagnostic.message}</span>
            </li>
          ))}
          {diagnostics.length > SHOWN ? (
            <li className="muted">{t('run.more', { count: diagnostics.length - SHOWN })}</li>
          ) : null}
        </ul>
      )}
      {evidence === null ? null : (
        <details>
          <summary>
            {t('run.evidence', { findings: evidence.diagnostics.length, snippets: evidence.snippets.length })}
          </summary>
          <pre className="code" tabIndex={0}>
            {evidence.snippets
              .map((snippet) => `${snippet.file}:${snippet.start}–${snippet.end}\n${snippet.text}`)
              .join('\n\n')}
          </pre>
        </details>
      )}
      {sent === null ? null : (
        <details data-sent>
          <summary>
            {t('outgoing.sent', { count: sent.files.length, size: formatBytes(totalBytes(sent.files)) })}
          </summary>
          <p className="muted">{t('outgoing.sentTo', { backend: sent.backend })}</p>
          <SentTable files={sent.files} />
          <LeftOutList files={sent.left_out ?? []} />
        </details>
      )}
      {patch === null ? null : (
        <details open>
          <summary>{t('run.patch')}</summary>
          <DiffText text={patch} />
        </details>
      )}
    </>
  );
}

const totalBytes = (files: readonly { readonly bytes: number }[]): number =>
  files.reduce((sum, { bytes }) => sum + bytes, 0);

function CommandFact({ argv }: { readonly argv: readonly string[] }) {
  const { t } = useTranslation();
  const text = argv
    .map((part) => (/^[\w@%+=:,./-]+$/.test(part) ? part : `'${part.replaceAll("'", "'\\''")}'`))
    .join(' ');
  return (
    <>
      <dt>{t('run.command')}</dt>
      <dd>
        <code className="command" title={text}>
          {text}
        </code>
      </dd>
    </>
  );
}

const lineTone = (line: string): string =>
  line.startsWith('+++') || line.startsWith('---')
    ? 'diff-file'
    : line.startsWith('+')
      ? 'diff-add'
      : line.startsWith('-')
        ? 'diff-del'
        : line.startsWith('@@')
          ? 'diff-hunk'
          : '';

export function DiffText({ text }: { readonly text: string }) {
  return (
    <pre className="code diff" tabIndex={0}>
      {text.split('\n').map((line, at) => (
        <span key={at} className={lineTone(line)}>
          {line}
          {'\n'}
        </span>
      ))}
    </pre>
  );
}
