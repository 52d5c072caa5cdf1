-- What operating the service needs of the tables of others.
-- The trace that a run's work belongs to, on whatever process it goes on (W3C Trace Context).
ALTER TABLE runs ADD COLUMN trace_parent text;
