// Takes secrets and machine paths out of texts that leave the workspace. All patterns run in linear time.

const MASK = '[redacted]';

/** Forms that are secrets wherever they stand; hardware names such as `key` or `token` are not touched. */
const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/\b(bearer|basic)[ \t]+[A-Za-z0-9._~+/=-]{12,}/gi, `$1 ${MASK}`],
  [/\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)?/g, MASK],
  [/\b(?:sk|pk|rk|ak)-[A-Za-z0-9_-]{16,}/g, MASK],
  [/\b(?:sk|pk|rk|whsec)_(?:live|test)?_?[A-Za-z0-9]{16,}/g, MASK],
  [/\b(?:ghp|gho|ghu|ghs|ghr|github_pat|glpat|npm|hf|xox[abprs])[-_][A-Za-z0-9_-]{16,}/g, MASK],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, MASK],
  [/\bAIza[A-Za-z0-9_-]{30,}/g, MASK],
  [/(\b[a-z][a-z0-9+.-]{1,20}:\/\/)[^\s/@:'"]{1,200}:[^\s/@'"]{1,200}@/gi, `$1${MASK}@`],
  // settings as shells, JSON and HTTP write them: NAME_KEY=value, "api_key": "value", X-Api-Key: value
  [
    /\b([A-Z0-9_]{0,60}(?:API_?KEY|SECRET|TOKEN|PASSWORD|PASSWD|CREDENTIALS))=(?:"[^"\n]{1,400}"|'[^'\n]{1,400}'|[^\s"';,]{6,400})/g,
    `$1=${MASK}`,
  ],
  [
    /((?:"|')?(?:x-)?(?:api[_-]?key|access[_-]?token|refresh[_-]?token|client[_-]?secret|auth[_-]?token|password|passwd)(?:"|')?[ \t]{0,4}:[ \t]{0,4})(?:"[^"\n]{6,400}"|'[^'\n]{6,400}'|[A-Za-z0-9._~+/-]{12,400})/gi,
    `$1${MASK}`,
  ],
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
  const secrets = [...new Set(options.secrets ?? [])]
    .filter((secret) => secret.length >= 6)
    .sort((a, b) => b.length - a.length);
  const paths = [...(options.paths ?? [])].filter(([from]) => from.length > 1).sort(([a], [b]) => b.length - a.length);
  return (text) => {
    let out = text;
    for (const secret of secrets) out = out.replaceAll(secret, MASK);
    out = out.replace(PRIVATE_KEY, (key) => MASK + '\n'.repeat(key.split('\n').length - 1));
    for (const [pattern, mask] of PATTERNS) out = out.replace(pattern, mask);
    for (const [from, to] of paths) out = out.replaceAll(from, to);
    return out;
  };
}
