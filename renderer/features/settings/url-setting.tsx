// An address that may be empty; saved when the field is left, and only when it is one.
import { useState } from 'react';

interface UrlSettingProps {
  readonly label: string;
  readonly value: string | null;
  readonly placeholder: string;
  readonly onSave: (value: string | null) => void;
}

const isUrl = (text: string): boolean => /^https?:\/\//.test(text) && URL.canParse(text);

export function UrlSetting({ label, value, placeholder, onSave }: UrlSettingProps) {
  const [text, setText] = useState(value ?? '');
  const trimmed = text.trim();
  const valid = trimmed === '' || isUrl(trimmed);
  return (
    <label className="field">
      <span>{label}</span>
      <input
        value={text}
        spellCheck={false}
        placeholder={placeholder}
        aria-invalid={!valid}
        onChange={(event) => setText(event.target.value)}
        onBlur={() => {
          if (valid && trimmed !== (value ?? '')) onSave(trimmed === '' ? null : trimmed);
        }}
      />
    </label>
  );
}
