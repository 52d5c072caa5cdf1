// Which skills of workspaces a person trusted on this machine, as they were then. Kept below GENRTL_HOME: a workspace,
// which may be a stranger's, has no say in it. A skill whose contract, metrics or script changed is another one.
import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { GenrtlError, Sha256 } from '@genrtl/contracts';
import { readJson, sha256, writeJson } from '@genrtl/disk/records.ts';
import { genrtlHome, makeHome } from '../installation/home.ts';
import { readSkill, SHIPPED_SKILLS, type Skill, type SkillFolder } from './catalogue.ts';

const TrustedSkill = z.object({
  schema_version: z.literal(1),
  folder: z.string(),
  sha256: Sha256,
  at: z.string(),
});

/** Of everything that decides what a run does. */
export function skillHash(skill: Skill): string {
  return sha256(
    Object.entries(skill.files)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([file, hash]) => `${hash}  ${file}\n`)
      .join(''),
  );
}

const recordOf = (env: NodeJS.ProcessEnv, folder: string): string =>
  path.join(genrtlHome(env), 'trusted-skills', `${sha256(folder).slice(0, 32)}.json`);

/** A damaged record trusts nothing. */
export async function isTrusted(env: NodeJS.ProcessEnv, skill: Skill): Promise<boolean> {
  const folder = await realpath(skill.folder).catch(() => skill.folder);
  const record = await readJson(recordOf(env, folder), TrustedSkill).catch(() => null);
  return record?.folder === folder && record.sha256 === skillHash(skill);
}

/**
 * The skill may run from now on, as it is now. `seen`: the hash that the person looked at; null for what is there.
 * Throws SKILL_INVALID for one that cannot be read, SKILL_CHANGED when it is another one by now.
 */
export async function trustSkill(env: NodeJS.ProcessEnv, folder: string, seen: string | null): Promise<Skill> {
  const { skill, diagnostics } = await readSkill(folder);
  if (skill === null)
    throw new GenrtlError('SKILL_INVALID', `${path.basename(folder)}: ${diagnostics[0]?.message ?? 'cannot be read'}.`);
  if (seen !== null && seen !== skillHash(skill))
    throw new GenrtlError('SKILL_CHANGED', `The skill '${skill.contract.name}' changed since it was shown.`);
  const real = await realpath(skill.folder);
  makeHome(genrtlHome(env));
  await writeJson(recordOf(env, real), {
    schema_version: 1,
    folder: real,
    sha256: skillHash(skill),
    at: new Date().toISOString(),
  } satisfies z.infer<typeof TrustedSkill>);
  return skill;
}

/**
 * The hash with which a skill of a workspace may run; null for others, which need no trust, and for one that cannot be
 * read, whose job says why. Throws SKILL_UNTRUSTED.
 */
export async function requireTrusted(env: NodeJS.ProcessEnv, found: SkillFolder): Promise<string | null> {
  if (found.origin !== 'workspace') return null;
  const { skill } = await readSkill(found.folder);
  if (skill === null) return null;
  if (await isTrusted(env, skill)) return skillHash(skill);
  const { name, host } = skill.contract;
  const hides =
    (await readSkill(path.join(SHIPPED_SKILLS, name))).skill === null
      ? ''
      : ` It hides the skill '${name}' that genRTL ships.`;
  throw new GenrtlError(
    'SKILL_UNTRUSTED',
    `The skill '${name}' of this workspace (${found.folder}) runs its own script in ${host}, and nobody trusted it on this machine as it is now.${hides}`,
    { details: { skill: name, folder: found.folder, sha256: skillHash(skill) } },
  );
}
