DROP INDEX ix_jobs_first;
