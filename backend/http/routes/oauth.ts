// Sign-in of programs: the endpoints of RFC 8628, RFC 6749 (authorization code with PKCE, refresh) and RFC 7009.
import { createRoute, type OpenAPIHono, type z } from '@hono/zod-openapi';
import { API_ROUTES, GenrtlError } from '@genrtl/contracts';
import {
  AuthorizeRequest,
  AuthorizeResponse,
  DeviceCode,
  DeviceCodeRequest,
  DeviceDecision,
  DeviceView,
  Done,
  OauthError,
  RevokeTokenRequest,
  SignInProviders,
  TokenRequest,
  TokenResponse,
  UserCode,
} from '@genrtl/contracts/http/accounts.ts';
import { z as zod } from 'zod';
import type { Accounts } from '../../accounts/accounts.ts';
import { personOf } from '../../accounts/principal.ts';
import {
  authorize,
  beginDevice,
  decideDevice,
  deviceOf,
  issueTokens,
  OauthRefusal,
  requireClient,
  revokeByToken,
} from '../../accounts/sign-ins.ts';
import { addressOf } from '../admission.ts';
import { bearer, errors, json, jsonBody } from '../route-parts.ts';
import type { HttpEnv, HttpServices } from '../services.ts';

const form = <T extends z.ZodType>(schema: T) => ({
  body: { content: { 'application/x-www-form-urlencoded': { schema } }, required: true },
});
const refused = { 400: json(OauthError, 'RFC 6749 section 5.2, RFC 8628 section 3.5'), ...errors };

const readProviders = createRoute({
  method: 'get',
  path: API_ROUTES.signInProviders,
  summary: 'Other places where a person may prove who he or she is',
  responses: { 200: json(SignInProviders, 'For the sign-in page; none where there are no accounts'), ...errors },
});
const askDevice = createRoute({
  method: 'post',
  path: API_ROUTES.deviceCode,
  summary: 'A code for a device, and the one that a person types elsewhere',
  request: form(DeviceCodeRequest),
  responses: { 200: json(DeviceCode, 'Both codes'), ...refused },
});
const readDevice = createRoute({
  method: 'get',
  path: API_ROUTES.deviceDecision,
  summary: 'Which device shows a code, and where it asks from',
  security: bearer,
  request: { query: zod.object({ user_code: UserCode }) },
  responses: { 200: json(DeviceView, 'The device'), ...errors },
});
const postDecision = createRoute({
  method: 'post',
  path: API_ROUTES.deviceDecision,
  summary: 'Approve or refuse a device',
  security: bearer,
  request: jsonBody(DeviceDecision),
  responses: { 200: json(Done, 'Decided'), ...errors },
});
const postAuthorize = createRoute({
  method: 'post',
  path: API_ROUTES.authorize,
  summary: 'Let a program on the person’s own machine sign in',
  security: bearer,
  request: jsonBody(AuthorizeRequest),
  responses: { 200: json(AuthorizeResponse, 'Where the browser goes to'), ...errors },
});
const postToken = createRoute({
  method: 'post',
  path: API_ROUTES.token,
  summary: 'Tokens for a device code, an authorization code or a refresh token',
  request: form(TokenRequest),
  responses: { 200: json(TokenResponse, 'An access token and the next refresh token'), ...refused },
});
const postRevoke = createRoute({
  method: 'post',
  path: API_ROUTES.revokeToken,
  summary: 'End the sign-in that a token belongs to',
  request: form(RevokeTokenRequest),
  responses: { 200: json(Done, 'Also for an unknown token'), ...refused },
});

const refusal = (error: unknown): OauthError => {
  if (!(error instanceof OauthRefusal)) throw error;
  return { error: error.code, error_description: error.message };
};
const invalid = (error: zod.ZodError): OauthError => ({
  error: 'invalid_request',
  error_description: `${error.issues[0]?.path.join('.') ?? ''}: ${error.issues[0]?.message ?? 'not valid'}`,
});

export function addOauthRoutes(app: OpenAPIHono<HttpEnv>, services: HttpServices): void {
  const { pool } = services;
  app.openapi(
    askDevice,
    async (context) => {
      const { client_id: clientId, device } = context.req.valid('form');
      const { publicUrl } = hosted(services).settings;
      try {
        requireClient(clientId);
        const code = await beginDevice(pool, device, addressOf(services, context), `${publicUrl}/device`);
        return context.json(code, 200, NO_STORE);
      } catch (error) {
        return context.json(refusal(error), 400);
      }
    },
    (result, context) => (result.success ? undefined : context.json(invalid(result.error), 400)),
  );
  app.openapi(readProviders, (context) =>
    context.json(
      { accounts: services.accounts !== null, providers: [...(services.accounts?.identity.providers ?? [])] },
      200,
    ),
  );
  app.openapi(readDevice, async (context) =>
    context.json(
      await deviceOf(pool, personOf(context.get('principal')).id, context.req.valid('query').user_code),
      200,
    ),
  );
  app.openapi(postDecision, async (context) => {
    const { user_code: userCode, approve } = context.req.valid('json');
    await decideDevice(pool, personOf(context.get('principal')).id, userCode, approve);
    return context.json({ done: true as const }, 200);
  });
  app.openapi(postAuthorize, async (context) =>
    context.json(
      { redirect_to: await authorize(pool, personOf(context.get('principal')).id, context.req.valid('json')) },
      200,
      NO_STORE,
    ),
  );
  app.openapi(
    postToken,
    async (context) => {
      hosted(services);
      try {
        const tokens = await issueTokens(pool, context.req.valid('form'), addressOf(services, context));
        return context.json(tokens, 200, NO_STORE);
      } catch (error) {
        return context.json(refusal(error), 400, NO_STORE);
      }
    },
    (result, context) => (result.success ? undefined : context.json(invalid(result.error), 400)),
  );
  app.openapi(
    postRevoke,
    async (context) => {
      hosted(services);
      await revokeByToken(pool, context.req.valid('form').token);
      return context.json({ done: true as const }, 200);
    },
    (result, context) => (result.success ? undefined : context.json(invalid(result.error), 400)),
  );
}

const NO_STORE = { 'cache-control': 'no-store' };

function hosted({ accounts }: HttpServices): Accounts {
  if (accounts === null) throw new GenrtlError('NOT_FOUND', 'This backend has one local account and needs no sign-in');
  return accounts;
}
