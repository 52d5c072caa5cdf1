// Mail to persons: over SMTP, or into a log of the home where no server is set. Nobody waits for it: how long an answer
// takes must not tell whether a mail went out.
import { appendFile, readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { writeAtomic } from '@genrtl/disk/records.ts';
import type { Log } from '../processes/log.ts';

export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

export interface Mailer {
  /** Returns at once; what cannot be delivered after three tries is logged without its text. */
  send(mail: Mail): void;
  /** Removes what the log of mails holds of an address; a mail that went out is the recipient’s. */
  forget(address: string): Promise<void>;
  close(): Promise<void>;
}

export interface MailOptions {
  /** smtp:// or smtps://; null: into the file */
  readonly smtpUrl: string | null;
  readonly from: string;
  /** holds links that sign people in, so private to the user who runs the backend */
  readonly logFile: string;
  readonly log: Log;
}

const TRIES = 3;
const WAIT_MS = 2_000;

export function openMailer(options: MailOptions): Mailer {
  const under = new Set<Promise<void>>();
  const deliver = options.smtpUrl === null ? intoFile(options) : overSmtp(options.smtpUrl, options.from);
  return {
    send(mail) {
      const sending = attempt(deliver, mail, options.log).finally(() => under.delete(sending));
      under.add(sending);
    },
    async forget(address) {
      await Promise.allSettled(under);
      if (options.smtpUrl === null) await forgetIn(options.logFile, address);
    },
    async close() {
      await Promise.race([Promise.allSettled(under), delay(WAIT_MS, undefined, { ref: false })]);
    },
  };
}

async function attempt(deliver: (mail: Mail) => Promise<void>, mail: Mail, log: Log): Promise<void> {
  for (let round = 1; ; round++) {
    try {
      await deliver(mail);
      return;
    } catch (error) {
      if (round < TRIES) {
        await delay(WAIT_MS * round, undefined, { ref: false });
        continue;
      }
      log.error('a mail could not be delivered', {
        subject: mail.subject,
        error: String((error as { code?: unknown }).code ?? error),
      });
      return;
    }
  }
}

function intoFile({ logFile, from }: MailOptions): (mail: Mail) => Promise<void> {
  return (mail) =>
    appendFile(logFile, `${JSON.stringify({ time: new Date().toISOString(), from, ...mail })}\n`, { mode: 0o600 });
}

/**
 * Lines of mails to the address go; a mail that is written meanwhile is in the new file or in the old one, never in
 * half.
 */
async function forgetIn(logFile: string, address: string): Promise<void> {
  const text = await readFile(logFile, 'utf8').catch(() => null);
  if (text === null) return;
  const kept = text.split('\n').filter((line) => !line.toLowerCase().includes(address.toLowerCase()));
  await writeAtomic(logFile, kept.join('\n'), 0o600);
}

function overSmtp(url: string, from: string): (mail: Mail) => Promise<void> {
  // Loaded with the first mail.
  const transport = (async () => {
    const { createTransport } = await import('nodemailer');
    return createTransport(url);
  })();
  return async (mail) => {
    await (await transport).sendMail({ from, ...mail });
  };
}
