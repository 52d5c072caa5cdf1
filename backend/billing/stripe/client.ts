// The one place that makes a Stripe client, at the API version that the program was written for.
import Stripe from 'stripe';
import type { StripeSettings } from './settings.ts';

export const STRIPE_API_VERSION = '2026-10-28.endive';
const TIMEOUT_MS = 20_000;

export function openStripe({ key, api }: StripeSettings): Stripe {
  return new Stripe(key, {
    apiVersion: STRIPE_API_VERSION,
    maxNetworkRetries: 2,
    timeout: TIMEOUT_MS,
    telemetry: false,
    ...(api === null
      ? {}
      : { host: api.hostname, port: api.port, protocol: api.protocol === 'http:' ? 'http' : 'https' }),
  });
}
