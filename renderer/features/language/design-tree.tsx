// The design from its tops: instances, generate blocks and parameters; above it a search for any declaration.
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Box, Braces, CircuitBoard, CircleHelp, Network } from 'lucide-react';
import type { CodePlace } from '@genrtl/contracts/language.ts';
import type { IpcResponse } from '@genrtl/contracts/ipc/index.ts';
import { bridge } from '../../bridge/bridge.ts';
import { useWorkspace } from '../../state/workspace-store.ts';
import { Empty, ErrorNote, Spinner } from '@genrtl/ui/controls.tsx';
import { TreeList } from '@genrtl/ui/tree-list.tsx';
import { openFile } from '../../workbench/dock-store.ts';
import { placeIn, settings } from './design-rows.ts';
import { useDesignPlace } from './design-place.ts';
import { glyphOf } from './symbol-glyphs.ts';
import { useDesign } from './use-design.ts';

type Found = IpcResponse<'language.symbols'>['symbols'];
const PAUSE_MS = 120;

const show = (place: CodePlace): void => openFile(place.path, { line: place.line, column: place.column });

export function DesignTree() {
  const { t } = useTranslation();
  const workspace = useWorkspace((store) => store.view?.path ?? '');
  const [query, setQuery] = useState('');
  return (
    <>
      <div className="panel-tools">
        <input
          type="search"
          value={query}
          onChange={(event) => setQuery(event.target.value)}
          placeholder={t('outline.findSymbol')}
          aria-label={t('outline.findSymbol')}
        />
      </div>
      {query.trim() === '' ? (
        <Instances workspace={workspace} />
      ) : (
        <Symbols workspace={workspace} query={query.trim()} />
      )}
    </>
  );
}

function Instances({ workspace }: { readonly workspace: string }) {
  const { t } = useTranslation();
  const { rows, loaded, error, toggle, wanted } = useDesign(workspace);
  const shown = rows.map((row) => {
    const { node } = row;
    const missing = node.kind === 'instance' && node.target === null;
    const Glyph = missing ? CircleHelp : node.kind === 'block' ? Braces : node.kind === 'top' ? CircuitBoard : Box;
    const set = settings(node);
    return {
      ...row,
      name: node.name,
      title: [
        node.kind === 'instance' ? `${node.of} ${node.name}` : node.name,
        ...node.parameters.map(
          ({ name, value, set: own }) => `  ${name} = ${value}${own ? '' : ` (${t('outline.byDefault')})`}`,
        ),
        ...(missing ? [t('outline.unknownModule')] : node.recursive ? [t('outline.recursive')] : []),
      ].join('\n'),
      content: (
        <>
          <Glyph size={13} aria-hidden />
          <span className="outline-name mono">{node.name}</span>
          {node.kind === 'instance' ? (
            <span className={`outline-detail mono${missing ? ' outline-missing' : ''}`}>
              {node.of}
              {set === '' ? '' : ` #(${set})`}
              {missing ? ` · ${t('outline.unknownModule')}` : node.recursive ? ` · ${t('outline.recursive')}` : ''}
            </span>
          ) : null}
        </>
      ),
    };
  });
  if (error !== null)
    return (
      <div className="panel-pad">
        <ErrorNote error={error} />
      </div>
    );
  if (!loaded)
    return (
      <div className="panel-wait">
        <Spinner label={t('ui.loading')} />
      </div>
    );
  if (rows.length === 0) return <Empty icon={Network} title={t('outline.noDesign')} />;
  return (
    <TreeList
      rows={shown}
      label={t('outline.design')}
      onToggle={toggle}
      wanted={wanted}
      onChoose={(row) => useDesignPlace.setState({ chosen: placeIn(rows, row) })}
      onAct={({ node }, other) => show(other ? (node.target ?? node.place) : node.place)}
    />
  );
}

function Symbols({ workspace, query }: { readonly workspace: string; readonly query: string }) {
  const { t } = useTranslation();
  const [found, setFound] = useState<Found | null>(null);
  useEffect(() => {
    let wanted = true;
    const timer = setTimeout(() => {
      bridge.call('language.symbols', { workspace, query }).then(
        ({ symbols }) => (wanted ? setFound(symbols) : undefined),
        // cancelled by an edit: the next letter asks again
        () => undefined,
      );
    }, PAUSE_MS);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [workspace, query]);
  const rows = useMemo(
    () =>
      (found ?? []).map((symbol) => {
        const Glyph = glyphOf(symbol.kind);
        return {
          key: `${symbol.path}:${symbol.line}:${symbol.column}`,
          name: symbol.name,
          level: 0,
          open: null,
          title: symbol.detail,
          symbol,
          content: (
            <>
              <Glyph size={13} aria-hidden />
              <span className="outline-name mono">{symbol.name}</span>
              <span className="outline-detail">
                {symbol.path}:{symbol.line}
              </span>
            </>
          ),
        };
      }),
    [found],
  );
  if (found === null) return null;
  if (rows.length === 0) return <Empty icon={Network} title={t('outline.noSymbol')} />;
  return <TreeList rows={rows} label={t('outline.findSymbol')} onAct={({ symbol }) => show(symbol)} />;
}
