// The pages of an account: where they are, what may see them, and where they stand in the navigation.
import type { ComponentType } from 'react';
import {
  Activity,
  BarChart3,
  BookCheck,
  Building2,
  CreditCard,
  KeyRound,
  MonitorSmartphone,
  Package,
  PackageSearch,
  User,
  Users,
  Wallet,
} from 'lucide-react';
import type { Icon } from '@genrtl/ui/controls.tsx';
import type en from './i18n/en.json';
import { BillingPage } from './pages/billing.tsx';
import { KeysPage } from './pages/keys.tsx';
import { OperatorAccountsPage } from './pages/operator-accounts.tsx';
import { OperatorCostsPage } from './pages/operator-costs.tsx';
import { OperatorLedgerPage } from './pages/operator-ledger.tsx';
import { OperatorPackagesPage } from './pages/operator-packages.tsx';
import { OperatorRunsPage } from './pages/operator-runs.tsx';
import { OrganisationPage } from './pages/organisation.tsx';
import { PackagesPage } from './pages/packages.tsx';
import { ProfilePage } from './pages/profile.tsx';
import { SessionsPage } from './pages/sessions.tsx';
import { UsagePage } from './pages/usage.tsx';
import { isLocal, may, type Acting } from './state/acting.ts';

/** Each page's title stands under `pages.` in both languages; its name is the key there. */
type PlaceName = keyof typeof en.pages;

export interface Place {
  readonly name: PlaceName;
  /** below /account */
  readonly path: string;
  readonly group: 'person' | 'account' | 'service';
  readonly icon: Icon;
  readonly page: ComponentType;
  readonly shown: (acting: Acting) => boolean;
}

/** Operators look at the service for themselves, whichever account they act for. */
const operates = ({ own }: Acting): boolean => own.actions.includes('service.watch');

export const PLACES: readonly Place[] = [
  {
    name: 'profile',
    path: '',
    group: 'person',
    icon: User,
    page: ProfilePage,
    shown: (acting) => !isLocal(acting),
  },
  {
    name: 'sessions',
    path: 'sessions',
    group: 'person',
    icon: MonitorSmartphone,
    page: SessionsPage,
    shown: (acting) => !isLocal(acting),
  },
  {
    name: 'organisation',
    path: 'organisation',
    group: 'account',
    icon: Building2,
    page: OrganisationPage,
    shown: (acting) => may(acting, 'members.read'),
  },
  {
    name: 'billing',
    path: 'billing',
    group: 'account',
    icon: CreditCard,
    page: BillingPage,
    shown: (acting) => may(acting, 'usage.read'),
  },
  {
    name: 'usage',
    path: 'usage',
    group: 'account',
    icon: BarChart3,
    page: UsagePage,
    shown: (acting) => may(acting, 'usage.read'),
  },
  {
    name: 'keys',
    path: 'keys',
    group: 'account',
    icon: KeyRound,
    page: KeysPage,
    shown: (acting) => may(acting, 'keys.manage'),
  },
  {
    name: 'packages',
    path: 'packages',
    group: 'account',
    icon: Package,
    page: PackagesPage,
    shown: (acting) => may(acting, 'packages.publish'),
  },
  {
    name: 'operatorAccounts',
    path: 'operator/accounts',
    group: 'service',
    icon: Users,
    page: OperatorAccountsPage,
    shown: operates,
  },
  {
    name: 'operatorRuns',
    path: 'operator/runs',
    group: 'service',
    icon: Activity,
    page: OperatorRunsPage,
    shown: operates,
  },
  {
    name: 'operatorPackages',
    path: 'operator/packages',
    group: 'service',
    icon: PackageSearch,
    page: OperatorPackagesPage,
    shown: operates,
  },
  {
    name: 'operatorLedger',
    path: 'operator/ledger',
    group: 'service',
    icon: BookCheck,
    page: OperatorLedgerPage,
    shown: operates,
  },
  {
    name: 'operatorCosts',
    path: 'operator/costs',
    group: 'service',
    icon: Wallet,
    page: OperatorCostsPage,
    shown: operates,
  },
];

export const addressOf = ({ path }: Pick<Place, 'path'>): string => (path === '' ? '/account' : `/account/${path}`);
