// One block of a schematic as data sheets draw it. A click leads to its source, a double click into an instance.
import { useTranslation } from 'react-i18next';
import type { SchematicNode } from '@genrtl/contracts';
import type { PlacedNode } from './layout.ts';

interface ShapeProps {
  readonly placed: PlacedNode;
  readonly onSource: (node: SchematicNode) => void;
  readonly onEnter: (module: string) => void;
}

export function NodeShape({ placed, onSource, onEnter }: ShapeProps) {
  const { t } = useTranslation();
  const { node, x, y, width, height } = placed;
  const place = node.source === null ? '' : `${node.source.path}:${node.source.line}`;
  const open = (): void => onSource(node);
  const name = node.kind === 'instance' ? `${node.name} (${node.label})` : node.label;
  return (
    <g
      className={`block block-${node.kind}${node.source === null ? '' : ' block-linked'}`} transform={`translate(${x} ${y})`} data-node={node.name || node.label}
      role="button" tabIndex={node.source === null ? -1 : 0} aria-disabled={node.source === null}
      onClick={open} onDoubleClick={() => (node.kind === 'instance' ? onEnter(node.label) : undefined)}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && event.shiftKey && node.kind === 'instance') onEnter(node.label);
        else if (event.key === 'Enter') open();
      }}
    >
      <title>{node.source === null ? name : t('schematic.goTo', { name, place })}</title>
      <Body node={node} width={width} height={height} />
      {node.kind !== 'instance' ? null : placed.ports.map((port) => (
        <text key={port.name} x={port.x === 0 ? 6 : width - 6} y={port.y + 4} textAnchor={port.x === 0 ? 'start' : 'end'} className="block-pin">{port.name}</text>
      ))}
    </g>
  );
}

function Body({ node, width, height }: { readonly node: SchematicNode; readonly width: number; readonly height: number }) {
  switch (node.kind) {
    case 'port': {
      const inward = node.ports[0]?.direction === 'input';
      const shape = inward ? `M 0 0 H ${width - 10} L ${width} ${height / 2} L ${width - 10} ${height} H 0 Z` : `M 10 0 H ${width} V ${height} H 10 L 0 ${height / 2} Z`;
      return <><path d={shape} className="block-body" /><text x={width / 2 + (inward ? -4 : 4)} y={height / 2 + 4} textAnchor="middle" className="block-text">{node.label}</text></>;
    }
    case 'constant': return <text x={width - 4} y={height / 2 + 4} textAnchor="end" className="block-constant">{node.label}</text>;
    case 'mux': return <><path d={`M 0 0 L ${width} 10 V ${height - 10} L 0 ${height} Z`} className="block-body" /><text x={width / 2} y={height / 2 + 4} textAnchor="middle" className="block-text">{node.label === 'mux' ? '' : node.label}</text></>;
    case 'register': return <><rect width={width} height={height} className="block-body" /><text x={width / 2} y={17} textAnchor="middle" className="block-text">{node.label}</text><path d={`M 0 ${height - 16} l 8 5 l -8 5`} className="block-clock" /></>;
    case 'operator': return <><rect width={width} height={height} rx={Math.min(18, height / 2)} className="block-body" /><text x={width / 2} y={height / 2 + 4} textAnchor="middle" className="block-text">{node.label}</text></>;
    case 'instance': return (
      <>
        <rect width={width} height={height} rx={4} className="block-body" />
        <text x={width / 2} y={16} textAnchor="middle" className="block-name">{node.name}</text>
        <text x={width / 2} y={30} textAnchor="middle" className="block-type">{node.label}</text>
      </>
    );
  }
}
