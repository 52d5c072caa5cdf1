// An evidence bundle as it went to the model: findings, source lines, waveform, the check it belongs to, the command.
import { useTranslation } from 'react-i18next';
import type { EvidenceBundle } from '@genrtl/contracts';
import { useJob } from '../../state/job-store.ts';
import { relativePath, useWorkspace } from '../../state/workspace-store.ts';
import { openFile } from '../../workbench/dock-store.ts';
import { goTo } from '../problems/problems-panel.tsx';

/** Changes of one signal that a row of the table shows; the bundle itself may hold more. */
const SHOWN_CHANGES = 12;

export function EvidenceView({
  evidence,
  onLeave,
}: {
  readonly evidence: EvidenceBundle;
  readonly onLeave: () => void;
}) {
  const { t } = useTranslation();
  const workspace = useWorkspace((store) => store.view?.path ?? '');
  const spec = useJob((store) => store.state?.settings.spec_path ?? '');
  const specFile = relativePath(workspace, spec);
  const line = evidence.trace?.spec_line;
  return (
    <div className="evidence">
      <dl className="facts">
        <dt>{t('run.tool')}</dt>
        <dd>
          {evidence.tool} {evidence.tool_version}
          {evidence.exit_code === null ? '' : ` · ${t('evidence.exit', { code: evidence.exit_code })}`}
        </dd>
        {evidence.cmd.length === 0 ? null : (
          <>
            <dt>{t('run.command')}</dt>
            <dd>
              <code className="command" title={evidence.cmd.join(' ')}>
                {evidence.cmd.join(' ')}
              </code>
            </dd>
          </>
        )}
        {evidence.trace === undefined ? null : (
          <>
            <dt>{t('evidence.check')}</dt>
            <dd>
              {evidence.trace.check_id}
              {line === undefined || specFile === null ? null : (
                <>
                  {' '}
                  ·{' '}
                  <button
                    type="button"
                    className="link"
                    onClick={() => {
                      onLeave();
                      openFile(specFile, { line });
                    }}
                  >
                    {t('plan.specLine', { line })}
                  </button>
                </>
              )}
            </dd>
          </>
        )}
        <dt>{t('evidence.packages')}</dt>
        <dd>
          {evidence.notes.cbb_installed.length === 0 ? t('evidence.none') : evidence.notes.cbb_installed.join(', ')} ·{' '}
          <code>{evidence.notes.policy}</code>
        </dd>
      </dl>
      <h3>{t('evidence.findings', { count: evidence.diagnostics.length })}</h3>
      <ul className="step-findings">
        {evidence.diagnostics.map((found, at) => (
          <li key={`${at} ${found.message}`} className={`tone-${found.severity}`}>
            <button
              type="button"
              className="link"
              onClick={() => {
                onLeave();
                goTo(found, workspace);
              }}
            >
              {found.file === undefined ? found.tool : `${found.file}:${found.line ?? ''}`}
            </button>
            <span>
              {found.message}
              {found.time === undefined ? '' : ` @ ${found.time}`}
            </span>
          </li>
        ))}
      </ul>
      {evidence.waveform === undefined ? null : (
        <>
          <h3>
            {t('evidence.waveform', {
              from: `${evidence.waveform.window.from.value} ${evidence.waveform.window.from.unit}`,
              to: `${evidence.waveform.window.to.value} ${evidence.waveform.window.to.unit}`,
            })}
          </h3>
          <div className="evidence-waves" tabIndex={0} role="region" aria-label={t('evidence.signals')}>
            <table className="table">
              <tbody>
                {evidence.waveform.signals.map((signal) => (
                  <tr key={signal.name}>
                    <td className="mono">
                      {signal.name}
                      {signal.width > 1 ? ` [${signal.width}]` : ''}
                    </td>
                    <td className="mono">
                      {signal.changes
                        .slice(-SHOWN_CHANGES)
                        .map(([time, value]) => `${time.value} ${time.unit}: ${shortValue(value)}`)
                        .join('   ')}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </>
      )}
      <h3>{t('evidence.sources', { count: evidence.snippets.length })}</h3>
      {evidence.snippets.map((snippet) => (
        <figure key={`${snippet.file} ${snippet.start}`} className="snippet">
          <figcaption>
            <button
              type="button"
              className="link mono"
              onClick={() => {
                onLeave();
                openFile(snippet.file, { line: snippet.start });
              }}
            >
              {snippet.file}:{snippet.start}–{snippet.end}
            </button>
          </figcaption>
          <pre className="code" tabIndex={0}>
            {snippet.text
              .replace(/\n$/, '')
              .split('\n')
              .map((text, at) => (
                <span key={at} className="snippet-line">
                  <span className="snippet-number">{snippet.start + at}</span>
                  {text}
                  {'\n'}
                </span>
              ))}
          </pre>
        </figure>
      ))}
    </div>
  );
}

/** Long binary values as hexadecimal digits; anything with x or z stays as it is. */
function shortValue(value: string): string {
  if (value.length <= 8 || !/^[01]+$/.test(value)) return value.length > 40 ? `${value.slice(0, 37)}…` : value;
  return `0x${BigInt(`0b${value}`).toString(16)}`;
}
