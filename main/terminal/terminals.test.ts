// Real shells on real pseudo-terminals: input, output, flow control, and no secret in their environment.
import { tmpdir } from 'node:os';
import { afterEach, expect, test } from 'vitest';
import { Terminals, shellEnvironment } from './terminals.ts';

const opened: Terminals[] = [];
afterEach(() => {
  for (const terminals of opened.splice(0)) terminals.closeAll();
});

function start(): { terminals: Terminals; text: () => string; ended: Promise<number> } {
  let text = '';
  let end: (code: number) => void = () => undefined;
  const ended = new Promise<number>((resolve) => {
    end = resolve;
  });
  const terminals = new Terminals(
    { ...process.env, SHELL: '/bin/sh', OPENAI_API_KEY: 'sk-very-secret' },
    {
      data: (_id, data) => {
        text += data;
      },
      exit: (_id, code) => end(code),
    },
  );
  opened.push(terminals);
  return { terminals, text: () => text, ended };
}

const until = async (ready: () => boolean): Promise<void> => {
  const deadline = Date.now() + 5000;
  while (!ready()) {
    if (Date.now() > deadline) throw new Error('waited too long');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};

test('what is typed runs, and the exit code comes back', async () => {
  const { terminals, text, ended } = start();
  const { id } = terminals.open(tmpdir(), 80, 24);
  terminals.write(id, 'echo $((40+2)) "[$OPENAI_API_KEY]"; exit 7\r');
  expect(await ended).toBe(7);
  expect(text()).toContain('42 []');
  expect(() => terminals.write(id, 'x')).toThrowError(/ended/);
});

test('a console keeps its name for who comes back to it', async () => {
  const { terminals, ended } = start();
  const { id } = terminals.open(tmpdir(), 80, 24, 'Yosys');
  expect(terminals.list(tmpdir())).toEqual([{ terminal_id: id, title: 'Yosys' }]);
  terminals.write(id, 'exit\r');
  await ended;
});

test('a flood stops when the page does not draw, and goes on when it does', async () => {
  const { terminals, text } = start();
  const { id } = terminals.open(tmpdir(), 80, 24);
  terminals.write(id, 'yes 0123456789\r');
  await until(() => text().length > 96 * 1024);
  await new Promise((resolve) => setTimeout(resolve, 150));
  const stopped = text().length;
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect(text().length).toBe(stopped);
  expect(stopped).toBeLessThan(192 * 1024);
  terminals.ack(id, stopped);
  await until(() => text().length > stopped + 90_000);
});

test('a page that was reloaded sees the end of what was printed, and the program goes on', async () => {
  const { terminals, text } = start();
  const { id } = terminals.open(tmpdir(), 80, 24);
  terminals.write(id, 'yes 0123456789 | head -c 3000000; echo FIN""ISHED\r');
  await until(() => {
    terminals.ack(id, 1_000_000);
    return text().length > 512 * 1024;
  });
  expect(terminals.attach(id).length).toBeLessThanOrEqual(256 * 1024);
  const deadline = Date.now() + 5000;
  while (!text().includes('FINISHED\r\n') && Date.now() < deadline) {
    terminals.ack(id, 1_000_000);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  expect(terminals.attach(id)).toContain('FINISHED');
  expect(terminals.list(tmpdir())).toHaveLength(1);
});

test('keys and database passwords do not reach the shell', () => {
  expect(
    shellEnvironment({
      OPENAI_API_KEY: 'a',
      MY_TOKEN: 'b',
      DATABASE_URL: 'c',
      PATH: '/bin',
      ELECTRON_RUN_AS_NODE: '1',
    }),
  ).toEqual({ PATH: '/bin', TERM: 'xterm-256color', COLORTERM: 'truecolor' });
});
