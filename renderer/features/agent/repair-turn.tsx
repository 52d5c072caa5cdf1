// A repair turn in three lines: what failed, what evidence went out, what changed. Each opens.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FileDiff, FileSearch, OctagonX } from 'lucide-react';
import type { StepRecord } from '@genrtl/contracts';
import { stepLine } from '../../i18n/index.ts';
import { useCall } from '../../bridge/use-call.ts';
import { useWorkspace } from '../../state/workspace-store.ts';
import { Dialog } from '@genrtl/ui/dialog.tsx';
import { goTo } from '../problems/problems-panel.tsx';
import { EvidenceView } from './evidence-view.tsx';
import { DiffText } from './step-details.tsx';

export interface PatchSize {
  readonly files: number;
  readonly added: number;
  readonly removed: number;
}

export function sizeOfPatch(patch: string): PatchSize {
  const lines = patch.split('\n');
  return {
    files: lines.filter((line) => line.startsWith('+++ ')).length,
    added: lines.filter((line) => line.startsWith('+') && !line.startsWith('+++')).length,
    removed: lines.filter((line) => line.startsWith('-') && !line.startsWith('---')).length,
  };
}

export function RepairTurn({ step, failed }: { readonly step: StepRecord; readonly failed: StepRecord | null }) {
  const { t } = useTranslation();
  const workspace = useWorkspace((store) => store.view?.path ?? '');
  const run = useCall('job.run', { workspace, step_id: step.step_id }).data;
  const [open, setOpen] = useState<'evidence' | 'patch' | null>(null);
  const evidence = run?.evidence ?? null;
  const patch = run?.patch ?? null;
  const first = evidence?.diagnostics[0];
  const size = patch === null ? null : sizeOfPatch(patch);
  return (
    <div className="turn">
      <p className="turn-line">
        <OctagonX size={13} className="tone-error" aria-hidden />
        <span className="turn-what">
          {t('turn.failed', { step: failed === null ? (evidence?.step_id ?? '') : t(`steps.${failed.step}`) })}
        </span>
        {first === undefined ? (
          <span className="muted turn-text">{stepLine(failed?.summary ?? '')}</span>
        ) : (
          <button type="button" className="link turn-text" title={first.message} onClick={() => goTo(first, workspace)}>
            {first.file === undefined ? '' : `${first.file}:${first.line ?? ''} `}
            {first.message}
          </button>
        )}
      </p>
      {evidence === null ? null : (
        <p className="turn-line">
          <FileSearch size={13} className="tone-info" aria-hidden />
          <span className="turn-what">{t('turn.evidence')}</span>
          <button type="button" className="link turn-text" onClick={() => setOpen('evidence')}>
            {t('turn.sent', {
              findings: evidence.diagnostics.length,
              snippets: evidence.snippets.length,
              signals: evidence.waveform?.signals.length ?? 0,
            })}
          </button>
        </p>
      )}
      {size === null ? null : (
        <p className="turn-line">
          <FileDiff size={13} className="tone-ok" aria-hidden />
          <span className="turn-what">{t('turn.changed')}</span>
          <button type="button" className="link turn-text" onClick={() => setOpen('patch')}>
            {t('turn.patch', { ...size })}
          </button>
        </p>
      )}
      {open === 'evidence' && evidence !== null ? (
        <Dialog title={t('turn.evidenceTitle', { step: evidence.step_id })} size="large" onClose={() => setOpen(null)}>
          <EvidenceView evidence={evidence} onLeave={() => setOpen(null)} />
        </Dialog>
      ) : null}
      {open === 'patch' && patch !== null ? (
        <Dialog title={t('run.patch')} size="large" onClose={() => setOpen(null)}>
          <DiffText text={patch} />
        </Dialog>
      ) : null}
    </div>
  );
}
