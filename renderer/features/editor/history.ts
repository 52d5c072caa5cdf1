// Goes back and forth between the places that the editors were at.
import { openFile } from '../../workbench/dock-store.ts';
import { useEditorPlace } from './active-editor.ts';
import { EMPTY_HISTORY, move, visit } from './place-history.ts';
import type { Visit } from './place-history.ts';

/** So long a file may take to open before what the cursor does counts again. */
const ARRIVE_MS = 1500;

let history = EMPTY_HISTORY;
/** where `go` leads: what cursors do on the way there is no visit */
let heading: { readonly to: Visit; readonly until: number } | null = null;

/** Once, for the page's life. */
export function followPlaces(): void {
  useEditorPlace.subscribe(({ place }) => {
    if (place === null) return;
    if (heading !== null && Date.now() < heading.until) {
      if (place.path === heading.to.path && place.line === heading.to.line) heading = null;
      return;
    }
    heading = null;
    history = visit(history, place);
  });
}

export function go(by: -1 | 1): void {
  const moved = move(history, by);
  const to = moved.visits[moved.at];
  if (moved.at === history.at || to === undefined) return;
  history = moved;
  heading = { to, until: Date.now() + ARRIVE_MS };
  openFile(to.path, to);
}
