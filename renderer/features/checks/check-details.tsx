// One check in depth: its runs, and of the chosen one tests, findings, waivers and the log.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CheckResult } from '@genrtl/contracts';
import { MessageSquareText } from 'lucide-react';
import { Button, ErrorNote, IconButton, Spinner } from '@genrtl/ui/controls.tsx';
import { PathText } from '@genrtl/ui/path-text.tsx';
import { useCall } from '../../bridge/use-call.ts';
import { askAbout } from '../ask/ask-store.ts';
import { aboutFinding, goTo } from '../problems/problems-panel.tsx';
import { VerdictMark } from './verdict-mark.tsx';

/** Rows shown at once; a log of findings belongs into the tool's own log. */
const SHOWN = 200;

export function CheckDetails({ workspace, name }: { readonly workspace: string; readonly name: string }) {
  const { t, i18n } = useTranslation();
  const history = useCall('checks.history', { workspace, name });
  const [chosen, setChosen] = useState(0);
  if (history.error !== null) return <ErrorNote error={history.error} />;
  if (history.data === undefined) return <Spinner label={t('checks.reading')} />;
  const { results } = history.data;
  const result = results[Math.min(chosen, results.length - 1)];
  if (result === undefined) return <p className="check-details muted">{t('checks.neverRun')}</p>;
  const time = (each: CheckResult): string =>
    new Intl.DateTimeFormat(i18n.language, { dateStyle: 'short', timeStyle: 'medium' }).format(
      new Date(each.started_at),
    );
  return (
    <div className="check-details">
      <label>
        <span className="muted">{t('checks.history')}</span>{' '}
        <select value={chosen} onChange={(event) => setChosen(Number(event.target.value))}>
          {results.map((each, at) => (
            <option key={each.started_at} value={at}>
              {`${time(each)} · ${t(`checks.verdict.${each.verdict}`)}`}
            </option>
          ))}
        </select>
      </label>
      {result.reason === '' ? null : <p>{result.reason}</p>}
      <Findings workspace={workspace} result={result} />
      {result.run_folder === null ? null : (
        <Log key={result.run_folder} workspace={workspace} folder={result.run_folder} />
      )}
    </div>
  );
}

function Findings({ workspace, result }: { readonly workspace: string; readonly result: CheckResult }) {
  const { t } = useTranslation();
  const left = result.diagnostics.length - SHOWN;
  return (
    <>
      {result.tests.length === 0 ? null : (
        <ul className="check-tests" aria-label={t('checks.tests')}>
          {result.tests.map((test) => (
            <li key={test.name}>
              <VerdictMark verdict={test.passed ? 'pass' : 'fail'} />
              <span>{test.name}</span>
              <span className="muted">{test.failures[0]?.message ?? ''}</span>
              {test.passed || test.failures[0] === undefined ? null : <AskTest workspace={workspace} test={test} />}
            </li>
          ))}
        </ul>
      )}
      {result.diagnostics.length === 0 ? null : (
        <ul className="check-findings" aria-label={t('checks.findings')}>
          {result.diagnostics.slice(0, SHOWN).map((found, at) => (
            <li key={`${found.file ?? ''}:${found.line ?? 0}:${at}`}>
              <button type="button" className="link" onClick={() => goTo(found, workspace)}>
                <span className={`finding finding-${found.severity}`}>{t(`checks.severity.${found.severity}`)}</span>
                <span>{found.message}</span>
                <PathText
                  className="muted"
                  path={
                    found.file === undefined ? '' : `${found.file}${found.line === undefined ? '' : `:${found.line}`}`
                  }
                />
              </button>
              <IconButton
                label={t('ask.about')}
                icon={MessageSquareText}
                onClick={() => askAbout(aboutFinding(found, workspace))}
              />
            </li>
          ))}
          {left > 0 ? <li className="muted">{t('checks.more', { count: left })}</li> : null}
        </ul>
      )}
      {result.waivers.length === 0 ? null : (
        <ul className="check-waivers" aria-label={t('checks.waivers')}>
          {result.waivers.map((use) => (
            <li key={use.what}>
              <span className={`waiver waiver-${use.state}`}>
                {t(`checks.waiver.${use.state}`, { count: use.count })}
              </span>
              <code>{use.what}</code>
              <span className="muted">{[use.reason, use.owner].filter((part) => part !== null).join(' · ')}</span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

/** A failing test: its first failure is what is asked about. */
function AskTest({ workspace, test }: { readonly workspace: string; readonly test: CheckResult['tests'][number] }) {
  const { t } = useTranslation();
  const [failure] = test.failures;
  if (failure === undefined) return null;
  return (
    <IconButton
      label={t('ask.aboutNamed', { name: test.name })}
      icon={MessageSquareText}
      onClick={() => {
        const { message, signal, time } = failure;
        const finding = {
          tool: test.name,
          severity: 'error' as const,
          message,
          ...(signal === undefined ? {} : { scope: signal }),
          ...(time === undefined ? {} : { time }),
        };
        askAbout(aboutFinding(finding, workspace));
      }}
    />
  );
}

/** The end of the log at first; earlier windows on demand. */
function Log({ workspace, folder }: { readonly workspace: string; readonly folder: string }) {
  const { t } = useTranslation();
  const [stream, setStream] = useState<'stdout' | 'stderr'>('stdout');
  const [shown, setShown] = useState(false);
  const log = useCall('checks.log', shown ? { workspace, run_folder: folder, stream, offset: -64 * 1024 } : null);
  if (!shown) return <Button onClick={() => setShown(true)}>{t('checks.log')}</Button>;
  return (
    <div className="check-log">
      <div className="segmented" role="group" aria-label={t('log.stream')}>
        {(['stdout', 'stderr'] as const).map((each) => (
          <button
            key={each}
            type="button"
            aria-pressed={stream === each}
            className={stream === each ? 'segment segment-on' : 'segment'}
            onClick={() => setStream(each)}
          >
            {each}
          </button>
        ))}
      </div>
      {log.error === null ? null : <ErrorNote error={log.error} />}
      <pre aria-label={t('checks.log')} tabIndex={0}>
        {log.data === undefined ? '' : log.data.text === '' ? t('checks.logEmpty') : log.data.text}
      </pre>
    </div>
  );
}
