// A description as Markdown: the same tables whatever language it was written in.
import { escapeCell, pipeTable } from '../documents/write-markdown.ts';
import { hex, plain, type Description, type Field, type Memory, type Register, type RegisterBlock } from './model.ts';
import { numberOf } from './reading.ts';

export function descriptionMarkdown(description: Description): string {
  const { name, title } = description;
  const parts = [
    `# ${title === '' || title === name ? name : `${title} (${name})`}`,
    paragraphs(description.description),
    ...interfaceParts(description),
    ...description.blocks.flatMap((block) => blockParts(block, description.blocks.length > 1)),
    ...statementParts(description),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function interfaceParts(description: Description): string[] {
  const { parameters, ports, clocks, buses, signals } = description;
  const tables: string[] = [];
  if (parameters.length > 0)
    tables.push(
      headed(
        '### Parameters',
        table(
          ['Parameter', 'Default', 'Description'],
          parameters.map((one) => [one.name, one.default, one.description]),
        ),
      ),
    );
  if (ports.length > 0)
    tables.push(
      headed(
        '### Ports',
        table(
          ['Port', 'Direction', 'Width', 'Description'],
          ports.map((one) => [one.name, one.direction, one.width, one.description]),
        ),
      ),
    );
  if (clocks.length > 0)
    tables.push(
      headed(
        '### Clocks and resets',
        table(
          ['Clock', 'Reset', 'Description'],
          clocks.map((one) => [one.clock, one.reset, one.description]),
        ),
      ),
    );
  if (buses.length > 0)
    tables.push(
      headed(
        '### Bus interfaces',
        table(
          ['Interface', 'Protocol', 'Role', 'Signals', 'Description'],
          buses.map((one) => [one.name, one.protocol, one.role, one.signals.join('\n'), one.description]),
        ),
      ),
    );
  for (const kind of new Set(signals.map((one) => one.kind))) {
    const own = signals.filter((one) => one.kind === kind);
    tables.push(
      headed(
        `### ${kind}`,
        table(
          ['Name', 'Way', 'Width', 'Type', 'Description'],
          own.map((one) => [one.name, one.direction, one.width, one.type, one.description]),
        ),
      ),
    );
  }
  return tables.length === 0 ? [] : ['## Interface', ...tables];
}

function blockParts(block: RegisterBlock, several: boolean): string[] {
  const facts = [
    block.base === null ? '' : `base address ${hex(block.base)}`,
    block.size === null ? '' : `${hex(block.size)} bytes`,
  ].filter((fact) => fact !== '');
  const named = several && block.name !== '';
  return [
    `## Register map${named ? ` of ${block.name}` : ''}`,
    facts.length === 0 ? '' : `${facts.join(', ').replace(/^b/, 'B')}.`,
    paragraphs(block.description),
    block.entries.length === 0
      ? 'No registers.'
      : table(
          ['Offset', 'Register', 'Width', 'Access', 'Reset', 'Description'],
          block.entries.map((entry) => [
            offsetOf(entry),
            entry.name,
            entry.kind === 'memory' ? `${plain(entry.entries)} × ${plain(entry.width)}` : plain(entry.width),
            accessOf(entry),
            entry.kind === 'memory' ? '' : resetOf(entry),
            firstSentence(entry.description),
          ]),
        ),
    ...block.entries.flatMap(entryParts),
  ];
}

/** A register's own access, else that of its fields where they agree. */
function accessOf(entry: Register | Memory): string {
  if (entry.access !== '' || entry.kind === 'memory') return entry.access;
  const all = [...new Set(entry.fields.map((field) => field.access))];
  return all.length === 1 ? (all[0] ?? '') : all.length === 0 ? '' : 'mixed';
}

/** A register's own reset value, else what its fields make together; blank where one of them has none. */
function resetOf(register: Register): string {
  if (register.reset !== '' || register.fields.length === 0) return register.reset;
  let value = 0n;
  for (const field of register.fields) {
    const own = numberOf(field.reset);
    if (own === undefined || field.lsb === null) return '';
    value |= own << BigInt(field.lsb);
  }
  return hex(value);
}

const INDICES = ['i', 'j', 'k', 'l'];

function offsetOf({ offset, array }: Register | Memory): string {
  if (array === null) return hex(offset);
  const steps = array.strides.map((stride, at) => `${INDICES[at] ?? `i${at}`} × ${hex(stride)}`);
  return [hex(offset), ...steps].join(' + ');
}

function entryParts(entry: Register | Memory): string[] {
  const fields = entry.kind === 'register' ? entry.fields : [];
  const hasMore = entry.description !== firstSentence(entry.description) || entry.properties.length > 0;
  if (fields.length === 0 && !hasMore) return [];
  return [
    `### ${entry.name} (offset ${offsetOf(entry)})`,
    paragraphs(entry.description),
    entry.properties.map((property) => `- ${property.replaceAll(/\s+/g, ' ')}`).join('\n'),
    fields.length === 0 ? '' : fieldTable(fields),
  ];
}

function fieldTable(fields: readonly Field[]): string {
  const sorted = fields.every((field) => field.lsb !== null)
    ? fields.toSorted((a, b) => (b.lsb ?? 0) - (a.lsb ?? 0))
    : fields;
  const hardware = sorted.some((field) => field.hardware !== '');
  return table(
    ['Bits', 'Field', 'Access', ...(hardware ? ['Hardware'] : []), 'Reset', 'Description'],
    sorted.map((field) => [
      field.bits,
      field.name,
      field.access,
      ...(hardware ? [field.hardware] : []),
      field.reset,
      [
        field.description,
        ...field.values.map((value) =>
          [`${value.value}: ${value.name}`, value.description].filter((part) => part !== '').join(': '),
        ),
        ...field.properties,
      ]
        .filter((line) => line !== '')
        .join('\n'),
    ]),
  );
}

function statementParts({ statements }: Description): string[] {
  return [...new Set(statements.map((one) => one.kind))].flatMap((kind) => [
    `## ${kind}`,
    statements
      .filter((one) => one.kind === kind)
      .map((one) => `- ${one.name}: ${one.text.replaceAll(/\s+/g, ' ').trim()}`)
      .join('\n'),
  ]);
}

const headed = (heading: string, body: string): string => `${heading}\n${body}`;

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  return pipeTable(
    header,
    rows.map((cells) => cells.map(cellText)),
  );
}

function cellText(text: string): string {
  return dedented(text)
    .split('\n')
    .map((line) => escapeCell(line).trim())
    .filter((line) => line !== '')
    .join('<br>');
}

/** The text as paragraphs, without the indentation that it has in its file; a heading in it stays below ours. */
function paragraphs(text: string): string {
  return dedented(text)
    .split('\n')
    .map((line) =>
      line.replace(/^(#{1,6}) /, (_whole, marks: string) => `${'#'.repeat(Math.min(6, marks.length + 3))} `),
    )
    .join('\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim();
}

function dedented(text: string): string {
  const lines = text.replaceAll('\r', '').split('\n');
  const indents = lines
    .slice(1)
    .filter((line) => line.trim() !== '')
    .map((line) => line.length - line.trimStart().length);
  const indent = indents.length === 0 ? 0 : Math.min(...indents);
  return [lines[0]?.trim() ?? '', ...lines.slice(1).map((line) => line.slice(indent).trimEnd())].join('\n').trim();
}

const MAX_SENTENCE = 160;

/** What the overview says of a register; its section has the whole. */
function firstSentence(text: string): string {
  const flat = dedented(text).replaceAll(/\s+/g, ' ').trim();
  const end = /[.。](?=\s|$)/.exec(flat);
  const sentence = end === null ? flat : flat.slice(0, end.index + 1);
  return sentence.length > MAX_SENTENCE ? `${sentence.slice(0, MAX_SENTENCE - 1)}…` : sentence;
}
