// The schematic room: a module of the workspace as blocks and wires, from the elaborated netlist.
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { IDockviewPanelProps } from 'dockview-react';
import { MessageSquareText, RefreshCw, Workflow } from 'lucide-react';
import type { Diagnostic, ErrorBody } from '@genrtl/contracts';
import type { SchematicAround, SchematicGraph, SchematicNode } from '@genrtl/contracts/schematic.ts';
import { partOf } from '@genrtl/core/schematic/cone.ts';
import { bridge } from '../../bridge/bridge.ts';
import { errorBody } from '../../bridge/call-error.ts';
import { run } from '../../state/notice-store.ts';
import { onDiskChange } from '../../state/pushes.ts';
import { useLink } from '../../state/link-store.ts';
import { useWorkspace } from '../../state/workspace-store.ts';
import { Button, Empty, ErrorNote, IconButton, Spinner } from '@genrtl/ui/controls.tsx';
import { openFile } from '../../workbench/dock-store.ts';
import { askAbout } from '../ask/ask-store.ts';
import { askAboutBlock } from '../ask/ask-schematic.ts';
import { Drawing } from './drawing.tsx';
import { layOut } from './layout.ts';
import type { Placed } from './layout.ts';
import { useSchematicPlace } from './schematic-place.ts';
import { MarkNote, SchematicTools, markedPart } from './schematic-tools.tsx';
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
  /** why there are no modules to choose from */
  const [unlisted, setUnlisted] = useState<ErrorBody | null>(null);
  const [busy, setBusy] = useState(false);
  const [stale, setStale] = useState(false);
  const [around, setAround] = useState<SchematicAround | null>(null);
  /** the marked part alone, laid out anew */
  const [only, setOnly] = useState<Drawn | null>(null);
  const [show, setShow] = useState<{ node: string } | null>(null);
  const mark = useSchematicPlace((store) => store.mark);

  const lookAgain = useRef(() => undefined as void);
  const listModules = useCallback(async (): Promise<void> => {
    const read = await Promise.all([
      bridge.call('language.symbols', { workspace, query: '' }),
      bridge.call('project.tops', { workspace }),
    ]).catch((failure: unknown) => {
      setUnlisted(errorBody(failure));
      return null;
    });
    if (read === null) return;
    setUnlisted(null);
    const [{ symbols }, { tops, rtl }] = read;
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
      if (paths.some((path) => /\.(sv|v|svh|vh)$/i.test(path))) setStale(true);
      // a new folder (of a tool's run, too) may have brought sources: whether it did is looked at
      else if (anywhere) lookAgain.current();
      else return;
      run(listModules);
    });
  }, [listModules, epoch]);
  useEffect(() => {
    if (params.module !== undefined) setChosen(params.module);
  }, [params.module, params.request]);
  const module = chosen ?? modules?.[0] ?? null;
  const enter = useCallback((name: string): void => {
    setAround(null);
    setChosen(name);
  }, []);
  useEffect(() => {
    useSchematicPlace.setState({ module, node: null, edge: null, mark: null });
    setShow(null);
  }, [module, around]);

  const draw = useCallback((): (() => void) => {
    let current = true;
    if (module === null) return () => undefined;
    setBusy(true);
    setError(null);
    setStale(false);
    bridge
      .call('schematic.read', { workspace, module, ...(around === null ? {} : { around }) })
      .then(async (graph) => ({ graph, placed: await layOut(graph) }))
      .then(
        (next) => {
          if (!current) return;
          setDrawn(next);
          setOnly(null);
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
  }, [workspace, module, around]);
  useEffect(draw, [draw]);
  lookAgain.current = () => {
    const before = drawn?.graph;
    if (module === null || before === undefined) return;
    bridge.call('schematic.read', { workspace, module, ...(around === null ? {} : { around }) }).then(
      (now) => setStale(JSON.stringify(now) !== JSON.stringify(before)),
      () => setStale(true),
    );
  };

  const graph = drawn?.graph ?? null;
  const part = useMemo(() => (graph === null ? null : markedPart(graph, mark)), [graph, mark]);
  const showOnly = (wanted: boolean): void => {
    if (!wanted || graph === null || part === null) setOnly(null);
    else
      run(async () => {
        const alone = partOf(graph, part);
        setOnly({ graph: alone, placed: await layOut(alone) });
      });
  };
  const shown = only ?? drawn;

  const toSource = (node: SchematicNode): void => {
    if (node.source !== null) openFile(node.source.path, { line: node.source.line, column: node.source.column });
  };
  return (
    <div className="schematic">
      <div className="panel-tools">
        <select
          aria-label={t('schematic.module')}
          value={module ?? ''}
          onChange={(event) => enter(event.target.value)}
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
        {graph === null ? null : (
          <SchematicTools
            graph={graph}
            onShow={(node) => setShow({ node })}
            onAround={setAround}
            only={only !== null}
            onOnly={showOnly}
          />
        )}
        {stale ? <span className="tone-warning schematic-note">{t('schematic.stale')}</span> : null}
        <span
          className={`muted schematic-note schematic-hint${part === null && graph?.instances_only !== true ? ' schematic-usage' : ''}`}
        >
          {graph === null ? null : part === null ? (
            t(graph.instances_only ? 'schematic.instancesOnly' : 'schematic.hint')
          ) : (
            <MarkNote graph={graph} part={part} />
          )}
        </span>
      </div>
      {around === null ? null : <AroundBar around={around} cut={graph?.cut === true} onChange={setAround} />}
      {busy && drawn === null ? (
        <div className="panel-wait">
          <Spinner label={t('schematic.elaborating')} />
        </div>
      ) : null}
      {unlisted === null ? null : (
        <div className="panel-pad">
          <ErrorNote error={unlisted} />
        </div>
      )}
      {modules?.length === 0 && module === null && unlisted === null ? (
        <Empty icon={Workflow} title={t('schematic.none')} />
      ) : null}
      {error === null ? null : <Failure error={error} module={module ?? ''} />}
      {shown === null ? null : (
        <Drawing
          key={shown.graph.module}
          placed={shown.placed}
          label={t('schematic.of', { name: shown.graph.module })}
          part={only === null ? part : null}
          show={show}
          onSource={toSource}
          onEnter={enter}
        />
      )}
    </div>
  );
}

/** That a part of a large module is seen, of what, how far; and the way back to the whole. */
function AroundBar({
  around,
  cut,
  onChange,
}: {
  readonly around: SchematicAround;
  readonly cut: boolean;
  readonly onChange: (around: SchematicAround | null) => void;
}) {
  const { t } = useTranslation();
  const { name, direction, stages } = around;
  return (
    <div className="schematic-around" role="status">
      <span>
        {t(direction === 'in' ? 'schematic.aroundIn' : 'schematic.aroundOut', { name, count: stages })}{' '}
        {cut ? t('schematic.cut') : null}
      </span>
      <Button onClick={() => onChange({ ...around, direction: direction === 'in' ? 'out' : 'in' })}>
        {t(direction === 'in' ? 'schematic.fanOut' : 'schematic.fanIn')}
      </Button>
      <Button disabled={stages >= 20} onClick={() => onChange({ ...around, stages: stages + 1 })}>
        {t('schematic.further')}
      </Button>
      <Button onClick={() => onChange(null)}>{t('schematic.whole')}</Button>
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
