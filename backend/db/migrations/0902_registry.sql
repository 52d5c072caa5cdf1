-- Names of packages, versions that were withdrawn, and what the registry states of each version under its signature.

-- One name for all that looks like it; the first to publish keeps it.
CREATE TABLE cbb_names (
  skeleton   text PRIMARY KEY,
  cbb_id     text NOT NULL UNIQUE,
  account_id text NOT NULL REFERENCES accounts,
  claimed_at timestamptz NOT NULL DEFAULT now()
);

-- Installed copies keep working and receipts keep delivering; new work does not choose it.
CREATE TABLE cbb_yanks (
  cbb_id     text NOT NULL,
  version    text NOT NULL,
  account_id text NOT NULL REFERENCES accounts,
  reason     text NOT NULL CHECK (length(reason) BETWEEN 1 AND 1000),
  yanked_at  timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (cbb_id, version)
);

-- The exact bytes that were signed.
CREATE TABLE cbb_statements (
  cbb_id     text NOT NULL,
  version    text NOT NULL,
  statement  text NOT NULL,
  signature  text NOT NULL,
  public_key text NOT NULL,
  made_at    timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (cbb_id, version)
);

CREATE INDEX cbb_reports_by_package ON cbb_reports (cbb_id, created_at);
