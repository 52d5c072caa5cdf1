// The job's status in one word and one colour.
import { useTranslation } from 'react-i18next';
import type { JobStatus } from '@genrtl/contracts';
import type { GateName } from '../../state/job-store.ts';
import { Chip } from '@genrtl/ui/controls.tsx';
import type { Tone } from '@genrtl/ui/controls.tsx';

const TONES: Readonly<Record<JobStatus, Tone>> = {
  running: 'live',
  done: 'ok',
  failed: 'error',
  needs_input: 'warning',
  budget_exceeded: 'warning',
  cancelled: 'muted',
  undone: 'muted',
};

export function StatusChip({ status, gate }: { readonly status: JobStatus; readonly gate: GateName | null }) {
  const { t } = useTranslation();
  if (gate !== null) return <Chip tone="warning">{t(`gate.${gate}.waiting`)}</Chip>;
  return (
    <Chip tone={TONES[status]}>
      {status === 'running' ? <span className="pulse" aria-hidden /> : null}
      {t(`status.${status}`)}
    </Chip>
  );
}
