// What becomes of every table when a person or an organisation leaves, and what they get when they ask for their data:
// one list, in the order of deletion. A table that is not in it fails a test: whoever makes one decides here.

export interface Treatment {
  /** with its schema */
  readonly table: string;
  /**
   * Rows of the account, as a condition: `:account` is its id, `:person` the person's id and `:email` their address,
   * both empty for an organisation. null: rows of nobody.
   */
  readonly whose: string | null;
  /** `keep`: the rows stay as they are; an object blanks these columns with these expressions */
  readonly end: 'delete' | 'keep' | Readonly<Record<string, string>>;
  readonly exported: boolean;
  /** columns that leave the database for nobody: hashes of secrets, passwords */
  readonly hidden?: readonly string[];
  readonly why: string;
}

const OF_ACCOUNT = 'account_id = :account';
const OF_RUN = 'run_id IN (SELECT run_id FROM public.runs WHERE account_id = :account)';
const OF_PERSON = 'user_id = :person';
const OF_ORGANISATION = `"organizationId" = substr(:account, 5) AND :account LIKE 'org\\_%'`;
const OF_SIGN_IN = 'sign_in_id IN (SELECT sign_in_id FROM auth.sign_ins WHERE user_id = :person)';
const OF_WORKFLOW =
  'workflow_uuid IN (SELECT workflow_uuid FROM dbos.workflow_status WHERE authenticated_user = :account)';

const LEDGER = 'the books: amounts and ids that name nobody once the account is blanked';
const WORK = 'words of the person and of models';
const SHARED = 'of the service, of nobody in particular';

const engine = (table: string): Treatment => ({
  table: `dbos.${table}`,
  whose: OF_WORKFLOW,
  end: 'delete',
  exported: false,
  why: 'recorded steps hold what the run holds, which is exported',
});
const shared = (table: string, why = SHARED): Treatment => ({ table, whose: null, end: 'keep', exported: false, why });

export const TREATMENTS: readonly Treatment[] = [
  // work, from the leaves up
  { table: 'public.run_events', whose: OF_RUN, end: 'delete', exported: true, why: WORK },
  {
    table: 'public.callbacks',
    whose: OF_ACCOUNT,
    end: 'delete',
    exported: true,
    why: 'addresses that the person named',
  },
  { table: 'public.callback_secrets', whose: OF_ACCOUNT, end: 'delete', exported: false, why: 'counts rotations' },
  { table: 'public.model_attempts', whose: OF_ACCOUNT, end: 'delete', exported: true, why: WORK },
  engine('operation_outputs'),
  engine('workflow_inputs'),
  engine('workflow_input'),
  engine('workflow_output'),
  engine('workflow_events'),
  engine('workflow_events_history'),
  engine('workflow_queue'),
  engine('streams'),
  {
    table: 'dbos.notifications',
    whose: 'destination_uuid IN (SELECT workflow_uuid FROM dbos.workflow_status WHERE authenticated_user = :account)',
    end: 'delete',
    exported: false,
    why: 'messages to runs',
  },
  {
    table: 'dbos.workflow_status',
    whose: 'authenticated_user = :account',
    end: 'delete',
    exported: false,
    why: 'the engine’s record of runs, which are exported',
  },
  { table: 'public.runs', whose: OF_ACCOUNT, end: 'delete', exported: true, why: WORK },
  { table: 'public.part_answers', whose: OF_ACCOUNT, end: 'delete', exported: true, why: WORK },
  { table: 'public.flow_segments', whose: OF_ACCOUNT, end: 'delete', exported: true, why: WORK },
  { table: 'public.run_artifacts', whose: OF_ACCOUNT, end: 'delete', exported: true, why: WORK },
  { table: 'public.flow_steps', whose: OF_ACCOUNT, end: 'delete', exported: true, why: WORK },
  { table: 'public.flow_attempts', whose: OF_ACCOUNT, end: 'delete', exported: true, why: WORK },
  { table: 'public.flow_runs', whose: OF_ACCOUNT, end: 'delete', exported: true, why: WORK },
  { table: 'public.blobs', whose: OF_ACCOUNT, end: 'delete', exported: true, why: 'names the objects that were sent' },
  { table: 'public.idempotency_keys', whose: OF_ACCOUNT, end: 'delete', exported: true, why: 'keys of requests' },
  { table: 'public.cbb_reports', whose: OF_ACCOUNT, end: 'delete', exported: true, why: WORK },
  {
    table: 'public.cbb_versions',
    whose: OF_ACCOUNT,
    end: 'keep',
    exported: true,
    why: 'published: others bought them, and a version never changes',
  },

  {
    table: 'public.cbb_names',
    whose: OF_ACCOUNT,
    end: 'keep',
    exported: true,
    why: 'names of published packages stay taken',
  },
  {
    table: 'public.cbb_scopes',
    whose: OF_ACCOUNT,
    end: 'keep',
    exported: true,
    why: 'nobody else publishes under the name of who is gone',
  },
  { table: 'public.cbb_packages', whose: OF_ACCOUNT, end: 'keep', exported: true, why: 'who may see what is there' },
  {
    table: 'public.cbb_owners',
    whose: `user_id = :person OR cbb_id IN (SELECT cbb_id FROM public.cbb_names WHERE account_id = :account)`,
    end: 'delete',
    exported: true,
    why: 'who may publish what',
  },
  {
    table: 'public.cbb_publications',
    whose: OF_ACCOUNT,
    end: 'delete',
    exported: true,
    why: 'what the gate found in packages that were sent',
  },
  { table: 'public.cbb_passes', whose: OF_ACCOUNT, end: 'delete', exported: true, why: 'which jobs ended well' },
  { table: 'public.cbb_yanks', whose: OF_ACCOUNT, end: 'keep', exported: true, why: 'others have the package' },

  // money
  { table: 'public.journal_entries', whose: OF_ACCOUNT, end: 'keep', exported: true, why: LEDGER },
  {
    table: 'public.postings',
    whose: 'entry_id IN (SELECT entry_id FROM public.journal_entries WHERE account_id = :account)',
    end: 'keep',
    exported: true,
    why: LEDGER,
  },
  { table: 'public.ledger_accounts', whose: OF_ACCOUNT, end: 'keep', exported: true, why: LEDGER },
  { table: 'public.job_budgets', whose: OF_ACCOUNT, end: 'keep', exported: true, why: LEDGER },
  { table: 'public.holds', whose: OF_ACCOUNT, end: 'keep', exported: true, why: LEDGER },
  {
    table: 'public.hold_parts',
    whose: 'hold_id IN (SELECT hold_id FROM public.holds WHERE account_id = :account)',
    end: 'keep',
    exported: false,
    why: LEDGER,
  },
  { table: 'public.receipts', whose: OF_ACCOUNT, end: 'keep', exported: true, why: LEDGER },
  { table: 'public.entitlements', whose: OF_ACCOUNT, end: 'keep', exported: true, why: LEDGER },
  { table: 'public.grants', whose: OF_ACCOUNT, end: 'keep', exported: true, why: LEDGER },
  { table: 'public.payments', whose: OF_ACCOUNT, end: 'keep', exported: true, why: LEDGER },
  { table: 'public.usage_exports', whose: OF_ACCOUNT, end: 'keep', exported: true, why: LEDGER },
  { table: 'public.billing_mails', whose: OF_ACCOUNT, end: 'delete', exported: true, why: 'mails to the people' },
  {
    table: 'public.stripe_events',
    whose: `object_id IN (SELECT object_id FROM public.stripe_objects WHERE account_id = :account) OR strpos(raw,
      (SELECT customer_id FROM public.billing_accounts WHERE account_id = :account AND customer_id <> '')) > 0`,
    end: 'delete',
    exported: true,
    why: 'what the payment provider told: names, addresses, cards',
  },
  {
    table: 'public.stripe_objects',
    whose: OF_ACCOUNT,
    end: 'delete',
    exported: true,
    why: 'what the payment provider knows: names, addresses, cards',
  },
  {
    table: 'public.billing_accounts',
    whose: OF_ACCOUNT,
    end: { customer_id: 'NULL', subscription_id: 'NULL', card_expires_at: 'NULL' },
    exported: true,
    why: 'plan and period explain the books; whom the payment provider knows is forgotten',
  },
  {
    table: 'public.on_demand_consents',
    whose: `${OF_ACCOUNT} OR given_by = :person`,
    end: { given_by: `''` },
    exported: true,
    why: 'that somebody agreed stays, who it was does not',
  },

  // who they are
  {
    table: 'auth.refresh_tokens',
    whose: OF_SIGN_IN,
    end: 'delete',
    exported: false,
    why: 'hashes of credentials',
  },
  { table: 'auth.access_tokens', whose: OF_SIGN_IN, end: 'delete', exported: false, why: 'hashes of credentials' },
  {
    table: 'auth.device_grants',
    whose: OF_PERSON,
    end: 'delete',
    exported: true,
    hidden: ['device_code_hash', 'user_code'],
    why: 'devices that asked to be let in',
  },
  {
    table: 'auth.code_grants',
    whose: OF_PERSON,
    end: 'delete',
    exported: true,
    hidden: ['code_hash', 'code_challenge'],
    why: 'programs that asked to be let in',
  },
  { table: 'auth.sign_ins', whose: OF_PERSON, end: 'delete', exported: true, why: 'devices and their places' },
  { table: 'auth.wrong_codes', whose: OF_PERSON, end: 'delete', exported: true, why: 'guesses of device codes' },
  {
    table: 'auth.api_keys',
    whose: 'account_id = :account OR made_by = :person',
    end: 'delete',
    exported: true,
    hidden: ['hash'],
    why: 'credentials',
  },
  {
    table: 'auth.session',
    whose: '"userId" = :person',
    end: 'delete',
    exported: true,
    hidden: ['token'],
    why: 'browsers and their addresses',
  },
  {
    table: 'auth.account',
    whose: '"userId" = :person',
    end: 'delete',
    exported: true,
    hidden: ['password', 'accessToken', 'refreshToken', 'idToken'],
    why: 'how the person signs in',
  },
  {
    table: 'auth.verification',
    whose: `:email <> '' AND (strpos(identifier, :email) > 0 OR strpos(value, :email) > 0 OR strpos(value, :person) > 0)`,
    end: 'delete',
    exported: false,
    why: 'links of mails that are not used yet',
  },
  {
    table: 'auth.invitation',
    whose: `(${OF_ORGANISATION}) OR "email" = :email OR "inviterId" = :person`,
    end: 'delete',
    exported: true,
    // another person
    hidden: ['inviterId'],
    why: 'invitations by and to the person',
  },
  {
    table: 'auth.member',
    whose: `(${OF_ORGANISATION}) OR "userId" = :person`,
    end: 'delete',
    exported: true,
    why: 'who belongs where',
  },
  {
    table: 'auth.organization',
    whose: `"id" = substr(:account, 5) AND :account LIKE 'org\\_%'`,
    end: 'delete',
    exported: true,
    why: 'name and short name',
  },
  { table: 'auth.user', whose: '"id" = :person', end: 'delete', exported: true, why: 'name and address' },
  {
    table: 'public.account_deletions',
    whose: OF_ACCOUNT,
    end: { asked_by: 'NULL' },
    exported: true,
    why: 'that it was done',
  },
  {
    table: 'public.accounts',
    whose: OF_ACCOUNT,
    end: { name: `''` },
    exported: true,
    why: 'the ledger’s rows hang on it; without its name it is nobody’s',
  },

  // of nobody
  shared('public.object_removals', 'objects on their way out'),
  shared('public.cbb_downloads', 'how often each version was delivered'),
  shared('public.cbb_statements', 'what the registry states of published packages'),
  shared('public.schema_migrations'),
  shared('public.flow_processes', 'processes of the service'),
  shared('public.job_workers', 'processes of the service'),
  shared('public.plan_versions', 'what the plans were'),
  shared('auth.defaults'),
  shared('auth.rateLimit', 'attempts by network address, no account among them; overwritten all the time'),
  shared('dbos.dbos_migrations'),
  shared('dbos.application_versions'),
  shared('dbos.queues'),
  shared('dbos.workflow_schedules'),
  shared('dbos.event_dispatch_kv'),
  shared('dbos.scheduler_state'),
];
