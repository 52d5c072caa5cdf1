// A hosted backend for tests: real PostgreSQL, a real SMTP server that keeps the mails, and persons that sign up as
// people do.
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { SMTPServer } from 'smtp-server';
import { IDENTITY_PATH, ORGANISATION_HEADER } from '@genrtl/contracts';
import { startBackend, type BackendOptions, type RunningBackend } from '../start.ts';
import type { BackendHome } from '../processes/home.ts';
import { makeTestHome, openTestDatabase, removeTestHome, type TestDatabase } from './database.ts';

export interface ReceivedMail {
  readonly to: string;
  readonly text: string;
}

export interface MailSink {
  readonly url: string;
  readonly mails: ReceivedMail[];
  /** The first mail to an address from number `after` on that holds the pattern; its match. */
  waitFor(to: string, pattern: RegExp, after?: number): Promise<RegExpExecArray>;
  close(): Promise<void>;
}

const WAIT_MS = 15_000;

export async function openMailSink(): Promise<MailSink> {
  const mails: ReceivedMail[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8').replace(/=\r\n/g, '').replace(/=3D/g, '=');
        for (const { address } of session.envelope.rcptTo) mails.push({ to: address, text });
        done();
      });
    },
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`,
    mails,
    async waitFor(to, pattern, after = 0) {
      for (const until = Date.now() + WAIT_MS; Date.now() < until; await delay(10)) {
        for (const mail of mails.slice(after)) {
          const found = mail.to === to ? pattern.exec(mail.text) : null;
          if (found !== null) return found;
        }
      }
      throw new Error(`no mail to ${to} with ${pattern.source}`);
    },
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
      }),
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export interface Hosted {
  readonly database: TestDatabase;
  readonly backend: RunningBackend;
  readonly mail: MailSink;
  readonly url: string;
  /** the home's folder */
  readonly home: string;
  /** Signs up, opens the link of the mail, signs in. */
  person(name?: string): Promise<Person>;
  /** A call without any credential; an address of its own unless one is given. */
  ask<T>(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Reply<T>>;
  /** the end of the backend's log */
  log(): string;
  close(): Promise<void>;
}

export interface Reply<T> {
  readonly status: number;
  readonly body: T;
  readonly headers: Headers;
}

export const PASSWORD = 'correct horse battery';

export async function openHosted(options: Partial<BackendOptions> = {}): Promise<Hosted> {
  const [database, mail, home, port]: [TestDatabase, MailSink, BackendHome, number] = await Promise.all([
    openTestDatabase({ migrated: false }),
    openMailSink(),
    makeTestHome(),
    freePort(),
  ]);
  const url = `http://127.0.0.1:${port}`;
  const backend = await startBackend({
    home: home.root,
    role: 'all',
    embedded: false,
    port,
    ...options,
    env: {
      ...process.env,
      DATABASE_URL: database.url,
      GENRTL_PUBLIC_URL: url,
      GENRTL_SMTP_URL: mail.url,
      GENRTL_BEHIND_PROXY: '1',
      ...options.env,
    },
  });
  const ask = async <T>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Reply<T>> => {
    const form = body instanceof URLSearchParams;
    const response = await fetch(`${url}${path}`, {
      method,
      redirect: 'manual',
      headers: {
        'x-forwarded-for': `10.${random()}.${random()}.${random()}`,
        ...(body === undefined || form ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: form ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    let answer: unknown = text;
    try {
      answer = JSON.parse(text);
    } catch {
      // a page or nothing
    }
    return { status: response.status, body: answer as T, headers: response.headers };
  };
  const hosted: Hosted = {
    database,
    backend,
    mail,
    url,
    home: home.root,
    ask,
    log: () => readFileSync(home.logFile, 'utf8').slice(-4_000),
    person: (name = 'Ada') => signUp(hosted, name),
    async close() {
      await backend.stop();
      await mail.close();
      await database.close();
      await removeTestHome(home);
    },
  };
  return hosted;
}

const random = (): number => Math.floor(Math.random() * 256);

export class Person {
  readonly id: string;
  readonly email: string;
  cookie: string;
  readonly #hosted: Hosted;

  constructor(hosted: Hosted, id: string, email: string, cookie: string) {
    this.#hosted = hosted;
    this.id = id;
    this.email = email;
    this.cookie = cookie;
  }

  /** In the browser; for an organisation when one is named. */
  call<T>(method: string, path: string, body?: unknown, organisation?: string): Promise<Reply<T>> {
    return this.#hosted.ask<T>(method, path, body, {
      cookie: this.cookie,
      origin: this.#hosted.url,
      ...(organisation === undefined ? {} : { [ORGANISATION_HEADER]: organisation }),
    });
  }

  /** Of the identity library. */
  identity<T>(path: string, body?: unknown): Promise<Reply<T>> {
    return this.call<T>(body === undefined ? 'GET' : 'POST', `${IDENTITY_PATH}${path}`, body);
  }

  async signIn(password = PASSWORD): Promise<number> {
    const answer = await this.#hosted.ask(
      'POST',
      `${IDENTITY_PATH}/sign-in/email`,
      { email: this.email, password },
      { origin: this.#hosted.url },
    );
    if (answer.status === 200) this.cookie = cookieOf(answer.headers);
    return answer.status;
  }
}

export const cookieOf = (headers: Headers): string =>
  headers
    .getSetCookie()
    .map((one) => one.split(';')[0] ?? '')
    .join('; ');

async function signUp(hosted: Hosted, name: string): Promise<Person> {
  const email = `${name.toLowerCase()}-${randomUUID().slice(0, 8)}@example.com`;
  const made = await hosted.ask<{ user: { id: string } }>(
    'POST',
    `${IDENTITY_PATH}/sign-up/email`,
    { name, email, password: PASSWORD },
    { origin: hosted.url },
  );
  if (made.status !== 200) throw new Error(`sign-up: ${made.status} ${JSON.stringify(made.body)} ${hosted.log()}`);
  const [link] = await hosted.mail.waitFor(email, /http:\/\/\S+verify-email\S+/);
  const verified = await hosted.ask('GET', link.replace(hosted.url, ''));
  if (verified.status >= 400) throw new Error(`verification: ${verified.status} ${JSON.stringify(verified.body)}`);
  const person = new Person(hosted, made.body.user.id, email, '');
  const status = await person.signIn();
  if (status !== 200) throw new Error(`sign-in: ${status}`);
  return person;
}
