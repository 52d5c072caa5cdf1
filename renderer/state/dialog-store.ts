// Which application dialog is open; one at a time. Keys go to it from the first one on, and afterwards to where they
// went before.
import { flushSync } from 'react-dom';
import { create } from 'zustand';
import { focusWhenThere } from '../workbench/pending-focus.ts';

export type DialogName = 'settings' | 'palette' | 'account';

interface DialogStore {
  readonly dialog: DialogName | null;
  /** where the dialog opens: what stands in the palette (`>` lists commands only), the section of the settings */
  readonly at: string;
  open(dialog: DialogName, at?: string): void;
  close(): void;
}

let returnTo: HTMLElement | null = null;

/** Of the open dialog: where it put the focus itself, else what it begins with. */
function fieldOf(): HTMLElement | null {
  const first = document.querySelector<HTMLElement>('dialog[open] [data-first], [cmdk-input]');
  const { activeElement: now } = document;
  return now instanceof HTMLElement && first?.contains(now) === true ? now : first;
}

export const useDialogs = create<DialogStore>()((set, get) => ({
  dialog: null,
  at: '',
  open: (dialog, at = '') => {
    // a dialog that the palette opens leads back to where the palette was opened
    const { activeElement: now } = document;
    if (get().dialog === null && now instanceof HTMLElement && now !== document.body) returnTo = now;
    // one that is there already takes the focus itself, without a field of our own in between
    flushSync(() => set({ dialog, at }));
    focusWhenThere(fieldOf, {
      // its code is still fetched: it must not appear afterwards
      onEscape: () => set({ dialog: null }),
    });
  },
  close: () => {
    set({ dialog: null });
    requestAnimationFrame(() => {
      if (document.activeElement === document.body) returnTo?.focus();
    });
  },
}));
