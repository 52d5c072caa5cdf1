// cbb: the registry and the vendor folder.
import path from 'node:path';
import { InvalidArgumentError, type Command } from 'commander';
import { CbbId, GenrtlError, Semver, type CbbListing } from '@genrtl/contracts';
import { namedPackage } from '@genrtl/core/cbb/package-id.ts';
import type { CliIo } from '../io.ts';
import { withBackend } from '../with-backend.ts';

function printListing(io: CliIo, listing: CbbListing): void {
  const { manifest } = listing;
  io.out(
    `${manifest.cbb_id.padEnd(20)} ${manifest.version.padEnd(8)} ${manifest.price_usd.padStart(6)} USD  ${manifest.title}`,
  );
}

function result(io: CliIo, fields: Record<string, unknown>, status: 'done' | 'failed' = 'done'): void {
  if (io.json) io.out(JSON.stringify({ event: 'result', status, ...fields }));
}

/** What the publishing gate found, as the server's refusal carries it. */
function findingsOf(error: GenrtlError): string[] {
  const findings = error.details?.['findings'];
  return Array.isArray(findings) ? findings.map(String) : [];
}

function positive(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('It takes a positive whole number.');
  return Number(text);
}

/** `id@version`; reports are about one version. */
function versioned(text: string): { cbb_id: string; version: string } {
  const { id, version = '' } = namedPackage(text);
  if (!CbbId.safeParse(id).success || !Semver.safeParse(version).success)
    throw new InvalidArgumentError('It takes an id with its version, e.g. cbb_counter@1.0.0 or @org/fifo@1.0.0.');
  return { cbb_id: id, version };
}

const TAKE_OVER = ['--take-over', 'take the workspace from a client that is out of reach'] as const;
const WORKSPACE = ['--workspace <dir>', 'folder of the workspace'] as const;

export function registerCbb(program: Command, io: CliIo): void {
  const cbb = program.command('cbb').description('known IP blocks: the registry and the vendor folder');
  const folder = (workspace: string): string => path.resolve(io.cwd, workspace);

  cbb
    .command('search')
    .description('find packages')
    .argument('[words...]', 'words in any language; none lists all')
    .action((words: string[]) =>
      withBackend(io, async (client) => {
        const listings = await client.searchCbbs(words.join(' '));
        if (io.json) for (const listing of listings) io.out(JSON.stringify({ event: 'listing', ...listing }));
        else for (const listing of listings) printListing(io, listing);
        result(io, { listings });
      }),
    );

  cbb
    .command('resolve')
    .description('which package a function resolves to, and its price')
    .argument('<function>', 'id, function, title or synonym')
    .option('--width <n>', 'data width', positive)
    .option('--depth <n>', 'depth', positive)
    .option(...WORKSPACE)
    .action((what: string, options: { width?: number; depth?: number; workspace?: string }) =>
      withBackend(io, async (client) => {
        const { width, depth } = options;
        const [resolution] = await client.resolve(options.workspace ? folder(options.workspace) : 'none', [
          { id: 'r1', function: what, needs_tb: false, ...(width ? { width } : {}), ...(depth ? { depth } : {}) },
        ]);
        if (resolution?.status === 'found' && resolution.quote) {
          if (!io.json)
            io.out(`${resolution.quote.cbb_id} ${resolution.quote.version} ${resolution.quote.price_usd} USD`);
          result(io, { resolution });
        } else {
          const names = resolution?.candidates.map((candidate) => candidate.cbb_id).join(', ') ?? '';
          throw resolution?.status === 'ambiguous'
            ? new GenrtlError('CBB_AMBIGUOUS', `“${what}” matches ${names}.`, { details: { resolution } })
            : new GenrtlError('CBB_NOT_FOUND', `No package does “${what}”.`);
        }
      }),
    );

  cbb
    .command('list')
    .description('installed packages and their state')
    .requiredOption(...WORKSPACE)
    .action(async (options: { workspace: string }) => {
      const { listInstalled } = await import('../../../cbb/index.ts');
      const installed = await listInstalled(folder(options.workspace));
      for (const item of installed)
        if (!io.json)
          io.out(
            `${item.cbb_id.padEnd(20)} ${item.version.padEnd(8)} ${item.price_usd.padStart(6)} USD  ${item.intact ? 'intact' : 'DAMAGED'}  ${item.receipt_id}`,
          );
      result(io, { installed });
    });

  cbb
    .command('verify')
    .description('check installed packages against their recorded hashes')
    .requiredOption(...WORKSPACE)
    .action(async (options: { workspace: string }) => {
      const { verifyVendor } = await import('../../../cbb/index.ts');
      const report = await verifyVendor(folder(options.workspace));
      if (!io.json)
        for (const problem of report.problems) io.err(`${problem.cbb_id}@${problem.version}: ${problem.message}`);
      if (!io.json && report.problems.length === 0) io.err(`${report.checked} packages intact`);
      result(io, { ...report }, report.problems.length === 0 ? 'done' : 'failed');
      io.exit(report.problems.length === 0 ? 0 : 3);
    });

  cbb
    .command('install')
    .description('buy and install a package, or restore installed ones from their receipts')
    .argument('[id]', 'cbb id or id@version; none restores what the lockfile names')
    .requiredOption(...WORKSPACE)
    .option('--yes', 'agree to the price')
    .option(...TAKE_OVER)
    .action((id: string | undefined, options: { workspace: string; yes?: boolean; takeOver?: boolean }) =>
      withBackend(io, async (client) => {
        const { installFromRegistry, restoreAll } = await import('../../../cbb/supply.ts');
        const done =
          id === undefined
            ? await restoreAll(folder(options.workspace), client, {
                agreed: options.yes === true,
                signal: io.signal,
                takeOver: options.takeOver ?? false,
              })
            : await installFromRegistry({
                workspace: folder(options.workspace),
                id,
                agreed: options.yes === true,
                takeOver: options.takeOver ?? false,
                client,
                signal: io.signal,
              });
        for (const item of done) if (!io.json) io.err(`${item.cbb_id}@${item.version} ${item.state}`);
        result(io, { installed: done });
      }),
    );

  cbb
    .command('upgrade')
    .description('replace an installed package by its latest version')
    .argument('<id>', 'cbb id')
    .requiredOption(...WORKSPACE)
    .option('--yes', 'agree to the price')
    .option(...TAKE_OVER)
    .action((id: string, options: { workspace: string; yes?: boolean; takeOver?: boolean }) =>
      withBackend(io, async (client) => {
        const { upgrade } = await import('../../../cbb/supply.ts');
        const done = await upgrade({
          workspace: folder(options.workspace),
          id,
          agreed: options.yes === true,
          takeOver: options.takeOver ?? false,
          client,
          signal: io.signal,
        });
        if (!io.json) io.err(`${done.cbb_id}@${done.version} ${done.state}`);
        result(io, { installed: [done] });
      }),
    );

  cbb
    .command('report')
    .description('report a fault of a package to its maintainer')
    .argument('<id>', 'cbb id@version', versioned)
    .requiredOption('--message <text>', 'what is wrong')
    .action((id: ReturnType<typeof versioned>, options: { message: string }) =>
      withBackend(io, async (client) => {
        await client.reportCbb({ ...id, message: options.message, evidence: null });
        if (!io.json) io.err('reported');
        result(io, {});
      }),
    );

  cbb
    .command('yank')
    .description('withdraw a version of your own: installed copies keep working, nothing new chooses it')
    .argument('<id>', 'cbb id@version', versioned)
    .option('--reason <text>', 'what is wrong with it')
    .option('--undo', 'offer it again')
    .action((id: ReturnType<typeof versioned>, options: { reason?: string; undo?: boolean }) =>
      withBackend(io, async (client) => {
        const { reason, undo } = options;
        if ((undo === true) === (reason !== undefined))
          throw new GenrtlError('USAGE', 'Give either --reason or --undo.');
        await client.yank(id, reason ?? null);
        if (!io.json) io.err(`${id.cbb_id}@${id.version} ${undo === true ? 'offered again' : 'withdrawn'}`);
        result(io, {});
      }),
    );

  cbb
    .command('publish')
    .description('check a package folder against the publishing gate and publish it')
    .argument('<folder>', 'package sources')
    .option('--private', 'a new package is seen by members of the organisation only')
    .action((source: string, options: { private?: boolean }) =>
      withBackend(io, async (client) => {
        const { publishFolder } = await import('../../../cbb/publish.ts');
        try {
          const done = await publishFolder(folder(source), client, {
            signal: io.signal,
            ...(options.private === true ? { visibility: 'private' as const } : {}),
            onPart: (part) => {
              if (!io.json) io.err(`checking: ${part}`);
            },
          });
          if (!io.json) io.err(`${done.cbb_id}@${done.version} ${done.status}`);
          result(io, { publication: done });
        } catch (error) {
          if (!io.json && error instanceof GenrtlError) for (const finding of findingsOf(error)) io.err(`  ${finding}`);
          throw error;
        }
      }),
    );
}
