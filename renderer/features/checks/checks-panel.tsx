// The checks that verify the project, in their order: run one or all, what the last run said, earlier runs, findings,
// log.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FilePlus2, ListChecks, Play, Square } from 'lucide-react';
import type { CheckResult, CheckView } from '@genrtl/contracts';
import type { IpcResponse } from '@genrtl/contracts/ipc/index.ts';
import { Button, Empty, ErrorNote, IconButton, Spinner } from '@genrtl/ui/controls.tsx';
import { bridge } from '../../bridge/bridge.ts';
import { useCall } from '../../bridge/use-call.ts';
import { run, useNotices } from '../../state/notice-store.ts';
import { useWorkspace } from '../../state/workspace-store.ts';
import { CheckDetails } from './check-details.tsx';
import { TrustDialog } from './trust-dialog.tsx';
import { useTrust, withTrust } from './trust-store.ts';
import { VerdictMark } from './verdict-mark.tsx';
import './checks.css';

export function ChecksPanel() {
  const { t } = useTranslation();
  const workspace = useWorkspace((store) => store.view?.path ?? null);
  const list = useCall('checks.list', workspace === null ? null : { workspace });
  const asked = useTrust((store) => store.waiting !== null);
  const [busy, setBusy] = useState<readonly string[] | null>(null);
  const [open, setOpen] = useState<string | null>(null);
  if (workspace === null) return <Empty icon={ListChecks} title={t('checks.none')} />;
  if (list.error !== null) return <ErrorNote error={list.error} />;
  if (list.data === undefined) return <Spinner label={t('checks.reading')} />;
  const { file, checks, last, running } = list.data;
  const active = busy !== null || running.length > 0;

  const start = (names: readonly string[]): void =>
    run(async () => {
      setBusy(names);
      try {
        await withTrust(() => bridge.call('checks.run', { workspace, names: [...names] }));
      } finally {
        setBusy(null);
        list.reload();
      }
    });
  const init = (): void =>
    run(async () => {
      const { from, notes } = await bridge.call('project.init', { workspace });
      const text = t('checks.initDone', { from: from ?? t('checks.folders'), count: notes.length });
      useNotices.getState().add({ tone: 'info', text });
    });

  return (
    <div className="checks">
      <div className="panel-tools">
        <Button tone="primary" icon={Play} disabled={active || checks.length === 0} onClick={() => start([])}>
          {t('checks.runAll')}
        </Button>
        {active ? (
          <IconButton
            label={t('checks.stop')}
            icon={Square}
            onClick={() => run(() => bridge.call('checks.stop', { workspace }))}
          />
        ) : null}
        <Summary {...list.data} />
        {file === null ? (
          <Button icon={FilePlus2} onClick={init} title={t('checks.initNote')}>
            {t('checks.init')}
          </Button>
        ) : null}
      </div>
      <ul className="check-list">
        {checks.map((check) => (
          <li key={check.name}>
            <CheckRow
              check={check}
              last={last.find(({ name }) => name === check.name) ?? null}
              running={running.includes(check.name)}
              open={open === check.name}
              disabled={active}
              onToggle={() => setOpen(open === check.name ? null : check.name)}
              onRun={() => start([check.name])}
            />
            {open === check.name ? <CheckDetails workspace={workspace} name={check.name} /> : null}
          </li>
        ))}
      </ul>
      {asked ? <TrustDialog workspace={workspace} checks={checks} /> : null}
    </div>
  );
}

function Summary({ checks, last }: IpcResponse<'checks.list'>) {
  const { t } = useTranslation();
  const passed = last.filter(({ verdict }) => verdict === 'pass').length;
  const waived = last.reduce((sum, result) => sum + result.waived, 0);
  return (
    <span className="muted">
      {last.length === 0 ? t('checks.nothingRan') : t('checks.summary', { passed, total: checks.length })}
      {waived === 0 ? '' : `, ${t('checks.waived', { count: waived })}`}
    </span>
  );
}

interface CheckRowProps {
  readonly check: CheckView;
  readonly last: CheckResult | null;
  readonly running: boolean;
  readonly open: boolean;
  readonly disabled: boolean;
  readonly onToggle: () => void;
  readonly onRun: () => void;
}

function CheckRow({ check, last, running, open, disabled, onToggle, onRun }: CheckRowProps) {
  const { t } = useTranslation();
  return (
    <div className="check-row" data-check={check.name}>
      <button type="button" className="check-head" aria-expanded={open} onClick={onToggle}>
        {running ? <Spinner label={t('checks.running')} /> : <VerdictMark verdict={last?.verdict ?? null} />}
        <b>{check.name}</b>
        <span className="check-what path">{check.what}</span>
        {check.trusted === false ? <span className="muted">{t('checks.untrusted')}</span> : null}
        <span className="check-reason">{last?.reason ?? ''}</span>
        {last === null ? null : <Counts result={last} />}
      </button>
      <IconButton label={t('checks.runOne', { name: check.name })} icon={Play} disabled={disabled} onClick={onRun} />
    </div>
  );
}

function Counts({ result: { counts, waived, duration_ms: durationMs } }: { readonly result: CheckResult }) {
  const { t } = useTranslation();
  return (
    <span className="check-counts muted">
      {t('checks.errors', { count: counts.error })}, {t('checks.warnings', { count: counts.warning })}
      {waived === 0 ? '' : `, ${t('checks.waived', { count: waived })}`}
      {` · ${(durationMs / 1000).toFixed(1)} s`}
    </span>
  );
}
