-- Packages of organisations: their scopes, who may see and publish each, what became of each attempt to publish, and
-- how often each was delivered and passed.

-- `@org/name` beside the platform's `cbb_name`.
ALTER TABLE cbb_versions DROP CONSTRAINT cbb_versions_cbb_id_check;
ALTER TABLE cbb_versions ADD CONSTRAINT cbb_versions_cbb_id_check
  CHECK (cbb_id ~ '^(cbb_[a-z0-9_]{1,60}|@[a-z0-9]([a-z0-9-]{0,37}[a-z0-9])?/[a-z][a-z0-9_-]{0,59})$');

-- The short name that an organisation published under; its for ever, also when it takes another one or ends.
CREATE TABLE cbb_scopes (
  scope      text PRIMARY KEY,
  skeleton   text NOT NULL UNIQUE,
  account_id text NOT NULL REFERENCES accounts,
  claimed_at timestamptz NOT NULL DEFAULT now()
);

-- What holds for all versions of a package. One without a row is public.
CREATE TABLE cbb_packages (
  cbb_id     text PRIMARY KEY,
  account_id text NOT NULL REFERENCES accounts,
  visibility text NOT NULL CHECK (visibility IN ('public', 'private'))
);

-- Members who may publish versions of a package without being owner or admin of the organisation.
CREATE TABLE cbb_owners (
  cbb_id   text NOT NULL,
  user_id  text NOT NULL,
  added_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (cbb_id, user_id)
);

CREATE TABLE cbb_publications (
  account_id    text NOT NULL REFERENCES accounts,
  source_sha256 text NOT NULL,
  cbb_id        text NOT NULL,
  version       text NOT NULL,
  status        text NOT NULL CHECK (status IN ('verifying', 'published', 'refused')),
  part          text,
  findings      jsonb NOT NULL DEFAULT '[]',
  started_at    timestamptz NOT NULL DEFAULT now(),
  -- the last sign of life of the process that verifies
  seen_at       timestamptz NOT NULL DEFAULT now(),
  ended_at      timestamptz,
  PRIMARY KEY (account_id, source_sha256)
);
CREATE INDEX cbb_publications_by_time ON cbb_publications (started_at);

CREATE TABLE cbb_downloads (
  cbb_id  text NOT NULL,
  version text NOT NULL,
  count   bigint NOT NULL,
  PRIMARY KEY (cbb_id, version)
);
-- One row for a job that ended well with a version.
CREATE TABLE cbb_passes (
  cbb_id     text NOT NULL,
  version    text NOT NULL,
  account_id text NOT NULL REFERENCES accounts,
  job_id     text NOT NULL,
  passed_at  timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (cbb_id, version, account_id, job_id)
);

ALTER TABLE cbb_reports ADD COLUMN closed_at timestamptz;
