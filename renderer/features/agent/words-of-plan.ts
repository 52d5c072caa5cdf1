// A plan arrives as JSON, piece by piece; a person reads its words.

const TOLD = new Set(['title', 'summary', 'name', 'purpose', 'description', 'text', 'path', 'function']);
const FIELD = /"(\w+)"\s*:\s*"((?:[^"\\]|\\.)*)("?)/g;
const ESCAPES: Readonly<Record<string, string>> = { n: ' ', t: ' ', r: ' ' };
const LINES = 12;

/** The last lines of what the plan says so far; `text` may begin and end anywhere. */
export function wordsOfPlan(text: string): string {
  const lines: string[] = [];
  for (const [, field = '', value = ''] of text.matchAll(FIELD)) {
    const words = value.replace(/\\(.)/g, (_whole, letter: string) => ESCAPES[letter] ?? letter).trim();
    if (TOLD.has(field) && words !== '') lines.push(words);
  }
  return lines.slice(-LINES).join('\n');
}
