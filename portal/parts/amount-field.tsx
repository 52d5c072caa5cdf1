// A field for an amount of dollars.
import { Field } from './controls.tsx';

export function AmountField({
  label,
  value,
  onChange,
  decimals = 6,
}: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** digits behind the point */
  readonly decimals?: number;
}) {
  return (
    <Field
      label={label}
      value={value}
      onChange={onChange}
      inputMode="decimal"
      pattern={`\\d{1,9}(\\.\\d{1,${decimals}})?`}
      required
    />
  );
}
