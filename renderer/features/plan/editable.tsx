// Cells of the outline: plain text while the plan is read, fields while it is edited.
import { useTranslation } from 'react-i18next';
import { Plus, X } from 'lucide-react';
import { Button, IconButton } from '@genrtl/ui/controls.tsx';
import { PlainText } from '../agent/plain-text.tsx';

interface TextProps {
  readonly value: string;
  readonly label: string;
  readonly mono?: boolean;
  readonly long?: boolean;
  /** undefined: only shown */
  readonly onChange?: ((value: string) => void) | undefined;
}

export function EditableText({ value, label, mono = false, long = false, onChange }: TextProps) {
  const style = mono ? 'mono' : '';
  if (onChange === undefined) return <span className={style}>{mono ? value : <PlainText text={value} />}</span>;
  return long ? (
    <textarea
      className={`editable ${style}`}
      aria-label={label}
      value={value}
      rows={Math.max(2, Math.ceil(value.length / 90))}
      onChange={(event) => onChange(event.target.value)}
    />
  ) : (
    <input
      className={`editable ${style}`}
      aria-label={label}
      value={value}
      spellCheck={!mono}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

export function RemoveRow({ name, onRemove }: { readonly name: string; readonly onRemove: () => void }) {
  const { t } = useTranslation();
  return (
    <td className="row-remove">
      <IconButton label={t('plan.remove', { name })} icon={X} onClick={onRemove} />
    </td>
  );
}

export function AddRow({ label, onAdd }: { readonly label: string; readonly onAdd: () => void }) {
  return (
    <div className="row-add">
      <Button tone="quiet" icon={Plus} onClick={onAdd}>
        {label}
      </Button>
    </div>
  );
}
