// Which names a few letters mean: all letters in order, whole words and the last part of a path before the rest.

export interface Match {
  readonly item: string;
  readonly score: number;
}

const isStart = (text: string, at: number): boolean => at === 0 || /[^a-z0-9]/.test(text[at - 1] ?? '');

/**
 * Higher is better; null when the letters are not all there in order. Both in lower case; blanks in `query` part it.
 */
export function scoreOf(text: string, query: string): number | null {
  let score = 0;
  const name = text.lastIndexOf('/') + 1;
  for (const word of query.split(/\s+/)) {
    if (word === '') continue;
    const inName = text.indexOf(word, name);
    const whole = inName >= 0 ? inName : text.indexOf(word);
    if (whole >= 0) {
      score += 100 + word.length * 4 + (whole >= name ? 40 : 0);
      score += whole === name ? 45 : isStart(text, whole) ? 30 : 0;
      if (whole === name && text.length - name === word.length) score += 60;
      continue;
    }
    let at = -1;
    for (const letter of word) {
      const next = text.indexOf(letter, at + 1);
      if (next < 0) return null;
      score += next === at + 1 ? 6 : isStart(text, next) ? 5 : 1;
      at = next;
    }
  }
  return score - text.length / 50;
}

/** The best `limit` and how many there are in all. Linear in the letters of all items. */
export function bestMatches(
  items: readonly string[],
  query: string,
  limit: number,
): { readonly best: readonly string[]; readonly count: number } {
  const wanted = query.trim().toLowerCase();
  if (wanted === '') return { best: items.slice(0, limit), count: items.length };
  const found: Match[] = [];
  for (const item of items) {
    const score = scoreOf(item.toLowerCase(), wanted);
    if (score !== null) found.push({ item, score });
  }
  found.sort((a, b) => b.score - a.score || (a.item < b.item ? -1 : 1));
  return { best: found.slice(0, limit).map(({ item }) => item), count: found.length };
}
