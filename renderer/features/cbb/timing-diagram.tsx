// A timing diagram as data sheets print it, drawn from WaveJSON.
import { useId } from 'react';
import type { Lane, Stretch, TimingChart } from './wave-json.ts';

const CYCLE = 40;
const LANE = 30;
const HEIGHT = 18;
const SLOPE = 3;
const CHAR = 6.7;

export function TimingDiagram({ chart, label }: { readonly chart: TimingChart; readonly label: string }) {
  const hatch = useId();
  const names = 16 + Math.max(...chart.lanes.map((lane) => lane.name.length * CHAR + lane.depth * 10));
  const width = names + chart.cycles * CYCLE + 12;
  const height = chart.lanes.length * LANE + 14;
  const ticks = Array.from({ length: Math.floor(chart.cycles) + 1 }, (_, at) => names + at * CYCLE);
  return (
    <div className="timing-scroll" tabIndex={0} role="group" aria-label={label}>
      <svg
        className="timing"
        width={width}
        height={height}
        viewBox={`0 0 ${width} ${height}`}
        role="img"
        aria-label={label}
      >
        <defs>
          <pattern id={hatch} width={6} height={6} patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <line x1={0} y1={0} x2={0} y2={6} className="timing-hatch" />
          </pattern>
        </defs>
        {ticks.map((x) => (
          <line key={x} x1={x} x2={x} y1={2} y2={height - 4} className="timing-tick" />
        ))}
        {chart.lanes.map((lane, at) => (
          <g key={`${at} ${lane.name}`} transform={`translate(0 ${10 + at * LANE})`}>
            <text x={names - 10} y={HEIGHT / 2 + 4} textAnchor="end" className="timing-name">
              {lane.name}
            </text>
            <g transform={`translate(${names} 0)`}>
              <LaneShape lane={lane} hatch={hatch} />
            </g>
          </g>
        ))}
      </svg>
    </div>
  );
}

const yOf = (stretch: Stretch): number =>
  stretch.level === 'high' ? 0 : stretch.level === 'floating' ? HEIGHT / 2 : HEIGHT;

function LaneShape({ lane, hatch }: { readonly lane: Lane; readonly hatch: string }) {
  return (
    <>
      {lane.stretches.map((stretch, at) => (
        <StretchShape key={stretch.from} stretch={stretch} before={lane.stretches[at - 1]} hatch={hatch} />
      ))}
      {lane.gaps.map((gap) => (
        <path key={gap} d={`M ${gap * CYCLE - 5} ${HEIGHT + 4} q 4 0 4 -13 t 4 -13`} className="timing-gap" />
      ))}
    </>
  );
}

function StretchShape({
  stretch,
  before,
  hatch,
}: {
  readonly stretch: Stretch;
  readonly before: Stretch | undefined;
  readonly hatch: string;
}) {
  const from = stretch.from * CYCLE;
  const to = stretch.to * CYCLE;
  if (stretch.level === 'clock' || stretch.level === 'clock-negative')
    return <path d={clockPath(stretch)} className="timing-line" />;
  if (stretch.level === 'data' || stretch.level === 'unknown') {
    const shape = `M ${from} ${HEIGHT / 2} L ${from + SLOPE} 0 L ${to - SLOPE} 0 L ${to} ${HEIGHT / 2} L ${to - SLOPE} ${HEIGHT} L ${from + SLOPE} ${HEIGHT} Z`;
    return (
      <>
        <path
          d={shape}
          className={stretch.level === 'data' ? `timing-data timing-tint-${stretch.tint ?? 2}` : 'timing-unknown'}
          {...(stretch.level === 'unknown' ? { style: { fill: `url(#${hatch})` } } : {})}
        />
        {stretch.label === undefined || stretch.label === '' ? null : (
          <text x={(from + to) / 2} y={HEIGHT / 2 + 4} textAnchor="middle" className="timing-label">
            {stretch.label}
          </text>
        )}
      </>
    );
  }
  const y = yOf(stretch);
  const joins =
    before !== undefined &&
    before.to === stretch.from &&
    (before.level === 'low' || before.level === 'high' || before.level === 'floating');
  return (
    <path
      d={`M ${from} ${joins ? yOf(before) : y} L ${joins ? from + SLOPE : from} ${y} L ${to} ${y}`}
      className={stretch.level === 'floating' ? 'timing-floating' : 'timing-line'}
    />
  );
}

function clockPath({ from, to, level }: Stretch): string {
  const [first, second] = level === 'clock' ? [0, HEIGHT] : [HEIGHT, 0];
  let path = `M ${from * CYCLE} ${second}`;
  for (let at = from; at < to; at += 1) {
    const x = at * CYCLE;
    path += ` L ${x} ${first} L ${x + CYCLE / 2} ${first} L ${x + CYCLE / 2} ${second} L ${x + CYCLE} ${second}`;
  }
  return path;
}
