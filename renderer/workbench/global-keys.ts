// Keys that work anywhere in the window, as the features bring them. Monaco keeps its own inside an editor.
import { useEffect } from 'react';
import { showPanel } from './dock-store.ts';
import { keyOfEvent } from './keys.ts';
import { bindings } from './registry.ts';

/** Where Monaco has the keyboard these are its own: delete the line, go to a symbol of the file, a line below. */
const EDITOR_KEYS: ReadonlySet<string> = new Set(['ctrl+shift+k', 'ctrl+shift+o', 'ctrl+enter']);

export function useGlobalKeys(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const key = keyOfEvent(event);
      const binding = bindings().get(key);
      if (binding === undefined) return;
      // a field that asks for a key takes every one
      if (event.target instanceof Element && event.target.closest('[data-every-key]') !== null) return;
      if (EDITOR_KEYS.has(key) && event.target instanceof Element && event.target.closest('.monaco-editor') !== null)
        return;
      // a field may keep a key for itself, as Ctrl+Enter for what it sends
      const own = event.target instanceof Element ? event.target.closest('[data-own-keys]') : null;
      if (own?.getAttribute('data-own-keys')?.split(' ').includes(key) === true) return;
      // Ctrl and a letter belong to the shell while it has the keyboard: Ctrl+P is its history.
      const inConsole = event.target instanceof Element && event.target.closest('.xterm') !== null;
      if (inConsole && !event.shiftKey && /^[a-z]$/i.test(event.key)) return;
      if ('command' in binding && binding.command.available?.() === false) return;
      event.preventDefault();
      event.stopPropagation();
      if ('command' in binding) binding.command.run();
      else showPanel(binding.panel.name);
    };
    // In the capture phase: Monaco and the browser would else take Ctrl+P and Ctrl+Shift+M first.
    window.addEventListener('keydown', onKey, { capture: true });
    return () => window.removeEventListener('keydown', onKey, { capture: true });
  }, []);
}
