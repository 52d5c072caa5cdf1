// Where a question is written: `@` puts things of the workspace before it, Enter sends, Shift+Enter is a new line.
import { useEffect, useId, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { AtSign, SendHorizontal, Square, X } from 'lucide-react';
import type { AskContext } from '@genrtl/contracts/ask.ts';
import { bridge } from '../../bridge/bridge.ts';
import { useCall } from '../../bridge/use-call.ts';
import { useJob } from '../../state/job-store.ts';
import { run } from '../../state/notice-store.ts';
import { useProblems } from '../../state/problems.ts';
import { relativePath, useWorkspace } from '../../state/workspace-store.ts';
import { ErrorNote, IconButton } from '@genrtl/ui/controls.tsx';
import { useAsk } from './ask-store.ts';
import { mentionAt, mentionsFor, nameOf, type Mention } from './mentions.ts';

interface ComposerProps {
  /** the answer that runs */
  readonly running: string | null;
  /** no model is set up */
  readonly disabled: boolean;
}

const MAX_TEXT = 16_000;

export function Composer({ running, disabled }: ComposerProps) {
  const { t } = useTranslation();
  const { text, context, replace, sending, error, write, add, drop, send } = useAsk();
  const field = useRef<HTMLTextAreaElement>(null);
  const list = useId();
  const [cursor, setCursor] = useState(0);
  const [at, setAt] = useState(0);
  const [closed, setClosed] = useState<number | null>(null);
  const word = mentionAt(text, cursor);
  const open = word !== null && word.from !== closed;
  const offered = useMentions(open ? word.query : null);
  const chosen = offered[Math.min(at, offered.length - 1)];
  useEffect(() => setAt(0), [word?.query]);

  const take = (mention: Mention): void => {
    if (word === null) return;
    add(mention.context);
    const next = `${text.slice(0, word.from)}@${mention.label} ${text.slice(cursor)}`;
    const place = word.from + mention.label.length + 2;
    write(next);
    setCursor(place);
    requestAnimationFrame(() => {
      field.current?.focus();
      field.current?.setSelectionRange(place, place);
    });
  };
  const onKey = (event: React.KeyboardEvent<HTMLTextAreaElement>): void => {
    if (event.nativeEvent.isComposing) return;
    if (open && chosen !== undefined) {
      if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
        event.preventDefault();
        const by = event.key === 'ArrowDown' ? 1 : offered.length - 1;
        setAt((Math.min(at, offered.length - 1) + by) % offered.length);
        return;
      }
      if (event.key === 'Enter' || event.key === 'Tab') {
        event.preventDefault();
        take(chosen);
        return;
      }
      if (event.key === 'Escape') {
        event.preventDefault();
        event.stopPropagation();
        setClosed(word.from);
        return;
      }
    }
    if (event.key === 'Escape' && running !== null) {
      event.preventDefault();
      run(() => bridge.call('ai.cancel', { run_id: running }));
    }
    if (event.key !== 'Enter' || event.shiftKey) return;
    event.preventDefault();
    if (running === null && !disabled) run(send);
  };
  return (
    <form
      className="ask-composer"
      onSubmit={(event) => {
        event.preventDefault();
        run(send);
      }}
    >
      {error === null ? null : <ErrorNote error={error} />}
      {replace === null ? null : (
        <p className="ask-editing">
          {t('ask.editing')}{' '}
          <button
            type="button"
            className="link"
            onClick={() => useAsk.setState({ replace: null, text: '', context: [] })}
          >
            {t('ui.cancel')}
          </button>
        </p>
      )}
      {context.length === 0 ? null : (
        <ul className="ask-chips" aria-label={t('ask.context')}>
          {context.map((one) => (
            <ContextChip key={JSON.stringify(one)} context={one} onDrop={() => drop(one)} />
          ))}
        </ul>
      )}
      {open && offered.length > 0 ? (
        <ul className="ask-mentions" role="listbox" id={list} aria-label={t('ask.mentions')}>
          {offered.map((mention, index) => (
            <li
              key={`${mention.kind} ${JSON.stringify(mention.context)}`}
              id={`${list}-${index}`}
              role="option"
              aria-selected={mention === chosen}
              className={mention === chosen ? 'ask-mention ask-mention-on' : 'ask-mention'}
              onPointerDown={(event) => {
                event.preventDefault();
                take(mention);
              }}
            >
              <span className="ask-kind">{t(`ask.kind.${mention.kind}`)}</span>
              <span className="mono">{mention.label}</span>
              <span className="muted">{mention.detail}</span>
            </li>
          ))}
        </ul>
      ) : null}
      <div className="ask-field">
        <textarea
          ref={field}
          rows={3}
          maxLength={MAX_TEXT}
          value={text}
          placeholder={t('ask.placeholder')}
          aria-label={t('ask.question')}
          aria-autocomplete="list"
          aria-controls={open && offered.length > 0 ? list : undefined}
          aria-activedescendant={open && chosen !== undefined ? `${list}-${offered.indexOf(chosen)}` : undefined}
          onChange={(event) => {
            write(event.target.value);
            setCursor(event.target.selectionStart);
          }}
          onSelect={(event) => setCursor(event.currentTarget.selectionStart)}
          onKeyDown={onKey}
        />
        <div className="ask-acts">
          <IconButton
            label={t('ask.mention')}
            icon={AtSign}
            onClick={() => {
              const next = `${text}${text === '' || /\s$/.test(text) ? '' : ' '}@`;
              write(next);
              setCursor(next.length);
              setClosed(null);
              requestAnimationFrame(() => field.current?.focus());
            }}
          />
          {running === null ? (
            <IconButton
              label={t('ask.send')}
              icon={SendHorizontal}
              disabled={disabled || sending || text.trim() === ''}
              onClick={() => run(send)}
            />
          ) : (
            <IconButton
              label={t('ask.stop')}
              icon={Square}
              onClick={() => run(() => bridge.call('ai.cancel', { run_id: running }))}
            />
          )}
        </div>
      </div>
    </form>
  );
}

export function ContextChip({ context, onDrop }: { readonly context: AskContext; readonly onDrop?: () => void }) {
  const { t } = useTranslation();
  const name = nameOf(context);
  return (
    <li className="ask-chip" title={`${t(`ask.kind.${context.kind}`)}: ${name}`}>
      <span className="ask-kind">{t(`ask.kind.${context.kind}`)}</span>
      <span className="mono">{name}</span>
      {onDrop === undefined ? null : (
        <button type="button" className="ask-drop" aria-label={t('ask.drop', { name })} onClick={onDrop}>
          <X size={12} aria-hidden />
        </button>
      )}
    </li>
  );
}

/** null asks for nothing. */
function useMentions(query: string | null): readonly Mention[] {
  const workspace = useWorkspace((store) => store.view?.path ?? '');
  const specFile = useWorkspace((store) => store.spec);
  const problems = useProblems();
  const job = useJob((store) => store.state);
  const asked = query !== null && workspace !== '';
  const files = useCall('workspace.files', asked ? { workspace } : null).data?.files;
  const name = query?.replace(/^module:/, '') ?? '';
  const symbols = useCall(
    'language.symbols',
    asked && !/^(?:file|problem|run|spec):/.test(query) ? { workspace, query: name } : null,
  ).data?.symbols;
  const specPath = specFile === null ? null : relativePath(workspace, specFile);
  const spec = useCall('workspace.read', asked && specPath !== null ? { workspace, path: specPath } : null).data?.text;
  return useMemo(
    () =>
      query === null
        ? []
        : mentionsFor(query, {
            files: files ?? [],
            units: (symbols ?? []).filter((symbol) => symbol.parent === null && !symbol.path.startsWith('.genRTL/')),
            problems,
            jobId: job?.job_id ?? null,
            steps: job?.steps ?? [],
            spec: specPath === null || spec === undefined ? null : { path: specPath, text: spec },
          }),
    [query, files, symbols, problems, job, specPath, spec],
  );
}
