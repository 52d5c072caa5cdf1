import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openS3Server, type S3Server } from '../test/s3-server.ts';
import { S3Store } from './s3.ts';
import { EMPTY_HASH, signedHeaders } from './s3-signature.ts';
import { readS3Settings } from './settings.ts';

describe('signatures', () => {
  // The examples of "Authenticating Requests: Using the Authorization Header (AWS Signature Version 4)"
  const credentials = {
    accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
    secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  };
  const at = new Date('2013-05-24T00:00:00Z');
  const signatureOf = (request: Parameters<typeof signedHeaders>[0]): string =>
    signedHeaders(request, credentials, 'us-east-1', at)['authorization']?.split('Signature=')[1] ?? '';
  const host = 'https://examplebucket.s3.amazonaws.com';

  it('are those that Amazon publishes as examples', () => {
    expect(
      signatureOf({
        method: 'GET',
        url: new URL(`${host}/test.txt`),
        headers: { range: 'bytes=0-9' },
        payloadHash: EMPTY_HASH,
      }),
    ).toBe('f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41');
    expect(
      signatureOf({
        method: 'PUT',
        url: new URL(`${host}/test$file.text`),
        headers: { date: 'Fri, 24 May 2013 00:00:00 GMT', 'x-amz-storage-class': 'REDUCED_REDUNDANCY' },
        payloadHash: createHash('sha256').update('Welcome to Amazon S3.').digest('hex'),
      }),
    ).toBe('98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd');
    expect(signatureOf({ method: 'GET', url: new URL(`${host}/?max-keys=2&prefix=J`), payloadHash: EMPTY_HASH })).toBe(
      '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
    );
  });
});

describe('a bucket whose store has faults', () => {
  let server: S3Server;
  let folder: string;
  let store: S3Store;
  beforeAll(async () => {
    server = await openS3Server();
    folder = await mkdtemp(join(tmpdir(), 'genrtl-s3-'));
    store = new S3Store(server.settings, folder);
  });
  afterAll(async () => {
    await store.close();
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('is asked again when it throttles, breaks off or restarts', async () => {
    server.faults.push(503, 0, 500);
    const { sha256 } = await store.put(Readable.from([Buffer.from('again')]), {});
    server.faults.push(0, 429);
    expect((await store.read(sha256)).toString()).toBe('again');
    expect(server.faults).toEqual([]);
  });

  it('that stays away is an error without what was signed, and never an object that is missing', async () => {
    server.faults.push(...Array<number>(5).fill(503));
    const error = await store.size('c'.repeat(64)).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'INTERNAL' });
    expect(JSON.stringify(error)).not.toContain(server.settings.credentials.secretAccessKey);
  });

  it('refuses other credentials at once', async () => {
    const asked = server.asked.length;
    const stranger = new S3Store(
      { ...server.settings, credentials: { ...server.settings.credentials, secretAccessKey: 'guessed' } },
      folder,
    );
    await expect(stranger.check()).rejects.toMatchObject({ code: 'INTERNAL' });
    await expect(stranger.read('c'.repeat(64))).rejects.toMatchObject({ code: 'INTERNAL' });
    expect(server.asked.length).toBe(asked);
    await stranger.close();
  });
});

describe('settings of a bucket', () => {
  const set = { GENRTL_S3_BUCKET: 'objects', GENRTL_S3_ACCESS_KEY_ID: 'id', GENRTL_S3_SECRET_ACCESS_KEY: 'secret' };

  it('are those of Amazon unless an endpoint is named', () => {
    expect(readS3Settings({})).toBeNull();
    expect(readS3Settings({ ...set, GENRTL_S3_REGION: 'eu-central-1' })).toMatchObject({
      endpoint: 'https://s3.eu-central-1.amazonaws.com',
      pathStyle: false,
      prefix: '',
    });
    expect(
      readS3Settings({ ...set, GENRTL_S3_ENDPOINT: 'http://minio:9000', GENRTL_S3_PREFIX: '/genrtl/' }),
    ).toMatchObject({ endpoint: 'http://minio:9000', pathStyle: true, prefix: 'genrtl/' });
  });

  it('that cannot work end the start with a sentence', () => {
    for (const env of [
      { GENRTL_S3_BUCKET: 'objects' },
      { ...set, GENRTL_S3_BUCKET: '../objects' },
      { ...set, GENRTL_S3_ENDPOINT: 'minio' },
    ])
      expect(() => readS3Settings(env)).toThrow(/GENRTL_S3/);
  });
});
