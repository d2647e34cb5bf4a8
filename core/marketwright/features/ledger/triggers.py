"""What the database itself holds of the ledger, on both engines (L1, L4, L5, L6, L8, L9, L10).

Legs are written first, then the transaction row that closes over them. SQLite checks as that row comes in; PostgreSQL
again at the commit, where nothing of another session can slip in between.
"""

from marketwright.store.triggers import declare_trigger

declare_trigger(
    "ledger_legs_open",
    "ledger_legs",
    sqlite="""
CREATE TRIGGER ledger_legs_open BEFORE INSERT ON ledger_legs BEGIN
  SELECT RAISE(ABORT, 'L1: this transaction is closed')
   WHERE EXISTS (SELECT 1 FROM ledger_transactions WHERE id = NEW.transaction_id);
  SELECT RAISE(ABORT, 'L4: this leg is written already')
   WHERE EXISTS (SELECT 1 FROM ledger_legs WHERE transaction_id = NEW.transaction_id AND position = NEW.position);
END""",
    postgresql="",  # held by ledger_legs_balance: a leg more than the transaction counts never passes the commit
)

declare_trigger(
    "ledger_legs_balance",
    "ledger_legs",
    sqlite="",
    postgresql="""
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
CREATE CONSTRAINT TRIGGER ledger_legs_balance AFTER INSERT ON ledger_legs
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_legs_balance()""",
)

declare_trigger(
    "ledger_transactions_close",
    "ledger_transactions",
    sqlite="""
CREATE TRIGGER ledger_transactions_close BEFORE INSERT ON ledger_transactions BEGIN
  SELECT RAISE(ABORT, 'L4: this transaction is written already')
   WHERE EXISTS (SELECT 1 FROM ledger_transactions WHERE id = NEW.id);
  SELECT RAISE(ABORT, 'L8: this cause has had this effect')
   WHERE EXISTS (SELECT 1 FROM ledger_transactions
                  WHERE cause_type = NEW.cause_type AND cause_id = NEW.cause_id AND effect = NEW.effect);
  SELECT RAISE(ABORT, 'L1: a transaction has two legs or more and counts them all')
   WHERE (SELECT count(*) FROM ledger_legs WHERE transaction_id = NEW.id) <> NEW.legs;
  SELECT RAISE(ABORT, 'L1: the legs of a transaction sum to zero')
   WHERE (SELECT sum(amount) FROM ledger_legs WHERE transaction_id = NEW.id) <> 0;
  SELECT RAISE(ABORT, 'L6: a transaction has one currency')
   WHERE EXISTS (SELECT 1 FROM ledger_legs WHERE transaction_id = NEW.id AND currency <> NEW.currency);
  SELECT RAISE(ABORT, 'L5: hold, payable and refundable are never negative')
   WHERE EXISTS (SELECT 1 FROM ledger_legs AS touched
                  WHERE touched.transaction_id = NEW.id AND touched.kind IN ('hold', 'payable', 'refundable')
                    AND (SELECT sum(amount) FROM ledger_legs
                          WHERE account = touched.account AND currency = NEW.currency) > 0);
END""",
    postgresql="""
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
CREATE CONSTRAINT TRIGGER ledger_transactions_close AFTER INSERT ON ledger_transactions
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_transactions_close()""",
)

# L9: over all reversals of one transaction, each leg goes back at most once in full; a full one is the exact negation.
_REVERSED = """
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
"""
_SHORT = "NOT NEW.partial AND NEW.legs <> (SELECT legs FROM ledger_transactions WHERE id = NEW.reverses)"

declare_trigger(
    "ledger_transactions_reverse",
    "ledger_transactions",
    sqlite=f"""
CREATE TRIGGER ledger_transactions_reverse BEFORE INSERT ON ledger_transactions WHEN NEW.reverses IS NOT NULL BEGIN
  SELECT RAISE(ABORT, 'L9: a reversal takes back no more than there was') WHERE EXISTS ({_REVERSED}) OR ({_SHORT});
END""",
    postgresql=f"""
CREATE OR REPLACE FUNCTION ledger_transactions_reverse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  PERFORM 1 FROM ledger_transactions WHERE id = NEW.reverses FOR UPDATE;
  IF EXISTS ({_REVERSED}) OR ({_SHORT}) THEN
    RAISE EXCEPTION 'L9: a reversal takes back no more than there was' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER ledger_transactions_reverse BEFORE INSERT ON ledger_transactions
  FOR EACH ROW WHEN (NEW.reverses IS NOT NULL) EXECUTE FUNCTION ledger_transactions_reverse()""",
)

declare_trigger(
    "ledger_seals_chain",
    "ledger_seals",
    sqlite="""
CREATE TRIGGER ledger_seals_chain BEFORE INSERT ON ledger_seals BEGIN
  SELECT RAISE(ABORT, 'L10: numbers have no gap')
   WHERE NEW.number <> 1 + coalesce((SELECT max(number) FROM ledger_seals WHERE book = NEW.book), 0);
  SELECT RAISE(ABORT, 'L4: a transaction is sealed once')
   WHERE EXISTS (SELECT 1 FROM ledger_seals WHERE transaction_id = NEW.transaction_id);
  SELECT RAISE(ABORT, 'L4: each seal holds on to the one before')
   WHERE NEW.previous <> coalesce(
     (SELECT hash FROM ledger_seals WHERE book = NEW.book AND number = NEW.number - 1), '');
END""",
    postgresql="""
CREATE OR REPLACE FUNCTION ledger_seals_chain() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF NEW.number <> 1 + coalesce((SELECT max(number) FROM ledger_seals WHERE book = NEW.book), 0) THEN
    RAISE EXCEPTION 'L10: numbers have no gap' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.previous <> coalesce(
       (SELECT hash FROM ledger_seals WHERE book = NEW.book AND number = NEW.number - 1), '') THEN
    RAISE EXCEPTION 'L4: each seal holds on to the one before' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER ledger_seals_chain BEFORE INSERT ON ledger_seals FOR EACH ROW EXECUTE FUNCTION ledger_seals_chain()""",
)

# The queue of the sealer is kept by the database: nobody books past it, nobody takes a row off but by sealing it.
declare_trigger(
    "ledger_transactions_queue",
    "ledger_transactions",
    sqlite="""
CREATE TRIGGER ledger_transactions_queue AFTER INSERT ON ledger_transactions BEGIN
  INSERT INTO ledger_unsealed (created_at, transaction_id) VALUES (NEW.created_at, NEW.id);
END""",
    postgresql="""
CREATE OR REPLACE FUNCTION ledger_transactions_queue() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  INSERT INTO ledger_unsealed (created_at, transaction_id) VALUES (NEW.created_at, NEW.id);
  RETURN NULL;
END $$
--;
CREATE TRIGGER ledger_transactions_queue AFTER INSERT ON ledger_transactions
  FOR EACH ROW EXECUTE FUNCTION ledger_transactions_queue()""",
)

_TAKEN = """
  DELETE FROM ledger_unsealed WHERE transaction_id = NEW.transaction_id
     AND created_at = (SELECT created_at FROM ledger_transactions WHERE id = NEW.transaction_id);
"""
declare_trigger(
    "ledger_seals_queue",
    "ledger_seals",
    sqlite=f"""
CREATE TRIGGER ledger_seals_queue AFTER INSERT ON ledger_seals BEGIN{_TAKEN}END""",
    postgresql=f"""
CREATE OR REPLACE FUNCTION ledger_seals_queue() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN{_TAKEN}
  RETURN NULL;
END $$
--;
CREATE TRIGGER ledger_seals_queue AFTER INSERT ON ledger_seals FOR EACH ROW EXECUTE FUNCTION ledger_seals_queue()""",
)

declare_trigger(
    "ledger_unsealed_keep",
    "ledger_unsealed",
    sqlite="""
CREATE TRIGGER ledger_unsealed_keep BEFORE DELETE ON ledger_unsealed BEGIN
  SELECT RAISE(ABORT, 'L4: only its seal takes a transaction off the queue')
   WHERE NOT EXISTS (SELECT 1 FROM ledger_seals WHERE transaction_id = OLD.transaction_id);
END""",
    postgresql="""
CREATE OR REPLACE FUNCTION ledger_unsealed_keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF NOT EXISTS (SELECT 1 FROM ledger_seals WHERE transaction_id = OLD.transaction_id) THEN
    RAISE EXCEPTION 'L4: only its seal takes a transaction off the queue' USING ERRCODE = 'check_violation';
  END IF;
  RETURN OLD;
END $$
--;
CREATE TRIGGER ledger_unsealed_keep BEFORE DELETE ON ledger_unsealed
  FOR EACH ROW EXECUTE FUNCTION ledger_unsealed_keep()""",
)

declare_trigger(
    "idempotency_keys_keep",
    "idempotency_keys",
    sqlite="""
CREATE TRIGGER idempotency_keys_keep BEFORE DELETE ON idempotency_keys
BEGIN SELECT RAISE(ABORT, 'L7: keys are kept for ever'); END""",
    postgresql="""
CREATE OR REPLACE FUNCTION idempotency_keys_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'L7: keys are kept for ever' USING ERRCODE = 'check_violation'; END $$
--;
CREATE TRIGGER idempotency_keys_keep BEFORE DELETE ON idempotency_keys
  FOR EACH ROW EXECUTE FUNCTION idempotency_keys_keep()""",
)
