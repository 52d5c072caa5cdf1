// The fake model servers as a process: `node test/fakes/models/serve.ts --script FILE [--port N] [--record FILE]`.
// Prints one JSON line with its addresses when ready; `--record` appends each request as a JSON line. Ends on SIGTERM.
import { appendFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import type { FakeScript } from './script.ts';
import { startFakeModels } from './server.ts';

const { values } = parseArgs({
  options: { script: { type: 'string' }, port: { type: 'string', default: '0' }, record: { type: 'string' } },
});
if (values.script === undefined) {
  process.stderr.write('usage: serve.ts --script FILE [--port N] [--record FILE]\n');
  process.exit(2);
}
const module = (await import(pathToFileURL(resolve(values.script)).href)) as { default: FakeScript };
const { record } = values;
const server = await startFakeModels({
  script: module.default,
  port: Number(values.port),
  ...(record === undefined
    ? {}
    : {
        onRequest: (request) => {
          appendFileSync(record, `${JSON.stringify(request)}\n`);
        },
      }),
});
process.stdout.write(
  `${JSON.stringify({ url: server.url, openai_url: server.openaiUrl, port: server.port, pid: process.pid })}\n`,
);
for (const signal of ['SIGTERM', 'SIGINT'] as const)
  process.once(signal, () => {
    void server.close().then(() => process.exit(0));
  });
