// The registry of packages: search, look, resolve, report.
import { randomUUID } from 'node:crypto';
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import {
  API_ROUTES,
  CbbId,
  CbbListing,
  CbbReport,
  CbbReportResponse,
  GenrtlError,
  ResolveRequest,
  ResolveResponse,
  SearchResponse,
  Semver,
} from '@genrtl/contracts';
import { inTransaction, reading } from '../../db/index.ts';
import { insertReport } from '../../jobs/repository/reports.ts';
import { entitledVersions } from '../../ledger/index.ts';
import { bearer, errors, json, jsonBody } from '../route-parts.ts';
import type { HttpEnv, HttpServices } from '../services.ts';

const search = createRoute({
  method: 'get',
  path: API_ROUTES.cbbSearch,
  summary: 'Packages that match, best first; all without a query',
  security: bearer,
  request: { query: z.object({ q: z.string().max(400).default('') }) },
  responses: { 200: json(SearchResponse, 'The listings'), ...errors },
});
const listing = createRoute({
  method: 'get',
  path: API_ROUTES.cbbListing.replace(':cbb_id', '{cbb_id}').replace(':version', '{version}'),
  summary: 'One version',
  security: bearer,
  request: { params: z.object({ cbb_id: CbbId, version: Semver }) },
  responses: { 200: json(CbbListing, 'The listing'), ...errors },
});
const resolve = createRoute({
  method: 'post',
  path: API_ROUTES.cbbResolve,
  summary: 'Packages and prices for requirements',
  security: bearer,
  request: jsonBody(ResolveRequest),
  responses: { 200: json(ResolveResponse, 'One resolution a requirement'), ...errors },
});
const report = createRoute({
  method: 'post',
  path: API_ROUTES.cbbReport,
  summary: 'Report a fault of a package to its maintainers',
  security: bearer,
  request: jsonBody(CbbReport),
  responses: { 200: json(CbbReportResponse, 'The report was taken'), ...errors },
});

export function addRegistryRoutes(app: OpenAPIHono<HttpEnv>, { pool, jobs: { packages } }: HttpServices): void {
  app.openapi(resolve, async (context) => {
    const { workspace_id: workspaceId, requirements } = context.req.valid('json');
    const owned = await reading(pool, (tx) => entitledVersions(tx, context.get('accountId'), workspaceId));
    const resolutions = await packages.resolve(requirements);
    return context.json(
      {
        resolutions: resolutions.map((resolution) =>
          resolution.quote === null
            ? resolution
            : {
                ...resolution,
                quote: {
                  ...resolution.quote,
                  owned: owned.some(
                    (one) => one.cbb_id === resolution.quote?.cbb_id && one.version === resolution.quote.version,
                  ),
                },
              },
        ),
      },
      200,
    );
  });
  app.openapi(report, async (context) => {
    const { cbb_id: cbbId, version, message, evidence } = context.req.valid('json');
    if ((await packages.find(cbbId, version)) === null)
      throw new GenrtlError('CBB_NOT_FOUND', `No package ${cbbId} ${version}`);
    const reportId = `report_${randomUUID()}`;
    await inTransaction(pool, 'package.report', (tx) =>
      insertReport(tx, { reportId, accountId: context.get('accountId'), cbbId, version, message, evidence }),
    );
    return context.json({ report_id: reportId }, 200);
  });
  app.openapi(search, async (context) =>
    context.json({ listings: [...(await packages.search(context.req.valid('query').q))] }, 200),
  );
  app.openapi(listing, async (context) => {
    const { cbb_id: cbbId, version } = context.req.valid('param');
    const found = await packages.find(cbbId, version);
    if (found === null) throw new GenrtlError('CBB_NOT_FOUND', `No package ${cbbId} ${version}`);
    const readme = await packages.readme(cbbId, version);
    return context.json({ ...found, ...(readme === null ? {} : { readme }) }, 200);
  });
}
