// A server that speaks the part of S3 that the backend uses, over the wire: it checks each signature and the hash of
// each body by itself, keeps objects in memory, and can refuse, break off and damage.
import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { S3Settings } from '../objects/settings.ts';

const SKEW_MS = 15 * 60_000;

export interface S3Server {
  readonly settings: S3Settings;
  readonly objects: Map<string, { bytes: Buffer; at: Date }>;
  /** method and key of each request that was signed rightly */
  readonly asked: string[];
  /** the next requests are answered with these statuses; 0 breaks the connection off */
  readonly faults: number[];
  env(): Record<string, string>;
  close(): Promise<void>;
}

export async function openS3Server(change: Partial<S3Settings> = {}): Promise<S3Server> {
  const objects: S3Server['objects'] = new Map();
  const asked: string[] = [];
  const faults: number[] = [];
  const credentials = {
    accessKeyId: 'AKIATESTTESTTEST',
    secretAccessKey: 'secret/of+the=tests',
    sessionToken: 'token',
  };
  const server = createServer((request, response) => {
    void answer(request, response).catch(() => response.destroy());
  });
  const refuse = (response: ServerResponse, status: number, code: string): void => {
    response.writeHead(status, { 'content-type': 'application/xml' }).end(`<Error><Code>${code}</Code></Error>`);
  };
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const fault = faults.shift();
    if (fault === 0) {
      response.destroy();
      return;
    }
    if (fault !== undefined) {
      refuse(response, fault, 'SlowDown');
      return;
    }
    const problem = problemOf(request, body, settings);
    if (problem !== null) {
      refuse(response, 403, problem);
      return;
    }
    const path = decodeURIComponent((request.url ?? '').split('?')[0] ?? '');
    const root = `/${settings.bucket}/`;
    if (!`${path}/`.startsWith(root)) {
      refuse(response, 404, 'NoSuchBucket');
      return;
    }
    const key = path.slice(root.length);
    const { method = '' } = request;
    asked.push(`${method} ${key}`);
    if (key === '') {
      response.writeHead(200).end();
      return;
    }
    if (method === 'PUT') {
      objects.set(key, { bytes: body, at: new Date() });
      response.writeHead(200, { etag: `"${createHash('md5').update(body).digest('hex')}"` }).end();
      return;
    }
    const there = objects.get(key);
    if (method === 'DELETE') {
      objects.delete(key);
      response.writeHead(204).end();
    } else if (there === undefined) refuse(response, 404, 'NoSuchKey');
    else {
      response.writeHead(200, { 'content-length': there.bytes.length, 'last-modified': there.at.toUTCString() });
      response.end(method === 'HEAD' ? undefined : there.bytes);
    }
  };
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const settings: S3Settings = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'eu-test-1',
    bucket: 'objects',
    prefix: 'of it/',
    pathStyle: true,
    credentials,
    ...change,
  };
  return {
    settings,
    objects,
    asked,
    faults,
    env: () => ({
      GENRTL_S3_BUCKET: settings.bucket,
      GENRTL_S3_ENDPOINT: settings.endpoint,
      GENRTL_S3_REGION: settings.region,
      GENRTL_S3_ACCESS_KEY_ID: credentials.accessKeyId,
      GENRTL_S3_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      GENRTL_S3_SESSION_TOKEN: credentials.sessionToken,
    }),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => {
          resolve();
        });
      }),
  };
}

/** The code with which S3 refuses a request; null for one that is signed rightly. */
function problemOf(request: IncomingMessage, body: Buffer, { credentials, region }: S3Settings): string | null {
  const given =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})$/.exec(
      request.headers.authorization ?? '',
    );
  if (given === null) return 'AuthorizationHeaderMalformed';
  const [, id, day = '', where, signed = '', signature] = given;
  if (id !== credentials.accessKeyId) return 'InvalidAccessKeyId';
  if (where !== region) return 'AuthorizationHeaderMalformed';
  if (request.headers['x-amz-security-token'] !== credentials.sessionToken) return 'InvalidToken';
  const names = signed.split(';');
  for (const name of Object.keys(request.headers))
    if ((name === 'host' || name.startsWith('x-amz-')) && !names.includes(name)) return 'AccessDenied';
  const time = String(request.headers['x-amz-date']);
  const at = Date.parse(time.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  if (!(Math.abs(Date.now() - at) < SKEW_MS) || !time.startsWith(day)) return 'RequestTimeTooSkewed';
  const hash = createHash('sha256').update(body).digest('hex');
  if (request.headers['x-amz-content-sha256'] !== hash) return 'XAmzContentSHA256Mismatch';
  const [path = '', query = ''] = (request.url ?? '').split('?');
  let text = `${request.method ?? ''}\n`;
  text += `${encodeURI(decodeURIComponent(path)).replace(/[!'()*;,?:@&=+$#]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)}\n`;
  text += `${query.split('&').sort().join('&')}\n`;
  for (const name of names) text += `${name}:${String(request.headers[name]).trim()}\n`;
  text += `\n${signed}\n${hash}`;
  const hmac = (key: string | Buffer, data: string): Buffer => createHmac('sha256', key).update(data).digest();
  const key = hmac(hmac(hmac(hmac(`AWS4${credentials.secretAccessKey}`, day), region), 's3'), 'aws4_request');
  const toSign = `AWS4-HMAC-SHA256\n${time}\n${day}/${region}/s3/aws4_request\n${createHash('sha256').update(text).digest('hex')}`;
  return hmac(key, toSign).toString('hex') === signature ? null : 'SignatureDoesNotMatch';
}
