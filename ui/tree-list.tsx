// A tree drawn as a list of rows, one stop of the Tab key, arrows inside; draws only the rows that are seen.
import { useEffect, useId, useRef, useState } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';
import { ChevronDown, ChevronRight } from 'lucide-react';
import { nameTyped, treeKeyMove } from './tree-keys.ts';
import { useRows } from './use-rows.ts';

const ROW_PX = 23;
const INDENT_PX = 14;
/** Letters typed within this time of each other are one name. */
const TYPING_MS = 600;

export interface TreeListRow {
  readonly key: string;
  readonly name: string;
  readonly level: number;
  /** null: it has nothing below it */
  readonly open: boolean | null;
  /** where the person is at present */
  readonly current?: boolean;
  readonly title?: string;
  readonly content: ReactNode;
}

interface TreeListProps<Row extends TreeListRow> {
  readonly rows: readonly Row[];
  readonly label: string;
  /** a click, Enter or Space; `other`: Shift+Enter, or a double click */
  readonly onAct: (row: Row, other: boolean, byKey: boolean) => void;
  readonly onToggle?: (row: Row) => void;
  readonly onChoose?: (row: Row) => void;
  /** key of a row that is chosen from outside, and gets the focus */
  readonly wanted?: string | null;
}

export function TreeList<Row extends TreeListRow>({
  rows,
  label,
  onAct,
  onToggle,
  onChoose,
  wanted = null,
}: TreeListProps<Row>) {
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const typed = useRef({ text: '', at: 0 });
  const [chosen, setChosen] = useState<string | null>(null);
  const at = rows.findIndex(({ key }) => key === chosen);
  const drawn = useRows({ count: rows.length, scroller, height: ROW_PX });
  const items = drawn.getVirtualItems();
  const go = (to: number): void => {
    const row = rows[to];
    if (row === undefined) return;
    setChosen(row.key);
    onChoose?.(row);
    drawn.scrollToIndex(to);
  };
  const last = useRef<string | null>(null);
  useEffect(() => {
    const to = rows.findIndex(({ key }) => key === wanted);
    if (wanted === last.current || to === -1) return;
    last.current = wanted;
    setChosen(wanted);
    drawn.scrollToIndex(to, { align: 'center' });
    scroller.current?.focus();
  }, [wanted, rows, drawn]);
  const press = (event: KeyboardEvent): void => {
    const other = event.shiftKey && event.key === 'Enter';
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const move = treeKeyMove(event.key, rows, at, Math.floor((scroller.current?.clientHeight ?? 0) / ROW_PX));
    const row = rows[at];
    if (move === 'toggle' && row !== undefined) onToggle?.(row);
    else if (move === 'act' && row !== undefined) onAct(row, other, true);
    else if (move !== null && typeof move === 'object') go(move.go);
    else if (move === null && event.key.length === 1 && event.key !== ' ') {
      const fresh = event.timeStamp - typed.current.at > TYPING_MS;
      typed.current = { text: fresh ? event.key : typed.current.text + event.key, at: event.timeStamp };
      go(
        nameTyped(
          rows.map(({ name }) => name),
          at,
          typed.current.text,
        ),
      );
    } else return;
    event.preventDefault();
  };
  return (
    <div
      ref={scroller}
      role="tree"
      aria-label={label}
      aria-activedescendant={items.some(({ index }) => index === at) ? `${id}${at}` : undefined}
      tabIndex={0}
      className="tree-list"
      onKeyDown={press}
      onFocus={() =>
        // a row that is chosen in this very turn counts
        setChosen((before) => (rows.some(({ key }) => key === before) ? before : (rows[0]?.key ?? null)))
      }
    >
      <div role="presentation" style={{ height: drawn.getTotalSize() }}>
        {items.map(({ index, start }) => {
          const row = rows[index];
          return row === undefined ? null : (
            <div
              key={row.key}
              id={`${id}${index}`}
              role="treeitem"
              aria-level={row.level + 1}
              aria-selected={index === at}
              aria-expanded={row.open ?? undefined}
              aria-current={row.current === true ? 'location' : undefined}
              className={`tree-list-row${index === at ? ' tree-list-chosen' : ''}${row.current === true ? ' tree-list-current' : ''}`}
              style={{ transform: `translateY(${start}px)`, height: ROW_PX, paddingLeft: 6 + row.level * INDENT_PX }}
              title={row.title}
              onClick={() => {
                setChosen(row.key);
                onChoose?.(row);
                onAct(row, false, false);
              }}
              onDoubleClick={() => onAct(row, true, false)}
            >
              <span
                className="tree-list-twist"
                aria-hidden
                onClick={(event) => {
                  if (row.open === null) return;
                  event.stopPropagation();
                  setChosen(row.key);
                  onToggle?.(row);
                }}
              >
                {row.open === null ? null : row.open ? <ChevronDown size={13} /> : <ChevronRight size={13} />}
              </span>
              {row.content}
            </div>
          );
        })}
      </div>
    </div>
  );
}
