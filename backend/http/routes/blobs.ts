// Bulk data, sent once and named by its sha256: specifications, plans, sources, evidence.
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { API_ROUTES, BlobView, GenrtlError, Sha256 } from '@genrtl/contracts';
import { inTransaction } from '../../db/index.ts';
import { recordBlob, sentBlobs } from '../../jobs/repository/runs.ts';
import { BLOB_LIMIT_BYTES, limitBody } from '../admission.ts';
import { bearer, errors, json } from '../route-parts.ts';
import type { HttpEnv, HttpServices } from '../services.ts';

const path = API_ROUTES.blobs.replace(':sha256', '{sha256}');
const params = z.object({ sha256: Sha256 });

const putBlob = createRoute({
  method: 'put',
  path,
  summary: 'Store content under its sha256',
  security: bearer,
  request: {
    params,
    body: { content: { 'application/octet-stream': { schema: z.string().meta({ format: 'binary' }) } } },
  },
  responses: { 200: json(BlobView, 'Stored, now or before'), ...errors },
});
const getBlob = createRoute({
  method: 'get',
  path,
  summary: 'Read content that this account has sent',
  security: bearer,
  request: { params },
  responses: {
    200: {
      description: 'The bytes',
      content: { 'application/octet-stream': { schema: z.string().meta({ format: 'binary' }) } },
    },
    ...errors,
  },
});

export function addBlobRoutes(app: OpenAPIHono<HttpEnv>, { pool, jobs }: HttpServices): void {
  app.put(API_ROUTES.blobs, limitBody(BLOB_LIMIT_BYTES));
  app.openapi(putBlob, async (context) => {
    const { sha256 } = context.req.valid('param');
    const body = context.req.raw.body;
    const stored = await jobs.objects.put(body ?? emptyBody(), { expected: sha256, limitBytes: BLOB_LIMIT_BYTES });
    await inTransaction(pool, 'blob.record', (tx) => recordBlob(tx, context.get('accountId'), stored));
    return context.json({ sha256: stored.sha256, size_bytes: stored.sizeBytes }, 200);
  });
  app.openapi(getBlob, async (context) => {
    const { sha256 } = context.req.valid('param');
    const sent = await sentBlobs(pool, context.get('accountId'), [sha256]);
    if (!sent.has(sha256)) throw new GenrtlError('NOT_FOUND', `The blob ${sha256} was not sent`);
    const bytes = await jobs.objects.read(sha256);
    return context.body(new Uint8Array(bytes), 200, {
      'content-type': 'application/octet-stream',
      'x-content-type-options': 'nosniff',
    });
  });
}

async function* emptyBody(): AsyncGenerator<Uint8Array> {
  // An empty blob has no body stream.
}
