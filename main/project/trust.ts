// Which commands of which workspaces a person trusted on this machine. Kept below GENRTL_HOME: a repository, which may
// be a stranger's, has no say in it. A command that changed in any word is another one.
import path from 'node:path';
import { GenrtlError, TrustRecord } from '@genrtl/contracts';
import { checkText, trustText } from '@genrtl/core/project/checks.ts';
import type { CommandCheck, PlannedCheck } from '@genrtl/core/project/checks.ts';
import { readJson, sha256, writeJson } from '@genrtl/disk/records.ts';
import { genrtlHome } from '../installation/home.ts';

export const commandsOf = (checks: readonly PlannedCheck[]): CommandCheck[] =>
  checks.filter((check): check is CommandCheck => check.kind === 'command');

/** Stands for exactly this command. */
export const trustKey = (check: CommandCheck): string => sha256(trustText(check));

/** `root`: the workspace's real path. */
export async function untrusted(
  env: NodeJS.ProcessEnv,
  root: string,
  checks: readonly PlannedCheck[],
): Promise<CommandCheck[]> {
  const commands = commandsOf(checks);
  if (commands.length === 0) return [];
  const known = new Set((await readTrust(env, root)).commands.map((one) => one.sha256));
  return commands.filter((check) => !known.has(trustKey(check)));
}

/** The commands of these checks may run from now on; returns those that could not before. */
export async function trust(
  env: NodeJS.ProcessEnv,
  root: string,
  checks: readonly PlannedCheck[],
): Promise<CommandCheck[]> {
  const fresh = await untrusted(env, root, checks);
  if (fresh.length === 0) return [];
  const record = await readTrust(env, root);
  const at = new Date().toISOString();
  const added = fresh.map((check) => ({
    sha256: trustKey(check),
    check: check.name,
    command: checkText(check),
    at,
  }));
  await writeJson(fileOf(env, root), { ...record, commands: [...record.commands, ...added] } satisfies TrustRecord);
  return fresh;
}

/** Nothing of the workspace is trusted any more. */
export async function revoke(env: NodeJS.ProcessEnv, root: string): Promise<void> {
  await writeJson(fileOf(env, root), emptyRecord(root));
}

/** Throws PROJECT_UNTRUSTED naming the commands. */
export function requireTrusted(commands: readonly CommandCheck[]): void {
  if (commands.length === 0) return;
  const named = commands.map((check) => `${check.name}: ${checkText(check)}`);
  throw new GenrtlError(
    'PROJECT_UNTRUSTED',
    `${commands.length === 1 ? 'A command' : `${commands.length} commands`} of this project that nobody trusted on this machine would run: ${named.slice(0, 5).join('; ')}.`,
    { details: { commands: named } },
  );
}

const emptyRecord = (root: string): TrustRecord => ({ schema_version: 1, workspace: root, commands: [] });

/** A damaged record trusts nothing. */
async function readTrust(env: NodeJS.ProcessEnv, root: string): Promise<TrustRecord> {
  const record = await readJson(fileOf(env, root), TrustRecord).catch(() => null);
  return record?.workspace === root ? record : emptyRecord(root);
}

const fileOf = (env: NodeJS.ProcessEnv, root: string): string =>
  path.join(genrtlHome(env), 'trust', `${sha256(root).slice(0, 32)}.json`);
