CREATE OR REPLACE FUNCTION ledger_legs_open() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF EXISTS (SELECT 1 FROM ledger_transactions WHERE id = NEW.transaction_id) THEN
    RAISE EXCEPTION 'L1: this transaction is closed' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER ledger_legs_open BEFORE INSERT ON ledger_legs FOR EACH ROW EXECUTE FUNCTION ledger_legs_open()
--;
CREATE OR REPLACE FUNCTION ledger_legs_balance() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF (SELECT count(*) FROM ledger_legs WHERE transaction_id = NEW.transaction_id)
     IS DISTINCT FROM (SELECT legs::bigint FROM ledger_transactions WHERE id = NEW.transaction_id)
     OR (SELECT sum(amount) FROM ledger_legs WHERE transaction_id = NEW.transaction_id) <> 0 THEN
    RAISE EXCEPTION 'L1: the legs of a transaction sum to zero and are all there' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$
--;
CREATE OR REPLACE FUNCTION ledger_transactions_close() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE touched text;
BEGIN
  IF (SELECT count(*) FROM ledger_legs WHERE transaction_id = NEW.id) <> NEW.legs
     OR (SELECT coalesce(sum(amount), 1) FROM ledger_legs WHERE transaction_id = NEW.id) <> 0 THEN
    RAISE EXCEPTION 'L1: the legs of a transaction sum to zero and are all there' USING ERRCODE = 'check_violation';
  END IF;
  IF EXISTS (SELECT 1 FROM ledger_legs WHERE transaction_id = NEW.id AND currency <> NEW.currency) THEN
    RAISE EXCEPTION 'L6: a transaction has one currency' USING ERRCODE = 'check_violation';
  END IF;
  FOR touched IN SELECT DISTINCT account FROM ledger_legs
                  WHERE transaction_id = NEW.id AND kind IN ('hold', 'payable', 'refundable') ORDER BY account LOOP
    PERFORM pg_advisory_xact_lock(hashtextextended('ledger:' || touched || ':' || NEW.currency, 0));
    IF (SELECT sum(amount) FROM ledger_legs WHERE account = touched AND currency = NEW.currency) > 0 THEN
      RAISE EXCEPTION 'L5: hold, payable and refundable are never negative' USING ERRCODE = 'check_violation';
    END IF;
  END LOOP;
  RETURN NULL;
END $$
--;
CREATE OR REPLACE FUNCTION ledger_transactions_reverse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF NEW.reverses IS NOT NULL THEN
    PERFORM 1 FROM ledger_transactions WHERE id = NEW.reverses FOR UPDATE;
    IF EXISTS (
SELECT 1 FROM ledger_legs AS back
  LEFT JOIN ledger_legs AS first ON first.transaction_id = NEW.reverses AND first.position = back.position
 WHERE back.transaction_id = NEW.id
   AND (first.account IS NULL OR first.account <> back.account OR first.currency <> back.currency
        OR (first.amount > 0) = (back.amount > 0)
        OR (NOT NEW.partial AND back.amount <> -first.amount)
        OR abs(back.amount) + coalesce((
             SELECT sum(abs(other.amount)) FROM ledger_legs AS other
               JOIN ledger_transactions AS earlier ON earlier.id = other.transaction_id
              WHERE earlier.reverses = NEW.reverses AND earlier.id <> NEW.id AND other.position = back.position), 0)
           > abs(first.amount))
) OR (NOT NEW.partial AND NEW.legs <> (SELECT legs FROM ledger_transactions WHERE id = NEW.reverses)) THEN
      RAISE EXCEPTION 'L9: a reversal takes back no more than there was' USING ERRCODE = 'check_violation';
    END IF;
  END IF;
  RETURN NEW;
END $$
--;
DROP TRIGGER ledger_transactions_reverse ON ledger_transactions
--;
CREATE TRIGGER ledger_transactions_reverse BEFORE INSERT ON ledger_transactions
  FOR EACH ROW EXECUTE FUNCTION ledger_transactions_reverse()
