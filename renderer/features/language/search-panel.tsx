// Find in files, and the list of references: grouped by file, only the rows that are seen are drawn.
import { useEffect, useMemo, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { CaseSensitive, FileCode, Regex, Replace, Search, SearchX, WholeWord } from 'lucide-react';
import type { SearchMatch } from '@genrtl/contracts/workspace.ts';
import { bridge } from '../../bridge/bridge.ts';
import { run } from '../../state/notice-store.ts';
import { useWorkspace } from '../../state/workspace-store.ts';
import { Button, Empty, ErrorNote, IconButton, Spinner } from '@genrtl/ui/controls.tsx';
import { Dialog } from '@genrtl/ui/dialog.tsx';
import { useRows } from '@genrtl/ui/use-rows.ts';
import { PathText } from '@genrtl/ui/path-text.tsx';
import { openFile } from '../../workbench/dock-store.ts';
import { replaceAll } from './replace.ts';
import { useSearch } from './search-store.ts';
import './language.css';

const ROW_PX = 22;
const TYPING_MS = 250;

type Line =
  | { readonly kind: 'file'; readonly path: string; readonly count: number }
  | { readonly kind: 'match'; readonly match: SearchMatch };

export function SearchPanel() {
  const { t } = useTranslation();
  const workspace = useWorkspace((store) => store.view?.path ?? '');
  const { text, options, results, referencesOf, truncated, busy, error, setText, setOptions, search } = useSearch();
  const input = useRef<HTMLInputElement>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const typed = useRef(false);
  const pause = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => input.current?.focus(), []);
  useEffect(() => {
    if (!typed.current) return undefined;
    pause.current = setTimeout(() => run(() => search(workspace)), TYPING_MS);
    return () => clearTimeout(pause.current);
  }, [text, options, workspace, search]);
  const lines = useMemo(() => {
    const byFile = Map.groupBy(results ?? [], (match) => match.path);
    return [...byFile].flatMap(([path, matches]): Line[] => [
      { kind: 'file', path, count: matches.length },
      ...matches.map((match): Line => ({ kind: 'match', match })),
    ]);
  }, [results]);
  const files = lines.filter((line) => line.kind === 'file').length;
  const rows = useRows({ count: lines.length, scroller, height: ROW_PX, overscan: 16 });
  const edit = (change: () => void): void => {
    typed.current = true;
    change();
  };

  const onEnter = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || event.nativeEvent.isComposing) return;
    clearTimeout(pause.current);
    run(() => search(workspace));
  };

  return (
    <div className="search">
      <div className="panel-tools">
        <input
          ref={input}
          type="search"
          onFocus={() => run(() => bridge.call('workspace.search_soon', {}))}
          onKeyDown={onEnter}
          value={text}
          placeholder={t('search.find')}
          aria-label={t('search.find')}
          onChange={(event) => edit(() => setText(event.target.value))}
        />
        <IconButton
          label={t('search.case')}
          icon={CaseSensitive}
          pressed={options.match_case}
          onClick={() => edit(() => setOptions({ match_case: !options.match_case }))}
        />
        <IconButton
          label={t('search.word')}
          icon={WholeWord}
          pressed={options.whole_word}
          onClick={() => edit(() => setOptions({ whole_word: !options.whole_word }))}
        />
        <IconButton
          label={t('search.regex')}
          icon={Regex}
          pressed={options.regex}
          onClick={() => edit(() => setOptions({ regex: !options.regex }))}
        />
        <input
          className="search-include"
          value={options.include}
          placeholder={t('search.include')}
          aria-label={t('search.include')}
          onKeyDown={onEnter}
          onChange={(event) => edit(() => setOptions({ include: event.target.value }))}
        />
        <ReplaceTools workspace={workspace} files={files} />
        <span className="search-count muted" role="status">
          {busy ? <Spinner label={t('search.busy')} /> : null}
          {results === null || busy
            ? null
            : referencesOf === null
              ? t('search.found', { count: results.length, files })
              : t('search.references', { count: results.length, name: referencesOf })}
          {truncated ? ` · ${t('search.truncated')}` : null}
        </span>
      </div>
      {error === null ? null : (
        <div className="panel-pad">
          <ErrorNote error={error} />
        </div>
      )}
      {results === null && !busy && error === null ? (
        <Empty icon={Search} title={t('search.nothingYet')}>
          {t('search.nothingYetHint')}
        </Empty>
      ) : null}
      {results?.length === 0 && !busy ? <Empty icon={SearchX} title={t('search.none')} /> : null}
      <div ref={scroller} className="search-scroll">
        <ul className="outline-list" style={{ height: rows.getTotalSize() }}>
          {rows.getVirtualItems().map((item) => {
            const line = lines[item.index];
            return line === undefined ? null : (
              <li key={item.key} style={{ transform: `translateY(${item.start}px)`, height: ROW_PX }}>
                {line.kind === 'file' ? (
                  <button type="button" className="search-file" onClick={() => openFile(line.path)}>
                    <FileCode size={13} aria-hidden />
                    <PathText path={line.path} />
                    <span className="muted">{line.count}</span>
                  </button>
                ) : (
                  <MatchRow match={line.match} />
                )}
              </li>
            );
          })}
        </ul>
      </div>
    </div>
  );
}

/** Another text for all hits that are listed; asked once more, and taken back from the notice. */
function ReplaceTools({ workspace, files }: { readonly workspace: string; readonly files: number }) {
  const { t } = useTranslation();
  const { text, options, results, referencesOf, truncated, busy } = useSearch();
  const [replacement, setReplacement] = useState('');
  const [asking, setAsking] = useState(false);
  const count = results?.length ?? 0;
  const ready = count > 0 && referencesOf === null && !truncated && !busy;
  return (
    <>
      <input
        className="search-replace"
        value={replacement}
        placeholder={t('search.replaceWith')}
        aria-label={t('search.replaceWith')}
        onChange={(event) => setReplacement(event.target.value)}
      />
      <IconButton label={t('search.replaceAll')} icon={Replace} disabled={!ready} onClick={() => setAsking(true)} />
      {asking ? (
        <Dialog
          title={t('search.replaceAll')}
          size="small"
          onClose={() => setAsking(false)}
          footer={
            <>
              <Button onClick={() => setAsking(false)}>{t('ui.cancel')}</Button>
              <Button
                tone="primary"
                onClick={() => {
                  setAsking(false);
                  run(() => replaceAll({ workspace, text, ...options, replacement }));
                }}
              >
                {t('search.replace')}
              </Button>
            </>
          }
        >
          <p>{t('search.replaceAsk', { count, files })}</p>
          <p className="mono">
            <del>{text}</del> → <ins>{replacement}</ins>
          </p>
        </Dialog>
      ) : null}
    </>
  );
}

function MatchRow({ match }: { readonly match: SearchMatch }) {
  const lead = match.text.slice(0, match.start).trimStart();
  return (
    <button
      type="button"
      className="search-match mono"
      onClick={() => openFile(match.path, { line: match.line, column: match.column })}
    >
      <span className="search-line">{match.line}</span>
      <span className="path">
        {lead}
        <mark>{match.text.slice(match.start, match.end)}</mark>
        {match.text.slice(match.end)}
      </span>
    </button>
  );
}
