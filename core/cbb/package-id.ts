// Ids of packages: `cbb_name` of the platform, `@org/name` of an organisation, either with a version behind another `@`.

export interface NamedPackage {
  readonly id: string;
  /** absent: the newest */
  readonly version?: string;
}

/** `@org/fifo@1.0.0` in its parts; neither is checked. */
export function namedPackage(text: string): NamedPackage {
  const at = text.indexOf('@', 1);
  return at < 0 ? { id: text } : { id: text.slice(0, at), version: text.slice(at + 1) };
}

/** The organisation's short name, or null for a package of the platform. */
export function scopeOf(id: string): string | null {
  return /^@([^/]+)\//.exec(id)?.[1] ?? null;
}

/** The id without its scope. */
export function nameOf(id: string): string {
  return id.slice(id.indexOf('/') + 1);
}

/** The id as one part of a path; `+` occurs in no id. */
export function idAsFileName(id: string): string {
  return id.replace('/', '+');
}
