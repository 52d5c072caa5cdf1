// The plan's block diagram: the top with its ports at the edges and what it instantiates inside, bought blocks marked
// with their price.
import { useTranslation } from 'react-i18next';
import type { Plan, PlanModule, Quote } from '@genrtl/contracts';
import { formatUsd } from '@genrtl/ui/format.ts';

const BLOCK = { width: 176, height: 58, gap: 18 };
const EDGE = 16;
const PIN = 18;
const CHAR = 6.7;

interface Block {
  readonly name: string;
  readonly of: string;
  readonly cbb: string | null;
  /** blocks inside it, for modules of the plan */
  readonly inner: number;
}

function blocksOf(plan: Plan, module: PlanModule): Block[] {
  return module.instances.map((instance) => ({
    name: instance.name,
    of: instance.of,
    cbb: instance.cbb ?? null,
    inner: plan.modules.find((other) => other.name === instance.of)?.instances.length ?? 0,
  }));
}

const cut = (text: string, letters: number): string =>
  text.length <= letters ? text : `${text.slice(0, letters - 1)}…`;

export function BlockDiagram({ plan, quotes }: { readonly plan: Plan; readonly quotes: readonly Quote[] }) {
  const { t } = useTranslation();
  const { top } = plan;
  const blocks = blocksOf(plan, top);
  if (blocks.length === 0) return null;
  const left = top.ports.filter((port) => port.direction === 'input');
  const right = top.ports.filter((port) => port.direction !== 'input');
  const room = (ports: readonly PlanModule['ports'][number][]): number =>
    Math.min(150, Math.max(0, ...ports.map((port) => port.name.length)) * CHAR + 20);
  const columns = Math.min(3, Math.ceil(Math.sqrt(blocks.length)));
  const rows = Math.ceil(blocks.length / columns);
  const innerWidth = columns * BLOCK.width + (columns - 1) * BLOCK.gap;
  const innerHeight = rows * BLOCK.height + (rows - 1) * BLOCK.gap;
  const [leftRoom, rightRoom] = [room(left), room(right)];
  const width = leftRoom + rightRoom + innerWidth + 2 * EDGE + 2 * PIN;
  const height = Math.max(innerHeight, Math.max(left.length, right.length) * PIN) + 2 * EDGE + 24;
  const boxWidth = width - 2 * PIN;
  const x0 = PIN + leftRoom + EDGE;
  const y0 = 24 + EDGE + (height - 24 - 2 * EDGE - innerHeight) / 2;
  return (
    <svg
      className="symbol blocks"
      viewBox={`0 0 ${width} ${height}`}
      width={width}
      height={height}
      role="img"
      aria-label={t('plan.blocks', { name: top.name, count: blocks.length })}
    >
      <rect x={PIN} y={4} width={boxWidth} height={height - 8} rx={5} className="symbol-box" />
      <text x={width / 2} y={20} textAnchor="middle" className="symbol-name">
        {top.name}
      </text>
      {left.map((port, at) => (
        <g key={port.name}>
          <line
            x1={0}
            x2={PIN}
            y1={44 + at * PIN}
            y2={44 + at * PIN}
            className={port.width === '1' ? 'symbol-wire' : 'symbol-bus'}
          />
          <text x={PIN + 6} y={48 + at * PIN}>
            {cut(port.name, 20)}
          </text>
        </g>
      ))}
      {right.map((port, at) => (
        <g key={port.name}>
          <line
            x1={width - PIN}
            x2={width}
            y1={44 + at * PIN}
            y2={44 + at * PIN}
            className={port.width === '1' ? 'symbol-wire' : 'symbol-bus'}
          />
          <text x={width - PIN - 6} y={48 + at * PIN} textAnchor="end">
            {cut(port.name, 20)}
          </text>
        </g>
      ))}
      {blocks.map((block, at) => {
        const x = x0 + (at % columns) * (BLOCK.width + BLOCK.gap);
        const y = y0 + Math.floor(at / columns) * (BLOCK.height + BLOCK.gap);
        const quote = quotes.find((one) => one.cbb_id === block.cbb);
        const note =
          block.cbb === null
            ? block.inner > 0
              ? t('plan.inner', { count: block.inner })
              : t('plan.written')
            : quote === undefined
              ? 'CBB'
              : quote.owned
                ? t('gate.purchase.owned')
                : formatUsd(quote.price_usd);
        return (
          <g key={block.name}>
            <title>{`${block.name}: ${block.of}`}</title>
            <rect
              x={x}
              y={y}
              width={BLOCK.width}
              height={BLOCK.height}
              rx={4}
              className={block.cbb === null ? 'block-own' : 'block-cbb'}
            />
            <text x={x + 10} y={y + 19} className="symbol-name">
              {cut(block.name, 22)}
            </text>
            <text x={x + 10} y={y + 34}>
              {cut(block.of, 23)}
            </text>
            <text x={x + 10} y={y + 49} className="symbol-width">
              {note}
            </text>
          </g>
        );
      })}
    </svg>
  );
}
