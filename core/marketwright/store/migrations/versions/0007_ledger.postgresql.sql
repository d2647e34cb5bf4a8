CREATE TABLE ledger_unsealed (
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	transaction_id VARCHAR(16) NOT NULL,
	CONSTRAINT pk_ledger_unsealed PRIMARY KEY (created_at, transaction_id),
	CONSTRAINT fk_ledger_unsealed_transaction_id FOREIGN KEY(transaction_id) REFERENCES ledger_transactions (id)
)
--;
CREATE TABLE ledger_rollups (
	account VARCHAR(60) NOT NULL,
	currency VARCHAR(3) NOT NULL,
	number BIGINT NOT NULL,
	amount BIGINT NOT NULL,
	legs BIGINT NOT NULL,
	proof VARCHAR(64) NOT NULL,
	CONSTRAINT pk_ledger_rollups PRIMARY KEY (account, currency)
)
--;
CREATE OR REPLACE FUNCTION ledger_transactions_queue() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  INSERT INTO ledger_unsealed (created_at, transaction_id) VALUES (NEW.created_at, NEW.id);
  RETURN NULL;
END $$
--;
CREATE TRIGGER ledger_transactions_queue AFTER INSERT ON ledger_transactions
  FOR EACH ROW EXECUTE FUNCTION ledger_transactions_queue()
--;
CREATE OR REPLACE FUNCTION ledger_seals_queue() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  DELETE FROM ledger_unsealed WHERE transaction_id = NEW.transaction_id
     AND created_at = (SELECT created_at FROM ledger_transactions WHERE id = NEW.transaction_id);

  RETURN NULL;
END $$
--;
CREATE TRIGGER ledger_seals_queue AFTER INSERT ON ledger_seals FOR EACH ROW EXECUTE FUNCTION ledger_seals_queue()
--;
CREATE OR REPLACE FUNCTION ledger_unsealed_keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF NOT EXISTS (SELECT 1 FROM ledger_seals WHERE transaction_id = OLD.transaction_id) THEN
    RAISE EXCEPTION 'L4: only its seal takes a transaction off the queue' USING ERRCODE = 'check_violation';
  END IF;
  RETURN OLD;
END $$
--;
CREATE TRIGGER ledger_unsealed_keep BEFORE DELETE ON ledger_unsealed
  FOR EACH ROW EXECUTE FUNCTION ledger_unsealed_keep()
--;
INSERT INTO ledger_unsealed (created_at, transaction_id)
SELECT t.created_at, t.id FROM ledger_transactions AS t LEFT JOIN ledger_seals AS s ON s.transaction_id = t.id
 WHERE s.number IS NULL
