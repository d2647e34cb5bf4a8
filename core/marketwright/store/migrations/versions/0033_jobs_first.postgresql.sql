CREATE INDEX ix_jobs_first ON jobs (kind, run_at) WHERE state = 'ready';
