// 1,000 malformed messages from a page that turned hostile: each is refused with a code, and the honest window beside
// it works on.
import { expect, test } from './support/app-fixture.ts';

interface Outcome {
  readonly sent: number;
  readonly refused: number;
  readonly accepted: string[];
  readonly internal: string[];
  readonly open: boolean;
}

test('1,000 malformed messages over the WebSocket: each refused, none crashes the host or the page', async ({
  appPage: page,
  context,
}) => {
  const hostile = await context.newPage();
  await hostile.goto(page.url());
  const outcome = await hostile.evaluate(async (): Promise<Outcome> => {
    let seed = 20_260_101;
    // Mulberry32: the same messages on every run
    const random = (): number => {
      seed = (seed + 0x6d2b79f5) | 0;
      let value = Math.imul(seed ^ (seed >>> 15), 1 | seed);
      value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
      return ((value ^ (value >>> 14)) >>> 0) / 4_294_967_296;
    };
    const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
    const calls = [
      'workspace.read',
      'workspace.write',
      'workspace.list',
      'workspace.open',
      'spec.import',
      'job.start',
      'job.resume',
      'job.log',
      'job.run',
      'waves.open',
      'waves.window',
      'terminal.write',
      'terminal.resize',
      'terminal.attach',
      'review.apply',
      'tools.run',
      'layout.write',
      'settings.write',
      'app.sample',
      'usage.read',
    ];
    const broken: readonly unknown[] = [
      null,
      7,
      -1,
      1e308,
      true,
      [],
      {},
      '',
      '\u0000',
      '../../etc/passwd',
      '/etc/shadow',
      'a'.repeat(20_000),
      { toString: 1 },
      [[[[]]]],
      '__proto__',
      '\ud800',
    ];
    const fields = [
      'workspace',
      'path',
      'text',
      'expect_sha256',
      'settings',
      'name',
      'bytes_base64',
      'step_id',
      'stream',
      'offset',
      'signals',
      'from',
      'to',
      'pixels',
      'terminal_id',
      'data',
      'columns',
      'rows',
      'rejected',
      'tool',
      'action',
      'layout',
      'language',
      'max_usd',
      '__proto__',
      'constructor',
    ];
    const payload = (): unknown =>
      random() < 0.2
        ? pick(broken)
        : Object.fromEntries(Array.from({ length: Math.floor(random() * 6) }, () => [pick(fields), pick(broken)]));
    const message = (id: number): string | ArrayBuffer => {
      const kind = random();
      if (kind < 0.1)
        return pick([
          '',
          '{',
          'null',
          '[]',
          '{"id":1}',
          '{"id":-1,"call":"app.recent","request":{}}',
          '\u0000'.repeat(99),
          '{"id":1e99,"call":"app.recent"}',
          '"x"',
          '{"id":{},"call":[]}',
        ]);
      if (kind < 0.2) return new Uint8Array([id & 255, 255, 0, 1]).buffer;
      if (kind < 0.4)
        return JSON.stringify({
          id,
          call: pick([
            '',
            'app',
            'app.nothing',
            '__proto__',
            'constructor.name',
            'x'.repeat(500),
            'WORKSPACE.READ',
            'toString',
          ]),
          request: payload(),
        });
      return JSON.stringify({ id, call: pick(calls), request: payload() });
    };
    const total = 1000;
    const accepted: string[] = [];
    const internal: string[] = [];
    let refused = 0;
    let sent = 0;
    const socket = new WebSocket(`ws://${location.host}/ipc`);
    await new Promise((resolve) => socket.addEventListener('open', resolve, { once: true }));
    const sentText = new Map<number, string>();
    await new Promise<void>((resolve) => {
      // a window of 32 under way: above 64 the host would refuse for the number, not for the content
      const send = (): void => {
        while (sent < total && sent - refused - accepted.length < 32) {
          sent += 1;
          const next = message(sent);
          sentText.set(sent, typeof next === 'string' ? next.slice(0, 200) : 'bytes');
          socket.send(next);
        }
      };
      socket.addEventListener('message', ({ data }) => {
        const { id, answer } = JSON.parse(String(data)) as {
          id?: number | null;
          answer?: { ok: boolean; error?: { code: string } };
        };
        if (answer === undefined) return;
        if (answer.ok) accepted.push(sentText.get(id ?? 0) ?? '');
        else {
          refused += 1;
          if (answer.error?.code === 'INTERNAL') internal.push(sentText.get(id ?? 0) ?? '');
        }
        if (refused + accepted.length === total) resolve();
        else send();
      });
      socket.addEventListener('close', () => resolve());
      send();
    });
    return { sent, refused, accepted, internal, open: socket.readyState === WebSocket.OPEN };
  });
  expect(outcome.sent).toBe(1000);
  expect(outcome.open).toBe(true);
  expect(outcome.internal).toEqual([]);
  // what came through must have been a valid request by chance: an empty change of settings, or usage without a filter
  for (const text of outcome.accepted) expect(text).toMatch(/"call":"(settings\.write|usage\.read)"/);
  expect(outcome.refused).toBeGreaterThan(950);
  await hostile.close();

  await page.getByRole('button', { name: /UART bridge/ }).click();
  await expect(page.locator('[data-panel=agent]')).toBeVisible();
});
