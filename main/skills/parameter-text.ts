// Parameters as people type them: `name=value` words and YAML files, read by the types of the skill's schema.
import path from 'node:path';
import { parse } from 'yaml';
import { GenrtlError } from '@genrtl/contracts';
import { readRegular } from '@genrtl/disk/regular-file.ts';

interface PropertySchema {
  readonly type?: unknown;
  readonly items?: { readonly type?: unknown };
}

function scalar(type: unknown, text: string): unknown {
  if ((type === 'number' || type === 'integer') && /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text))
    return Number(text);
  if (type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  return text;
}

/**
 * `words` are `name=value`; a list is a repeated name or a value in JSON. What does not fit its type stays text, so
 * that the schema check names it. `file` is YAML or JSON; words win. Throws USAGE.
 */
export async function readParameters(
  schema: Readonly<Record<string, unknown>>,
  words: readonly string[],
  file: string | null,
  cwd: string,
): Promise<Record<string, unknown>> {
  const properties = (schema['properties'] ?? {}) as Readonly<Record<string, PropertySchema>>;
  let result: Record<string, unknown> = {};
  if (file !== null) {
    let document: unknown;
    try {
      document = parse(await readRegular(path.resolve(cwd, file), 'utf8'), { maxAliasCount: 50 });
    } catch (error) {
      throw new GenrtlError('USAGE', `${file} cannot be read: ${(error as Error).message}`);
    }
    if (typeof document !== 'object' || document === null || Array.isArray(document))
      throw new GenrtlError('USAGE', `${file} holds no names and values.`);
    result = { ...document };
  }
  const fromWords = new Set<string>();
  for (const word of words) {
    const at = word.indexOf('=');
    if (at < 1) throw new GenrtlError('USAGE', `'${word}' is no parameter.`, { hint: 'Write --param name=value.' });
    const [name, text] = [word.slice(0, at), word.slice(at + 1)];
    const property = properties[name];
    if (property?.type === 'array') {
      const earlier = fromWords.has(name) && Array.isArray(result[name]) ? (result[name] as unknown[]) : [];
      const itemType = property.items?.type;
      let items: unknown[] = [scalar(itemType, text)];
      if (text.startsWith('[')) {
        try {
          const list: unknown = JSON.parse(text);
          if (Array.isArray(list)) items = list;
        } catch {
          throw new GenrtlError('USAGE', `${name}: '${text}' is no JSON list.`);
        }
      }
      result[name] = [...earlier, ...items];
    } else result[name] = scalar(property?.type, text);
    fromWords.add(name);
  }
  return result;
}
