DROP TRIGGER ledger_legs_open ON ledger_legs
--;
DROP FUNCTION ledger_legs_open()
--;
CREATE OR REPLACE FUNCTION ledger_legs_balance() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF NOT EXISTS (
    SELECT FROM ledger_transactions AS t,
      (SELECT count(*) AS legs, sum(amount) AS sum FROM ledger_legs WHERE transaction_id = NEW.transaction_id) AS l
     WHERE t.id = NEW.transaction_id AND t.legs = l.legs AND l.sum = 0) THEN
    RAISE EXCEPTION 'L1: the legs of a transaction sum to zero and are all there' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$
--;
CREATE OR REPLACE FUNCTION ledger_transactions_close() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE found record; touched text;
BEGIN
  SELECT count(*) AS legs, coalesce(sum(amount), 1) AS sum, bool_and(currency = NEW.currency) AS one INTO found
    FROM ledger_legs WHERE transaction_id = NEW.id;
  IF found.legs <> NEW.legs OR found.sum <> 0 THEN
    RAISE EXCEPTION 'L1: the legs of a transaction sum to zero and are all there' USING ERRCODE = 'check_violation';
  END IF;
  IF NOT found.one THEN
    RAISE EXCEPTION 'L6: a transaction has one currency' USING ERRCODE = 'check_violation';
  END IF;
  -- what is put on such an account cannot take it below zero: only those that give wait for each other
  FOR touched IN SELECT account FROM ledger_legs
                  WHERE transaction_id = NEW.id AND kind IN ('hold', 'payable', 'refundable')
                  GROUP BY account HAVING sum(amount) > 0 ORDER BY account LOOP
    PERFORM pg_advisory_xact_lock(hashtextextended('ledger:' || touched || ':' || NEW.currency, 0));
    IF (SELECT sum(amount) FROM ledger_legs WHERE account = touched AND currency = NEW.currency) > 0 THEN
      RAISE EXCEPTION 'L5: hold, payable and refundable are never negative' USING ERRCODE = 'check_violation';
    END IF;
  END LOOP;
  RETURN NULL;
END $$
--;
CREATE OR REPLACE FUNCTION ledger_transactions_reverse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
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
  RETURN NEW;
END $$
--;
DROP TRIGGER ledger_transactions_reverse ON ledger_transactions
--;
CREATE TRIGGER ledger_transactions_reverse BEFORE INSERT ON ledger_transactions
  FOR EACH ROW WHEN (NEW.reverses IS NOT NULL) EXECUTE FUNCTION ledger_transactions_reverse()
