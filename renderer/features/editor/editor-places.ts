// Where the cursor stood in each file, kept for each workspace in this browser, so that a reload does not go to line 1.
// Read as a stranger's text.
interface EditorPlaceKept {
  readonly line: number;
  readonly column: number;
}

/** Of a workspace; the one used longest ago goes first. */
const MAX_FILES = 200;
const keyOf = (workspace: string): string => `genrtl.places.${workspace}`;

function read(workspace: string): Map<string, EditorPlaceKept> {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(keyOf(workspace)) ?? '[]');
    return new Map(Array.isArray(value) ? value.flatMap(readPlace) : []);
  } catch {
    return new Map();
  }
}

function readPlace(entry: unknown): [string, EditorPlaceKept][] {
  if (!Array.isArray(entry)) return [];
  const [path, line, column] = entry as unknown[];
  return typeof path === 'string' && Number.isInteger(line) && Number.isInteger(column)
    ? [[path, { line: Math.max(1, Number(line)), column: Math.max(1, Number(column)) }]]
    : [];
}

export const recallPlace = (workspace: string, path: string): EditorPlaceKept | null =>
  read(workspace).get(path) ?? null;

export function rememberPlace(workspace: string, path: string, place: EditorPlaceKept): void {
  const places = read(workspace);
  places.delete(path);
  places.set(path, place);
  const kept = [...places].slice(-MAX_FILES).map(([file, { line, column }]) => [file, line, column]);
  try {
    localStorage.setItem(keyOf(workspace), JSON.stringify(kept));
  } catch {
    // full or switched off: the place is forgotten with the page
  }
}

/** Whether a request to show a line was made in an earlier visit: it was answered then. */
export const isOfEarlierVisit = (request: number | undefined): boolean =>
  request !== undefined && request < performance.timeOrigin;
