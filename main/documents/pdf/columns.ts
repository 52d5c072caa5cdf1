// The order in which the parts of a page are read: text columns one after another, what goes across them before or
// after.

export interface Part {
  readonly x0: number;
  readonly x1: number;
  readonly y0: number;
  readonly y1: number;
  /** letters in it */
  readonly letters: number;
}

/** A column of text: its parts from top to bottom. */
export interface Region<P extends Part> {
  readonly x0: number;
  readonly x1: number;
  readonly parts: readonly P[];
}

/** Points of white between two columns. */
const MIN_GUTTER = 9;
const MIN_LINES = 5;
/** How much of a column's width its lines fill when they are running text. */
const LEAST_FILL = 0.55;
/** Letters of a line of running text at least; cells of a table are shorter. */
const LEAST_LETTERS = 14;
/** Of the letters of a column, those in lines of running text at least. */
const LEAST_RUNNING = 0.6;
/** Of the width of everything, a column of running text at least. */
const LEAST_WIDTH = 0.22;
const MAX_DEPTH = 4;

/** A line drawn from left to right. */
export interface Across {
  readonly x0: number;
  readonly x1: number;
  readonly y: number;
}

/** `parts` are pieces of lines without large gaps, and whole tables. */
export function readingOrder<P extends Part>(parts: readonly P[], across: readonly Across[] = []): Region<P>[] {
  return ordered(
    parts.toSorted((a, b) => a.y0 - b.y0 || a.x0 - b.x0),
    across.toSorted((a, b) => a.y - b.y),
    0,
  );
}

/** Points between the lines of a table, and how many of them make one. */
const MAX_ROW_HEIGHT = 70;
const MIN_FLOORS = 3;
/** Points by which such a line reaches beyond the gutter on both sides. */
const BEYOND = 25;

/** From the first to the last of lines that are drawn over the gutter one below the other: a table over both columns. */
function tableBands(across: readonly Across[], gutter: number): (readonly [number, number])[] {
  const bands: (readonly [number, number])[] = [];
  let run: number[] = [];
  const flush = (): void => {
    const [first, last] = [run[0], run.at(-1)];
    if (run.length >= MIN_FLOORS && first !== undefined && last !== undefined) bands.push([first, last]);
    run = [];
  };
  for (const { x0, x1, y } of across) {
    if (x0 > gutter - BEYOND || x1 < gutter + BEYOND) continue;
    const before = run.at(-1);
    if (before !== undefined && y - before < 2) continue;
    if (before !== undefined && y - before > MAX_ROW_HEIGHT) flush();
    run.push(y);
  }
  flush();
  return bands;
}

function ordered<P extends Part>(parts: readonly P[], across: readonly Across[], depth: number): Region<P>[] {
  if (parts.length === 0) return [];
  const whole = regionOf(parts);
  if (depth >= MAX_DEPTH || parts.length < MIN_LINES * 2) return [whole];
  const gutter = bestGutter(parts, whole, across);
  if (gutter === null) return [whole];
  const bands = tableBands(across, gutter);
  const regions: Region<P>[] = [];
  let band: P[] = [];
  const flush = (): void => {
    const left = band.filter((part) => part.x1 <= gutter);
    const right = band.filter((part) => part.x0 >= gutter);
    if (isColumn(left) && isColumn(right))
      regions.push(...ordered(left, across, depth + 1), ...ordered(right, across, depth + 1));
    else if (band.length > 0) regions.push(regionOf(band));
    band = [];
  };
  for (const part of parts) {
    const crosses = (part.x0 < gutter && part.x1 > gutter) || isWithin(part, bands);
    const last = regions.at(-1);
    if (!crosses) band.push(part);
    else {
      flush();
      const wide =
        last !== undefined &&
        last === regions.at(-1) &&
        last.parts.some((one) => (one.x0 < gutter && one.x1 > gutter) || isWithin(one, bands));
      if (wide) regions[regions.length - 1] = regionOf([...last.parts, part]);
      else regions.push(regionOf([part]));
    }
  }
  flush();
  return joined(regions, whole);
}

const isWithin = (part: Part, bands: readonly (readonly [number, number])[]): boolean =>
  bands.some(([from, to]) => (part.y0 + part.y1) / 2 > from && (part.y0 + part.y1) / 2 < to);

/** Neighbouring regions of the full width are one. */
function joined<P extends Part>(regions: readonly Region<P>[], whole: Region<P>): Region<P>[] {
  const result: Region<P>[] = [];
  const isWide = (region: Region<P>): boolean => region.x1 - region.x0 > (whole.x1 - whole.x0) * 0.6;
  for (const region of regions) {
    const last = result.at(-1);
    if (last !== undefined && isWide(last) && isWide(region))
      result[result.length - 1] = regionOf([...last.parts, ...region.parts]);
    else result.push(region);
  }
  return result;
}

function regionOf<P extends Part>(parts: readonly P[]): Region<P> {
  return {
    x0: Math.min(...parts.map((part) => part.x0)),
    x1: Math.max(...parts.map((part) => part.x1)),
    parts: parts.toSorted((a, b) => a.y0 - b.y0 || a.x0 - b.x0),
  };
}

/** The x that most lines leave white, with running text on both of its sides. */
function bestGutter<P extends Part>(all: readonly P[], whole: Region<P>, across: readonly Across[]): number | null {
  const width = whole.x1 - whole.x0;
  const middle = tableBands(across, (whole.x0 + whole.x1) / 2);
  const parts = all.filter((part) => !isWithin(part, middle));
  const candidates = new Set<number>();
  for (const part of parts) {
    if (part.x0 > whole.x0 + width * 0.15 && part.x0 < whole.x1 - width * 0.15) candidates.add(Math.round(part.x0) - 1);
  }
  let best: { x: number; score: number } | null = null;
  for (const x of candidates) {
    const left = parts.filter((part) => part.x1 <= x);
    const right = parts.filter((part) => part.x0 >= x);
    const crossing = parts.length - left.length - right.length;
    if (left.length < MIN_LINES || right.length < MIN_LINES) continue;
    if (crossing > parts.length * 0.5) continue;
    if (!isColumn(left) || !isColumn(right)) continue;
    if (widthOf(left) < width * LEAST_WIDTH || widthOf(right) < width * LEAST_WIDTH) continue;
    const edge = Math.max(...left.map((part) => part.x1).filter((x1) => x - x1 < width * 0.3));
    if (Number.isFinite(edge) && x - edge < MIN_GUTTER - 1) continue;
    const score = left.length + right.length - crossing * 2;
    if (best === null || score > best.score) best = { x, score };
  }
  return best?.x ?? null;
}

const widthOf = (parts: readonly Part[]): number =>
  Math.max(...parts.map((part) => part.x1)) - Math.min(...parts.map((part) => part.x0));

/** Enough lines as long as the column is wide, and most of its text in them: a small table does not count against it. */
function isColumn(parts: readonly Part[]): boolean {
  if (parts.length < MIN_LINES) return false;
  const width = Math.max(1, widthOf(parts));
  const running = parts.filter((part) => (part.x1 - part.x0) / width >= LEAST_FILL && part.letters >= LEAST_LETTERS);
  const letters = (of: readonly Part[]): number => of.reduce((sum, part) => sum + part.letters, 0);
  return running.length >= MIN_LINES - 1 && letters(running) >= letters(parts) * LEAST_RUNNING;
}
