// The backend's paths, and the header of durable requests.

/**
 * Every durable request carries this header; its value is sha256(job_id|step_id|attempt) for jobs,
 * sha256(job_id|cbb_id|version|workspace_id) for checkout.
 */
export const IDEMPOTENCY_HEADER = 'Idempotency-Key';

export const API_ROUTES = {
  health: '/v1/health',
  ready: '/v1/ready',
  blobs: '/v1/blobs/:sha256',
  jobs: '/v1/jobs',
  job: '/v1/jobs/:run_id',
  jobEvents: '/v1/jobs/:run_id/events',
  jobCancel: '/v1/jobs/:run_id/cancel',
  budget: '/v1/budgets/:job_id',
  models: '/v1/models',
  cbbSearch: '/v1/cbb',
  cbbListing: '/v1/cbb/:cbb_id/:version',
  cbbResolve: '/v1/cbb/resolve',
  cbbCheckout: '/v1/cbb/checkout',
  cbbDeliver: '/v1/cbb/deliver',
  cbbReport: '/v1/cbb/report',
  cbbReports: '/v1/cbb/reports',
  cbbOwn: '/v1/cbb/own',
  cbbStatement: '/v1/cbb/:cbb_id/:version/statement',
  cbbYank: '/v1/cbb/:cbb_id/:version/yank',
  cbbPublish: '/v1/cbb/publish',
  cbbPublications: '/v1/cbb/publications',
  cbbReportState: '/v1/cbb/reports/:report_id',
  cbbPasses: '/v1/cbb/passes',
  cbbPackage: '/v1/packages/:cbb_id',
  cbbOwner: '/v1/packages/:cbb_id/owners/:user_id',
  download: '/v1/downloads/:token',
  usage: '/v1/usage',
  jobCost: '/v1/usage/:job_id',
  lease: '/v1/embedded/lease',
  // each intent has a path besides: AI_ENDPOINTS
  aiConfig: '/api/ai/config',
  aiRun: '/api/ai/runs/:run_id',
  aiRunEvents: '/api/ai/runs/:run_id/events',
  aiRunCancel: '/api/ai/runs/:run_id/cancel',
  aiRunResume: '/api/ai/runs/:run_id/resume',
  billing: '/v1/billing',
  onDemand: '/v1/billing/on-demand',
  onDemandConsent: '/v1/billing/consent',
  billingAlerts: '/v1/billing/alerts',
  subscribe: '/v1/billing/subscribe',
  credit: '/v1/billing/credit',
  paymentPortal: '/v1/billing/portal',
  billingInvoices: '/v1/billing/invoices',
  stripeEvents: '/v1/billing/stripe',
  account: '/v1/account',
  accountExport: '/v1/account/export',
  accountDeletion: '/v1/account/deletion',
  accountKeys: '/v1/account/keys',
  accountKey: '/v1/account/keys/:key_id',
  callbackSecrets: '/v1/account/callbacks',
  signIns: '/v1/account/sign-ins',
  signIn: '/v1/account/sign-ins/:sign_in_id',
  signInProviders: '/v1/sign-in/providers',
  deviceCode: '/v1/oauth/device',
  deviceDecision: '/v1/oauth/device/decision',
  authorize: '/v1/oauth/authorize',
  token: '/v1/oauth/token',
  revokeToken: '/v1/oauth/revoke',
  operatorAccounts: '/v1/operator/accounts',
  operatorRuns: '/v1/operator/runs',
  operatorLedger: '/v1/operator/ledger',
  operatorCosts: '/v1/operator/costs',
  operatorHealth: '/v1/operator/health',
  operatorPackages: '/v1/operator/packages',
} as const;

/** Where the identity library answers on a hosted backend: sign-up, sign-in, verification, reset, organisations. */
export const IDENTITY_PATH = '/v1/identity';

/** In the address of the billing page for who comes back from the payment provider. */
export const RETURNED_QUERY = 'returned';

/** The organisation that a request acts for, by its id or short name; without it the person acts for themselves. */
export const ORGANISATION_HEADER = 'GenRTL-Organisation';
