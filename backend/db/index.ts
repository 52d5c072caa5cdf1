// The database of the backend: pool, transactions, migrations.
export { createPool, ping, type Pool, type Queryable } from './pool.ts';
export {
  answeredWithCommit,
  inStatement,
  inTransaction,
  inTransactions,
  prepared,
  query,
  reading,
  TRANSACTIONS,
  type Transaction,
  type TransactionName,
} from './transaction.ts';
export { isRepeatable, repeating } from './repeat.ts';
export { readTogether } from './group-read.ts';
export { notifyTopics } from './notify.ts';
export { openListener, RUN_CHANNEL, type Listener } from './listener.ts';
export { migrate, readMigrations, type LibrarySchema } from './migrate.ts';
export { bindKey, freeKeysOf, keyAnswers, resultOfKey, type BoundKey, type KeyedRequest } from './idempotency.ts';
export { storableJson, storableText, toJsonb } from './json.ts';
