-- Published packages. The archive lies in the object store under its hash; a version, once published, never changes.
CREATE TABLE cbb_versions (
  cbb_id       text NOT NULL CHECK (cbb_id ~ '^cbb_[a-z0-9_]{1,60}$'),
  version      text NOT NULL,
  -- who published it
  account_id   text NOT NULL REFERENCES accounts,
  manifest     jsonb NOT NULL,
  evidence     jsonb,
  sha256       text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  size_bytes   bigint NOT NULL CHECK (size_bytes > 0),
  -- base64: detached Ed25519 signature over the archive, and the SPKI of the key that made it
  signature    text NOT NULL,
  public_key   text NOT NULL,
  published_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (cbb_id, version),
  CHECK (manifest->>'cbb_id' = cbb_id AND manifest->>'version' = version)
);

CREATE FUNCTION refuse_republish() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'published versions are immutable: % on % refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER cbb_versions_immutable BEFORE UPDATE OR DELETE ON cbb_versions FOR EACH ROW EXECUTE FUNCTION refuse_republish();
CREATE TRIGGER cbb_versions_no_truncate BEFORE TRUNCATE ON cbb_versions FOR EACH STATEMENT EXECUTE FUNCTION refuse_republish();
