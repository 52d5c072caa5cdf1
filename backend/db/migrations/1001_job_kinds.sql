-- Which kinds of jobs there are is the program's list: a new one needs no migration.
ALTER TABLE runs DROP CONSTRAINT runs_kind_check;
