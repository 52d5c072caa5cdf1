// The schematic room: a module of the workspace as blocks and wires, from the elaborated netlist.
import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { IDockviewPanelProps } from 'dockview-react';
import { MessageSquareText, RefreshCw, Workflow } from 'lucide-react';
import type { Diagnostic, ErrorBody } from '@genrtl/contracts';
import type { SchematicGraph, SchematicNode } from '@genrtl/contracts/schematic.ts';
import { bridge } from '../../bridge/bridge.ts';
import { errorBody } from '../../bridge/call-error.ts';
import { run } from '../../state/notice-store.ts';
import { onDiskChange } from '../../state/pushes.ts';
import { useLink } from '../../state/link-store.ts';
import { useWorkspace } from '../../state/workspace-store.ts';
import { Empty, ErrorNote, IconButton, Spinner } from '@genrtl/ui/controls.tsx';
import { openFile } from '../../workbench/dock-store.ts';
import { askAbout } from '../ask/ask-store.ts';
import { askAboutBlock } from '../ask/ask-schematic.ts';
import { Drawing } from './drawing.tsx';
import { layOut } from './layout.ts';
import type { Placed } from './layout.ts';
import { useSchematicPlace } from './schematic-place.ts';
import './schematic.css';

interface Drawn {
  readonly graph: SchematicGraph;
  readonly placed: Placed;
}

export function SchematicPanel({ params }: IDockviewPanelProps<{ module?: string; request?: number }>) {
  const { t } = useTranslation();
  const workspace = useWorkspace((store) => store.view?.path ?? '');
  const epoch = useLink((store) => store.epoch);
  const [modules, setModules] = useState<readonly string[] | null>(null);
  const [chosen, setChosen] = useState<string | null>(params.module ?? null);
  const [drawn, setDrawn] = useState<Drawn | null>(null);
  const [error, setError] = useState<ErrorBody | null>(null);
  const [busy, setBusy] = useState(false);
  const [stale, setStale] = useState(false);

  const listModules = useCallback(async (): Promise<void> => {
    const [{ symbols }, { tops, rtl }] = await Promise.all([
      bridge.call('language.symbols', { workspace, query: '' }),
      bridge.call('project.tops', { workspace }),
    ]);
    const own = symbols.filter((symbol) => symbol.kind === 'module');
    const design = new Set(rtl);
    // the person's modules first; benches have nothing to synthesise
    const rank = (path: string): number => (design.has(path) ? 0 : path.startsWith('.genRTL/') ? 1 : 2);
    const [top] = tops;
    setModules([
      ...new Set(
        own
          .sort((a, b) => Number(b.name === top) - Number(a.name === top) || rank(a.path) - rank(b.path))
          .filter((symbol) => rank(symbol.path) < 2)
          .map((symbol) => symbol.name),
      ),
    ]);
  }, [workspace]);
  useEffect(() => {
    run(listModules);
    return onDiskChange(({ paths, anywhere }) => {
      if (!anywhere && !paths.some((path) => /\.(sv|v|svh|vh)$/i.test(path))) return;
      setStale(true);
      run(listModules);
    });
  }, [listModules, epoch]);
  useEffect(() => {
    if (params.module !== undefined) setChosen(params.module);
  }, [params.module, params.request]);
  const module = chosen ?? modules?.[0] ?? null;
  useEffect(() => useSchematicPlace.setState({ module, source: null, node: null }), [module]);

  const draw = useCallback((): (() => void) => {
    let current = true;
    if (module === null) return () => undefined;
    setBusy(true);
    setError(null);
    setStale(false);
    bridge
      .call('schematic.read', { workspace, module })
      .then(async (graph) => ({ graph, placed: await layOut(graph) }))
      .then(
        (next) => {
          if (current) setDrawn(next);
        },
        (failure: unknown) => {
          if (!current) return;
          setDrawn(null);
          setError(errorBody(failure));
        },
      )
      .finally(() => {
        if (current) setBusy(false);
      });
    return () => {
      current = false;
    };
  }, [workspace, module]);
  useEffect(draw, [draw]);

  const toSource = (node: SchematicNode): void => {
    if (node.source !== null) openFile(node.source.path, { line: node.source.line, column: node.source.column });
  };
  return (
    <div className="schematic">
      <div className="panel-tools">
        <select
          aria-label={t('schematic.module')}
          value={module ?? ''}
          onChange={(event) => setChosen(event.target.value)}
          disabled={modules === null || modules.length === 0}
        >
          {module !== null && modules?.includes(module) !== true ? <option value={module}>{module}</option> : null}
          {modules?.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
        <IconButton label={t('schematic.redraw')} icon={RefreshCw} disabled={module === null || busy} onClick={draw} />
        <AskButton graph={drawn?.graph ?? null} />
        {stale ? <span className="tone-warning schematic-note">{t('schematic.stale')}</span> : null}
        <span className="muted schematic-note schematic-hint">
          {drawn === null ? null : drawn.graph.instances_only ? t('schematic.instancesOnly') : t('schematic.hint')}
        </span>
      </div>
      {busy && drawn === null ? (
        <div className="panel-wait">
          <Spinner label={t('schematic.elaborating')} />
        </div>
      ) : null}
      {modules?.length === 0 && module === null ? <Empty icon={Workflow} title={t('schematic.none')} /> : null}
      {error === null ? null : <Failure error={error} module={module ?? ''} />}
      {drawn === null ? null : (
        <Drawing
          key={drawn.graph.module}
          placed={drawn.placed}
          label={t('schematic.of', { name: drawn.graph.module })}
          onSource={toSource}
          onEnter={setChosen}
        />
      )}
    </div>
  );
}

/** Asks about the block that had the focus last, else about the module. */
function AskButton({ graph }: { readonly graph: SchematicGraph | null }) {
  const { t } = useTranslation();
  const node = useSchematicPlace((store) => store.node);
  const name = node === null ? (graph?.module ?? '') : node.name || node.label;
  return (
    <IconButton
      label={t('ask.aboutNamed', { name })}
      icon={MessageSquareText}
      disabled={graph === null}
      onClick={() => (graph === null ? undefined : askAbout(askAboutBlock(graph, node)))}
    />
  );
}

/** Why there is no picture, with the tool's findings and their lines. */
function Failure({ error, module }: { readonly error: ErrorBody; readonly module: string }) {
  const { t } = useTranslation();
  const list = error.details?.['diagnostics'];
  const findings = Array.isArray(list) ? (list as Diagnostic[]).slice(0, 20) : [];
  return (
    <div className="panel-pad schematic-failure">
      <h3>{t(error.code === 'DESIGN_FAILED' ? 'schematic.fails' : 'schematic.cannot', { name: module })}</h3>
      <ErrorNote error={error} />
      {findings.length === 0 ? null : (
        <ul>
          {findings.map((found, at) => (
            <li key={at}>
              {found.file === undefined ? null : (
                <button
                  type="button"
                  className="link mono"
                  onClick={() => openFile(found.file ?? '', found.line === undefined ? {} : { line: found.line })}
                >
                  {found.file}
                  {found.line === undefined ? '' : `:${found.line}`}
                </button>
              )}{' '}
              {found.message}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
