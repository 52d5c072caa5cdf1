// The plan's block diagram: the top's ports at the edges, what it instantiates inside with the price of what is bought,
// and the wires between them as far as the plan knows them. The same wires stand below as a table.
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Plan, PlanModule, Quote } from '@genrtl/contracts';
import { planWires } from '@genrtl/core/plan/wires.ts';
import type { PlanWire } from '@genrtl/core/plan/wires.ts';
import { Spinner } from '@genrtl/ui/controls.tsx';
import { formatUsd } from '@genrtl/ui/format.ts';
import { run } from '../../state/notice-store.ts';
import { layOut } from '../schematic/layout.ts';
import type { Placed, PlacedNode } from '../schematic/layout.ts';
import { blockGraph, describe, instanceId, kindsOf } from './block-graph.ts';

const LEAST_SCALE = 0.75;

export function BlockDiagram({ plan, quotes }: { readonly plan: Plan; readonly quotes: readonly Quote[] }) {
  const { t } = useTranslation();
  const { top } = plan;
  const [placed, setPlaced] = useState<Placed | null>(null);
  const found = useMemo(() => planWires(plan, top), [plan, top]);
  const graph = useMemo(() => {
    const note = (instance: PlanModule['instances'][number]): string => {
      const inner = plan.modules.find((other) => other.name === instance.of)?.instances.length ?? 0;
      if (instance.cbb === undefined) return inner > 0 ? t('plan.inner', { count: inner }) : t('plan.written');
      const quote = quotes.find((one) => one.cbb_id === instance.cbb);
      return quote === undefined ? 'CBB' : quote.owned ? t('gate.purchase.owned') : formatUsd(quote.price_usd);
    };
    return blockGraph(top, found, (instance) => `· ${note(instance)}`);
  }, [plan, top, found, quotes, t]);
  useEffect(() => {
    let current = true;
    run(async () => {
      const next = await layOut(graph);
      if (current) setPlaced(next);
    });
    return () => {
      current = false;
    };
  }, [graph]);
  if (top.instances.length === 0) return null;
  if (placed === null) return <Spinner label={t('ui.loading')} />;
  const bought = new Set(top.instances.filter(({ cbb }) => cbb !== undefined).map(({ name }) => instanceId(name)));
  const clocks = [...top.clocks, ...top.resets.map(({ name }) => name)];
  return (
    <>
      <div className="blocks-frame" tabIndex={0} role="group" aria-label={t('plan.diagram')}>
        <svg
          className="symbol blocks"
          viewBox={`0 0 ${placed.width} ${placed.height}`}
          // fits its frame as long as the names can be read, else it scrolls
          style={{ width: `max(min(100%, ${placed.width}px), ${placed.width * LEAST_SCALE}px)` }}
          role="img"
          aria-label={t('plan.blocks', { name: top.name, count: top.instances.length })}
        >
          {placed.edges.map(({ id, edge, points }) => {
            const wire = found.wires[Number(edge.id)];
            return wire === undefined ? null : (
              <polyline
                key={id}
                points={points.map((point) => `${point.x},${point.y}`).join(' ')}
                className={`blocks-wire blocks-${wire.kind}${wire.width === '1' ? '' : ' blocks-bus'}`}
                data-wire={`${describe(wire.from)} ${describe(wire.to)}`}
              >
                <title>{`${describe(wire.from)} → ${describe(wire.to)} [${wire.width}]`}</title>
              </polyline>
            );
          })}
          {placed.nodes.map((node) => (
            <Block key={node.node.id} placed={node} bought={bought.has(node.node.id)} />
          ))}
        </svg>
      </div>
      <Legend wires={found.wires} unknown={found.unknown} clocks={clocks} />
    </>
  );
}

function Block({ placed: { node, x, y, width, height, ports }, bought }: { placed: PlacedNode; bought: boolean }) {
  if (node.kind === 'port')
    return (
      <g transform={`translate(${x} ${y})`}>
        <rect width={width} height={height} rx={height / 2} className="symbol-box" />
        <text x={width / 2} y={height / 2 + 4} textAnchor="middle">
          {node.label}
        </text>
      </g>
    );
  return (
    <g transform={`translate(${x} ${y})`}>
      <title>{`${node.name}: ${node.label}`}</title>
      <rect width={width} height={height} rx={4} className={bought ? 'block-cbb' : 'block-own'} />
      <text x={width / 2} y={16} textAnchor="middle" className="symbol-name">
        {node.name}
      </text>
      <text x={width / 2} y={30} textAnchor="middle" className="symbol-width">
        {node.label}
      </text>
      {ports.map((port) => (
        <text
          key={port.name}
          x={port.x === 0 ? 6 : width - 6}
          y={port.y + 4}
          textAnchor={port.x === 0 ? 'start' : 'end'}
        >
          {port.name}
        </text>
      ))}
    </g>
  );
}

/** What the lines mean, what is not drawn, and the wires as words. */
function Legend({
  wires,
  unknown,
  clocks,
}: {
  readonly wires: readonly PlanWire[];
  readonly unknown: readonly string[];
  readonly clocks: readonly string[];
}) {
  const { t } = useTranslation();
  return (
    <div className="blocks-legend">
      {kindsOf(wires).map((kind) => (
        <span key={kind} className="muted">
          <svg width={26} height={8} aria-hidden>
            <line x1={0} x2={26} y1={4} y2={4} className={`blocks-wire blocks-${kind}`} />
          </svg>
          {t(`plan.wires.${kind}`)}
        </span>
      ))}
      {clocks.length === 0 ? null : (
        <span className="muted">{t('plan.wires.clocks', { names: clocks.join(', ') })}</span>
      )}
      {unknown.length === 0 ? null : (
        <span className="muted">{t('plan.wires.unknown', { names: unknown.join(', ') })}</span>
      )}
      {wires.length === 0 ? null : (
        <details>
          <summary>{t('plan.wires.list', { count: wires.length })}</summary>
          <table className="table">
            <thead>
              <tr>
                <th>{t('plan.wires.from')}</th>
                <th>{t('plan.wires.to')}</th>
                <th>{t('plan.width')}</th>
                <th>{t('plan.wires.how')}</th>
              </tr>
            </thead>
            <tbody>
              {wires.map((wire, at) => (
                <tr key={at}>
                  <td className="mono">{describe(wire.from)}</td>
                  <td className="mono">{describe(wire.to)}</td>
                  <td className="mono">{wire.width}</td>
                  <td>{t(`plan.wires.${wire.kind}`)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </details>
      )}
    </div>
  );
}
