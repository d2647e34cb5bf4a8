CREATE TABLE erasures (
  account_id VARCHAR(16) NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  by VARCHAR(80) NOT NULL,
  reason TEXT NOT NULL,
  kept JSON NOT NULL,
  until TIMESTAMP WITH TIME ZONE,
  plugins_at TIMESTAMP WITH TIME ZONE,
  finished_at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_erasures PRIMARY KEY (account_id),
  CONSTRAINT fk_erasures_account_id FOREIGN KEY(account_id) REFERENCES accounts (id)
)
--;
CREATE INDEX ix_erasures_until ON erasures (until)
