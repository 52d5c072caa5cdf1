// SQL of whose a name is: who may publish under it, and which scopes and names are taken.
import { GenrtlError } from '@genrtl/contracts';
import { CBB_SCOPE } from '@genrtl/contracts/patterns.ts';
import type { Role } from '@genrtl/contracts/access.ts';
import { scopeOf } from '@genrtl/core/cbb/package-id.ts';
import type { Queryable } from '../../db/index.ts';
import { looksAlike, looksLike, scopeAlike, skeletonOf } from '../names.ts';

export interface Publisher {
  readonly accountId: string;
  readonly role: Role;
  readonly personId: string | null;
}

/** Who runs the backend publishes under names without a scope; the built-in packages are published by nobody else. */
export const PLATFORM: Publisher = { accountId: 'platform', role: 'operator', personId: null };

/**
 * FORBIDDEN for a name that is not the publisher's to use, CBB_GATE_FAILED for one that looks like another's. Takes
 * nothing: a package that the gate refuses holds no name.
 */
export async function requireName(tx: Queryable, cbbId: string, publisher: Publisher): Promise<void> {
  await requireScope(tx, cbbId, publisher);
  const { rows } = await tx.query<{ cbb_id: string; account_id: string }>(
    `SELECT cbb_id, account_id FROM cbb_names WHERE skeleton = $1 OR cbb_id = $2
     UNION SELECT cbb_id, account_id FROM cbb_versions WHERE cbb_id = $2`,
    [skeletonOf(cbbId), cbbId],
  );
  const own = rows.find((row) => row.cbb_id === cbbId);
  if (own !== undefined && own.account_id !== publisher.accountId) throw notTheirs(cbbId);
  const alike = rows.find((row) => row.cbb_id !== cbbId);
  if (alike !== undefined) throw looksLike(cbbId, alike.cbb_id);
  if (scopeOf(cbbId) === null && own === undefined) await requireFarFromOthers(tx, cbbId, publisher);
  if (publisher.role === 'member') await requireOwner(tx, cbbId, publisher);
}

/** The name, with all that looks like it, and the scope are the publisher's from now on. */
export async function claimName(tx: Queryable, cbbId: string, publisher: Publisher): Promise<void> {
  // two that look alike would not meet in a row
  await tx.query(`SELECT pg_advisory_xact_lock(hashtext('cbb_names'))`);
  await claimUnclaimed(tx);
  await requireName(tx, cbbId, publisher);
  const scope = scopeOf(cbbId);
  if (scope !== null)
    await tx.query(
      'INSERT INTO cbb_scopes (scope, skeleton, account_id) VALUES ($1, $2, $3) ON CONFLICT (scope) DO NOTHING',
      [scope, skeletonOf(`@${scope}/`), publisher.accountId],
    );
  await insertName(tx, cbbId, publisher.accountId);
}

/** Packages of before names were kept. */
async function claimUnclaimed(tx: Queryable): Promise<void> {
  const { rows } = await tx.query<{ cbb_id: string; account_id: string }>(
    `SELECT DISTINCT ON (cbb_id) cbb_id, account_id FROM cbb_versions v
     WHERE NOT EXISTS (SELECT 1 FROM cbb_names n WHERE n.cbb_id = v.cbb_id) ORDER BY cbb_id, published_at`,
  );
  for (const one of rows) await insertName(tx, one.cbb_id, one.account_id);
}

async function insertName(tx: Queryable, cbbId: string, account: string): Promise<void> {
  await tx.query('INSERT INTO cbb_names (skeleton, cbb_id, account_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING', [
    skeletonOf(cbbId),
    cbbId,
    account,
  ]);
}

async function requireScope(tx: Queryable, cbbId: string, { accountId, role }: Publisher): Promise<void> {
  const scope = scopeOf(cbbId);
  if (scope === null) {
    if (role === 'local' || role === 'operator') return;
    const own = await shortName(tx, accountId);
    throw new GenrtlError('FORBIDDEN', `${cbbId} has no scope: such names are the platform’s`, {
      hint: own === null ? 'Publish for an organisation.' : `Publish it as @${own}/${cbbId.replace(/^cbb_/, '')}.`,
    });
  }
  const { rows: taken } = await tx.query<{ scope: string; account_id: string }>(
    'SELECT scope, account_id FROM cbb_scopes',
  );
  const holder = taken.find((row) => row.scope === scope);
  if (holder?.account_id === accountId) return;
  if (holder !== undefined) throw notTheirScope(scope);
  if (role !== 'local') {
    const own = await shortName(tx, accountId);
    if (own !== scope) throw notTheirScope(scope, own);
  }
  const others = taken.filter((row) => row.account_id !== accountId).map((row) => row.scope);
  const alike = scopeAlike(scope, [...others, ...(await olderShortNames(tx, accountId))]);
  if (alike !== null) throw looksLike(`@${scope}`, `@${alike}`);
}

/** The short name of the organisation, where it is one and can be a scope. */
async function shortName(tx: Queryable, accountId: string): Promise<string | null> {
  const { rows } = await tx.query<{ slug: string }>(
    `SELECT "slug" AS slug FROM auth."organization" WHERE 'org_' || "id" = $1`,
    [accountId],
  );
  const slug = rows[0]?.slug ?? null;
  return slug !== null && CBB_SCOPE.test(slug) ? slug : null;
}

/** Of organisations that were there before: who came first keeps the name, also before it published anything. */
async function olderShortNames(tx: Queryable, accountId: string): Promise<string[]> {
  const { rows } = await tx.query<{ slug: string }>(
    `SELECT o."slug" AS slug FROM auth."organization" o JOIN auth."organization" own ON 'org_' || own."id" = $1
     WHERE o."id" <> own."id" AND (o."createdAt", o."id") < (own."createdAt", own."id")`,
    [accountId],
  );
  return rows.map(({ slug }) => slug);
}

/** Names without a scope have nothing else to tell them apart. */
async function requireFarFromOthers(tx: Queryable, cbbId: string, { accountId }: Publisher): Promise<void> {
  const { rows } = await tx.query<{ cbb_id: string }>(
    `SELECT DISTINCT cbb_id FROM cbb_versions WHERE account_id <> $1 AND cbb_id NOT LIKE '@%'`,
    [accountId],
  );
  const alike = rows.find((row) => looksAlike(cbbId, row.cbb_id));
  if (alike !== undefined) throw looksLike(cbbId, alike.cbb_id);
}

async function requireOwner(tx: Queryable, cbbId: string, { personId }: Publisher): Promise<void> {
  const { rowCount } = await tx.query('SELECT 1 FROM cbb_owners WHERE cbb_id = $1 AND user_id = $2', [cbbId, personId]);
  if (rowCount === 0)
    throw new GenrtlError('FORBIDDEN', `You are no owner of ${cbbId}`, {
      hint: 'An owner or admin of the organisation publishes the first version and names its owners.',
    });
}

export const notTheirs = (cbbId: string): GenrtlError =>
  new GenrtlError('FORBIDDEN', `${cbbId} is another publisher’s`, { hint: 'Publish under a name of your own.' });

const notTheirScope = (scope: string, own: string | null = null): GenrtlError =>
  new GenrtlError('FORBIDDEN', `@${scope} is not your organisation’s scope`, {
    hint:
      own === null
        ? 'Act for the organisation whose short name it is; a short name of small letters, digits and - can be a scope.'
        : `Yours is @${own}.`,
  });
