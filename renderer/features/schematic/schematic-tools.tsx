// Search, fan-in and fan-out in the schematic's toolbar, and what they say.
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Crop, LogIn, LogOut, X } from 'lucide-react';
import type { SchematicAround, SchematicGraph } from '@genrtl/contracts/schematic.ts';
import { coneOf, findNamed, netPart } from '@genrtl/core/schematic/cone.ts';
import type { ConeDirection, GraphPart } from '@genrtl/core/schematic/cone.ts';
import { IconButton } from '@genrtl/ui/controls.tsx';
import { chooseNet, chooseNode, clearMark, traceChosen, useSchematicPlace } from './schematic-place.ts';
import type { Mark } from './schematic-place.ts';

/** `/` in the drawing puts the focus here. */
export const SEARCH_FIELD = 'schematic-search';

export const markedPart = (graph: SchematicGraph, mark: Mark | null): GraphPart | null =>
  mark === null
    ? null
    : mark.kind === 'net'
      ? netPart(graph, mark.from)
      : coneOf(graph, mark.start, mark.direction, mark.stages);

interface ToolsProps {
  readonly graph: SchematicGraph;
  /** brings a block of the graph into the middle */
  readonly onShow: (node: string) => void;
  /** draws what stands around a name of a module that is too large */
  readonly onAround: (around: SchematicAround) => void;
  readonly only: boolean;
  readonly onOnly: (only: boolean) => void;
}

export function SchematicTools({ graph, onShow, onAround, only, onOnly }: ToolsProps) {
  const { t } = useTranslation();
  const { node, edge, mark } = useSchematicPlace();
  const chosen = node !== null || edge !== null;
  return (
    <>
      <Search graph={graph} onShow={onShow} onAround={onAround} />
      <IconButton
        label={t('schematic.fanIn')}
        icon={LogIn}
        disabled={!chosen}
        pressed={mark?.kind === 'cone' && mark.direction === 'in'}
        onClick={() => traceChosen('in')}
      />
      <IconButton
        label={t('schematic.fanOut')}
        icon={LogOut}
        disabled={!chosen}
        pressed={mark?.kind === 'cone' && mark.direction === 'out'}
        onClick={() => traceChosen('out')}
      />
      <IconButton
        label={t('schematic.only')}
        icon={Crop}
        disabled={mark === null && !only}
        pressed={only}
        onClick={() => onOnly(!only)}
      />
      <IconButton label={t('schematic.clear')} icon={X} disabled={mark === null} onClick={clearMark} />
    </>
  );
}

function Search({ graph, onShow, onAround }: Pick<ToolsProps, 'graph' | 'onShow' | 'onAround'>) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const [at, setAt] = useState(-1);
  const found = useMemo(() => findNamed(graph, text), [graph, text]);
  const around = (direction: ConeDirection): void => onAround({ name: text.trim(), direction, stages: 1 });
  const go = (back: boolean): void => {
    if (graph.instances_only && found.length === 0 && text.trim() !== '') {
      around(back ? 'out' : 'in');
      return;
    }
    if (found.length === 0) return;
    const next = at === -1 ? (back ? found.length - 1 : 0) : (at + (back ? -1 : 1) + found.length) % found.length;
    setAt(next);
    const one = found[next];
    if (one?.kind === 'block') {
      clearMark();
      chooseNode(one.node);
      onShow(one.node.id);
    } else if (one !== undefined) {
      chooseNet(one.edge);
      onShow(one.edge.from.node);
    }
  };
  const said =
    text.trim() === ''
      ? ''
      : found.length > 0
        ? at === -1
          ? t('schematic.found', { count: found.length })
          : t('schematic.foundAt', { at: at + 1, count: found.length })
        : t(graph.instances_only ? 'schematic.askAround' : 'schematic.notFound');
  return (
    <>
      <input
        id={SEARCH_FIELD}
        type="search"
        className="schematic-search"
        value={text}
        placeholder={t('schematic.search')}
        aria-label={t('schematic.search')}
        title={t('schematic.searchHint')}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => {
          setText(event.target.value);
          setAt(-1);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') go(event.shiftKey);
          else if (event.key === 'Escape') {
            const chosen = document.querySelector<SVGGElement>('.schematic-view .block-chosen');
            (chosen ?? document.querySelector<HTMLElement>('.schematic-view'))?.focus();
          } else return;
          event.preventDefault();
        }}
      />
      <span className="muted schematic-note" role="status">
        {said}
      </span>
    </>
  );
}

/** What stands out, in words: the net with its readers, the cone with its stages. */
export function MarkNote({ graph, part }: { readonly graph: SchematicGraph; readonly part: GraphPart | null }) {
  const { t } = useTranslation();
  const { mark, edge, node } = useSchematicPlace();
  if (mark === null || part === null) return null;
  const start = graph.nodes.find((one) => one.id === (mark.kind === 'cone' ? mark.start.node : mark.from.node));
  const name = edge?.name || node?.name || start?.name || start?.label || '';
  const readers = graph.edges.filter((one) => part.edges.has(one.id)).length;
  return (
    <>
      {mark.kind === 'net'
        ? t('schematic.net', { name: edge?.name || t('schematic.unnamed'), count: readers })
        : t(mark.direction === 'in' ? 'schematic.coneIn' : 'schematic.coneOut', {
            name,
            blocks: part.nodes.size - 1,
            count: mark.stages,
          })}
    </>
  );
}
