// The account in use: who it is, its keys, and where it is signed in.
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { AccountView, Done, KeyList, KeyRequest, MadeKey, SignInList } from '@genrtl/contracts/http/accounts.ts';
import { API_ROUTES } from '@genrtl/contracts';
import { listKeys, makeKey, revokeKey } from '../../accounts/keys.ts';
import { accountView, personOf } from '../../accounts/principal.ts';
import { endAllSignIns, endSignIn, listSignIns } from '../../accounts/sign-ins.ts';
import { bearer, errors, json, jsonBody } from '../route-parts.ts';
import type { HttpEnv, HttpServices } from '../services.ts';

const readAccount = createRoute({
  method: 'get',
  path: API_ROUTES.account,
  summary: 'Whose credential this is and what it may do',
  security: bearer,
  responses: { 200: json(AccountView, 'The account'), ...errors },
});
const readKeys = createRoute({
  method: 'get',
  path: API_ROUTES.accountKeys,
  summary: 'Keys of the account',
  security: bearer,
  responses: { 200: json(KeyList, 'Without the keys themselves'), ...errors },
});
const postKey = createRoute({
  method: 'post',
  path: API_ROUTES.accountKeys,
  summary: 'Make a key; it is shown this once',
  security: bearer,
  request: jsonBody(KeyRequest),
  responses: { 200: json(MadeKey, 'The key'), ...errors },
});
const deleteKey = createRoute({
  method: 'delete',
  path: API_ROUTES.accountKey.replace(':key_id', '{key_id}'),
  summary: 'Revoke a key',
  security: bearer,
  request: { params: z.object({ key_id: z.string().max(100) }) },
  responses: { 200: json(Done, 'It no longer works'), ...errors },
});
const readSignIns = createRoute({
  method: 'get',
  path: API_ROUTES.signIns,
  summary: 'Browsers and devices where the person is signed in',
  security: bearer,
  responses: { 200: json(SignInList, 'The last used first'), ...errors },
});
const deleteSignIns = createRoute({
  method: 'delete',
  path: API_ROUTES.signIns,
  summary: 'Sign out everywhere, here too',
  security: bearer,
  responses: { 200: json(Done, 'No session and no device works any more'), ...errors },
});
const deleteSignIn = createRoute({
  method: 'delete',
  path: API_ROUTES.signIn.replace(':sign_in_id', '{sign_in_id}'),
  summary: 'Sign out one browser or device',
  security: bearer,
  request: { params: z.object({ sign_in_id: z.string().max(100) }) },
  responses: { 200: json(Done, 'It no longer works'), ...errors },
});
const done = { done: true } as const;

export function addAccountRoutes(app: OpenAPIHono<HttpEnv>, { pool, accounts }: HttpServices): void {
  app.openapi(readAccount, async (context) => {
    const principal = context.get('principal');
    return context.json(await (accounts?.viewOf(principal) ?? accountView(principal, [])), 200);
  });
  app.openapi(readKeys, async (context) => context.json({ keys: await listKeys(pool, context.get('accountId')) }, 200));
  app.openapi(postKey, async (context) =>
    context.json(await makeKey(pool, context.get('principal'), context.req.valid('json')), 200),
  );
  app.openapi(deleteKey, async (context) => {
    await revokeKey(pool, context.get('accountId'), context.req.valid('param').key_id);
    return context.json(done, 200);
  });
  app.openapi(readSignIns, async (context) =>
    context.json({ sign_ins: await listSignIns(pool, context.get('principal')) }, 200),
  );
  app.openapi(deleteSignIns, async (context) => {
    await endAllSignIns(pool, personOf(context.get('principal')).id);
    return context.json(done, 200);
  });
  app.openapi(deleteSignIn, async (context) => {
    await endSignIn(pool, personOf(context.get('principal')).id, context.req.valid('param').sign_in_id);
    return context.json(done, 200);
  });
}
