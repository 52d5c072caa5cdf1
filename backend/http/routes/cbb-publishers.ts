// What those who publish packages need: statements, withdrawal of versions, who sees and owns a package, the inbox of
// reports.
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import {
  API_ROUTES,
  CbbId,
  CbbPackage,
  CbbPackageChange,
  CbbReports,
  GenrtlError,
  OwnPackages,
  ReportState,
  Semver,
  SignedStatement,
  YankRequest,
} from '@genrtl/contracts';
import { Done } from '@genrtl/contracts/http/accounts.ts';
import { publisherOf } from '../../accounts/principal.ts';
import { readPackage, setOwner, setVisibility } from '../../registry/repository/packages.ts';
import { reportsFor, setReportState } from '../../registry/repository/reports.ts';
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
const changeReport = createRoute({
  method: 'put',
  path: pathOf(API_ROUTES.cbbReportState),
  summary: 'Close a report about the account’s package, or open it again',
  security: bearer,
  request: { params: z.object({ report_id: z.string().max(100) }), ...jsonBody(ReportState) },
  responses: { 200: json(Done, 'It stands in the inbox as asked'), ...errors },
});
const packageParams = z.object({ cbb_id: CbbId });
const ownerParams = packageParams.extend({ user_id: z.string().max(100) });
const packageAnswer = { 200: json(CbbPackage, 'The package as it is now'), ...errors };
const readPackageRoute = createRoute({
  method: 'get',
  path: pathOf(API_ROUTES.cbbPackage),
  summary: 'Who sees a package, and how often its versions were delivered and passed',
  security: bearer,
  request: { params: packageParams },
  responses: packageAnswer,
});
const changePackage = createRoute({
  method: 'put',
  path: pathOf(API_ROUTES.cbbPackage),
  summary: 'Make a package private or public',
  security: bearer,
  request: { params: packageParams, ...jsonBody(CbbPackageChange) },
  responses: packageAnswer,
});
const addOwner = createRoute({
  method: 'put',
  path: pathOf(API_ROUTES.cbbOwner),
  summary: 'Let a member of the organisation publish versions of a package',
  security: bearer,
  request: { params: ownerParams },
  responses: packageAnswer,
});
const removeOwner = createRoute({
  method: 'delete',
  path: pathOf(API_ROUTES.cbbOwner),
  summary: 'Let a member no longer publish versions of a package',
  security: bearer,
  request: { params: ownerParams },
  responses: packageAnswer,
});
const done = { done: true } as const;

/** The accounts whose packages are the principal's to look after: those who run the backend have the built-in ones. */
const ownersFor = ({ accountId, role }: HttpEnv['Variables']['principal']): string[] =>
  role === 'local' || role === 'operator' ? [accountId, 'platform'] : [accountId];

export function addPublisherRoutes(app: OpenAPIHono<HttpEnv>, { pool, repository, jobs }: HttpServices): void {
  app.openapi(readOwn, async (context) => {
    const owners = ownersFor(context.get('principal'));
    return context.json(
      { listings: (await Promise.all(owners.map((owner) => repository.ownedBy(owner)))).flat() },
      200,
    );
  });
  app.openapi(readReports, async (context) => {
    const rows = await reportsFor(pool, ownersFor(context.get('principal')));
    return context.json(
      {
        reports: rows.map(({ created_at, closed_at, ...report }) => ({
          ...report,
          at: created_at.toISOString(),
          closed_at: closed_at?.toISOString() ?? null,
        })),
      },
      200,
    );
  });
  app.openapi(changeReport, async (context) => {
    const closed = context.req.valid('json').state === 'closed';
    await setReportState(pool, context.req.valid('param').report_id, ownersFor(context.get('principal')), closed);
    return context.json(done, 200);
  });
  app.openapi(readStatement, async (context) => {
    const { cbb_id: cbbId, version } = context.req.valid('param');
    const seen = await jobs.packages.seenBy(context.get('accountId')).find(cbbId, version);
    const statement = seen === null ? null : await repository.statement(cbbId, version);
    if (statement === null) throw new GenrtlError('CBB_NOT_FOUND', `No statement about ${cbbId} ${version}`);
    return context.json(statement, 200);
  });
  app.openapi(yank, async (context) => {
    const { cbb_id: cbbId, version } = context.req.valid('param');
    const { reason } = context.req.valid('json');
    await repository.yank(cbbId, version, publisherOf(context.get('principal')), reason);
    return context.json(done, 200);
  });
  app.openapi(unyank, async (context) => {
    const { cbb_id: cbbId, version } = context.req.valid('param');
    await repository.yank(cbbId, version, publisherOf(context.get('principal')), null);
    return context.json(done, 200);
  });
  app.openapi(readPackageRoute, async (context) =>
    context.json(await readPackage(pool, context.req.valid('param').cbb_id, context.get('accountId')), 200),
  );
  app.openapi(changePackage, async (context) => {
    const { cbb_id: cbbId } = context.req.valid('param');
    await setVisibility(pool, cbbId, context.get('accountId'), context.req.valid('json').visibility);
    return context.json(await readPackage(pool, cbbId, context.get('accountId')), 200);
  });
  for (const [route, owns] of [
    [addOwner, true],
    [removeOwner, false],
  ] as const)
    app.openapi(route, async (context) => {
      const { cbb_id: cbbId, user_id: userId } = context.req.valid('param');
      await setOwner(pool, cbbId, context.get('accountId'), userId, owns);
      return context.json(await readPackage(pool, cbbId, context.get('accountId')), 200);
    });
}
