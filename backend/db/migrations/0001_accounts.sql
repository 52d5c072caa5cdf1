-- Who owns things. Every other row names an account. Two exist from the start: the person at this machine, and the platform
-- itself, the counterparty of every charge.
CREATE TABLE accounts (
  account_id text PRIMARY KEY,
  kind       text NOT NULL CHECK (kind IN ('local', 'platform', 'user', 'organisation')),
  name       text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
INSERT INTO accounts (account_id, kind, name) VALUES
  ('platform', 'platform', 'genRTL'),
  ('local', 'local', 'this machine');

-- Content lies in the object store under its hash; an account may read what it has sent.
CREATE TABLE blobs (
  account_id text NOT NULL REFERENCES accounts,
  sha256     text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  size_bytes bigint NOT NULL CHECK (size_bytes >= 0),
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (account_id, sha256)
);

-- The first request of a key decides its answer for ever; the hash tells a repeat from another request under the same key.
CREATE TABLE idempotency_keys (
  account_id   text NOT NULL REFERENCES accounts,
  key          text NOT NULL CHECK (length(key) BETWEEN 1 AND 255),
  request_hash text NOT NULL CHECK (request_hash ~ '^[0-9a-f]{64}$'),
  kind         text NOT NULL CHECK (kind IN ('job', 'checkout')),
  result_id    text NOT NULL,
  created_at   timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (account_id, key)
);
