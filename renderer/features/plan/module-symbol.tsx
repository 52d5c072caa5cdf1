// A module's symbol as data sheets draw it: inputs left, outputs right, buses thick with their width.
import { useTranslation } from 'react-i18next';
import type { PlanModule } from '@genrtl/contracts';

const PITCH = 22;
const STUB = 58;
/** A longer width is told by the tooltip and the table. */
const MAX_WIDTH_CHARS = 16;
const CHAR = 6.7;

type Port = PlanModule['ports'][number];

export function ModuleSymbol({ module }: { readonly module: PlanModule }) {
  const { t } = useTranslation();
  const left = module.ports.filter((port) => port.direction === 'input');
  const right = module.ports.filter((port) => port.direction !== 'input');
  const longest = (ports: readonly Port[]): number => Math.max(0, ...ports.map((port) => port.name.length)) * CHAR;
  const box = Math.max(120, longest(left) + longest(right) + 44, module.name.length * 7.5 + 20);
  const height = Math.max(left.length, right.length, 1) * PITCH + 34;
  const longestWidth = Math.max(0, ...module.ports.map((port) => widthText(port).length)) * CHAR;
  const stub = Math.max(STUB, longestWidth + 18);
  const width = box + 2 * stub;
  const isClock = (port: Port): boolean => module.clocks.includes(port.name);
  return (
    <svg
      className="symbol"
      viewBox={`0 0 ${width} ${height + 8}`}
      width={width}
      height={height + 8}
      role="img"
      aria-label={t('plan.symbol', { name: module.name })}
    >
      <rect x={stub} y={4} width={box} height={height} rx={4} className="symbol-box" />
      <text x={stub + box / 2} y={21} textAnchor="middle" className="symbol-name">
        {module.name}
      </text>
      {left.map((port, at) => (
        <Pin key={port.name} port={port} y={40 + at * PITCH} x={stub} stub={stub} side="left" clock={isClock(port)} />
      ))}
      {right.map((port, at) => (
        <Pin
          key={port.name}
          port={port}
          y={40 + at * PITCH}
          x={stub + box}
          stub={stub}
          side="right"
          clock={isClock(port)}
        />
      ))}
    </svg>
  );
}

const widthText = (port: Port): string =>
  port.width === '1' ? '' : port.width.length > MAX_WIDTH_CHARS ? '…' : port.width;

function Pin({
  port,
  x,
  y,
  stub,
  side,
  clock,
}: {
  readonly port: Port;
  readonly x: number;
  readonly y: number;
  readonly stub: number;
  readonly side: 'left' | 'right';
  readonly clock: boolean;
}) {
  const out = side === 'left' ? -1 : 1;
  const bus = port.width !== '1';
  return (
    <g>
      <title>{`${port.name} [${port.width}]`}</title>
      <line x1={x} y1={y} x2={x + out * (stub - 8)} y2={y} className={bus ? 'symbol-bus' : 'symbol-wire'} />
      {bus ? (
        <text x={x + out * (stub / 2 - 2)} y={y - 4} textAnchor="middle" className="symbol-width">
          {widthText(port)}
        </text>
      ) : null}
      {clock ? <path d={`M ${x} ${y - 5} l 7 5 l -7 5`} className="symbol-clock" /> : null}
      <text
        x={x - out * (clock ? 12 : 6)}
        y={y + 4}
        textAnchor={side === 'left' ? 'start' : 'end'}
        className="symbol-port"
      >
        {port.name}
      </text>
    </g>
  );
}
