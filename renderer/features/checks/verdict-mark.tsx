// How a check ended, as a mark with its word for those who cannot see it.
import { useTranslation } from 'react-i18next';
import { Ban, CircleCheck, CircleDashed, CircleHelp, CircleX, ShieldQuestion, TriangleAlert } from 'lucide-react';
import type { CheckVerdict } from '@genrtl/contracts';
import type { Icon } from '@genrtl/ui/controls.tsx';

const MARKS: Readonly<Record<CheckVerdict | 'never', Icon>> = {
  pass: CircleCheck,
  fail: CircleX,
  unknown: CircleHelp,
  error: TriangleAlert,
  untrusted: ShieldQuestion,
  cancelled: Ban,
  never: CircleDashed,
};

/** `null`: it never ran. */
export function VerdictMark({ verdict }: { readonly verdict: CheckVerdict | null }) {
  const { t } = useTranslation();
  const name = verdict ?? 'never';
  const Mark = MARKS[name];
  const label = t(`checks.verdict.${name}`);
  return (
    <span className={`verdict verdict-${name}`} title={label}>
      <Mark size={14} aria-hidden />
      <span className="visually-hidden">{label}</span>
    </span>
  );
}
