// What leaves for a model: listed before it goes, without secrets, and a patch against it fits the files on the disk.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SentList, type JobRequest } from '@genrtl/contracts';
import { sha256 } from '@genrtl/disk/records.ts';
import { BackendClient } from '../cloud/backend-client.ts';
import { recordLeftOut, seenFromDisk, Sending } from './sending.ts';
import type { StepContext } from './step.ts';

const KEY = 'canary-of-the-environment';
const SOURCE = `module m; // deployed with ${KEY}\nendmodule\n`;

let server: Server;
let client: BackendClient;
let listedFirst = true;
const received = new Map<string, string>();
const workspace = mkdtempSync(path.join(tmpdir(), 'genrtl-sending-'));
const runDir = path.join(workspace, '.genRTL/runs/job_1/implement_1');
const list = (): SentList => SentList.parse(JSON.parse(readFileSync(path.join(runDir, 'sent.json'), 'utf8')));

beforeAll(async () => {
  mkdirSync(runDir, { recursive: true });
  mkdirSync(path.join(workspace, 'src'));
  writeFileSync(path.join(workspace, 'src/m.sv'), SOURCE);
  server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      const name = path.basename(request.url ?? '');
      listedFirst &&= list().files.some((file) => file.sha256 === name);
      received.set(name, body);
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  client = new BackendClient(
    { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, token: 'token-of-it' },
    [KEY],
  );
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(workspace, { recursive: true, force: true });
});

const context = {
  runDir,
  paths: { root: workspace },
  backend: () => Promise.resolve(client),
} as unknown as StepContext<never>;

const send = async (attempt: number, note: string): Promise<{ body: string; source: string }> => {
  const sending = new Sending(client, context, attempt);
  const source = sending.addSource({ path: 'src/m.sv', text: SOURCE, sha256: sha256(SOURCE) });
  const spec = sending.add('spec', 'spec.md', `# Timer\ntoken-of-it\n`);
  const request = {
    kind: 'implement',
    model: 'some-model',
    spec,
    files: [{ path: 'src/m.sv', sha256: source }],
    notes: [note],
  };
  return { body: await sending.send(request as unknown as JobRequest), source };
};

it('is listed on the disk before it goes: path, kind, bytes, hash, and how much was taken out', async () => {
  const { body, source } = await send(1, `use ${KEY}`);
  expect(listedFirst).toBe(true);
  expect(received.size).toBe(2);
  for (const [name, text] of received) expect(sha256(text)).toBe(name);
  expect([...received.values(), body, readFileSync(path.join(runDir, 'sent.json'), 'utf8')].join()).not.toMatch(
    /canary|token-of-it/,
  );
  expect(list()).toEqual({
    schema_version: 1,
    left_out: [],
    backend: client.http.endpoint.url,
    model: 'some-model',
    files: [
      {
        attempt: 1,
        kind: 'source',
        path: 'src/m.sv',
        bytes: received.get(source)?.length,
        sha256: source,
        redacted: 1,
        source_sha256: sha256(SOURCE),
      },
      expect.objectContaining({ kind: 'spec', path: 'spec.md', redacted: 1 }),
      expect.objectContaining({ kind: 'request', bytes: body.length, sha256: sha256(body), redacted: 1 }),
    ],
  });
});

it('of a later attempt stands beside that of earlier ones; the same sent again is not listed twice', async () => {
  await send(2, 'another note');
  await send(2, 'another note');
  expect(list().files.map(({ attempt, kind }) => `${attempt} ${kind}`)).toEqual([
    '1 source',
    '1 spec',
    '1 request',
    '2 source',
    '2 spec',
    '2 request',
  ]);
});

it('comes back as a patch that fits the file on the disk, its secret in place; an edited file is left alone', async () => {
  const { source } = await send(3, 'a note');
  const [first = ''] = (received.get(source) ?? '').split('\n');
  const patch = `--- a/src/m.sv\n+++ b/src/m.sv\n@@ -1,2 +1,3 @@\n ${first}\n+  wire w;\n endmodule\n`;
  const files = [{ path: 'src/m.sv', sha256: source }];
  const seen = await seenFromDisk(context, files, patch);
  expect(seen.hashes).toEqual({ 'src/m.sv': sha256(SOURCE) });
  expect(seen.patch).toContain(` module m; // deployed with ${KEY}\n+  wire w;\n`);
  writeFileSync(path.join(workspace, 'src/m.sv'), 'module m; endmodule // mine\n');
  expect(await seenFromDisk(context, files, patch)).toEqual({ hashes: { 'src/m.sv': sha256(SOURCE) }, patch });
});

it('what a request does not hold is listed by its attempt: too large here, no room there', async () => {
  const sending = new Sending(client, context, 3);
  sending.leaveOut('src/netlist.v');
  await sending.send({ kind: 'implement', model: null, files: [] } as unknown as JobRequest);
  const left = (path: string, shown: 'heads' | 'nothing') => ({ attempt: 3, path, shown, why: 'window' }) as const;
  await recordLeftOut(context, [left('src/m.sv', 'heads'), left('src/n.sv', 'nothing')]);
  // the same events again, after a broken connection
  await recordLeftOut(context, [left('src/m.sv', 'heads'), left('src/m.sv', 'heads')]);
  expect(list().left_out).toEqual([
    { attempt: 3, path: 'src/netlist.v', shown: 'nothing', why: 'size' },
    left('src/n.sv', 'nothing'),
    left('src/m.sv', 'heads'),
  ]);
});
