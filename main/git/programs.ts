// Programs that a repository itself brings and that git runs when it stages, commits, restores or switches: hooks,
// filters, a signing program. A person trusts exactly these, once, on this machine; a changed one is another one.
import { constants } from 'node:fs';
import { access, readdir } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { GenrtlError } from '@genrtl/contracts';
import type { GitProgram } from '@genrtl/contracts/git.ts';
import { readJson, sha256, writeJson } from '@genrtl/disk/records.ts';
import { readRegular } from '@genrtl/disk/regular-file.ts';
import { genrtlHome } from '../installation/home.ts';
import { ownedFilters } from '../processes/git-filters.ts';
import { gitLook } from '../processes/git.ts';

type Env = NodeJS.ProcessEnv;
const TrustedPrograms = z.object({ schema_version: z.literal(1), repository: z.string(), keys: z.array(z.string()) });

/** githooks(5): those that these calls can reach. */
const HOOKS: ReadonlySet<string> = new Set([
  'pre-commit',
  'prepare-commit-msg',
  'commit-msg',
  'post-commit',
  'pre-merge-commit',
  'post-merge',
  'post-checkout',
  'post-index-change',
  'post-rewrite',
  'reference-transaction',
  'pre-auto-gc',
]);
const SIGNING = String.raw`^(gpg\.program|gpg\..+\.program|gpg\..+\.defaultkeycommand)$`;
const OWN_SCOPES: ReadonlySet<string> = new Set(['system', 'global', 'command']);

interface Programs {
  readonly programs: readonly GitProgram[];
  readonly key: string;
}

export async function programsOf(workspace: string, env: Env): Promise<Programs> {
  const look = (args: readonly string[]) => gitLook(workspace, { args, env });
  const [hooks, filters, signing] = await Promise.all([
    hooksOf(workspace, env),
    ownedFilters(look),
    look(['config', '--show-scope', '-z', '--get-regexp', SIGNING]),
  ]);
  const parts = signing.end === 'done' ? signing.stdout.toString().split('\0') : [];
  const signers = parts.flatMap((entry, at) =>
    at % 2 === 1 && !OWN_SCOPES.has(parts[at - 1] ?? '') ? [entry.replace('\n', '=')] : [],
  );
  const programs: GitProgram[] = [
    ...hooks.map(({ name }) => ({ kind: 'hook' as const, name })),
    ...filters.map(({ command }) => ({ kind: 'filter' as const, name: command })),
    ...signers.map((name) => ({ kind: 'signing' as const, name })),
  ];
  return { programs, key: sha256(JSON.stringify([hooks, filters, signers])) };
}

/** Of the repository's own folder; where the person's configuration names one for all repositories, that is theirs. */
async function hooksOf(workspace: string, env: Env): Promise<{ name: string; text: string }[]> {
  const look = (args: readonly string[]) => gitLook(workspace, { args, env, hooksAsSet: true });
  const scope = await look(['config', '--show-scope', '--get', 'core.hooksPath']);
  if (scope.end === 'done' && OWN_SCOPES.has(scope.stdout.toString().split(/\s/)[0] ?? '')) return [];
  const asked = await look(['rev-parse', '--git-path', 'hooks']);
  if (asked.end !== 'done') return [];
  const folder = path.resolve(workspace, asked.stdout.toString().replace(/\n$/, ''));
  const names = (await readdir(folder).catch(() => [])).filter((name) => HOOKS.has(name)).sort();
  const found = await Promise.all(
    names.map(async (name) => {
      const file = path.join(folder, name);
      const runs = await access(file, constants.X_OK).then(
        () => true,
        () => false,
      );
      // one that cannot be read is never the one that was trusted
      const text = await readRegular(file).then(sha256, () => `unread ${Date.now()}`);
      return runs ? [{ name, text }] : [];
    }),
  );
  return found.flat();
}

/**
 * Throws GIT_UNTRUSTED unless nothing foreign would run, or it is trusted, or `given` is its key: then it is from now
 * on.
 */
export async function requireTrust(workspace: string, root: string, given: string | null, env: Env): Promise<void> {
  const { programs, key } = await programsOf(workspace, env);
  if (programs.length === 0) return;
  const file = path.join(genrtlHome(env), 'trust', `git-${sha256(root).slice(0, 32)}.json`);
  const record = await readJson(file, TrustedPrograms).catch(() => null);
  const keys = record?.repository === root ? record.keys : [];
  if (keys.includes(key)) return;
  if (given === key) {
    await writeJson(file, { schema_version: 1, repository: root, keys: [...keys, key] });
    return;
  }
  const named = programs.map(({ name }) => name);
  throw new GenrtlError(
    'GIT_UNTRUSTED',
    `This repository brings programs that git would run now, and nobody trusted them on this machine: ${named.slice(0, 5).join('; ')}${named.length > 5 ? ' and more' : ''}.`,
    { details: { programs, key } },
  );
}
