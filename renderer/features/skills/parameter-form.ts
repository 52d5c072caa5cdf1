// A form from a JSON Schema: which field a parameter gets, and how its text becomes the value that the schema wants.

export interface ParameterField {
  readonly name: string;
  readonly title: string;
  readonly kind: 'text' | 'number' | 'choice' | 'switch' | 'list';
  readonly required: boolean;
  readonly choices: readonly string[];
  readonly initial: string;
  readonly note: string;
}

type Schema = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const text = (value: unknown): string =>
  typeof value === 'string' ? value : value === undefined || value === null ? '' : JSON.stringify(value);

export function fieldsOf(schema: Schema | null): ParameterField[] {
  const properties = isObject(schema?.['properties']) ? schema['properties'] : {};
  const required = Array.isArray(schema?.['required']) ? schema['required'] : [];
  return Object.entries(properties).flatMap(([name, property]) =>
    isObject(property) ? [fieldOf(name, property, required.includes(name))] : [],
  );
}

function fieldOf(name: string, property: Schema, required: boolean): ParameterField {
  const choices = Array.isArray(property['enum']) ? property['enum'].map(text) : [];
  const type = property['type'];
  const kind =
    choices.length > 0
      ? 'choice'
      : type === 'boolean'
        ? 'switch'
        : type === 'integer' || type === 'number'
          ? 'number'
          : type === 'array'
            ? 'list'
            : 'text';
  const fallback = property['default'];
  const initial = kind === 'list' ? (Array.isArray(fallback) ? fallback.map(text).join(', ') : '') : text(fallback);
  const bounds = [property['minimum'], property['maximum']].map((bound) =>
    typeof bound === 'number' ? String(bound) : '',
  );
  const range = bounds.some((bound) => bound !== '') ? bounds.join(' … ') : '';
  return {
    name,
    title: text(property['title']) || name,
    kind,
    required,
    choices,
    initial,
    note: [text(property['description']), range].filter((part) => part !== '').join(' · '),
  };
}

/**
 * Values as the schema wants them; empty fields are left out, so that the skill's own defaults hold. The run checks
 * them against the schema.
 */
export function valuesOf(
  fields: readonly ParameterField[],
  entered: Readonly<Record<string, string>>,
): Record<string, unknown> {
  return Object.fromEntries(
    fields.flatMap((field): [string, unknown][] => {
      const value = (entered[field.name] ?? '').trim();
      if (value === '') return [];
      if (field.kind === 'number') return [[field.name, Number.isNaN(Number(value)) ? value : Number(value)]];
      if (field.kind === 'switch') return [[field.name, value === 'true']];
      if (field.kind === 'list')
        return [
          [
            field.name,
            value
              .split(',')
              .map((item) => item.trim())
              .filter((item) => item !== ''),
          ],
        ];
      return [[field.name, value]];
    }),
  );
}
