// What those who publish packages need: statements, withdrawal of versions, the inbox of reports.
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import {
  API_ROUTES,
  CbbId,
  CbbReports,
  GenrtlError,
  OwnPackages,
  Semver,
  SignedStatement,
  YankRequest,
} from '@genrtl/contracts';
import { Done } from '@genrtl/contracts/http/accounts.ts';
import { bearer, errors, json, jsonBody } from '../route-parts.ts';
import type { HttpEnv, HttpServices } from '../services.ts';

const params = z.object({ cbb_id: CbbId, version: Semver });
const pathOf = (route: string): string => route.replace(/:(\w+)/g, '{$1}');

const readStatement = createRoute({
  method: 'get',
  path: pathOf(API_ROUTES.cbbStatement),
  summary: 'What the registry states of a version under its signature',
  security: bearer,
  request: { params },
  responses: { 200: json(SignedStatement, 'The exact bytes that were signed, and by which key'), ...errors },
});
const yank = createRoute({
  method: 'put',
  path: pathOf(API_ROUTES.cbbYank),
  summary: 'Withdraw a version: installed copies keep working, nothing new chooses it',
  security: bearer,
  request: { params, ...jsonBody(YankRequest) },
  responses: { 200: json(Done, 'It is withdrawn'), ...errors },
});
const unyank = createRoute({
  method: 'delete',
  path: pathOf(API_ROUTES.cbbYank),
  summary: 'Take a withdrawal back',
  security: bearer,
  request: { params },
  responses: { 200: json(Done, 'It can be chosen again'), ...errors },
});
const readOwn = createRoute({
  method: 'get',
  path: API_ROUTES.cbbOwn,
  summary: 'Versions that the account published',
  security: bearer,
  responses: { 200: json(OwnPackages, 'The newest first, withdrawn ones too'), ...errors },
});
const readReports = createRoute({
  method: 'get',
  path: API_ROUTES.cbbReports,
  summary: 'Reports about the account’s packages',
  security: bearer,
  responses: { 200: json(CbbReports, 'The newest first'), ...errors },
});
const done = { done: true } as const;

/** What an embedded backend publishes by itself is its person's to withdraw too. */
const publisherOf = (accountId: string, role: string): string =>
  role === 'local' || role === 'operator' ? 'platform' : accountId;

/** The accounts whose packages are the principal's to look after. */
const ownersFor = ({ accountId, role }: HttpEnv['Variables']['principal']): string[] => [
  ...new Set([accountId, publisherOf(accountId, role)]),
];

export function addPublisherRoutes(app: OpenAPIHono<HttpEnv>, { repository }: HttpServices): void {
  app.openapi(readOwn, async (context) => {
    const owners = ownersFor(context.get('principal'));
    return context.json(
      { listings: (await Promise.all(owners.map((owner) => repository.ownedBy(owner)))).flat() },
      200,
    );
  });
  app.openapi(readReports, async (context) => {
    const owners = ownersFor(context.get('principal'));
    const rows = (await Promise.all(owners.map((owner) => repository.reportsFor(owner)))).flat();
    return context.json(
      { reports: rows.map(({ created_at, ...report }) => ({ ...report, at: created_at.toISOString() })) },
      200,
    );
  });
  app.openapi(readStatement, async (context) => {
    const { cbb_id: cbbId, version } = context.req.valid('param');
    const statement = await repository.statement(cbbId, version);
    if (statement === null) throw new GenrtlError('CBB_NOT_FOUND', `No statement about ${cbbId} ${version}`);
    return context.json(statement, 200);
  });
  const withdraw = async (
    cbbId: string,
    version: string,
    principal: HttpEnv['Variables']['principal'],
    reason: string | null,
  ) => {
    const { accountId, role } = principal;
    await repository.yank(cbbId, version, accountId, reason).catch((error: unknown) => {
      const owner = publisherOf(accountId, role);
      if (owner === accountId || GenrtlError.of(error).code !== 'FORBIDDEN') throw error;
      return repository.yank(cbbId, version, owner, reason);
    });
  };
  app.openapi(yank, async (context) => {
    const { cbb_id: cbbId, version } = context.req.valid('param');
    await withdraw(cbbId, version, context.get('principal'), context.req.valid('json').reason);
    return context.json(done, 200);
  });
  app.openapi(unyank, async (context) => {
    const { cbb_id: cbbId, version } = context.req.valid('param');
    await withdraw(cbbId, version, context.get('principal'), null);
    return context.json(done, 200);
  });
}
