// Model servers that mean harm, below the level of HTTP libraries: each attack writes to the socket as fast as it is
// read.
import net from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';

/** Writes an attack after the request's head has arrived; resolves when it is over or the victim has gone. */
export type Attack = (write: (bytes: string | Buffer) => Promise<void>) => Promise<void>;

export interface HostileServer {
  readonly url: string;
  /** heads of the requests, as sent */
  readonly heads: readonly string[];
  /** bytes that the victim took */
  sentBytes(): number;
  close(): Promise<void>;
}

export async function startHostile(attack: Attack): Promise<HostileServer> {
  const heads: string[] = [];
  const sockets = new Set<Socket>();
  let sent = 0;
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    let head = '';
    socket.on('data', (bytes) => {
      if (head.includes('\r\n\r\n')) return;
      head += bytes.toString('latin1');
      if (!head.includes('\r\n\r\n')) return;
      heads.push(head.slice(0, head.indexOf('\r\n\r\n')));
      const write = (bytes: string | Buffer): Promise<void> =>
        new Promise((resolve, reject) => {
          if (socket.destroyed) {
            reject(new Error('gone'));
            return;
          }
          sent += bytes.length;
          socket.once('close', () => {
            reject(new Error('gone'));
          });
          socket.write(bytes, (error) => {
            if (error) reject(error);
            else resolve();
          });
          socket.setMaxListeners(0);
        });
      attack(write).then(
        () => {
          socket.end();
        },
        () => {
          socket.destroy();
        },
      );
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    heads,
    sentBytes: () => sent,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        for (const socket of sockets) socket.destroy();
      }),
  };
}

const STREAM_HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n';
const MEGABYTE = 1024 * 1024;

function chunk(body: string | Buffer): Buffer {
  const bytes = Buffer.from(body);
  return Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')]);
}

async function forever(step: (round: number) => Promise<void>): Promise<never> {
  for (let round = 0; ; round += 1) await step(round);
}

function token(text: string): string {
  return `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: text }, finish_reason: null }] })}\n\n`;
}

export const ATTACKS = {
  'endless headers': async (write) => {
    await write('HTTP/1.1 200 OK\r\n');
    await forever((round) => write(`x-${String(round)}: ${'a'.repeat(1000)}\r\n`));
  },
  'one header without end': async (write) => {
    await write('HTTP/1.1 200 OK\r\nx-long: ');
    await forever(() => write('a'.repeat(65_536)));
  },
  'interim responses without end': async (write) => {
    await forever(() => write('HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n'.repeat(200)));
  },
  'a header that drips': async (write) => {
    await write('HTTP/1.1 200 OK\r\n');
    await forever(async () => {
      await write('x: y\r\n');
      await delay(40);
    });
  },
  'comments that drip': async (write) => {
    await write(STREAM_HEAD);
    await forever(async () => {
      await write(chunk(': still here\n\n'));
      await delay(40);
    });
  },
  'not HTTP': async (write) => {
    await write('SSH-2.0-OpenSSH_9.2p1 Debian\r\n');
    await write('garbage'.repeat(1000));
  },
  'gzip bomb': async (write) => {
    const bomb = gzipSync(Buffer.alloc(8 * MEGABYTE, 'data: {"choices":[]}\n\n'));
    await write(
      `HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-encoding: gzip\r\ncontent-length: ${String(bomb.length)}\r\n\r\n`,
    );
    await write(bomb);
  },
  'gzip bomb as error': async (write) => {
    const bomb = gzipSync(Buffer.alloc(8 * MEGABYTE, '{"error":'));
    await write(
      `HTTP/1.1 500 Oops\r\ncontent-type: application/json\r\ncontent-encoding: gzip\r\ncontent-length: ${String(bomb.length)}\r\n\r\n`,
    );
    await write(bomb);
  },
  'a line of 100 MB': async (write) => {
    await write(STREAM_HEAD);
    await write(chunk('data: '));
    for (let sent = 0; sent < 100; sent += 1) await write(chunk('x'.repeat(MEGABYTE)));
  },
  'an event of many lines without end': async (write) => {
    await write(STREAM_HEAD);
    await forever(() => write(chunk(`data: ${'y'.repeat(60)}\n`.repeat(1000))));
  },
  'an error body without end': async (write) => {
    await write('HTTP/1.1 500 Oops\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n');
    await forever(() => write(chunk('z'.repeat(65_536))));
  },
  'an answer without end': async (write) => {
    await write(STREAM_HEAD);
    const burst = chunk(token('blah '.repeat(2000)).repeat(10));
    await forever(() => write(burst));
  },
  'comments without end': async (write) => {
    await write(STREAM_HEAD);
    const burst = chunk(': ping\n\n'.repeat(10_000));
    await forever(() => write(burst));
  },
  'trailers without end': async (write) => {
    await write(STREAM_HEAD);
    await write(chunk(token('hello')));
    await write('0\r\n');
    await forever((round) => write(`x-${String(round)}: ${'a'.repeat(1000)}\r\n`));
  },
  'chunk extensions without end': async (write) => {
    await write(STREAM_HEAD);
    await write('5;');
    await forever(() => write('a=b;'.repeat(1000)));
  },
  'usage from another world': async (write) => {
    await write(STREAM_HEAD);
    const usage = { prompt_tokens: 1e300, completion_tokens: -5, prompt_tokens_details: { cached_tokens: 1e9 } };
    await write(
      chunk(
        `${token('hello')}data: ${JSON.stringify({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }], usage })}\n\ndata: [DONE]\n\n`,
      ),
    );
    await write('0\r\n\r\n');
  },
  'brackets without end': async (write) => {
    await write(STREAM_HEAD);
    await write(chunk(`data: ${'['.repeat(900_000)}\n\n`));
    await write('0\r\n\r\n');
  },
} as const satisfies Record<string, Attack>;

/** Answers every request with a redirect to `location`. */
export function redirectTo(location: string): Attack {
  return async (write) => {
    await write(`HTTP/1.1 307 Temporary Redirect\r\nlocation: ${location}\r\ncontent-length: 0\r\n\r\n`);
  };
}
