// What the tests of every page ask of its languages: texts by whole key, and the values that a text names.

export function flatTexts(tree: object, prefix = ''): Map<string, string> {
  const entries = new Map<string, string>();
  for (const [key, value] of Object.entries(tree) as [string, unknown][]) {
    if (typeof value === 'string') entries.set(prefix + key, value);
    else if (typeof value === 'object' && value !== null)
      for (const [inner, text] of flatTexts(value, `${prefix}${key}.`)) entries.set(inner, text);
  }
  return entries;
}

export const placeholdersOf = (text: string): string[] =>
  [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1] ?? '').sort();
