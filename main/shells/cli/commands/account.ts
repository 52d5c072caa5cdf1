// login, logout, whoami: the sign-in to a hosted backend.
import type { Command } from 'commander';
import { GenrtlError } from '@genrtl/contracts';
import type { CliIo } from '../io.ts';
import { withBackend } from '../with-backend.ts';

function hostedUrl(io: CliIo): string {
  const url = io.env['GENRTL_BACKEND_URL'];
  if (!url)
    throw new GenrtlError('USAGE', 'The embedded backend has one local account and needs no sign-in.', {
      hint: 'Set GENRTL_BACKEND_URL to use a hosted backend.',
    });
  return url.replace(/\/+$/, '');
}

function done(io: CliIo, facts: Record<string, unknown>, text: string): void {
  if (io.json) io.out(JSON.stringify({ event: 'result', status: 'done', ...facts }));
  else io.out(text);
}

export function registerAccount(program: Command, io: CliIo): void {
  program
    .command('login')
    .description('sign in to the hosted backend of GENRTL_BACKEND_URL')
    .option('--device', 'by a code that you type in a browser anywhere, instead of a browser on this machine')
    .action(async (options: { device?: boolean }) => {
      const url = hostedUrl(io);
      const [{ signInByBrowser, signInByCode }, store, { openBrowser }, { genrtlHome }, { proxyOf }] =
        await Promise.all([
          import('../../../cloud/sign-in.ts'),
          import('../../../cloud/sign-in-store.ts'),
          import('../../../processes/open-browser.ts'),
          import('../../../installation/home.ts'),
          import('../../../processes/backend.ts'),
        ]);
      const http = store.clientOf(url, proxyOf(io.env));
      const { signal } = io;
      const tokens = options.device
        ? await signInByCode(http, {
            signal,
            show: ({ user_code: code, verification_uri: page }) => {
              if (io.json) io.out(JSON.stringify({ event: 'code', user_code: code, url: page }));
              else io.err(`open ${page} and type ${code}`);
            },
          })
        : await signInByBrowser(http, {
            signal,
            show: (page) => {
              if (io.json) io.out(JSON.stringify({ event: 'open', url: page }));
              else io.err(`open in the browser of this machine: ${page}\n(on another machine: login --device)`);
              void openBrowser(page, io.env);
            },
          });
      await store.keepSignIn(genrtlHome(io.env), url, tokens);
      await withBackend(io, async (client) => {
        const { email, account_id: account } = await client.account();
        done(io, { backend: url, account_id: account, email }, `signed in to ${url} as ${email ?? account}`);
      });
    });

  program
    .command('logout')
    .description('end the sign-in of this machine')
    .action(async () => {
      const url = hostedUrl(io);
      const [{ forgetSignIn }, { genrtlHome }, { proxyOf }] = await Promise.all([
        import('../../../cloud/sign-in-store.ts'),
        import('../../../installation/home.ts'),
        import('../../../processes/backend.ts'),
      ]);
      const was = await forgetSignIn(genrtlHome(io.env), url, proxyOf(io.env));
      done(io, { backend: url, was_signed_in: was }, was ? `signed out of ${url}` : `nobody was signed in to ${url}`);
    });

  program
    .command('whoami')
    .description('the backend and the account in use')
    .action(() =>
      withBackend(io, async (client) => {
        const view = await client.account();
        const backend = client.http.endpoint.url;
        const account = view.role === 'local' ? 'local' : (view.email ?? view.account_id);
        done(
          io,
          { backend, account, account_id: view.account_id, role: view.role },
          view.account_id.startsWith('org_')
            ? `${account} for ${view.name} (${view.role}) on ${backend}`
            : `${account} account on ${backend}`,
        );
      }),
    );
}
