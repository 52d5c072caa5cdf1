-- Which versions of packages a run has seen, kept with its first attempt: its prompts stay the same after a crash.
SET LOCAL lock_timeout = '5s';
ALTER TABLE runs ADD COLUMN packages jsonb;
