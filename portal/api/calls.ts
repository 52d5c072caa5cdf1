// The one client of the backend's HTTP API: what each call takes and gives, from the contracts. A browser's session
// cookie lets it in; on a backend without accounts, the token of its home.
import type {
  AccountView,
  AuthorizeRequest,
  AuthorizeResponse,
  DeletionRequest,
  DeletionView,
  DeviceDecision,
  DeviceView,
  Done,
  KeyList,
  KeyRequest,
  MadeKey,
  SignInList,
  SignInProviders,
} from '@genrtl/contracts/http/accounts.ts';
import type {
  Alerts,
  BillingView,
  CreditOrder,
  Invoices,
  OnDemandConsent,
  OnDemandLimit,
  PaymentPage,
  PlanChoice,
} from '@genrtl/contracts/http/billing.ts';
import type {
  CbbPackage,
  CbbPackageChange,
  CbbPublications,
  CbbReports,
  OwnPackages,
  ReportState,
  UsageSummary,
  YankRequest,
} from '@genrtl/contracts';
import type * as Operators from '@genrtl/contracts/http/operators.ts';
import { API_ROUTES, ORGANISATION_HEADER } from '@genrtl/contracts/http/routes.ts';
import { failureOf } from './failure.ts';
import { tokenOf } from './local-token.ts';

interface Call<Body, Answer> {
  readonly body: Body;
  readonly answer: Answer;
}

/** By method and name of the route. */
export interface Calls {
  'GET signInProviders': Call<undefined, SignInProviders>;
  'GET account': Call<undefined, AccountView>;
  'GET accountDeletion': Call<undefined, DeletionView>;
  'POST accountDeletion': Call<DeletionRequest, DeletionView>;
  'DELETE accountDeletion': Call<undefined, DeletionView>;
  'GET accountKeys': Call<undefined, KeyList>;
  'POST accountKeys': Call<KeyRequest, MadeKey>;
  'DELETE accountKey': Call<undefined, Done>;
  'GET signIns': Call<undefined, SignInList>;
  'DELETE signIns': Call<undefined, Done>;
  'DELETE signIn': Call<undefined, Done>;
  'GET deviceDecision': Call<undefined, DeviceView>;
  'POST deviceDecision': Call<DeviceDecision, Done>;
  'POST authorize': Call<AuthorizeRequest, AuthorizeResponse>;
  'GET billing': Call<undefined, BillingView>;
  'GET billingInvoices': Call<undefined, Invoices>;
  'PUT onDemand': Call<OnDemandLimit, BillingView>;
  'POST onDemandConsent': Call<undefined, OnDemandConsent>;
  'PUT billingAlerts': Call<Alerts, BillingView>;
  'POST subscribe': Call<PlanChoice, PaymentPage>;
  'POST credit': Call<CreditOrder, PaymentPage>;
  'POST paymentPortal': Call<undefined, PaymentPage>;
  'GET usage': Call<undefined, UsageSummary>;
  'GET cbbOwn': Call<undefined, OwnPackages>;
  'GET cbbReports': Call<undefined, CbbReports>;
  'PUT cbbYank': Call<YankRequest, Done>;
  'DELETE cbbYank': Call<undefined, Done>;
  'GET cbbPackage': Call<undefined, CbbPackage>;
  'PUT cbbPackage': Call<CbbPackageChange, CbbPackage>;
  'PUT cbbOwner': Call<undefined, CbbPackage>;
  'DELETE cbbOwner': Call<undefined, CbbPackage>;
  'GET cbbPublications': Call<undefined, CbbPublications>;
  'PUT cbbReportState': Call<ReportState, Done>;
  'GET operatorAccounts': Call<undefined, Operators.OperatorAccounts>;
  'GET operatorRuns': Call<undefined, Operators.OperatorRuns>;
  'GET operatorLedger': Call<undefined, Operators.OperatorLedger>;
  'GET operatorCosts': Call<undefined, Operators.OperatorCosts>;
  'GET operatorPackages': Call<undefined, Operators.OperatorPackages>;
  'GET operatorHealth': Call<undefined, Operators.OperatorHealth>;
}
type Named = `${'GET' | 'POST' | 'PUT' | 'DELETE'} ${keyof typeof API_ROUTES}`;
/** A call whose name is no route of the contracts can be used nowhere. */
export type CallName = keyof Calls & Named;

export interface Asked<C extends CallName> {
  readonly body?: Calls[C]['body'];
  /** parts of the path */
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  /** id of the organisation that the call is made for; null: the person's own account */
  readonly as?: string | null;
}

export const headersFor = (as: string | null | undefined): Record<string, string> => {
  const token = tokenOf();
  return {
    ...(as == null ? {} : { [ORGANISATION_HEADER]: as }),
    ...(token === null ? {} : { authorization: `Bearer ${token}` }),
  };
};

/** Throws a Failure, or a TypeError where nobody answers. */
export async function ask<C extends CallName>(call: C, asked: Asked<C> = {}): Promise<Calls[C]['answer']> {
  const [method, route] = call.split(' ') as [string, keyof typeof API_ROUTES];
  const path = API_ROUTES[route].replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(asked.path?.[name] ?? ''));
  const query = asked.query === undefined ? '' : `?${new URLSearchParams(asked.query).toString()}`;
  const response = await fetch(`${path}${query}`, {
    method,
    headers: {
      ...headersFor(asked.as),
      ...(asked.body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(asked.body === undefined ? {} : { body: JSON.stringify(asked.body) }),
  });
  if (!response.ok) throw await failureOf(response);
  return (await response.json()) as Calls[C]['answer'];
}
