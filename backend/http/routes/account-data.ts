// All data of an account for those it belongs to, and its deletion.
import { Readable } from 'node:stream';
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { API_ROUTES, GenrtlError } from '@genrtl/contracts';
import { DeletionRequest, DeletionView } from '@genrtl/contracts/http/accounts.ts';
import type { Deletions } from '../../privacy/deletion.ts';
import { exportOf } from '../../privacy/export.ts';
import { bearer, errors, json, jsonBody } from '../route-parts.ts';
import type { HttpEnv, HttpServices } from '../services.ts';

const exportData = createRoute({
  method: 'get',
  path: API_ROUTES.accountExport,
  summary: 'Everything that is kept of the account: a line of JSON for each row and each part of an object',
  security: bearer,
  responses: {
    200: {
      description: 'The lines; the last one holds `end`',
      content: { 'application/x-ndjson': { schema: z.string() } },
    },
    ...errors,
  },
});
const readDeletion = createRoute({
  method: 'get',
  path: API_ROUTES.accountDeletion,
  summary: 'Whether the account is to be deleted, and when',
  security: bearer,
  responses: { 200: json(DeletionView, 'The deletion that was asked for'), ...errors },
});
const askDeletion = createRoute({
  method: 'post',
  path: API_ROUTES.accountDeletion,
  summary: 'Have the account deleted after some days; billing ends at once',
  security: bearer,
  request: jsonBody(DeletionRequest),
  responses: { 200: json(DeletionView, 'When it will be done'), ...errors },
});
const callOff = createRoute({
  method: 'delete',
  path: API_ROUTES.accountDeletion,
  summary: 'Call the deletion off',
  security: bearer,
  responses: { 200: json(DeletionView, 'Nothing will be deleted'), ...errors },
});

export function addAccountDataRoutes(app: OpenAPIHono<HttpEnv>, { pool, jobs, deletions }: HttpServices): void {
  const hosted = (): Deletions => {
    if (deletions === null) throw new GenrtlError('NOT_FOUND', 'This backend has no accounts');
    return deletions;
  };
  app.openapi(exportData, (context) => {
    hosted();
    const lines = exportOf({ pool, objects: jobs.objects }, context.get('accountId'));
    const text = Readable.from(
      (async function* () {
        for await (const line of lines) yield `${JSON.stringify(line)}\n`;
      })(),
    );
    return context.body(Readable.toWeb(text) as ReadableStream, 200, {
      'content-type': 'application/x-ndjson',
      'content-disposition': 'attachment; filename="genrtl-data.jsonl"',
    }) as never;
  });
  app.openapi(readDeletion, async (context) => context.json(await hosted().view(context.get('accountId')), 200));
  app.openapi(askDeletion, async (context) => {
    const { person } = context.get('principal');
    const { confirm } = context.req.valid('json');
    return context.json(await hosted().ask(context.get('accountId'), person?.id ?? '', confirm), 200);
  });
  app.openapi(callOff, async (context) => context.json(await hosted().callOff(context.get('accountId')), 200));
}
