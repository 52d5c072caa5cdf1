// One wire of a schematic: a click lets its whole net stand out, a double click leads to the signal's declaration.
import { useTranslation } from 'react-i18next';
import type { PlacedEdge } from './layout.ts';
import { chooseNet } from './schematic-place.ts';

interface WireProps {
  readonly placed: PlacedEdge;
  readonly chosen: boolean;
  /** part of what stands out */
  readonly marked: boolean;
  readonly faint: boolean;
  readonly onSource: () => void;
}

export function Wire({ placed: { edge, points }, chosen, marked, faint, onSource }: WireProps) {
  const { t } = useTranslation();
  const [start, next] = points;
  const line = points.map((point) => `${point.x},${point.y}`).join(' ');
  const bus = edge.width > 1;
  const states = [bus ? 'wire-bus' : '', marked ? 'wire-marked' : '', faint ? 'wire-faint' : ''];
  return (
    <g
      className={['wire', ...states].filter(Boolean).join(' ')}
      data-net={edge.name}
      data-chosen={chosen}
      onClick={() => chooseNet(edge)}
      onDoubleClick={onSource}
    >
      <title>{`${edge.name || t('schematic.unnamed')}${bus ? ` (${edge.width})` : ''}`}</title>
      <polyline points={line} className="wire-reach" />
      <polyline points={line} className="wire-line" />
      {bus && start !== undefined && next !== undefined ? (
        <text x={start.x + 5} y={start.y - 4} className="wire-width">
          {edge.width}
        </text>
      ) : null}
    </g>
  );
}
