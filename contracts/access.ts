// Who may do what: the one table of roles and actions, what keys may be limited to, and the action that each route
// needs. Admission, the organisation rules of the identity library, the tests and docs/accounts.md are made from it.
import type { API_ROUTES } from './http/routes.ts';

/** What can be allowed, with the sentence that the documentation shows. */
export const ACTIONS = {
  'account.read': 'see the account that is in use, its name and role',
  'account.approve': 'let a device or a program sign in; only in the browser, never with a key or from a program',
  'account.export': 'get all data of the account',
  'account.delete': 'have the account deleted, or call that off; only in the browser',
  'keys.manage': 'list, make and revoke keys, and sign out devices',
  'work.read': 'read runs, their events, results and costs, blobs, models and packages',
  'work.run': 'send blobs, run and cancel jobs, set their caps, report packages',
  'packages.buy': 'buy and download packages',
  'packages.publish':
    'publish packages, withdraw versions, read reports; a member of an organisation only those that they own',
  'packages.manage': 'name the owners of packages, make packages private or public',
  'usage.read': 'see every model call and purchase of the account with its price',
  'billing.manage': 'change plan, payment and limits',
  'members.read': 'see who belongs to the organisation',
  'members.manage': 'invite and remove members, change their roles',
  'organisation.change': 'rename the organisation',
  'service.watch': 'see accounts, runs, the books and costs of the whole service; only in the browser',
  'backend.lease': 'keep an embedded backend running',
} as const;
export type Action = keyof typeof ACTIONS;

const OWN_WORK = ['account.read', 'work.read', 'work.run', 'packages.buy'] as const satisfies readonly Action[];
const PERSON = [
  ...OWN_WORK,
  'account.approve',
  'account.export',
  'account.delete',
  'keys.manage',
  'usage.read',
  'billing.manage',
] as const satisfies readonly Action[];
const ADMIN = [
  ...OWN_WORK,
  'keys.manage',
  'packages.publish',
  'packages.manage',
  'usage.read',
  'members.read',
  'members.manage',
  'organisation.change',
] as const satisfies readonly Action[];

/**
 * `local` is the one account of an embedded backend; `person` and `operator` act for themselves, the rest for an
 * organisation.
 */
export const ROLE_ACTIONS = {
  local: [...OWN_WORK, 'packages.publish', 'packages.manage', 'usage.read', 'backend.lease'],
  person: PERSON,
  operator: [...PERSON, 'packages.publish', 'packages.manage', 'service.watch'],
  owner: [...ADMIN, 'account.export', 'account.delete', 'billing.manage'],
  admin: ADMIN,
  billing: ['account.read', 'usage.read', 'billing.manage', 'members.read'],
  member: [...OWN_WORK, 'packages.publish', 'members.read'],
} as const satisfies Record<string, readonly Action[]>;
export type Role = keyof typeof ROLE_ACTIONS;
export const ORGANISATION_ROLES = ['owner', 'admin', 'billing', 'member'] as const satisfies readonly Role[];
export type OrganisationRole = (typeof ORGANISATION_ROLES)[number];

/** What a key may be limited to; it never may more than its maker's role. */
export const SCOPE_ACTIONS = {
  work: OWN_WORK,
  usage: ['account.read', 'usage.read'],
  publish: ['account.read', 'work.run', 'packages.publish'],
  account: [
    'account.read',
    'account.export',
    'keys.manage',
    'packages.manage',
    'members.read',
    'members.manage',
    'organisation.change',
    'billing.manage',
  ],
} as const satisfies Record<string, readonly Action[]>;
export type Scope = keyof typeof SCOPE_ACTIONS;
export const SCOPES = Object.keys(SCOPE_ACTIONS) as [Scope, ...Scope[]];

/** `scopes` null: all that the role may. */
export function mayDo(who: { readonly role: Role; readonly scopes: readonly Scope[] | null }, action: Action): boolean {
  const may: readonly Action[] = ROLE_ACTIONS[who.role];
  return (
    may.includes(action) &&
    (who.scopes === null || who.scopes.some((scope) => (SCOPE_ACTIONS[scope] as readonly Action[]).includes(action)))
  );
}

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';
/** `open`: anybody; `link`: whoever has the signed link. */
export type RouteAccess = Action | 'open' | 'link';

/** Each route's action by method; what does not stand here is refused. */
export const ROUTE_ACCESS: Readonly<Record<keyof typeof API_ROUTES, Partial<Record<Method, RouteAccess>>>> = {
  health: { GET: 'open' },
  ready: { GET: 'open' },
  blobs: { GET: 'work.read', PUT: 'work.run' },
  jobs: { POST: 'work.run' },
  job: { GET: 'work.read' },
  jobEvents: { GET: 'work.read' },
  jobCancel: { POST: 'work.run' },
  budget: { GET: 'work.read', PUT: 'work.run' },
  models: { GET: 'work.read' },
  cbbSearch: { GET: 'work.read' },
  cbbListing: { GET: 'work.read' },
  cbbResolve: { POST: 'work.read' },
  cbbCheckout: { POST: 'packages.buy' },
  cbbDeliver: { POST: 'packages.buy' },
  cbbReport: { POST: 'work.run' },
  cbbReports: { GET: 'packages.publish' },
  cbbOwn: { GET: 'packages.publish' },
  cbbStatement: { GET: 'work.read' },
  cbbYank: { PUT: 'packages.publish', DELETE: 'packages.publish' },
  cbbPublish: { POST: 'packages.publish' },
  cbbPublications: { GET: 'packages.publish' },
  cbbReportState: { PUT: 'packages.publish' },
  cbbPasses: { POST: 'work.run' },
  cbbPackage: { GET: 'work.read', PUT: 'packages.manage' },
  cbbOwner: { PUT: 'packages.manage', DELETE: 'packages.manage' },
  download: { GET: 'link' },
  usage: { GET: 'usage.read' },
  jobCost: { GET: 'work.read' },
  lease: { POST: 'backend.lease', DELETE: 'backend.lease' },
  // each intent's path as well
  aiConfig: { GET: 'work.read' },
  aiRun: { GET: 'work.read' },
  aiRunEvents: { GET: 'work.read' },
  aiRunCancel: { POST: 'work.run' },
  aiRunResume: { POST: 'work.run' },
  billing: { GET: 'usage.read' },
  onDemand: { PUT: 'billing.manage' },
  onDemandConsent: { POST: 'billing.manage' },
  billingAlerts: { PUT: 'billing.manage' },
  subscribe: { POST: 'billing.manage' },
  credit: { POST: 'billing.manage' },
  paymentPortal: { POST: 'billing.manage' },
  billingInvoices: { GET: 'usage.read' },
  // signed by Stripe
  stripeEvents: { POST: 'open' },
  account: { GET: 'account.read' },
  accountExport: { GET: 'account.export' },
  accountDeletion: { GET: 'account.delete', POST: 'account.delete', DELETE: 'account.delete' },
  accountKeys: { GET: 'keys.manage', POST: 'keys.manage' },
  accountKey: { DELETE: 'keys.manage' },
  callbackSecrets: { GET: 'keys.manage', POST: 'keys.manage' },
  signIns: { GET: 'keys.manage', DELETE: 'keys.manage' },
  signIn: { DELETE: 'keys.manage' },
  signInProviders: { GET: 'open' },
  deviceCode: { POST: 'open' },
  deviceDecision: { GET: 'account.approve', POST: 'account.approve' },
  authorize: { POST: 'account.approve' },
  token: { POST: 'open' },
  revokeToken: { POST: 'open' },
  operatorAccounts: { GET: 'service.watch' },
  operatorRuns: { GET: 'service.watch' },
  operatorLedger: { GET: 'service.watch' },
  operatorCosts: { GET: 'service.watch' },
  operatorHealth: { GET: 'service.watch' },
  operatorPackages: { GET: 'service.watch' },
};
