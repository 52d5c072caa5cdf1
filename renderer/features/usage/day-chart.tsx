// Cost by day: a bar a day, models below, packages above. Each bar tells its day and amounts to the pointer and to a
// screen reader.
import { useTranslation } from 'react-i18next';
import type { UsageRow } from '@genrtl/contracts';
import { formatUsd } from '@genrtl/ui/format.ts';
import { useSize } from '@genrtl/ui/use-size.ts';
import { usageDays } from './usage-days.ts';

const HEIGHT = 150;
const AXIS = 20;
const LABEL_PX = 56;
const MAX_BAR = 34;

/** `span`: the chosen range in days, all of which are shown; null for everything there is. */
export function DayChart({ rows, span }: { readonly rows: readonly UsageRow[]; readonly span: number | null }) {
  const { t } = useTranslation();
  const { ref, width } = useSize<HTMLDivElement>();
  const days = usageDays(rows, Date.now(), span ?? 0);
  // shares for the eye only; amounts stay decimal strings
  const most = Math.max(...days.map((day) => Math.max(0, Number(day.total))), 0);
  const pitch = days.length === 0 ? 0 : Math.min(MAX_BAR + 14, width / days.length);
  const bar = Math.max(2, Math.min(MAX_BAR, pitch - Math.min(6, pitch / 3)));
  const every = Math.max(1, Math.ceil(LABEL_PX / Math.max(1, pitch)));
  const scale = (amount: string): number =>
    most === 0 ? 0 : (Math.max(0, Number(amount)) / most) * (HEIGHT - AXIS - 18);
  return (
    <section>
      <h2>
        {t('usage.byDay')}
        <span className="chart-key">
          <i className="chart-models" />
          {t('usage.models')}
          <i className="chart-packages" />
          {t('usage.packages')}
        </span>
      </h2>
      <div ref={ref} className="chart">
        <svg width={width} height={HEIGHT} role="list" aria-label={t('usage.byDay')}>
          <line x1={0} x2={width} y1={HEIGHT - AXIS + 0.5} y2={HEIGHT - AXIS + 0.5} className="chart-axis" />
          <text x={0} y={11} className="chart-text">
            {formatUsd(days.reduce((highest, day) => (Number(day.total) > Number(highest) ? day.total : highest), '0'))}
          </text>
          {days.map((day, at) => {
            const x = at * pitch + (pitch - bar) / 2;
            const models = scale(day.models);
            const packages = scale(day.packages);
            const text = t('usage.dayTitle', {
              day: day.day,
              total: formatUsd(day.total),
              models: formatUsd(day.models),
              packages: formatUsd(day.packages),
            });
            return (
              <g key={day.day} role="listitem" aria-label={text}>
                <title>{text}</title>
                <rect x={at * pitch} y={0} width={pitch} height={HEIGHT - AXIS} fill="transparent" />
                <rect x={x} y={HEIGHT - AXIS - models} width={bar} height={models} className="chart-models" rx={1} />
                <rect
                  x={x}
                  y={HEIGHT - AXIS - models - packages}
                  width={bar}
                  height={packages}
                  className="chart-packages"
                  rx={1}
                />
                {at % every === 0 ? (
                  <text
                    x={Math.max(LABEL_PX / 4, at * pitch + pitch / 2)}
                    y={HEIGHT - 5}
                    textAnchor="middle"
                    className="chart-text"
                  >
                    {day.day.slice(5)}
                  </text>
                ) : null}
              </g>
            );
          })}
        </svg>
      </div>
    </section>
  );
}
