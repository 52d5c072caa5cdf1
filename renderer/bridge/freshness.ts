// Which answers of main are out of date once something happened. Panels show them anew by themselves.
import type { IpcCall, IpcPush, IpcPushPayload } from '@genrtl/contracts/ipc/index.ts';

type Stale = readonly IpcCall[];

const OF_GIT: Stale = ['git.status', 'git.text', 'git.branches', 'git.log', 'job.owners'];

/** After one of these calls succeeded. */
export const STALE_AFTER_CALL: Partial<Record<IpcCall, Stale>> = {
  'settings.write': ['models.list', 'ai.config', 'tools.list', 'models.probe', 'job.outgoing', 'app.confinement'],
  'secrets.write': ['secrets.read', 'models.list', 'ai.config', 'models.probe', 'job.outgoing'],
  'secrets.open': ['secrets.read', 'models.list', 'ai.config', 'models.probe', 'job.outgoing'],
  'secrets.forget': ['secrets.read', 'models.list', 'ai.config', 'models.probe', 'job.outgoing'],
  'cbb.install': ['cbb.installed'],
  'cbb.restore': ['cbb.installed'],
  'job.addNote': ['job.notes'],
  'checks.trust': ['checks.list'],
  'project.init': ['checks.list', 'project.show', 'project.tops'],
  'job.undo': ['job.history', 'job.owners'],
  'skills.trust': ['skills.list'],
  'skills.run': ['skills.runs'],
  'skills.stop': ['skills.runs', 'skills.run.read'],
  'skills.select': ['skills.runs', 'skills.run.read'],
  'git.init': OF_GIT,
  'git.stage': OF_GIT,
  'git.unstage': OF_GIT,
  'git.discard': OF_GIT,
  'git.undo_discard': OF_GIT,
  'git.commit': OF_GIT,
  'git.switch': OF_GIT,
  'ask.send': ['ask.threads', 'ask.thread'],
  'ask.delete': ['ask.threads'],
  'app.forget': ['app.recent'],
  'usage.consent': ['usage.billing'],
  'workspace.create': ['app.recent'],
  'workspace.open': ['app.recent'],
};

const OF_JOB: Stale = [
  'job.run',
  'job.notes',
  'job.history',
  'job.owners',
  'job.outgoing',
  'review.proposed',
  'usage.read',
  'usage.budget',
  'usage.billing',
];
const OF_DISK: Stale = [
  'workspace.files',
  'job.owners',
  'spec.check',
  'waves.files',
  'skills.list',
  'language.symbols',
  'job.outgoing',
  'git.status',
  'git.text',
];

/** After a push of main; tokens and log lines change no answer. */
export const STALE_AFTER_PUSH: { [P in IpcPush]?: (payload: IpcPushPayload<P>) => Stale } = {
  'job.update': ({ update }) => (update.type === 'state' || update.type === 'step' ? OF_JOB : []),
  'workspace.changed': ({ paths, anywhere }) =>
    anywhere || paths.includes('genrtl.yaml') ? [...OF_DISK, 'checks.list', 'project.show', 'project.tops'] : OF_DISK,
  'git.changed': () => OF_GIT,
  'checks.update': () => ['checks.list', 'checks.history'],
  'ask.changed': () => ['ask.threads', 'ask.thread'],
  'skills.event': () => ['skills.runs', 'skills.run.read'],
  'account.changed': () => ['account.read', 'models.list', 'ai.config', 'usage.read', 'usage.billing', 'cbb.search'],
  'backend.state': ({ state }) =>
    state === 'ready' ? ['models.list', 'ai.config', 'usage.read', 'usage.billing', 'cbb.search'] : [],
};
