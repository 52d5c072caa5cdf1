// A server that speaks the part of Stripe's API that billing uses, over HTTP, with a clock that tests move:
// subscriptions that renew, invoices, cards that fail, meter events that are unique by identifier and counted later,
// events for whoever delivers them, and refusals for too many requests.
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Stripe from 'stripe';
import { monthsAfter } from '../ledger/periods.ts';

type Json = Record<string, unknown>;
export interface StripeEvent {
  readonly id: string;
  readonly type: string;
  readonly body: string;
}
type Card = 'pays' | 'fails' | 'processing';

interface Subscription extends Json {
  id: string;
  customer: string;
  status: string;
  created: number;
  billing_cycle_anchor: number;
  cancel_at_period_end: boolean;
  latest_invoice: string;
  items: { data: { price: Json; current_period_start: number; current_period_end: number }[] };
}
interface MeterEvent {
  readonly identifier: string;
  readonly customer: string;
  readonly value: number;
  readonly timestamp: number;
  /** received; counted once `count` was called */
  readonly receivedAt: number;
  counted: boolean;
}

const DAY_MS = 86_400_000;
/** What can be listed by customer, as kinds of objects. */
const LISTS: Readonly<Record<string, string>> = {
  '/v1/checkout/sessions': 'checkout.session',
  '/v1/subscriptions': 'subscription',
};

export class StripeServer {
  readonly secret = 'whsec_test';
  readonly events: StripeEvent[] = [];
  readonly meterEvents: MeterEvent[] = [];
  readonly requests: string[] = [];
  /** answers of this many next requests that change something */
  refuseNext = 0;
  card: Card = 'pays';
  now: Date;
  readonly #objects = new Map<string, Json>();
  readonly #answers = new Map<string, string>();
  readonly #prices: readonly Json[];
  readonly #signing = new Stripe('sk_test');
  readonly #server: Server;
  #count = 0;

  readonly #tag: string;

  private constructor(now: Date, lookupKeys: Readonly<Record<string, number | null>>, tag: string) {
    this.now = now;
    this.#tag = tag;
    // null: the metered price, 0.0001 cents for each micro-dollar
    this.#prices = Object.entries(lookupKeys).map(([key, cents]) => ({
      id: `price_${key}`,
      object: 'price',
      lookup_key: key,
      unit_amount: cents,
      unit_amount_decimal: cents === null ? '0.0001' : String(cents),
    }));
    this.#server = createServer((request, response) => {
      void this.#answer(request).then(([status, body]) => {
        response.writeHead(status, { 'content-type': 'application/json', 'request-id': `req_${this.requests.length}` });
        response.end(body);
      });
    });
  }

  /** Prices in cents by lookup key; `tag` tells the ids of several servers apart. */
  static async open(now: Date, lookupKeys: Readonly<Record<string, number | null>>, tag = ''): Promise<StripeServer> {
    const made = new StripeServer(now, lookupKeys, tag);
    await new Promise<void>((resolve) => void made.#server.listen(0, '127.0.0.1', resolve));
    return made;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => void this.#server.close(() => resolve()));
  }

  /** The header that Stripe sends with these bytes. */
  sign(body: string, secret = this.secret): string {
    return this.#signing.webhooks.generateTestHeaderString({ payload: body, secret });
  }

  get<T extends Json>(id: string): T {
    const found = this.#objects.get(id);
    if (found === undefined) throw new Error(`no object ${id}`);
    return found as T;
  }

  /** All objects of a kind, oldest first. */
  all(kind: string): Json[] {
    return [...this.#objects.values()].filter((object) => object['object'] === kind);
  }

  /** What the person does on the page that a checkout session opened; answers where that page leads then. */
  complete(url: string): string {
    const session = this.get(url.split('/').at(-1) ?? '');
    if (session['status'] !== 'open') throw new Error(`the page is ${String(session['status'])}`);
    session['status'] = 'complete';
    if (session['mode'] === 'subscription') {
      this.#subscribe(String(session['customer']), session['lines'] as string[]);
    } else {
      this.#pay(this.get(String(session['payment_intent'])));
    }
    return String(session['success_url']);
  }

  /** A subscription that was made at Stripe itself. */
  subscribe(customer: string, lookupKey: string): void {
    this.#subscribe(
      customer,
      this.#prices.filter((price) => price['lookup_key'] === lookupKey).map((price) => String(price['id'])),
    );
  }

  /** The bank decides about payments that were under way. */
  settle(outcome: 'succeeded' | 'failed'): void {
    for (const intent of this.all('payment_intent')) {
      if (intent['status'] !== 'processing') continue;
      if (outcome === 'succeeded') this.#charge(intent);
      else this.#change(intent, { status: 'requires_payment_method' }, 'payment_intent.payment_failed');
    }
  }

  refund(intentId: string, cents: number): void {
    const charge = this.get(String(this.get(intentId)['latest_charge']));
    this.#change(charge, { amount_refunded: Number(charge['amount_refunded']) + cents }, 'charge.refunded');
  }

  dispute(intentId: string): string {
    const intent = this.get(intentId);
    const dispute = this.#make('dispute', 'dp', {
      status: 'needs_response',
      amount: intent['amount'],
      payment_intent: intentId,
      charge: intent['latest_charge'],
    });
    this.#emit('charge.dispute.created', dispute);
    return String(dispute['id']);
  }

  closeDispute(id: string, status: 'won' | 'lost'): void {
    this.#change(this.get(id), { status }, 'charge.dispute.closed');
  }

  /** The person takes another plan in the portal. */
  switchPlan(subscriptionId: string, lookupKey: string): void {
    const subscription = this.get<Subscription>(subscriptionId);
    const item = subscription.items.data.find(({ price }) => price['unit_amount'] !== null);
    const price = this.#prices.find((one) => one['lookup_key'] === lookupKey);
    if (item === undefined || price === undefined) throw new Error(`no price ${lookupKey}`);
    item.price = price;
    this.#emit('customer.subscription.updated', subscription);
  }

  /** Puts a card on file. */
  setCard(customer: string, exp_month: number, exp_year: number): void {
    const invoice_settings = { default_payment_method: { id: 'pm_1', card: { exp_month, exp_year } } };
    this.#change(this.get(customer), { invoice_settings }, 'customer.updated');
  }

  cancel(subscriptionId: string): void {
    this.#change(this.get(subscriptionId), { status: 'canceled' }, 'customer.subscription.deleted');
  }

  /** Tries the payment of an open invoice again. */
  retry(invoiceId: string): void {
    this.#payInvoice(this.get(invoiceId));
  }

  giveUp(subscriptionId: string): void {
    this.#change(this.get(subscriptionId), { status: 'unpaid' }, 'customer.subscription.updated');
  }

  /** Meter events are counted some time after they were taken. */
  count(): void {
    for (const event of this.meterEvents) event.counted = true;
  }

  /** Moves the clock; subscriptions whose period is over renew on the way. */
  advance(to: Date): void {
    for (;;) {
      const due = this.all('subscription')
        .map((one) => one as Subscription)
        .filter(({ status }) => status === 'active' || status === 'past_due')
        .map((one) => ({ one, end: one.items.data[0]?.current_period_end ?? Infinity }))
        .filter(({ end }) => end * 1000 <= to.getTime())
        .sort((a, b) => a.end - b.end)[0];
      if (due === undefined) break;
      this.now = new Date(due.end * 1000);
      this.#renew(due.one);
    }
    this.now = to;
  }

  #subscribe(customer: string, priceIds: string[]): void {
    const start = this.#seconds();
    const items = priceIds.map((id) => ({
      price: this.#prices.find((price) => price['id'] === id) ?? {},
      current_period_start: start,
      current_period_end: Math.floor(monthsAfter(new Date(start * 1000), 1).getTime() / 1000),
    }));
    const subscription = this.#make('subscription', 'sub', {
      customer,
      status: 'incomplete',
      billing_cycle_anchor: start,
      cancel_at_period_end: false,
      latest_invoice: '',
      items: { data: items },
    }) as Subscription;
    this.#emit('customer.subscription.created', subscription);
    this.#invoice(subscription, []);
  }

  #renew(subscription: Subscription): void {
    const [first] = subscription.items.data;
    if (first === undefined) return;
    const usage = { from: first.current_period_start, to: first.current_period_end };
    const anchor = new Date(subscription.billing_cycle_anchor * 1000);
    let n = 1;
    while (monthsAfter(anchor, n).getTime() / 1000 <= first.current_period_end) n += 1;
    for (const item of subscription.items.data) {
      item.current_period_start = usage.to;
      item.current_period_end = monthsAfter(anchor, n).getTime() / 1000;
    }
    this.#emit('customer.subscription.updated', subscription);
    const metered = subscription.items.data.filter(({ price }) => price['unit_amount'] === null);
    const quantity = Math.max(
      0,
      this.meterEvents
        .filter(
          (event) =>
            event.counted &&
            event.customer === subscription.customer &&
            event.timestamp >= usage.from &&
            event.timestamp < usage.to,
        )
        .reduce((sum, event) => sum + event.value, 0),
    );
    this.#invoice(
      subscription,
      metered.map(({ price }) => ({
        amount: Math.round(quantity / 10_000),
        quantity,
        period: { start: usage.from, end: usage.to },
        pricing: { price_details: { price: price['id'] } },
      })),
    );
  }

  #invoice(subscription: Subscription, lines: Json[]): void {
    const fees = subscription.items.data
      .filter(({ price }) => price['unit_amount'] !== null)
      .map((item) => ({
        amount: Number(item.price['unit_amount']),
        quantity: 1,
        period: { start: item.current_period_start, end: item.current_period_end },
        pricing: { price_details: { price: item.price['id'] } },
      }));
    const all = [...fees, ...lines];
    const invoice = this.#make('invoice', 'in', {
      customer: subscription.customer,
      status: 'open',
      amount_due: all.reduce((sum, line) => sum + Number(line['amount']), 0),
      amount_paid: 0,
      attempt_count: 0,
      hosted_invoice_url: 'https://invoice.example/1',
      parent: { subscription_details: { subscription: subscription.id } },
      lines: { object: 'list', has_more: false, data: all },
    });
    subscription.latest_invoice = String(invoice['id']);
    this.#emit('invoice.created', invoice);
    this.#payInvoice(invoice);
  }

  #payInvoice(invoice: Json): void {
    const details = (invoice['parent'] as { subscription_details: { subscription: string } }).subscription_details;
    const subscription = this.get<Subscription>(details.subscription);
    const attempt_count = Number(invoice['attempt_count']) + 1;
    if (this.card === 'pays') {
      this.#change(invoice, { status: 'paid', amount_paid: invoice['amount_due'], attempt_count }, 'invoice.paid');
      if (subscription.status !== 'active')
        this.#change(subscription, { status: 'active' }, 'customer.subscription.updated');
      return;
    }
    this.#change(invoice, { attempt_count }, this.card === 'fails' ? 'invoice.payment_failed' : 'invoice.updated');
    if (this.card === 'fails' && subscription.status === 'active')
      this.#change(subscription, { status: 'past_due' }, 'customer.subscription.updated');
  }

  #pay(intent: Json): void {
    if (this.card === 'pays') this.#charge(intent);
    else if (this.card === 'processing') this.#change(intent, { status: 'processing' }, 'payment_intent.processing');
    else this.#change(intent, { status: 'requires_payment_method' }, 'payment_intent.payment_failed');
  }

  #charge(intent: Json): void {
    const charge = this.#make('charge', 'ch', {
      customer: intent['customer'],
      payment_intent: intent['id'],
      amount: intent['amount'],
      amount_refunded: 0,
    });
    const paid = { status: 'succeeded', amount_received: intent['amount'], latest_charge: charge['id'] };
    this.#change(intent, paid, 'payment_intent.succeeded');
  }

  #make(object: string, prefix: string, fields: Json): Json {
    const id = `${prefix}_${this.#tag}${(this.#count += 1)}`;
    const made = { id, object, created: this.#seconds(), livemode: false, ...fields };
    this.#objects.set(id, made);
    return made;
  }

  #change(object: Json, fields: Json, type: string): void {
    Object.assign(object, fields);
    this.#emit(type, object);
  }

  #emit(type: string, object: Json): void {
    const id = `evt_${this.#tag}${(this.#count += 1)}`;
    const body = JSON.stringify({ id, object: 'event', type, created: this.#seconds(), data: { object } });
    this.events.push({ id, type, body });
  }

  #seconds(): number {
    return Math.floor(this.now.getTime() / 1000);
  }

  async #answer(request: IncomingMessage): Promise<[status: number, body: string]> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const url = new URL(request.url ?? '/', 'http://stripe');
    const changes = request.method === 'POST';
    const form = nested(changes ? new URLSearchParams(Buffer.concat(chunks).toString()) : url.searchParams);
    this.requests.push(`${request.method ?? ''} ${url.pathname}`);
    if (changes && this.refuseNext > 0) {
      this.refuseNext -= 1;
      return [429, refusal('rate_limit', 'Too many requests')];
    }
    const key = request.headers['idempotency-key'];
    const before = changes && typeof key === 'string' ? this.#answers.get(key) : undefined;
    if (before !== undefined) return [200, before];
    const found = changes
      ? this.#post(url.pathname, form)
      : request.method === 'DELETE'
        ? this.#delete(url.pathname)
        : this.#read(url.pathname, form);
    if (typeof found === 'string') return [400, refusal('invalid_request_error', found)];
    const body = JSON.stringify(found);
    // the SDK makes a key of its own for each request; ours name what they do
    if (changes && typeof key === 'string' && key.includes('|')) this.#answers.set(key, body);
    return [200, body];
  }

  #delete(path: string): Json | string {
    const id = /^\/v1\/subscriptions\/(\w+)$/.exec(path)?.[1];
    if (id === undefined) return `Unrecognized request URL (DELETE: ${path})`;
    this.cancel(id);
    return this.get(id);
  }

  #read(path: string, query: Json): Json | string {
    if (path === '/v1/prices') {
      const keys = Object.values((query['lookup_keys'] ?? {}) as Json);
      return {
        object: 'list',
        has_more: false,
        data: this.#prices.filter((price) => keys.includes(price['lookup_key'])),
      };
    }
    const listed = LISTS[path];
    if (listed !== undefined) {
      const wanted = (one: Json): boolean =>
        one['customer'] === query['customer'] &&
        (query['status'] === undefined ? one['status'] !== 'canceled' : one['status'] === query['status']);
      return { object: 'list', has_more: false, url: path, data: this.all(listed).filter(wanted) };
    }
    const object = this.#objects.get(path.split('/').at(-1) ?? '');
    if (object === undefined) return 'No such object';
    const wanted = Object.values((query['expand'] ?? {}) as Json);
    const shown = { ...object };
    for (const field of ['latest_invoice', 'charge'])
      if (wanted.includes(field)) shown[field] = this.#objects.get(String(object[field])) ?? null;
    return shown;
  }

  #post(path: string, form: Json): Json | string {
    const expired = /^\/v1\/checkout\/sessions\/(\w+)\/expire$/.exec(path)?.[1];
    if (expired !== undefined) {
      const session = this.get(expired);
      if (session['status'] !== 'open') return 'Only Checkout Sessions with a status in ["open"] can be expired.';
      return Object.assign(session, { status: 'expired', url: null });
    }
    switch (path) {
      case '/v1/customers':
        return this.#make('customer', 'cus', { metadata: form['metadata'], email: form['email'] ?? null });
      case '/v1/checkout/sessions':
        return this.#session(form);
      case '/v1/billing_portal/sessions':
        return {
          id: 'bps_1',
          object: 'billing_portal.session',
          url: `https://portal.example/${String(form['customer'])}`,
        };
      case '/v1/payment_intents': {
        const intent = this.#make('payment_intent', 'pi', { ...intentFields(form), customer: form['customer'] });
        this.#pay(intent);
        return intent;
      }
      case '/v1/billing/meter_events':
        return this.#meter(form);
      default:
        return `Unrecognized request URL (POST: ${path})`;
    }
  }

  #session(form: Json): Json {
    const lines = Object.values(form['line_items'] as Record<string, Json>);
    const first = lines[0]?.['price_data'] as Json | undefined;
    const intent =
      form['mode'] === 'payment'
        ? this.#make('payment_intent', 'pi', {
            ...intentFields({ ...(form['payment_intent_data'] as Json), amount: first?.['unit_amount'] }),
            customer: form['customer'],
          })
        : null;
    const session = this.#make('checkout.session', 'cs', {
      mode: form['mode'],
      status: 'open',
      customer: form['customer'],
      payment_intent: intent?.['id'] ?? null,
      lines: lines.map((line) => line['price']),
      success_url: form['success_url'],
    });
    session['url'] = `https://checkout.example/${String(session['id'])}`;
    return session;
  }

  #meter(form: Json): Json | string {
    const payload = form['payload'] as Json;
    const identifier = String(form['identifier']);
    const timestamp = Number(form['timestamp']);
    const now = this.now.getTime();
    if (this.meterEvents.some((event) => event.identifier === identifier && now - event.receivedAt < DAY_MS))
      return `An event already exists with identifier ${identifier}.`;
    if (timestamp * 1000 < now - 35 * DAY_MS || timestamp * 1000 > now + 300_000)
      return 'The timestamp must be within the past 35 calendar days or up to 5 minutes in the future.';
    this.meterEvents.push({
      identifier,
      customer: String(payload['stripe_customer_id']),
      value: Number(payload['value']),
      timestamp,
      receivedAt: now,
      counted: false,
    });
    return { object: 'billing.meter_event', identifier, livemode: false };
  }
}

const intentFields = (form: Json): Json => ({
  status: 'requires_payment_method',
  amount: Number(form['amount']),
  amount_received: 0,
  currency: 'usd',
  metadata: form['metadata'] ?? {},
  latest_charge: null,
});

const refusal = (type: string, message: string): string => JSON.stringify({ error: { type, message } });

/** `a[b][0]=c` as objects within objects. */
function nested(form: URLSearchParams): Json {
  const root: Json = {};
  for (const [key, value] of form) {
    const path = key.split(/[[\]]+/).filter((part) => part !== '');
    let at = root;
    for (const part of path.slice(0, -1)) at = (at[part] ??= {}) as Json;
    at[path.at(-1) ?? ''] = value;
  }
  return root;
}
