// The database of the backend: pool, transactions, migrations.
export { createPool, type Pool, type Queryable } from './pool.ts';
export {
  inTransaction,
  isRepeatable,
  query,
  reading,
  TRANSACTIONS,
  type Transaction,
  type TransactionName,
} from './transaction.ts';
export { notifyTopics } from './notify.ts';
export { openListener, RUN_CHANNEL, type Listener } from './listener.ts';
export { migrate, readMigrations, type LibrarySchema } from './migrate.ts';
export { bindKey, freeKeysOf, resultOfKey, type KeyedRequest } from './idempotency.ts';
export { storableText, toJsonb } from './json.ts';
