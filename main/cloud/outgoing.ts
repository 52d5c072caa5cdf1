// Text that may leave the machine. The backend's client takes no other, and nothing else makes one: this is the one
// place where secrets are taken out.
import { redactCode, redactor, reversibleRedaction } from '@genrtl/core/evidence/redact.ts';
import { sha256 } from '@genrtl/disk/records.ts';

const STAND_INS = /\[redacted(?:-\d+)?\]/g;
const NONE: ReadonlyMap<string, string> = new Map();

export class Outgoing {
  readonly text: string;
  readonly bytes: Buffer;
  readonly sha256: string;
  /** places where a secret was taken out */
  readonly redacted: number;
  /** of code: what stood where, by stand-in */
  readonly originals: ReadonlyMap<string, string>;

  private constructor(original: string, text: string, originals: ReadonlyMap<string, string>) {
    this.text = text;
    this.bytes = Buffer.from(text, 'utf8');
    this.sha256 = sha256(this.bytes);
    this.redacted = countOf(text) - countOf(original);
    this.originals = originals;
  }

  static text(original: string, secrets: readonly string[]): Outgoing {
    return new Outgoing(original, redactor({ secrets })(original), NONE);
  }

  /** Sources: patches against them can be carried over to the original. */
  static code(original: string, secrets: readonly string[]): Outgoing {
    const { text, originals } = redactCode(original, secrets);
    return new Outgoing(original, text, originals);
  }

  /** A value as JSON; secrets are taken out of its strings, not out of the text of the JSON, which stays valid. */
  static json(value: unknown, secrets: readonly string[]): Outgoing {
    const redact = redactor({ secrets });
    const clean = (_name: string, each: unknown): unknown => (typeof each === 'string' ? redact(each) : each);
    return new Outgoing(JSON.stringify(value), JSON.stringify(value, clean), NONE);
  }

  /** Like `json`, but each secret has a stand-in, which the answer carries. `prose`: names of fields without code. */
  static reversibleJson(value: unknown, secrets: readonly string[], prose: ReadonlySet<string>): Outgoing {
    const redaction = reversibleRedaction(secrets);
    const clean = (name: string, each: unknown): unknown =>
      typeof each !== 'string' ? each : prose.has(name) ? redaction.prose(each) : redaction.code(each);
    const text = JSON.stringify(value, clean);
    return new Outgoing(JSON.stringify(value), text, redaction.originals());
  }
}

const countOf = (text: string): number => text.match(STAND_INS)?.length ?? 0;
