// Keys that work anywhere in the window. Monaco keeps its own inside an editor.
import { useEffect } from 'react';
import { useDialogs } from '../../state/dialog-store.ts';
import { openPanel, useDock } from '../workbench/dock-store.ts';

/** By `event.key` in lower case; Ctrl (or Cmd) is required for all. */
const WITH_SHIFT: Readonly<Record<string, () => void>> = {
  p: () => useDialogs.getState().open('palette'),
  m: () => openPanel('problems'),
  a: () => openPanel('agent'),
  u: () => openPanel('log'),
  e: () => openPanel('explorer'),
  f: () => openPanel('search'),
  o: () => openPanel('outline'),
  g: () => openPanel('changes'),
  k: () => openPanel('skills'),
};
const PLAIN: Readonly<Record<string, () => void>> = {
  p: () => useDialogs.getState().open('palette'),
  f4: () => useDock.getState().api?.activePanel?.api.close(),
  '`': () => openPanel('consoles'),
  ',': () => useDialogs.getState().open('settings'),
};

export function useGlobalKeys(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
      const action = (event.shiftKey ? WITH_SHIFT : PLAIN)[event.key.toLowerCase()];
      if (action === undefined) return;
      // Ctrl and a letter belong to the shell while it has the keyboard: Ctrl+P is its history.
      const inConsole = event.target instanceof Element && event.target.closest('.xterm') !== null;
      if (inConsole && !event.shiftKey && /^[a-z]$/i.test(event.key)) return;
      event.preventDefault();
      event.stopPropagation();
      action();
    };
    // In the capture phase: Monaco and the browser would else take Ctrl+P and Ctrl+Shift+M first.
    window.addEventListener('keydown', onKey, { capture: true });
    return () => window.removeEventListener('keydown', onKey, { capture: true });
  }, []);
}
