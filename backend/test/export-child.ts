// Reports usage to Stripe in a process that tests may kill.
import { createPool } from '../db/index.ts';
import { SHIPPED_PLANS } from '../billing/plans.ts';
import { openPayment } from '../billing/stripe/index.ts';

const pool = createPool(process.env['TEST_DATABASE'] ?? '', { max: 2 });
await openPayment({
  pool,
  settings: {
    key: 'sk_test',
    webhookSecrets: ['whsec_test'],
    meterEvent: 'genrtl_on_demand',
    meterPrice: 'genrtl_on_demand',
    api: new URL(process.env['TEST_STRIPE'] ?? ''),
  },
  plans: SHIPPED_PLANS,
  page: '',
  log: { info: () => undefined, warn: () => undefined, error: () => undefined },
  now: () => new Date(),
}).exportUsage();
await pool.end();
