// Every call between the page and the main process, a file a subject. Bridge, window type and handler map derive from
// it.
import { z } from 'zod';
import { ErrorBody } from '../error-body.ts';
import { ACCOUNT_CALLS } from './account.ts';
import { AI_CALLS } from './ai.ts';
import { APP_CALLS } from './app.ts';
import { ASK_CALLS } from './ask.ts';
import { CBB_CALLS } from './cbb.ts';
import { CHECKS_CALLS } from './checks.ts';
import { FINDINGS_CALLS } from './findings.ts';
import { GIT_CALLS } from './git.ts';
import { JOB_CALLS } from './job.ts';
import { LANGUAGE_CALLS } from './language.ts';
import { REVIEW_CALLS } from './review.ts';
import { SCHEMATIC_CALLS } from './schematic.ts';
import { SETTINGS_CALLS } from './settings.ts';
import { SKILLS_CALLS } from './skills.ts';
import { SPEC_CALLS } from './spec.ts';
import { TERMINAL_CALLS } from './terminal.ts';
import { TOOLS_CALLS } from './tools.ts';
import { USAGE_CALLS } from './usage.ts';
import { WAVES_CALLS } from './waves.ts';
import { WORKSPACE_CALLS } from './workspace.ts';
import { IPC_PUSHES } from './pushes.ts';

export { IPC_PUSHES };

/** Calls from the page to the main process. */
export const IPC_CALLS = {
  ...APP_CALLS,
  ...ACCOUNT_CALLS,
  ...WORKSPACE_CALLS,
  ...SPEC_CALLS,
  ...JOB_CALLS,
  ...FINDINGS_CALLS,
  ...WAVES_CALLS,
  ...TOOLS_CALLS,
  ...TERMINAL_CALLS,
  ...REVIEW_CALLS,
  ...SKILLS_CALLS,
  ...USAGE_CALLS,
  ...CBB_CALLS,
  ...LANGUAGE_CALLS,
  ...SETTINGS_CALLS,
  ...SCHEMATIC_CALLS,
  ...CHECKS_CALLS,
  ...GIT_CALLS,
  ...AI_CALLS,
  ...ASK_CALLS,
} as const;
export type IpcCall = keyof typeof IPC_CALLS;
export type IpcRequest<C extends IpcCall> = z.infer<(typeof IPC_CALLS)[C]['request']>;
export type IpcResponse<C extends IpcCall> = z.infer<(typeof IPC_CALLS)[C]['response']>;

export type IpcPush = keyof typeof IPC_PUSHES;
export type IpcPushPayload<P extends IpcPush> = z.infer<(typeof IPC_PUSHES)[P]>;

/** The answer of a call on the wire, over either transport. */
export const IpcAnswer = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), value: z.unknown() }),
  z.object({ ok: z.literal(false), error: ErrorBody }),
]);
export type IpcAnswer = z.infer<typeof IpcAnswer>;

/** What main implements: one function a call; a missing one does not compile. */
export type IpcHandlers = { [C in IpcCall]: (request: IpcRequest<C>) => Promise<IpcResponse<C>> };

/** What the page sees as `window.genrtl`, whichever transport carries it. */
export interface IpcBridge {
  call<C extends IpcCall>(name: C, request: IpcRequest<C>): Promise<IpcResponse<C>>;
  /** returns the function that ends the subscription */
  on<P extends IpcPush>(name: P, listener: (payload: IpcPushPayload<P>) => void): () => void;
}
