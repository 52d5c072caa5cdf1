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
  PassReport,
  PassResponse,
  ResolveRequest,
  ResolveResponse,
  SearchResponse,
  Semver,
} from '@genrtl/contracts';
import { inTransaction, reading } from '../../db/index.ts';
import { insertReport } from '../../jobs/repository/reports.ts';
import { recordBlob, sentBlobs } from '../../jobs/repository/runs.ts';
import { entitledVersions } from '../../ledger/index.ts';
import { countPasses } from '../../registry/repository/packages.ts';
import { maintainerOf } from '../../registry/repository/reports.ts';
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

const passes = createRoute({
  method: 'post',
  path: API_ROUTES.cbbPasses,
  summary: 'A job ended well with these versions; counted once a job, of versions that were bought',
  security: bearer,
  request: jsonBody(PassReport),
  responses: { 200: json(PassResponse, 'How many were counted anew'), ...errors },
});

export function addRegistryRoutes(
  app: OpenAPIHono<HttpEnv>,
  { pool, jobs: { packages, objects } }: HttpServices,
): void {
  app.openapi(resolve, async (context) => {
    const { workspace_id: workspaceId, requirements } = context.req.valid('json');
    const owned = await reading(pool, (tx) => entitledVersions(tx, context.get('accountId'), workspaceId));
    const resolutions = await packages.seenBy(context.get('accountId')).resolve(requirements);
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
    const accountId = context.get('accountId');
    if ((await packages.seenBy(accountId).find(cbbId, version)) === null)
      throw new GenrtlError('CBB_NOT_FOUND', `No package ${cbbId} ${version}`);
    if (evidence !== null && !(await sentBlobs(pool, accountId, [evidence])).has(evidence))
      throw new GenrtlError('NOT_FOUND', `The blob ${evidence} was not sent`);
    const maintainer = await maintainerOf(pool, cbbId, version);
    const reportId = `report_${randomUUID()}`;
    const sizeBytes = evidence === null ? null : await objects.size(evidence);
    await inTransaction(pool, 'package.report', async (tx) => {
      await insertReport(tx, { reportId, accountId, cbbId, version, message, evidence });
      // who looks after the package can read what it is about
      if (evidence !== null && sizeBytes !== null && maintainer !== null)
        await recordBlob(tx, maintainer, { sha256: evidence, sizeBytes });
    });
    return context.json({ report_id: reportId }, 200);
  });
  app.openapi(search, async (context) =>
    context.json(
      { listings: [...(await packages.seenBy(context.get('accountId')).search(context.req.valid('query').q))] },
      200,
    ),
  );
  app.openapi(listing, async (context) => {
    const { cbb_id: cbbId, version } = context.req.valid('param');
    const view = packages.seenBy(context.get('accountId'));
    const found = await view.find(cbbId, version);
    if (found === null) throw new GenrtlError('CBB_NOT_FOUND', `No package ${cbbId} ${version}`);
    const readme = await view.readme(cbbId, version);
    return context.json({ ...found, ...(readme === null ? {} : { readme }) }, 200);
  });
  app.openapi(passes, async (context) => {
    const { job_id: jobId, cbbs } = context.req.valid('json');
    return context.json({ counted: await countPasses(pool, context.get('accountId'), jobId, cbbs) }, 200);
  });
}
