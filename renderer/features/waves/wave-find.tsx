// Going to a time, and to where the chosen signal has a value: Enter forward, Shift+Enter backward.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { bridge } from '../../bridge/bridge.ts';
import { run } from '../../state/notice-store.ts';
import { stateBits } from './state-names.ts';
import { parseCondition } from './value-query.ts';
import { chosenSignal, showTick } from './wave-places.ts';
import { useWaves } from './wave-store.ts';
import { parseTicks } from './wave-time.ts';

/** `g` in the canvas puts the focus here, `/` into the other. */
export const TIME_FIELD = 'waves-time';
export const VALUE_FIELD = 'waves-value';

export function WaveFind() {
  return (
    <>
      <TimeField />
      <ValueField />
    </>
  );
}

function TimeField() {
  const { t } = useTranslation();
  const opened = useWaves((store) => store.opened);
  const [text, setText] = useState('');
  const [wrong, setWrong] = useState(false);
  const go = (): void => {
    const tick = opened === null ? null : parseTicks(text, opened.tick);
    const inside = opened !== null && tick !== null && tick >= opened.start && tick <= opened.end;
    setWrong(!inside);
    if (inside) showTick(tick);
  };
  return (
    <Field
      id={TIME_FIELD}
      label={t('waves.goTo')}
      hint={t('waves.goToHint')}
      text={text}
      said={wrong ? t('waves.noTime') : ''}
      onText={(typed) => {
        setText(typed);
        setWrong(false);
      }}
      onEnter={go}
    />
  );
}

function ValueField() {
  const { t } = useTranslation();
  const { workspace, path } = useWaves();
  const [text, setText] = useState('');
  const [said, setSaid] = useState('');
  const find = (direction: 'next' | 'previous'): void => {
    const row = chosenSignal();
    const named = row === null ? null : stateBits(text, row.name);
    const condition =
      row === null
        ? null
        : named === null
          ? parseCondition(text, row.radix, row.width)
          : { op: 'eq' as const, bits: named };
    setSaid(condition === null ? t('waves.noValue') : '');
    if (row === null || condition === null || path === null) return;
    const { cursorA, view } = useWaves.getState();
    run(async () => {
      const { tick } = await bridge.call('waves.find', {
        workspace,
        path,
        signal: row.name,
        from: cursorA ?? view.from,
        direction,
        condition,
      });
      if (tick === null) setSaid(t(direction === 'next' ? 'waves.notAfter' : 'waves.notBefore'));
      else showTick(tick);
    });
  };
  return (
    <Field
      id={VALUE_FIELD}
      label={t('waves.find')}
      hint={t('waves.findHint')}
      text={text}
      said={said}
      onText={(typed) => {
        setText(typed);
        setSaid('');
      }}
      onEnter={(back) => find(back ? 'previous' : 'next')}
    />
  );
}

interface FieldProps {
  readonly id: string;
  readonly label: string;
  readonly hint: string;
  readonly text: string;
  /** what is wrong, '' when nothing is */
  readonly said: string;
  readonly onText: (text: string) => void;
  readonly onEnter: (back: boolean) => void;
}

function Field({ id, label, hint, text, said, onText, onEnter }: FieldProps) {
  return (
    <>
      <input
        id={id}
        className="waves-find"
        value={text}
        aria-label={label}
        aria-invalid={said !== ''}
        placeholder={label}
        title={hint}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => onText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') onEnter(event.shiftKey);
          else if (event.key === 'Escape') document.querySelector<HTMLElement>('.waves-canvas')?.focus();
          else return;
          event.preventDefault();
        }}
      />
      {said === '' ? null : <span className="waves-said">{said}</span>}
    </>
  );
}
