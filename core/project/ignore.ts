// `.genrtlignore`: lines in gitignore's form, and `hidden` of the project file, as one question: may this leave?
import { globMatcher } from './glob.ts';
import type { Matcher } from './glob.ts';

/** Never sent, whatever a project says: keys, certificates, what other tools keep secrets in. */
const ALWAYS = ['**/.*', '**/*.{pem,key,p12,pfx,jks,keystore,kdbx,lic}', '**/id_{rsa,dsa,ecdsa,ed25519}*'];

/** True for what never leaves the machine. */
export function hiddenFiles(patterns: readonly string[], ignoreText: string | null): Matcher {
  const always = [...ALWAYS, ...patterns].map(globMatcher);
  const rules = ignoreRules(ignoreText ?? '');
  return (path) => {
    if (always.some((matches) => matches(path))) return true;
    let hidden = false;
    for (const { matches, not } of rules) if (hidden === not && matches(path)) hidden = !not;
    return hidden;
  };
}

/** As gitignore: the last line that matches decides; `/` at the front or within anchors to the root. */
function ignoreRules(text: string): { matches: Matcher; not: boolean }[] {
  return text.split('\n').flatMap((line) => {
    const trimmed = line.replace(/\r$/, '').replace(/(?<!\\)\s+$/, '');
    if (trimmed === '' || trimmed.startsWith('#')) return [];
    const not = trimmed.startsWith('!');
    const pattern = (not ? trimmed.slice(1) : trimmed).replace(/\/$/, '');
    const anchored = pattern.includes('/');
    return [{ matches: globMatcher(anchored ? pattern.replace(/^\//, '') : `**/${pattern}`), not }];
  });
}
