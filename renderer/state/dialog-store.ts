// Which application dialog is open; one at a time.
import { create } from 'zustand';

export type DialogName = 'settings' | 'palette';

interface DialogStore {
  readonly dialog: DialogName | null;
  open(dialog: DialogName): void;
  close(): void;
}

export const useDialogs = create<DialogStore>()((set) => ({
  dialog: null,
  open: (dialog) => set({ dialog }),
  close: () => set({ dialog: null }),
}));
