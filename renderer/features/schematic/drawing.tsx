// The laid-out schematic as SVG with zoom and pan: wheel and keys, drag on empty ground.
import { useCallback, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Maximize2, ZoomIn, ZoomOut } from 'lucide-react';
import type { SchematicNode } from '@genrtl/contracts/schematic.ts';
import type { GraphPart } from '@genrtl/core/schematic/cone.ts';
import { IconButton } from '@genrtl/ui/controls.tsx';
import { useSize } from '@genrtl/ui/use-size.ts';
import { openFile } from '../../workbench/dock-store.ts';
import { BlockMenu } from './block-menu.tsx';
import type { BlockMenuState } from './block-menu.tsx';
import type { Placed } from './layout.ts';
import { NodeShape } from './node-shape.tsx';
import { clearMark, traceChosen, useSchematicPlace } from './schematic-place.ts';
import { SEARCH_FIELD } from './schematic-tools.tsx';
import { Wire } from './wire.tsx';

interface View {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}
const MIN_SCALE = 0.05;
const MAX_SCALE = 4;

interface DrawingProps {
  readonly placed: Placed;
  readonly label: string;
  /** what stands out; everything else is faint */
  readonly part: GraphPart | null;
  /** a block to bring into the middle; each request is an object of its own */
  readonly show: { readonly node: string } | null;
  readonly onSource: (node: SchematicNode) => void;
  readonly onEnter: (module: string) => void;
}

export function Drawing({ placed, label, part, show, onSource, onEnter }: DrawingProps) {
  const { t } = useTranslation();
  const { ref, width, height } = useSize<HTMLDivElement>();
  const [view, setView] = useState<View>({ x: 0, y: 0, scale: 1 });
  const drag = useRef<{ x: number; y: number } | null>(null);
  const [menu, setMenu] = useState<BlockMenuState | null>(null);
  const chosenNode = useSchematicPlace((store) => store.node?.id);
  const chosenEdge = useSchematicPlace((store) => store.edge?.id);

  const fit = useCallback((): void => {
    if (width === 0 || height === 0) return;
    const scale = Math.min(1.25, Math.max(MIN_SCALE, Math.min(width / placed.width, height / placed.height)));
    setView({ scale, x: (width - placed.width * scale) / 2, y: (height - placed.height * scale) / 2 });
  }, [width, height, placed]);
  useEffect(fit, [fit]);

  useEffect(() => {
    const node = placed.nodes.find((one) => one.node.id === show?.node);
    if (node === undefined || width === 0) return;
    setView((before) => {
      // from the whole module too far away to read
      const scale = Math.max(before.scale, 0.7);
      return {
        scale,
        x: width / 2 - (node.x + node.width / 2) * scale,
        y: height / 2 - (node.y + node.height / 2) * scale,
      };
    });
    // only a request moves the picture, not its new size
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [show, placed]);

  const zoom = useCallback(
    (factor: number, x: number, y: number): void =>
      setView((before) => {
        const scale = Math.min(MAX_SCALE, Math.max(MIN_SCALE, before.scale * factor));
        const ratio = scale / before.scale;
        return { scale, x: x - (x - before.x) * ratio, y: y - (y - before.y) * ratio };
      }),
    [],
  );
  useEffect(() => {
    const element = ref.current;
    if (element === null) return undefined;
    const onWheel = (event: WheelEvent): void => {
      event.preventDefault();
      const box = element.getBoundingClientRect();
      zoom(Math.exp(-event.deltaY / 400), event.clientX - box.left, event.clientY - box.top);
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  }, [ref, zoom]);
  const pan = (x: number, y: number): void => setView((before) => ({ ...before, x: before.x + x, y: before.y + y }));

  const onKey = (event: React.KeyboardEvent): void => {
    const actions: Readonly<Record<string, () => void>> = {
      '+': () => zoom(1.25, width / 2, height / 2),
      '=': () => zoom(1.25, width / 2, height / 2),
      '-': () => zoom(0.8, width / 2, height / 2),
      f: fit,
      i: () => traceChosen('in'),
      o: () => traceChosen('out'),
      '/': () => document.getElementById(SEARCH_FIELD)?.focus(),
      Escape: clearMark,
      ArrowLeft: () => pan(60, 0),
      ArrowRight: () => pan(-60, 0),
      ArrowUp: () => pan(0, 60),
      ArrowDown: () => pan(0, -60),
    };
    const action = event.ctrlKey || event.metaKey || event.altKey ? undefined : actions[event.key];
    if (action === undefined) return;
    event.preventDefault();
    action();
  };

  return (
    <div
      ref={ref}
      className="schematic-view"
      tabIndex={0}
      role="group"
      aria-label={label}
      onKeyDown={onKey}
      onPointerDown={(event) => {
        if (event.target instanceof Element && event.target.closest('.block, .wire, .schematic-zoom') !== null) return;
        drag.current = { x: event.clientX, y: event.clientY };
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={(event) => {
        if (drag.current === null) return;
        pan(event.clientX - drag.current.x, event.clientY - drag.current.y);
        drag.current = { x: event.clientX, y: event.clientY };
      }}
      onPointerUp={() => {
        drag.current = null;
      }}
    >
      <svg width={width} height={height} className="schematic-svg">
        <g transform={`translate(${view.x} ${view.y}) scale(${view.scale})`}>
          {placed.edges.map((edge) => (
            <Wire
              key={edge.id}
              placed={edge}
              chosen={edge.edge.id === chosenEdge}
              marked={part?.edges.has(edge.edge.id) === true}
              faint={part !== null && !part.edges.has(edge.edge.id)}
              onSource={() => {
                const source = edge.edge.source ?? null;
                if (source !== null) openFile(source.path, { line: source.line, column: source.column });
              }}
            />
          ))}
          {placed.nodes.map((node) => (
            <NodeShape
              key={node.node.id}
              placed={node}
              chosen={node.node.id === chosenNode}
              faint={part !== null && !part.nodes.has(node.node.id)}
              onSource={onSource}
              onEnter={onEnter}
              onMenu={(at) => setMenu({ node: node.node, at })}
            />
          ))}
        </g>
      </svg>
      {menu === null ? null : (
        <BlockMenu {...menu} onSource={onSource} onEnter={onEnter} onClose={() => setMenu(null)} />
      )}
      <div className="schematic-zoom">
        <IconButton label={t('schematic.zoomIn')} icon={ZoomIn} onClick={() => zoom(1.25, width / 2, height / 2)} />
        <IconButton label={t('schematic.zoomOut')} icon={ZoomOut} onClick={() => zoom(0.8, width / 2, height / 2)} />
        <IconButton label={t('schematic.fit')} icon={Maximize2} onClick={fit} />
      </div>
    </div>
  );
}
