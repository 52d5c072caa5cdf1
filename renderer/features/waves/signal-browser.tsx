// What the waveform holds: scopes on top, signals of the chosen scope or of a search below; a double click or Enter
// shows one.
import { useDeferredValue, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ChevronDown, ChevronRight, Plus } from 'lucide-react';
import type { WaveSignalInfo } from '@genrtl/contracts';
import { IconButton } from '@genrtl/ui/controls.tsx';
import { useRows } from '@genrtl/ui/use-rows.ts';
import { buildScopes, leafName, searchSignals } from './signal-tree.ts';
import type { Scope } from './signal-tree.ts';
import { useWaves } from './wave-store.ts';

const LINE_PX = 22;
const MAX_FOUND = 2000;

interface ScopeLine {
  readonly scope: Scope;
  readonly depth: number;
}

function linesOf(scopes: readonly Scope[], open: ReadonlySet<string>, depth = 0): ScopeLine[] {
  return scopes.flatMap((scope) => [
    { scope, depth },
    ...(open.has(scope.path) ? linesOf(scope.scopes, open, depth + 1) : []),
  ]);
}

export function SignalBrowser({ signals }: { readonly signals: readonly WaveSignalInfo[] }) {
  const { t } = useTranslation();
  const add = useWaves((store) => store.add);
  const scopes = useMemo(() => buildScopes(signals), [signals]);
  const [open, setOpen] = useState<ReadonlySet<string>>(() => new Set(scopes.map((scope) => scope.path)));
  const [chosen, setChosen] = useState<Scope | null>(null);
  const [text, setText] = useState('');
  const query = useDeferredValue(text);
  const scope = chosen ?? scopes[0] ?? null;
  const lines = linesOf(scopes, open);
  const shown = useMemo(
    () => (query.trim() === '' ? (scope?.signals ?? []) : searchSignals(signals, query, MAX_FOUND)),
    [signals, query, scope],
  );
  const scopeList = useRef<HTMLDivElement>(null);
  const signalList = useRef<HTMLDivElement>(null);
  const scopeRows = useRows({ count: lines.length, scroller: scopeList, height: LINE_PX });
  const signalRows = useRows({ count: shown.length, scroller: signalList, height: LINE_PX });
  const toggle = (path: string): void =>
    setOpen((before) =>
      before.has(path) ? new Set([...before].filter((other) => other !== path)) : new Set([...before, path]),
    );

  return (
    <div className="waves-browser">
      <div ref={scopeList} className="waves-scopes" role="group" aria-label={t('waves.hierarchy')}>
        <div style={{ height: scopeRows.getTotalSize() }} className="waves-list">
          {scopeRows.getVirtualItems().map((item) => {
            const line = lines[item.index];
            if (line === undefined) return null;
            const isOpen = open.has(line.scope.path);
            return (
              <div
                key={item.key}
                className={`waves-line${line.scope === scope ? ' waves-line-chosen' : ''}`}
                style={{ transform: `translateY(${item.start}px)`, paddingLeft: 6 + line.depth * 12 }}
              >
                {line.scope.scopes.length === 0 ? (
                  <span className="waves-twist" />
                ) : (
                  <button
                    type="button"
                    className="waves-twist"
                    aria-label={line.scope.name}
                    aria-expanded={isOpen}
                    onClick={() => toggle(line.scope.path)}
                  >
                    {isOpen ? <ChevronDown size={12} aria-hidden /> : <ChevronRight size={12} aria-hidden />}
                  </button>
                )}
                <button
                  type="button"
                  className="waves-line-name mono"
                  aria-pressed={line.scope === scope}
                  onClick={() => setChosen(line.scope)}
                  onDoubleClick={() => toggle(line.scope.path)}
                >
                  {line.scope.name}
                </button>
              </div>
            );
          })}
        </div>
      </div>
      <div className="waves-search">
        <input
          type="search"
          value={text}
          onChange={(event) => setText(event.target.value)}
          placeholder={t('waves.search')}
          aria-label={t('waves.search')}
        />
        <IconButton
          label={t('waves.addAll')}
          icon={Plus}
          disabled={shown.length === 0}
          onClick={() => add(shown.slice(0, 200))}
        />
      </div>
      <div ref={signalList} className="waves-signals" role="group" aria-label={t('waves.signals')}>
        {shown.length === 0 ? (
          <p className="muted waves-none">{query.trim() === '' ? t('waves.scopeEmpty') : t('waves.noMatch')}</p>
        ) : null}
        <div style={{ height: signalRows.getTotalSize() }} className="waves-list">
          {signalRows.getVirtualItems().map((item) => {
            const signal = shown[item.index];
            return signal === undefined ? null : (
              <div key={item.key} className="waves-line" style={{ transform: `translateY(${item.start}px)` }}>
                <button
                  type="button"
                  className="waves-line-name mono"
                  title={t('waves.addTitle', { name: signal.name })}
                  onDoubleClick={() => add([signal])}
                  onKeyDown={(event) => {
                    if (event.key === 'Enter') add([signal]);
                  }}
                >
                  {query.trim() === '' ? leafName(signal.name) : signal.name}
                </button>
                <span className="muted mono waves-width">{signal.width === 1 ? '' : `[${signal.width - 1}:0]`}</span>
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}
