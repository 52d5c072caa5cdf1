// Whether the page is connected to main, and whether the backend behind it answers.
import { create } from 'zustand';
import type { ErrorBody } from '@genrtl/contracts';

type Link = 'connecting' | 'open' | 'lost';
type Backend = 'starting' | 'ready' | 'down';

interface LinkStore {
  readonly link: Link;
  /** counts connections: an effect that depends on it runs again after each reconnect */
  readonly epoch: number;
  readonly backend: Backend;
  readonly backendError: ErrorBody | null;
  setLink(link: Link): void;
  setBackend(backend: Backend, error: ErrorBody | null): void;
}

export const useLink = create<LinkStore>()((set) => ({
  link: 'connecting',
  epoch: 0,
  backend: 'ready',
  backendError: null,
  setLink: (link) => set((before) => ({ link, epoch: link === 'open' ? before.epoch + 1 : before.epoch })),
  setBackend: (backend, backendError) => set({ backend, backendError }),
}));
