// Kinds of specification files. Without schemas, so that the page can have the table alone.
/** Every kind of file that is taken for a specification; start page, command line and readers go by this table. */
export const SPEC_FORMATS = {
  markdown: { title: 'Markdown', extensions: ['.md', '.markdown'] },
  text: { title: 'plain text', extensions: ['.txt'] },
  pdf: { title: 'PDF', extensions: ['.pdf'] },
  docx: { title: 'Word', extensions: ['.docx', '.docm'] },
  systemrdl: { title: 'SystemRDL', extensions: ['.rdl'] },
  ipxact: { title: 'IP-XACT', extensions: ['.xml'] },
  hjson: { title: 'OpenTitan register description', extensions: ['.hjson'] },
  csv: { title: 'register table', extensions: ['.csv', '.tsv'] },
} as const satisfies Record<string, { title: string; extensions: readonly string[] }>;
export type SpecFormat = keyof typeof SPEC_FORMATS;

export const SPEC_EXTENSIONS: readonly string[] = Object.values(SPEC_FORMATS).flatMap(({ extensions }) => extensions);

/** By the file's ending; undefined for any other, which is read as text. */
export function specFormat(name: string): SpecFormat | undefined {
  const ending = /\.[^.]*$/.exec(name.toLowerCase())?.[0] ?? '';
  return (Object.keys(SPEC_FORMATS) as SpecFormat[]).find((format) =>
    (SPEC_FORMATS[format].extensions as readonly string[]).includes(ending),
  );
}
