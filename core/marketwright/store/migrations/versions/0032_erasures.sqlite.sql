CREATE TABLE erasures (
  account_id VARCHAR(16) NOT NULL,
  at DATETIME NOT NULL,
  "by" VARCHAR(80) NOT NULL,
  reason TEXT NOT NULL,
  kept JSON NOT NULL,
  until DATETIME,
  plugins_at DATETIME,
  finished_at DATETIME,
  CONSTRAINT pk_erasures PRIMARY KEY (account_id),
  CONSTRAINT fk_erasures_account_id FOREIGN KEY(account_id) REFERENCES accounts (id)
)
--;
CREATE INDEX ix_erasures_until ON erasures (until)
