// Calls about the application itself: facts, samples, recent workspaces, the folder picker, saved layouts.
import { stat } from 'node:fs/promises';
import type { JobStatus } from '@genrtl/contracts';
import type { IpcHandlers } from '@genrtl/contracts/ipc/index.ts';
import { workspacePaths } from '../../workspace/paths.ts';
import { readState } from '../../workspace/state-store.ts';
import { viewFolder } from '../../workspace/folder-picker.ts';
import { unconfinedHere } from '../../settings/confinement.ts';
import type { OpenWorkspaces } from '../../workspace/open-workspaces.ts';
import type { IpcServices } from '../services.ts';

type AppCalls =
  | 'app.info'
  | 'app.confinement'
  | 'app.sample'
  | 'app.samples'
  | 'app.recent'
  | 'app.forget'
  | 'app.folders'
  | 'layout.read'
  | 'layout.write'
  | 'settings.read'
  | 'settings.write'
  | 'secrets.read'
  | 'secrets.write'
  | 'secrets.open'
  | 'secrets.forget';

/** What the start page says of a workspace that was open before; one that cannot be read says nothing. */
async function recentWorkspace(
  path: string,
): Promise<{ path: string; present: boolean; status: JobStatus | null; updated_at: string | null }> {
  const info = await stat(path).catch(() => null);
  const job = await readState(workspacePaths(path)).catch(() => null);
  return {
    path,
    present: info?.isDirectory() === true,
    status: job?.status ?? null,
    updated_at: job?.updated_at ?? null,
  };
}

export function appHandlers(services: IpcServices, workspaces: OpenWorkspaces): Pick<IpcHandlers, AppCalls> {
  const { facts, samples, settings } = services;
  return {
    'app.info': async () => ({
      version: facts.version,
      shell: facts.shell,
      node: process.versions.node,
      home: facts.home,
      locale: facts.locale,
    }),
    'app.confinement': async () => ({ unconfined_reason: await unconfinedHere(services.env) }),
    'app.sample': async ({ name }) => samples.open(name),
    'app.samples': async () => ({ samples: await samples.list() }),
    'app.recent': async () => ({
      workspaces: settings.recent(),
      details: await Promise.all(settings.recent().map(recentWorkspace)),
    }),
    'app.forget': async ({ path }) => {
      settings.forget(path);
      return {};
    },
    'app.folders': async ({ path }) => viewFolder(path),
    'layout.read': async ({ workspace }) => ({ layout: settings.layout(workspaces.require(workspace)) }),
    'layout.write': async ({ workspace, layout }) => {
      settings.setLayout(workspaces.require(workspace), layout);
      return {};
    },
    'secrets.read': async () => services.secrets.view(),
    'secrets.write': async ({ name, value }) => {
      await services.secrets.write(name, value);
      return services.secrets.view();
    },
    'secrets.open': async ({ passphrase }) => {
      await services.secrets.open(passphrase);
      return services.secrets.view();
    },
    'secrets.forget': async () => {
      await services.secrets.forget();
      return services.secrets.view();
    },
    'settings.read': async () => settings.read(),
    'settings.write': async (change) => {
      settings.write(change);
      return {};
    },
  };
}
