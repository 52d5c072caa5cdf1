// One block of a schematic as data sheets draw it. A click leads to its source, a double click into an instance.
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { SchematicNode } from '@genrtl/contracts/schematic.ts';
import type { PlacedNode } from './layout.ts';
import { NAME_LETTERS } from './layout.ts';
import { chooseNode } from './schematic-place.ts';

const DOUBLE_CLICK_MS = 280;
/** Clock pins of Yosys' registers. */
const CLOCK_PINS = new Set(['CLK', 'C', 'EN']);

interface ShapeProps {
  readonly placed: PlacedNode;
  readonly chosen: boolean;
  /** outside of what stands out */
  readonly faint: boolean;
  readonly onSource: (node: SchematicNode) => void;
  readonly onEnter: (module: string) => void;
  readonly onMenu: (at: { x: number; y: number }) => void;
}

export function NodeShape({ placed, chosen, faint, onSource, onEnter, onMenu }: ShapeProps) {
  const { t } = useTranslation();
  const { node, x, y, width } = placed;
  const place = node.source === null ? '' : `${node.source.path}:${node.source.line}`;
  const waiting = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const open = (): void => onSource(node);
  // The source covers the schematic: the first click of a double click into an instance must not take it away.
  const click = (): void => {
    clearTimeout(waiting.current);
    if (node.kind === 'instance') waiting.current = setTimeout(open, DOUBLE_CLICK_MS);
    else open();
  };
  const enter = (): void => {
    clearTimeout(waiting.current);
    if (node.kind === 'instance') onEnter(node.label);
  };
  const name =
    node.kind === 'instance' || (node.kind === 'register' && node.name !== '')
      ? `${node.name} (${node.label})`
      : node.label;
  const states = [node.source === null ? '' : 'block-linked', chosen ? 'block-chosen' : '', faint ? 'block-faint' : ''];
  return (
    <g
      className={['block', `block-${node.kind}`, ...states].filter(Boolean).join(' ')}
      transform={`translate(${x} ${y})`}
      data-node={node.name || node.label}
      role="button"
      data-id={node.id}
      tabIndex={node.kind === 'constant' ? -1 : 0}
      onFocus={() => chooseNode(node)}
      onContextMenu={(event) => {
        event.preventDefault();
        event.currentTarget.focus();
        onMenu({ x: event.clientX, y: event.clientY });
      }}
      onClick={click}
      onDoubleClick={enter}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && event.shiftKey) enter();
        else if (event.key === 'Enter') open();
        else if (event.key === 'ContextMenu' || (event.shiftKey && event.key === 'F10')) {
          event.preventDefault();
          const box = event.currentTarget.getBoundingClientRect();
          onMenu({ x: box.left + 8, y: box.top + 8 });
        }
      }}
    >
      <title>{node.source === null ? name : t('schematic.goTo', { name, place })}</title>
      <Body placed={placed} />
      {node.kind !== 'instance'
        ? null
        : placed.ports.map((port) => (
            <text
              key={port.name}
              x={port.x === 0 ? 6 : width - 6}
              y={port.y + 4}
              textAnchor={port.x === 0 ? 'start' : 'end'}
              className="block-pin"
            >
              {port.name}
            </text>
          ))}
    </g>
  );
}

const cut = (text: string): string => (text.length <= NAME_LETTERS ? text : `${text.slice(0, NAME_LETTERS - 1)}…`);

function Body({ placed: { node, width, height, ports } }: { readonly placed: PlacedNode }) {
  switch (node.kind) {
    case 'port': {
      const inward = node.ports[0]?.direction === 'input';
      const shape = inward
        ? `M 0 0 H ${width - 10} L ${width} ${height / 2} L ${width - 10} ${height} H 0 Z`
        : `M 10 0 H ${width} V ${height} H 10 L 0 ${height / 2} Z`;
      return (
        <>
          <path d={shape} className="block-body" />
          <text x={width / 2 + (inward ? -4 : 4)} y={height / 2 + 4} textAnchor="middle" className="block-text">
            {node.label}
          </text>
        </>
      );
    }
    case 'constant':
      return (
        <text x={width - 4} y={height / 2 + 4} textAnchor="end" className="block-constant">
          {node.label}
        </text>
      );
    case 'mux':
      return (
        <>
          <path d={`M 0 0 L ${width} 10 V ${height - 10} L 0 ${height} Z`} className="block-body" />
          <text x={width / 2} y={height / 2 + 4} textAnchor="middle" className="block-text">
            {node.label === 'mux' ? '' : node.label}
          </text>
        </>
      );
    case 'register':
      return (
        <>
          <rect width={width} height={height} className="block-body" />
          <text
            x={width / 2}
            y={node.name === '' ? 17 : 15}
            textAnchor="middle"
            className={node.name === '' ? 'block-text' : 'block-name'}
          >
            {node.name === '' ? node.label : cut(node.name)}
          </text>
          <path
            d={`M 0 ${(ports.find((port) => CLOCK_PINS.has(port.name))?.y ?? height - 11) - 5} l 8 5 l -8 5`}
            className="block-clock"
          />
        </>
      );
    case 'operator':
      return (
        <>
          <rect width={width} height={height} rx={Math.min(18, height / 2)} className="block-body" />
          <text x={width / 2} y={height / 2 + 4} textAnchor="middle" className="block-text">
            {node.label}
          </text>
        </>
      );
    case 'instance':
      return (
        <>
          <rect width={width} height={height} rx={4} className="block-body" />
          <text x={width / 2} y={16} textAnchor="middle" className="block-name">
            {node.name}
          </text>
          <text x={width / 2} y={30} textAnchor="middle" className="block-type">
            {node.label}
          </text>
        </>
      );
  }
}
