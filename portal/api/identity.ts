// Sign-up, sign-in, reset and organisations: the endpoints of the identity library that the backend serves.
import type { OrganisationRole } from '@genrtl/contracts/access.ts';
import { IDENTITY_PATH } from '@genrtl/contracts/http/routes.ts';
import { failureOf } from './failure.ts';

export interface Member {
  readonly id: string;
  readonly userId: string;
  readonly role: OrganisationRole;
  readonly createdAt: string;
  readonly user: { readonly name: string; readonly email: string };
}
export interface Invitation {
  readonly id: string;
  readonly email: string;
  readonly role: OrganisationRole | null;
  readonly status: string;
  readonly expiresAt: string;
}
export interface Organisation {
  readonly id: string;
  readonly name: string;
  readonly slug: string;
  readonly members: readonly Member[];
  readonly invitations: readonly Invitation[];
}
/** What an invited person sees of it. */
export interface OwnInvitation extends Invitation {
  readonly organizationName: string;
  readonly inviterEmail: string;
}

interface Post<Body, Answer = unknown> {
  readonly body: Body;
  readonly answer: Answer;
}
interface Posts {
  '/sign-in/email': Post<{ email: string; password: string; callbackURL?: string }>;
  '/sign-in/social': Post<{ provider: string; callbackURL: string; errorCallbackURL: string }, { url: string }>;
  '/sign-up/email': Post<{ name: string; email: string; password: string; callbackURL: string }>;
  '/sign-out': Post<Record<string, never>>;
  '/send-verification-email': Post<{ email: string; callbackURL: string }>;
  '/request-password-reset': Post<{ email: string; redirectTo: string }>;
  '/reset-password': Post<{ newPassword: string; token: string }>;
  '/organization/create': Post<{ name: string; slug: string }, { id: string }>;
  '/organization/update': Post<{ organizationId: string; data: { name: string } }>;
  '/organization/leave': Post<{ organizationId: string }>;
  '/organization/invite-member': Post<{ organizationId: string; email: string; role: OrganisationRole }>;
  '/organization/cancel-invitation': Post<{ invitationId: string }>;
  '/organization/accept-invitation': Post<{ invitationId: string }>;
  '/organization/reject-invitation': Post<{ invitationId: string }>;
  '/organization/remove-member': Post<{ organizationId: string; memberIdOrEmail: string }>;
  '/organization/update-member-role': Post<{ organizationId: string; memberId: string; role: OrganisationRole }>;
}

async function request<T>(path: string, init: RequestInit): Promise<T> {
  const response = await fetch(`${IDENTITY_PATH}${path}`, init);
  if (!response.ok) throw await failureOf(response);
  return (await response.json()) as T;
}

export const identity = <P extends keyof Posts>(path: P, body: Posts[P]['body']): Promise<Posts[P]['answer']> =>
  request(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

export const readOrganisation = (id: string): Promise<Organisation> =>
  request(`/organization/get-full-organization?organizationId=${encodeURIComponent(id)}`, {});

export const readInvitation = (id: string): Promise<OwnInvitation> =>
  request(`/organization/get-invitation?id=${encodeURIComponent(id)}`, {});
