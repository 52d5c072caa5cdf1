-- Who signs in, with what. The first tables are those of the library that keeps identities (its names, its shapes); the
-- rest are ours: credentials of programs, and what each event revokes. What must happen together with a change hangs on
-- the change itself, so that no path around it exists.
CREATE SCHEMA auth;

CREATE TABLE auth."user" (
  "id"            text PRIMARY KEY,
  "name"          text NOT NULL CHECK (length("name") <= 200),
  "email"         text NOT NULL UNIQUE CHECK (length("email") <= 320),
  "emailVerified" boolean NOT NULL,
  "image"         text,
  -- taken from its person by the operator: nothing of it works until it is given back
  "seizedAt"      timestamptz,
  "createdAt"     timestamptz NOT NULL DEFAULT now(),
  "updatedAt"     timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE auth."session" (
  "id"                   text PRIMARY KEY,
  "expiresAt"            timestamptz NOT NULL,
  "token"                text NOT NULL UNIQUE,
  "createdAt"            timestamptz NOT NULL DEFAULT now(),
  "updatedAt"            timestamptz NOT NULL,
  "ipAddress"            text,
  "userAgent"            text,
  "userId"               text NOT NULL REFERENCES auth."user" ON DELETE CASCADE,
  "activeOrganizationId" text
);
CREATE INDEX "session_userId_idx" ON auth."session" ("userId");
CREATE TABLE auth."account" (
  "id"                    text PRIMARY KEY,
  "accountId"             text NOT NULL,
  "providerId"            text NOT NULL,
  "userId"                text NOT NULL REFERENCES auth."user" ON DELETE CASCADE,
  "accessToken"           text,
  "refreshToken"          text,
  "idToken"               text,
  "accessTokenExpiresAt"  timestamptz,
  "refreshTokenExpiresAt" timestamptz,
  "scope"                 text,
  "password"              text,
  "createdAt"             timestamptz NOT NULL DEFAULT now(),
  "updatedAt"             timestamptz NOT NULL
);
CREATE INDEX "account_userId_idx" ON auth."account" ("userId");
CREATE TABLE auth."verification" (
  "id"         text PRIMARY KEY,
  "identifier" text NOT NULL,
  "value"      text NOT NULL,
  "expiresAt"  timestamptz NOT NULL,
  "createdAt"  timestamptz NOT NULL DEFAULT now(),
  "updatedAt"  timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX "verification_identifier_idx" ON auth."verification" ("identifier");
CREATE TABLE auth."organization" (
  "id"        text PRIMARY KEY,
  "name"      text NOT NULL CHECK (length("name") <= 200),
  "slug"      text NOT NULL UNIQUE CHECK ("slug" ~ '^[a-z0-9][a-z0-9-]{1,38}$'),
  "logo"      text,
  "createdAt" timestamptz NOT NULL,
  "metadata"  text
);
CREATE TABLE auth."member" (
  "id"             text PRIMARY KEY,
  "organizationId" text NOT NULL REFERENCES auth."organization" ON DELETE CASCADE,
  "userId"         text NOT NULL REFERENCES auth."user" ON DELETE CASCADE,
  "role"           text NOT NULL CHECK ("role" IN ('owner', 'admin', 'billing', 'member')),
  "createdAt"      timestamptz NOT NULL,
  UNIQUE ("organizationId", "userId")
);
CREATE INDEX "member_userId_idx" ON auth."member" ("userId");
CREATE TABLE auth."invitation" (
  "id"             text PRIMARY KEY,
  "organizationId" text NOT NULL REFERENCES auth."organization" ON DELETE CASCADE,
  "email"          text NOT NULL,
  "role"           text CHECK ("role" IN ('owner', 'admin', 'billing', 'member')),
  "status"         text NOT NULL,
  "expiresAt"      timestamptz NOT NULL,
  "createdAt"      timestamptz NOT NULL DEFAULT now(),
  "inviterId"      text NOT NULL REFERENCES auth."user" ON DELETE CASCADE
);
CREATE INDEX "invitation_organizationId_idx" ON auth."invitation" ("organizationId");
CREATE INDEX "invitation_email_idx" ON auth."invitation" ("email");
CREATE TABLE auth."rateLimit" (
  "id"          text PRIMARY KEY,
  "key"         text NOT NULL UNIQUE,
  "count"       integer NOT NULL,
  "lastRequest" bigint NOT NULL
);

-- Keys of persons and of organisations; only their hash is kept.
CREATE TABLE auth.api_keys (
  key_id       text PRIMARY KEY,
  account_id   text NOT NULL REFERENCES public.accounts,
  made_by      text NOT NULL REFERENCES auth."user" ON DELETE CASCADE,
  name         text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
  hash         text NOT NULL UNIQUE CHECK (hash ~ '^[0-9a-f]{64}$'),
  -- the first letters, by which a person tells keys apart
  prefix       text NOT NULL,
  scopes       text[] NOT NULL CHECK (cardinality(scopes) > 0),
  created_at   timestamptz NOT NULL DEFAULT now(),
  expires_at   timestamptz,
  last_used_at timestamptz,
  revoked_at   timestamptz
);
CREATE INDEX api_keys_of_account ON auth.api_keys (account_id) WHERE revoked_at IS NULL;
CREATE INDEX api_keys_of_person ON auth.api_keys (made_by) WHERE revoked_at IS NULL;

-- A sign-in of a desktop or a command line: one family of refresh tokens, each used once.
CREATE TABLE auth.sign_ins (
  sign_in_id   text PRIMARY KEY,
  user_id      text NOT NULL REFERENCES auth."user" ON DELETE CASCADE,
  device       text NOT NULL,
  place        text NOT NULL,
  created_at   timestamptz NOT NULL DEFAULT now(),
  last_used_at timestamptz NOT NULL DEFAULT now(),
  revoked_at   timestamptz,
  revoked_for  text,
  CHECK ((revoked_at IS NULL) = (revoked_for IS NULL))
);
CREATE INDEX sign_ins_of_person ON auth.sign_ins (user_id) WHERE revoked_at IS NULL;
CREATE TABLE auth.refresh_tokens (
  hash       text PRIMARY KEY CHECK (hash ~ '^[0-9a-f]{64}$'),
  sign_in_id text NOT NULL REFERENCES auth.sign_ins ON DELETE CASCADE,
  expires_at timestamptz NOT NULL,
  used_at    timestamptz
);
CREATE INDEX refresh_tokens_of_sign_in ON auth.refresh_tokens (sign_in_id);
CREATE TABLE auth.access_tokens (
  hash       text PRIMARY KEY CHECK (hash ~ '^[0-9a-f]{64}$'),
  sign_in_id text NOT NULL REFERENCES auth.sign_ins ON DELETE CASCADE,
  expires_at timestamptz NOT NULL
);
CREATE INDEX access_tokens_of_sign_in ON auth.access_tokens (sign_in_id);
CREATE INDEX access_tokens_by_end ON auth.access_tokens (expires_at);

-- RFC 8628: a device waits for a person who types its code elsewhere.
CREATE TABLE auth.device_grants (
  device_code_hash text PRIMARY KEY CHECK (device_code_hash ~ '^[0-9a-f]{64}$'),
  user_code      text NOT NULL UNIQUE,
  device         text NOT NULL,
  place          text NOT NULL,
  -- grows with each poll that comes too early
  interval_s     integer NOT NULL CHECK (interval_s > 0),
  polled_at      timestamptz,
  created_at     timestamptz NOT NULL DEFAULT now(),
  expires_at     timestamptz NOT NULL,
  user_id        text REFERENCES auth."user" ON DELETE CASCADE,
  decided        text CHECK (decided IN ('approved', 'denied')),
  sign_in_id     text UNIQUE REFERENCES auth.sign_ins ON DELETE CASCADE,
  CHECK ((decided IS NULL) = (user_id IS NULL)),
  CHECK (sign_in_id IS NULL OR decided = 'approved')
);
-- RFC 6749 section 4.1 with RFC 7636: a code that comes back to a port of the person's own machine.
CREATE TABLE auth.code_grants (
  code_hash      text PRIMARY KEY CHECK (code_hash ~ '^[0-9a-f]{64}$'),
  user_id        text NOT NULL REFERENCES auth."user" ON DELETE CASCADE,
  redirect_uri   text NOT NULL,
  code_challenge text NOT NULL,
  device         text NOT NULL,
  expires_at     timestamptz NOT NULL,
  sign_in_id     text UNIQUE REFERENCES auth.sign_ins ON DELETE CASCADE
);

-- Guesses of device codes; a person may make few.
CREATE TABLE auth.wrong_codes (
  id       text PRIMARY KEY,
  user_id  text NOT NULL REFERENCES auth."user" ON DELETE CASCADE,
  typed_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX wrong_codes_of_person ON auth.wrong_codes (user_id, typed_at);

-- What a new account may use, set by each starting process from its configuration.
CREATE TABLE auth.defaults (
  one_row        boolean PRIMARY KEY DEFAULT true CHECK (one_row),
  included_micro bigint NOT NULL CHECK (included_micro >= 0)
);
INSERT INTO auth.defaults (included_micro) VALUES (0);

CREATE FUNCTION auth.open_account(id text, of_kind text, called text) RETURNS void LANGUAGE sql AS $$
  INSERT INTO public.accounts (account_id, kind, name) VALUES (id, of_kind, called);
  INSERT INTO public.ledger_accounts (account_id, code, keeps_balance, floor_micro)
    SELECT id, 'included', true, -included_micro FROM auth.defaults UNION ALL SELECT id, 'on_demand', true, 0;
$$;
CREATE FUNCTION auth.open_person() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM auth.open_account('user_' || NEW."id", 'user', NEW."name");
  RETURN NULL;
END $$;
CREATE TRIGGER opens_account AFTER INSERT ON auth."user" FOR EACH ROW EXECUTE FUNCTION auth.open_person();
CREATE FUNCTION auth.open_organisation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM auth.open_account('org_' || NEW."id", 'organisation', NEW."name");
  RETURN NULL;
END $$;
CREATE TRIGGER opens_account AFTER INSERT ON auth."organization" FOR EACH ROW EXECUTE FUNCTION auth.open_organisation();

-- Every process forgets what it knew of the person at once (and within ten seconds anyway).
CREATE FUNCTION auth.forget(person text) RETURNS void LANGUAGE sql AS $$
  SELECT pg_notify('genrtl_principals', person);
$$;

-- The table of what each event takes away; docs/accounts.md shows it, a test drives each cell.
CREATE FUNCTION auth.revoke(person text, event text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE takes record;
BEGIN
  SELECT * INTO takes FROM (VALUES
    --  event                   sessions  sign-ins  keys
    ('password_reset',          true,     true,     false),
    ('signed_out_everywhere',   true,     true,     false),
    ('seized',                  true,     true,     true)
  ) AS t (event, sessions, sign_ins, keys) WHERE t.event = revoke.event;
  IF NOT FOUND THEN RAISE EXCEPTION 'unknown event %', event; END IF;
  IF takes.sessions THEN DELETE FROM auth."session" WHERE "userId" = person; END IF;
  IF takes.sign_ins THEN
    UPDATE auth.sign_ins SET revoked_at = now(), revoked_for = event WHERE user_id = person AND revoked_at IS NULL;
  END IF;
  IF takes.keys THEN
    UPDATE auth.api_keys SET revoked_at = now() WHERE made_by = person AND revoked_at IS NULL;
  END IF;
  PERFORM auth.forget(person);
END $$;

CREATE FUNCTION auth.on_password() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM auth.revoke(NEW."userId", 'password_reset');
  RETURN NULL;
END $$;
CREATE TRIGGER revokes AFTER UPDATE OF "password" ON auth."account" FOR EACH ROW
  WHEN (OLD."password" IS DISTINCT FROM NEW."password") EXECUTE FUNCTION auth.on_password();
CREATE FUNCTION auth.on_person() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW."seizedAt" IS NOT NULL AND OLD."seizedAt" IS NULL THEN
    PERFORM auth.revoke(NEW."id", 'seized');
  ELSE
    PERFORM auth.forget(NEW."id");
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER revokes AFTER UPDATE OF "seizedAt", "emailVerified", "email" ON auth."user" FOR EACH ROW
  EXECUTE FUNCTION auth.on_person();
CREATE FUNCTION auth.on_session() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM auth.forget(OLD."userId");
  RETURN NULL;
END $$;
CREATE TRIGGER forgets AFTER DELETE ON auth."session" FOR EACH ROW EXECUTE FUNCTION auth.on_session();

-- Who leaves takes no key of the organisation along; the last owner stays.
CREATE FUNCTION auth.on_member() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR NEW."role" <> OLD."role" THEN
    -- Two owners that go at the same moment wait for one another here.
    PERFORM 1 FROM auth."organization" WHERE "id" = OLD."organizationId" FOR UPDATE;
    IF FOUND AND OLD."role" = 'owner' AND NOT EXISTS (
      SELECT 1 FROM auth."member" WHERE "organizationId" = OLD."organizationId" AND "role" = 'owner') THEN
      RAISE EXCEPTION 'the last owner of % stays', OLD."organizationId" USING ERRCODE = 'restrict_violation';
    END IF;
    UPDATE auth.api_keys SET revoked_at = now()
      WHERE account_id = 'org_' || OLD."organizationId" AND made_by = OLD."userId" AND revoked_at IS NULL;
  END IF;
  PERFORM auth.forget(OLD."userId");
  RETURN NULL;
END $$;
CREATE TRIGGER revokes AFTER UPDATE OR DELETE ON auth."member" FOR EACH ROW EXECUTE FUNCTION auth.on_member();

CREATE FUNCTION auth.on_key() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM auth.forget(NEW.made_by);
  RETURN NULL;
END $$;
CREATE TRIGGER forgets AFTER UPDATE OF revoked_at ON auth.api_keys FOR EACH ROW EXECUTE FUNCTION auth.on_key();
CREATE FUNCTION auth.on_sign_in() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM auth.forget(NEW.user_id);
  RETURN NULL;
END $$;
CREATE TRIGGER forgets AFTER UPDATE OF revoked_at ON auth.sign_ins FOR EACH ROW EXECUTE FUNCTION auth.on_sign_in();
