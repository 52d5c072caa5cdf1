// A file that the explorer is to show, with the folders above it open.
import { create } from 'zustand';
import { showPanel } from '../../workbench/dock-store.ts';

export const useReveal = create<{ readonly path: string | null; readonly request: number }>()(() => ({
  path: null,
  request: 0,
}));

export function reveal(path: string): void {
  useReveal.setState(({ request }) => ({ path, request: request + 1 }));
  showPanel('explorer');
}
