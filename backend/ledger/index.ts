// The ledger: who pays what, for models and packages, under which cap. Speaks no HTTP; every call runs in a transaction
// of its caller, so that a charge and what it pays for are one commit.
export { budgetView, ensureBudget, setCap } from './budgets.ts';
export { drawable, openBuckets, setBucketLimit } from './buckets.ts';
export { readBucket } from './repository/buckets.ts';
export { checkLedger } from './check.ts';
export {
  closeExpired,
  closeGrant,
  consentToOnDemand,
  consentUntil,
  freezeGrant,
  give,
  giveIncluded,
  grantsInForce,
  lockBilling,
  movePeriod,
  openPeriod,
  readBilling,
  setOnDemandLimit,
  takeBack,
  type BillingRow,
  type Grant,
  type GrantRow,
} from './grants.ts';
export { bookEntry, type PaymentEntry } from './payments.ts';
export { monthsAfter, periodAt, type Period } from './periods.ts';
export { jobCost } from './job-cost.ts';
export { LEASE, leasesOfNobody, placeLeases, releaseLeases, type Leases } from './leases.ts';
export { openHolds, placeHold, settleHold, type HoldRequest, type Settled, type Settlement } from './holds.ts';
export { committed, type Act } from './together.ts';
export {
  entitledVersions,
  findReceipt,
  purchase,
  reversePurchase,
  type Purchase,
  type ReceiptRow,
} from './purchases.ts';
export { usageSummary, type UsageQuery } from './usage.ts';
