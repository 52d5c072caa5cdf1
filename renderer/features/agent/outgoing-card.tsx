// What goes to a model, before anything does: open for a workspace that has sent nothing yet, folded afterwards.
import { useTranslation } from 'react-i18next';
import { Send } from 'lucide-react';
import { useCall } from '../../bridge/use-call.ts';
import { formatBytes } from '@genrtl/ui/format.ts';
import { SentTable } from './sent-table.tsx';

interface OutgoingCardProps {
  readonly workspace: string;
  readonly spec: string | null;
  readonly model: string | null;
}

export function OutgoingCard({ workspace, spec, model }: OutgoingCardProps) {
  const { t } = useTranslation();
  // what is wrong with the specification or the model is said where the job is started
  const { data: view } = useCall('job.outgoing', { workspace, spec_path: spec, model });
  if (view === undefined) return null;
  const bytes = view.files.reduce((sum, file) => sum + file.bytes, 0);
  return (
    <details className="card outgoing" data-outgoing={view.to} open={view.first}>
      <summary>
        <Send size={14} aria-hidden />
        {t(`outgoing.${view.to}`, { name: view.name, count: view.files.length, size: formatBytes(bytes) })}
      </summary>
      <p className="muted">{t(view.to === 'nowhere' ? 'outgoing.nowhereNote' : 'outgoing.note')}</p>
      <SentTable files={view.files} />
    </details>
  );
}
