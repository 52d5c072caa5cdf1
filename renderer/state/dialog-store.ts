// Which application dialog is open; one at a time. Keys go to it from the first one on, and afterwards to where they
// went before.
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

export const useDialogs = create<DialogStore>()((set, get) => ({
  dialog: null,
  at: '',
  open: (dialog, at = '') => {
    if (get().dialog === null) returnTo = document.activeElement instanceof HTMLElement ? document.activeElement : null;
    set({ dialog, at });
    focusWhenThere(() => document.querySelector<HTMLElement>('dialog[open] [data-first], [cmdk-input]'));
  },
  close: () => {
    set({ dialog: null });
    requestAnimationFrame(() => {
      if (document.activeElement === document.body) returnTo?.focus();
    });
  },
}));
