// Takes secrets and machine paths out of texts that leave the workspace. All patterns run in linear time.

const MASK = '[redacted]';

/**
 * Forms that are secrets wherever they stand; hardware names such as `key` or `token` are not touched. What is taken
 * out is the group `secret`.
 */
const FORMS: readonly RegExp[] = [
  /(?<before>\b(?:bearer|basic)[ \t]+)(?<secret>[A-Za-z0-9._~+/=-]{12,})/gi,
  /(?<secret>\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)?)/g,
  /(?<secret>\b(?:sk|pk|rk|ak)-[A-Za-z0-9_-]{16,})/g,
  /(?<secret>\b(?:sk|pk|rk|whsec)_(?:live|test)?_?[A-Za-z0-9]{16,})/g,
  /(?<secret>\b(?:ghp|gho|ghu|ghs|ghr|github_pat|glpat|npm|hf|xox[abprs])[-_][A-Za-z0-9_-]{16,})/g,
  /(?<secret>\b(?:AKIA|ASIA)[A-Z0-9]{16}\b)/g,
  /(?<secret>\bAIza[A-Za-z0-9_-]{30,})/g,
  /(?<before>\b[a-z][a-z0-9+.-]{1,20}:\/\/)(?<secret>[^\s/@:'"]{1,200}:[^\s/@'"]{1,200})(?<after>@)/gi,
  // settings as shells, JSON and HTTP write them: NAME_KEY="value", "api_key": "value"
  /(?<before>\b[A-Z0-9_]{0,60}(?:API_?KEY|SECRET|TOKEN|PASSWORD|PASSWD|CREDENTIALS)=)(?<secret>"[^"\n]{1,400}"|'[^'\n]{1,400}')/g,
  /(?<before>(?:"|')?(?:x-)?(?:api[_-]?key|access[_-]?token|refresh[_-]?token|client[_-]?secret|auth[_-]?token|password|passwd)(?:"|')?[ \t]{0,4}:[ \t]{0,4})(?<secret>"[^"\n]{6,400}"|'[^'\n]{6,400}')/gi,
];

/** Settings without quotes. In code the same letters are an expression, so there they count in comments only. */
const BARE_FORMS: readonly RegExp[] = [
  /(?<before>\b[A-Z0-9_]{0,60}(?:API_?KEY|SECRET|TOKEN|PASSWORD|PASSWD|CREDENTIALS)=)(?<secret>(?![\d_]+(?![^\s"';,]))[^\s"';,]{6,400})/g,
  /(?<before>(?:x-)?(?:api[_-]?key|access[_-]?token|refresh[_-]?token|client[_-]?secret|auth[_-]?token|password|passwd)[ \t]{0,4}:[ \t]{0,4})(?<secret>[A-Za-z0-9._~+/-]{12,400})/gi,
];

/** Also one whose end is cut off. */
const PRIVATE_KEY = /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[^]*?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|$)/g;

export interface RedactOptions {
  /** exact values known to be secret; shorter ones than 6 characters are ignored */
  readonly secrets?: readonly string[];
  /** absolute paths and what is shown instead, e.g. the workspace as `.` */
  readonly paths?: readonly (readonly [string, string])[];
}

/** Keeps the number of lines, so that line numbers hold. */
export type Redact = (text: string) => string;

export function redactor(options: RedactOptions = {}): Redact {
  const paths = [...(options.paths ?? [])].filter(([from]) => from.length > 1).sort(([a], [b]) => b.length - a.length);
  const secrets = longestFirst(options.secrets);
  return (text) => {
    let out = masked(text, secrets, false, () => MASK);
    for (const [from, to] of paths) out = out.replaceAll(from, to);
    return out;
  };
}

/** A text without its secrets, and what stood where: by stand-in, each on one line. */
export interface Reversible {
  readonly text: string;
  readonly originals: ReadonlyMap<string, string>;
}

/**
 * For sources, which come back as patches: each secret gets a stand-in of its own, which the patch carries and which is
 * exchanged again on this machine. The same text and secrets give the same stand-ins.
 */
export function redactCode(text: string, secrets: readonly string[]): Reversible {
  const redaction = reversibleRedaction(secrets);
  return { text: redaction.code(text), originals: redaction.originals() };
}

/** Several texts of one request: a secret has the same stand-in wherever it stands. */
export function reversibleRedaction(secrets: readonly string[]): {
  code(text: string): string;
  prose(text: string): string;
  originals(): ReadonlyMap<string, string>;
} {
  const known = longestFirst(secrets);
  const standIns = new Map<string, string>();
  const standInOf = (secret: string): string => {
    const standIn = standIns.get(secret) ?? `[redacted-${standIns.size + 1}]`;
    standIns.set(secret, standIn);
    return standIn;
  };
  return {
    code: (text) => masked(text, known, true, standInOf),
    prose: (text) => masked(text, known, false, standInOf),
    originals: () => new Map([...standIns].map(([secret, standIn]) => [standIn, secret])),
  };
}

const longestFirst = (secrets: readonly string[] = []): string[] =>
  [...new Set(secrets)].filter((secret) => secret.length >= 6).sort((a, b) => b.length - a.length);

function masked(text: string, secrets: readonly string[], code: boolean, maskOf: (secret: string) => string): string {
  let out = text;
  for (const secret of secrets) out = out.replaceAll(secret, maskOf);
  // line by line, since a patch comes back by lines
  out = out.replace(PRIVATE_KEY, (key) =>
    key
      .split('\n')
      .map((line) => (line === '' ? line : maskOf(line)))
      .join('\n'),
  );
  for (const form of FORMS) out = out.replace(form, (...match: unknown[]) => exchange(match, maskOf));
  for (const form of BARE_FORMS)
    out = out.replace(form, (...match: unknown[]) => {
      const [whole, offset, all] = [String(match[0]), Number(match.at(-3)), String(match.at(-2))];
      return code && !inComment(all, offset) ? whole : exchange(match, maskOf);
    });
  return out;
}

type Groups = Readonly<Record<'before' | 'secret' | 'after', string | undefined>>;

function exchange(match: readonly unknown[], maskOf: (secret: string) => string): string {
  const { before = '', secret = '', after = '' } = match.at(-1) as Groups;
  return STAND_IN.test(secret) ? String(match[0]) : `${before}${maskOf(secret)}${after}`;
}

/** Taken out before; what stands around it may look like a secret still. */
const STAND_IN = /^["']?\[redacted(?:-\d+)?\]["']?$/;

/** Of Verilog, VHDL and block comments that a line begins with `*`. */
function inComment(text: string, offset: number): boolean {
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
  return /\/\/|\/\*|--/.test(line) || /^[ \t]*\*/.test(line);
}
