// A focus is never lost: where the control that had it goes away or is switched off (a gate that was answered, a form
// that became a job), the panel around it takes it, so that Tab and the panel's keys go on from there.
import { useEffect, useRef } from 'react';
import type { RefObject } from 'react';

export function useKeptFocus<E extends HTMLElement>(): RefObject<E | null> {
  const ref = useRef<E>(null);
  useEffect(() => {
    const panel = ref.current;
    if (panel === null) return undefined;
    let held: Element | null = null;
    let frame = 0;
    const look = (): void => {
      frame = 0;
      const lost = held !== null && (!held.isConnected || held.matches(':disabled'));
      if (!lost) return;
      held = null;
      if (document.activeElement === document.body) panel.focus({ preventScroll: true });
    };
    const changes = new MutationObserver(() => {
      if (held !== null && frame === 0) frame = requestAnimationFrame(look);
    });
    const onFocus = ({ target }: FocusEvent): void => {
      const inside = target instanceof Element && panel.contains(target);
      if (inside && held === null)
        changes.observe(panel, { childList: true, subtree: true, attributeFilter: ['disabled'] });
      else if (!inside) changes.disconnect();
      held = inside ? target : null;
    };
    document.addEventListener('focusin', onFocus);
    return () => {
      document.removeEventListener('focusin', onFocus);
      changes.disconnect();
      cancelAnimationFrame(frame);
    };
  }, []);
  return ref;
}
