// What the waveform holds: scopes on top, signals of the chosen scope or of a search below; a double click or Enter
// shows one.
import { useDeferredValue, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Plus } from 'lucide-react';
import type { WaveSignalInfo } from '@genrtl/contracts/waves.ts';
import { IconButton } from '@genrtl/ui/controls.tsx';
import { TreeList } from '@genrtl/ui/tree-list.tsx';
import { buildScopes, leafName, searchSignals } from './signal-tree.ts';
import type { Scope } from './signal-tree.ts';
import { useWaves } from './wave-store.ts';

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
  const toggle = (path: string): void =>
    setOpen((before) =>
      before.has(path) ? new Set([...before].filter((other) => other !== path)) : new Set([...before, path]),
    );

  return (
    <div className="waves-browser">
      <div className="waves-scopes">
        <TreeList
          rows={lines.map(({ scope: one, depth }) => ({
            key: one.path,
            name: one.name,
            level: depth,
            open: one.scopes.length === 0 ? null : open.has(one.path),
            current: one === scope,
            scope: one,
            content: <span className="waves-line-name mono">{one.name}</span>,
          }))}
          label={t('waves.hierarchy')}
          onChoose={(row) => setChosen(row.scope)}
          onAct={(row, other) => (other && row.open !== null ? toggle(row.key) : setChosen(row.scope))}
          onToggle={(row) => toggle(row.key)}
        />
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
      <div className="waves-signals">
        {shown.length === 0 ? (
          <p className="muted waves-none">{query.trim() === '' ? t('waves.scopeEmpty') : t('waves.noMatch')}</p>
        ) : (
          <TreeList
            rows={shown.map((signal) => ({
              key: signal.name,
              name: leafName(signal.name),
              level: 0,
              open: null,
              title: t('waves.addTitle', { name: signal.name }),
              signal,
              content: (
                <>
                  <span className="waves-line-name mono">
                    {query.trim() === '' ? leafName(signal.name) : signal.name}
                  </span>
                  <span className="muted mono waves-width">{signal.width === 1 ? '' : `[${signal.width - 1}:0]`}</span>
                </>
              ),
            }))}
            label={t('waves.signals')}
            onAct={(row, other, byKey) => (other || byKey ? add([row.signal]) : undefined)}
          />
        )}
      </div>
    </div>
  );
}
