// A menu at a place: arrows move, Enter acts, Escape and a click elsewhere close, and the focus goes back to where it
// was.
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { createPortal } from 'react-dom';

export interface MenuItem {
  readonly label: string;
  /** shown at the row's end; the menu does not bind it */
  readonly key?: string;
  readonly disabled?: boolean;
  readonly danger?: boolean;
  run(): void;
}

interface ContextMenuProps {
  readonly label: string;
  /** pixels of the window */
  readonly at: { readonly x: number; readonly y: number };
  /** groups, parted by a line */
  readonly groups: readonly (readonly MenuItem[])[];
  readonly onClose: () => void;
}

export function ContextMenu({ label, at, groups, onClose }: ContextMenuProps) {
  const element = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState(at);
  useLayoutEffect(() => {
    const box = element.current?.getBoundingClientRect();
    if (box !== undefined)
      setPlace({
        x: Math.max(4, Math.min(at.x, window.innerWidth - box.width - 4)),
        y: Math.max(4, Math.min(at.y, window.innerHeight - box.height - 4)),
      });
  }, [at]);
  useEffect(() => {
    const before = document.activeElement instanceof HTMLElement ? document.activeElement : null;
    element.current?.querySelector<HTMLElement>('[role=menuitem]:not(:disabled)')?.focus();
    const elsewhere = (event: PointerEvent): void => {
      if (event.target instanceof Node && element.current?.contains(event.target) !== true) onClose();
    };
    window.addEventListener('pointerdown', elsewhere, { capture: true });
    return () => {
      window.removeEventListener('pointerdown', elsewhere, { capture: true });
      if (document.activeElement === document.body) before?.focus();
    };
  }, [onClose]);
  const move = (by: number | 'first' | 'last'): void => {
    const items = [...(element.current?.querySelectorAll<HTMLElement>('[role=menuitem]:not(:disabled)') ?? [])];
    const now = items.findIndex((item) => item === document.activeElement);
    const next = by === 'first' ? 0 : by === 'last' ? items.length - 1 : (now + by + items.length) % items.length;
    items[next]?.focus();
  };
  return createPortal(
    <div
      ref={element}
      role="menu"
      aria-label={label}
      className="context-menu"
      style={{ left: place.x, top: place.y }}
      onContextMenu={(event) => event.preventDefault()}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === 'Escape' || event.key === 'Tab') onClose();
        else if (event.key === 'ArrowDown') move(1);
        else if (event.key === 'ArrowUp') move(-1);
        else if (event.key === 'Home') move('first');
        else if (event.key === 'End') move('last');
        else return;
        event.preventDefault();
      }}
    >
      {groups
        .filter((group) => group.length > 0)
        .map((group, nth) => (
          <div key={nth} role="group" className="context-group">
            {group.map((item) => (
              <button
                key={item.label}
                type="button"
                role="menuitem"
                tabIndex={-1}
                disabled={item.disabled}
                className={item.danger === true ? 'context-item context-danger' : 'context-item'}
                onClick={() => {
                  onClose();
                  item.run();
                }}
              >
                <span>{item.label}</span>
                {item.key === undefined ? null : <kbd aria-hidden>{item.key}</kbd>}
              </button>
            ))}
          </div>
        ))}
    </div>,
    document.body,
  );
}
