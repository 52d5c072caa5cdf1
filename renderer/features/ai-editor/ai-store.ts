// What the AI module does in the editors, for status bar and commands: without Monaco, so that the window starts with
// it.
import type { AiIntent } from '@genrtl/contracts';
import { create } from 'zustand';
import type { GhostReason } from './ghost.ts';
import type { RunState } from './run-state.ts';

export interface LiveEdit {
  readonly intent: AiIntent;
  readonly path: string;
  readonly run: RunState;
  /** changes that wait for a decision; 0 while the answer is still coming */
  readonly pending: number;
}

/** What keys and commands can do now, given by the editor that is at work. */
export interface EditControls {
  acceptAll(): void;
  rejectAll(): void;
  acceptHunk(): void;
  rejectHunk(): void;
  stop(): void;
}

interface AiStore {
  readonly edit: LiveEdit | null;
  readonly controls: EditControls | null;
  /** of the last run that ended */
  readonly last: RunState | null;
  readonly ghost: { readonly reason: GhostReason; readonly name: string | null };
  /** a suggestion stands at the cursor */
  readonly suggestion: boolean;
  /** null: not asked yet */
  readonly hasModel: boolean | null;
}

export const useAi = create<AiStore>()(() => ({
  edit: null,
  controls: null,
  last: null,
  ghost: { reason: 'waiting', name: null },
  suggestion: false,
  hasModel: null,
}));

export const setGhost = (reason: GhostReason, name: string | null = null): void =>
  useAi.setState({ ghost: { reason, name } });
