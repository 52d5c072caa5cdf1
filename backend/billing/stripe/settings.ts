// How a hosted backend reaches Stripe, read from its environment.
import { GenrtlError } from '@genrtl/contracts';

export interface StripeSettings {
  readonly key: string;
  /** one, or two while they are rotated */
  readonly webhookSecrets: readonly string[];
  /** name of the meter's events, whose values are micro-dollars */
  readonly meterEvent: string;
  /** lookup key of the metered price: 0.0001 cents for each micro-dollar */
  readonly meterPrice: string;
  /** another address of the API, for tests */
  readonly api: URL | null;
}

/** null where GENRTL_STRIPE_KEY is not set: plans are not for sale here. USAGE for a setting that cannot be meant. */
export function readStripeSettings(env: NodeJS.ProcessEnv): StripeSettings | null {
  const set = (name: string): string => env[name]?.trim() ?? '';
  const key = set('GENRTL_STRIPE_KEY');
  if (key === '') return null;
  const webhookSecrets = set('GENRTL_STRIPE_WEBHOOK_SECRETS')
    .split(',')
    .map((secret) => secret.trim())
    .filter((secret) => secret !== '');
  if (webhookSecrets.length === 0)
    throw new GenrtlError('USAGE', 'GENRTL_STRIPE_WEBHOOK_SECRETS is not set', {
      hint: 'Give the signing secret of the webhook endpoint; two, separated by a comma, while it is rotated.',
    });
  const api = set('GENRTL_STRIPE_API');
  if (api !== '' && !URL.canParse(api)) throw new GenrtlError('USAGE', 'GENRTL_STRIPE_API is no address');
  return {
    key,
    webhookSecrets,
    meterEvent: set('GENRTL_STRIPE_METER') || 'genrtl_on_demand',
    meterPrice: set('GENRTL_STRIPE_METER_PRICE') || 'genrtl_on_demand',
    api: api === '' ? null : new URL(api),
  };
}
