// Arrangements of rows that a person gave a name, kept for each workspace in this browser.
import { readRows } from './wave-memory.ts';
import type { Row } from './wave-rows.ts';

export interface WaveView {
  readonly name: string;
  readonly rows: readonly Row[];
}

const MAX_VIEWS = 50;
const keyOf = (workspace: string): string => `genrtl.waves.views.${workspace}`;

/** In the order of their names; what is not as it was written is left out. */
export function savedViews(workspace: string): WaveView[] {
  let kept: unknown;
  try {
    kept = JSON.parse(localStorage.getItem(keyOf(workspace)) ?? '[]');
  } catch {
    return [];
  }
  if (!Array.isArray(kept)) return [];
  return kept
    .flatMap((one: unknown) => {
      if (typeof one !== 'object' || one === null) return [];
      const { name, rows } = one as { name?: unknown; rows?: unknown };
      return typeof name === 'string' && Array.isArray(rows) ? [{ name: name.slice(0, 80), rows: readRows(rows) }] : [];
    })
    .slice(0, MAX_VIEWS)
    .sort((a, b) => a.name.localeCompare(b.name));
}

/** In place of one of the same name. False: this browser keeps nothing. */
export function saveView(workspace: string, view: WaveView): boolean {
  return write(workspace, [view, ...savedViews(workspace).filter(({ name }) => name !== view.name)]);
}

export function deleteView(workspace: string, name: string): void {
  write(
    workspace,
    savedViews(workspace).filter((view) => view.name !== name),
  );
}

function write(workspace: string, views: readonly WaveView[]): boolean {
  try {
    localStorage.setItem(keyOf(workspace), JSON.stringify(views.slice(0, MAX_VIEWS)));
    return true;
  } catch {
    return false;
  }
}
