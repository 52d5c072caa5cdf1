// Where a backend keeps its objects: the folder of its home, or the bucket that the environment names.
import { join } from 'node:path';
import { GenrtlError } from '@genrtl/contracts';
import { FolderStore } from './folder.ts';
import type { S3Credentials } from './s3-signature.ts';
import type { ObjectStore } from './store.ts';

export interface S3Settings {
  readonly endpoint: string;
  readonly region: string;
  readonly bucket: string;
  /** empty, or ends with a slash */
  readonly prefix: string;
  /** the bucket in the path, as most stores but Amazon's want it */
  readonly pathStyle: boolean;
  readonly credentials: S3Credentials;
}

/** null: the home's folder. BACKEND_START_FAILED when the bucket is named and the rest is not. */
export function readS3Settings(env: NodeJS.ProcessEnv): S3Settings | null {
  const bucket = env['GENRTL_S3_BUCKET']?.trim() ?? '';
  if (bucket === '') return null;
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket)) throw wrong('GENRTL_S3_BUCKET is no name of a bucket');
  const region = given(env['GENRTL_S3_REGION'], 'us-east-1');
  const named = env['GENRTL_S3_ENDPOINT']?.trim() ?? '';
  const endpoint = given(named, `https://s3.${region}.amazonaws.com`);
  if (!/^https?:$/.test(URL.parse(endpoint)?.protocol ?? ''))
    throw wrong('GENRTL_S3_ENDPOINT is no http or https address');
  const accessKeyId = env['GENRTL_S3_ACCESS_KEY_ID']?.trim() ?? '';
  const secretAccessKey = env['GENRTL_S3_SECRET_ACCESS_KEY']?.trim() ?? '';
  if (accessKeyId === '' || secretAccessKey === '')
    throw wrong('GENRTL_S3_ACCESS_KEY_ID and GENRTL_S3_SECRET_ACCESS_KEY are not set');
  const sessionToken = env['GENRTL_S3_SESSION_TOKEN']?.trim() ?? '';
  const prefix = (env['GENRTL_S3_PREFIX'] ?? '').trim().replace(/^\/+|\/+$/g, '');
  if (!/^[A-Za-z0-9!_.*'()/-]*$/.test(prefix)) throw wrong('GENRTL_S3_PREFIX holds characters that keys should not');
  return {
    endpoint,
    region,
    bucket,
    prefix: prefix === '' ? '' : `${prefix}/`,
    pathStyle: (env['GENRTL_S3_PATH_STYLE'] ?? (named === '' ? '0' : '1')) === '1',
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken === '' ? {} : { sessionToken }) },
  };
}

/** The store of a home. `alone`: no other process writes into it, so what interrupted uploads left goes. */
export async function openObjects(folder: string, env: NodeJS.ProcessEnv, alone = false): Promise<ObjectStore> {
  const settings = readS3Settings(env);
  if (settings !== null) {
    const { S3Store } = await import('./s3.ts');
    return new S3Store(settings, join(folder, 'incoming'));
  }
  const store = new FolderStore(folder);
  if (alone) await store.removeLeftovers();
  return store;
}

const given = (text: string | undefined, otherwise: string): string => {
  const value = text?.trim() ?? '';
  return value === '' ? otherwise : value;
};

const wrong = (what: string): GenrtlError =>
  new GenrtlError('BACKEND_START_FAILED', what, { hint: 'docs/hosted.md tells what the bucket needs.' });
