// The finding that is being explained, whoever asked: a row of Problems, or a squiggle's own menu.
import { create } from 'zustand';
import type { Diagnostic } from '@genrtl/contracts';
import { openPanel } from '../../workbench/dock-store.ts';

export const useExplained = create<{ readonly found: Diagnostic | null }>()(() => ({ found: null }));

export function explain(found: Diagnostic | null): void {
  if (found !== null) openPanel('problems');
  useExplained.setState({ found });
}
