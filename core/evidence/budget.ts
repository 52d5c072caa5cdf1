// Counts what a bundle may still hold, in bytes and in model tokens.

export interface Limits {
  /** of the bundle as JSON, UTF-8 */
  readonly bytes: number;
  readonly tokens: number;
}

/** Code costs a token every three to four bytes in all current vocabularies; three keeps on the safe side. */
const BYTES_PER_TOKEN = 3;

export class Budget {
  private bytes: number;
  private tokens: number;

  constructor(limits: Limits) {
    this.bytes = limits.bytes;
    this.tokens = limits.tokens;
  }

  /** Takes the item's share if it fits; says whether it did. */
  take(item: unknown): boolean {
    const text = JSON.stringify(item);
    const bytes = new TextEncoder().encode(text).length + 1;
    const tokens = Math.ceil(bytes / BYTES_PER_TOKEN);
    if (bytes > this.bytes || tokens > this.tokens) return false;
    this.bytes -= bytes;
    this.tokens -= tokens;
    return true;
  }
}
