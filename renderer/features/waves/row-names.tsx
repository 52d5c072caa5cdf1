// Names and values of the shown rows, left of the canvas: select, reorder by dragging or Alt+arrows, open and close
// groups.
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ChevronDown, ChevronRight } from 'lucide-react';
import { rowText, useStateNames } from './state-names.ts';
import type { StateNames } from './state-names.ts';
import { useRowMenu } from './row-menu.tsx';
import { shortNames } from './signal-tree.ts';
import { useWaves } from './wave-store.ts';
import { heightOf } from './wave-rows.ts';
import type { Row } from './wave-rows.ts';

interface NamesProps {
  readonly rows: readonly Row[];
  readonly values: ReadonlyMap<string, string>;
}

export function RowNames({ rows, values }: NamesProps) {
  const { t } = useTranslation();
  const { selected, select, move, remove, toggleGroup } = useWaves();
  const shown = useMemo(() => shortNames(rows.flatMap((row) => (row.kind === 'signal' ? [row.name] : []))), [rows]);
  const states = useStateNames((store) => store.names);
  const [over, setOver] = useState<number | null>(null);
  const [anchor, setAnchor] = useState<number | null>(null);

  const choose = (row: Row, event: { shiftKey: boolean; ctrlKey: boolean; metaKey: boolean }): void => {
    if (event.shiftKey && anchor !== null) {
      const from = rows.findIndex((other) => other.id === anchor);
      const to = rows.indexOf(row);
      select(new Set(rows.slice(Math.min(from, to), Math.max(from, to) + 1).map((other) => other.id)));
      return;
    }
    setAnchor(row.id);
    if (event.ctrlKey || event.metaKey)
      select(
        selected.has(row.id) ? new Set([...selected].filter((id) => id !== row.id)) : new Set([...selected, row.id]),
      );
    else select(new Set([row.id]));
  };
  const onKey = (row: Row, event: React.KeyboardEvent): void => {
    const at = rows.indexOf(row);
    const chosen = selected.has(row.id) ? selected : new Set([row.id]);
    if (event.key === 'Delete') remove();
    else if (event.altKey && event.key === 'ArrowUp') move(chosen, rows[at - 1]?.id ?? row.id);
    else if (event.altKey && event.key === 'ArrowDown') move(chosen, rows[at + 2]?.id ?? null);
    else if (event.key === 'ArrowUp' || event.key === 'ArrowDown') {
      const next = rows[at + (event.key === 'ArrowUp' ? -1 : 1)];
      if (next !== undefined) {
        choose(next, { shiftKey: false, ctrlKey: false, metaKey: false });
        (
          event.currentTarget.parentElement?.children[at + (event.key === 'ArrowUp' ? -1 : 1)] as
            | HTMLElement
            | undefined
        )?.focus();
      }
    } else return;
    event.preventDefault();
  };

  return (
    <div className="waves-names" role="listbox" aria-multiselectable aria-label={t('waves.shown')}>
      {rows.map((row) => (
        <div
          key={row.id}
          role="option"
          aria-selected={selected.has(row.id)}
          tabIndex={0}
          draggable
          className={`waves-row${selected.has(row.id) ? ' waves-row-selected' : ''}${over === row.id ? ' waves-row-over' : ''}${row.kind === 'signal' && row.group !== null ? ' waves-row-inside' : ''}`}
          title={row.kind === 'signal' && row.bit !== undefined ? `${row.name}[${row.bit}]` : row.name}
          style={{
            height: heightOf(row),
            ...(row.kind === 'signal' && row.colour !== undefined ? { color: `var(--wave-${row.colour})` } : {}),
          }}
          onContextMenu={(event) => {
            event.preventDefault();
            if (!selected.has(row.id)) select(new Set([row.id]));
            const box = event.currentTarget.getBoundingClientRect();
            // the menu key has no place of its own
            useRowMenu.setState({
              at: event.clientX === 0 ? { x: box.left + 20, y: box.bottom } : { x: event.clientX, y: event.clientY },
            });
          }}
          onClick={(event) => choose(row, event)}
          onKeyDown={(event) => onKey(row, event)}
          onDoubleClick={() => (row.kind === 'group' ? toggleGroup(row.id) : undefined)}
          onDragStart={(event) => {
            if (!selected.has(row.id)) select(new Set([row.id]));
            event.dataTransfer.setData('application/x-genrtl-waves', String(row.id));
            event.dataTransfer.effectAllowed = 'move';
          }}
          onDragOver={(event) => {
            if (!event.dataTransfer.types.includes('application/x-genrtl-waves')) return;
            event.preventDefault();
            event.stopPropagation();
            setOver(row.id);
          }}
          onDragLeave={() => setOver(null)}
          onDrop={(event) => {
            event.preventDefault();
            event.stopPropagation();
            setOver(null);
            move(selected, row.id);
          }}
        >
          {row.kind === 'group' ? (
            <>
              <span className="waves-twist" onClick={() => toggleGroup(row.id)}>
                {row.collapsed ? <ChevronRight size={12} aria-hidden /> : <ChevronDown size={12} aria-hidden />}
              </span>
              <strong>{row.name}</strong>
            </>
          ) : (
            <>
              <span className="waves-row-name mono">
                {shown.get(row.name)}
                <span className="muted">{rangeOf(row)}</span>
              </span>
              <span className="waves-row-value mono">{valueText(row, values, states)}</span>
            </>
          )}
        </div>
      ))}
    </div>
  );
}

type SignalRow = Extract<Row, { kind: 'signal' }>;

const rangeOf = ({ bit, width }: SignalRow): string =>
  bit === undefined ? (width === 1 ? '' : `[${width - 1}:0]`) : `[${bit}]`;

function valueText(row: SignalRow, values: ReadonlyMap<string, string>, states: StateNames): string {
  const value = values.get(row.name);
  return value === undefined ? '' : rowText(row, value, states);
}
