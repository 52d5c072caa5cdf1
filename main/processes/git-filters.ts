// Clean and smudge filters that a repository's own configuration names. `git status` runs them on files that may have
// changed, so looking at a stranger's repository would run its programs. The person's own filters (git-lfs) stay.
import type { GitResult } from './git.ts';

const FILTER = String.raw`^filter\..+\.(clean|smudge|process|required)$`;
const OFF = { clean: '', smudge: '', process: '', required: 'false' } as const;
const OWN_SCOPES: ReadonlySet<string> = new Set(['system', 'global', 'command']);

type Look = (args: readonly string[]) => Promise<GitResult>;

/** Settings in the order of git's precedence, with the scope of each; null: this git cannot tell. */
async function filterSettings(look: Look): Promise<{ scope: string; key: string; value: string }[] | null> {
  const listed = await look(['config', '--show-scope', '-z', '--get-regexp', FILTER]);
  if (listed.end === 'missing' || (listed.end === 'failed' && listed.code === 1)) return [];
  if (listed.end !== 'done') return null;
  const parts = listed.stdout.toString().split('\0');
  const settings: { scope: string; key: string; value: string }[] = [];
  for (let at = 0; at + 1 < parts.length; at += 2) {
    const [scope = '', entry = ''] = parts.slice(at, at + 2);
    const cut = entry.indexOf('\n');
    settings.push({
      scope,
      key: cut < 0 ? entry : entry.slice(0, cut),
      value: cut < 0 ? 'true' : entry.slice(cut + 1),
    });
  }
  return settings;
}

/** Settings that give every filter of the repository's own back what the person set, or turn it off. */
export async function foreignFilters(look: Look): Promise<(readonly [string, string])[] | null> {
  const settings = await filterSettings(look);
  if (settings === null) return null;
  const own = new Map(settings.filter(({ scope }) => OWN_SCOPES.has(scope)).map(({ key, value }) => [key, value]));
  const foreign = new Set(
    settings.filter(({ scope }) => !OWN_SCOPES.has(scope)).map(({ key }) => key.slice(0, key.lastIndexOf('.'))),
  );
  return [...foreign].flatMap((filter) =>
    Object.entries(OFF).map(([name, off]) => [`${filter}.${name}`, own.get(`${filter}.${name}`) ?? off] as const),
  );
}

/** Names of the filters that the repository itself brings, with their commands. */
export async function ownedFilters(look: Look): Promise<{ name: string; command: string }[]> {
  const settings = (await filterSettings(look)) ?? [];
  return settings
    .filter(({ scope, key, value }) => !OWN_SCOPES.has(scope) && value !== '' && !key.endsWith('.required'))
    .map(({ key, value }) => ({ name: key.slice('filter.'.length, key.lastIndexOf('.')), command: `${key}=${value}` }));
}
