// Which view of the outline panel is shown.
import { create } from 'zustand';

export const OUTLINE_VIEWS = ['file', 'design'] as const;

export const useOutlineView = create<{ readonly view: (typeof OUTLINE_VIEWS)[number] }>()(() => ({ view: 'file' }));
