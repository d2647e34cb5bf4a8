DROP INDEX ix_payment_facts_waits
--;
ALTER TABLE payment_facts DROP CONSTRAINT ck_payment_facts_waits_or_had
--;
ALTER TABLE holds DROP CONSTRAINT ck_holds_e1_adds_up
--;
ALTER TABLE holds DROP CONSTRAINT ck_holds_e1_no_debt
--;
ALTER TABLE holds DROP CONSTRAINT ck_holds_e2_all_held
--;
ALTER TABLE holds DROP CONSTRAINT ck_holds_e7_payouts
--;
ALTER TABLE holds DROP CONSTRAINT ck_holds_e7_refunds
--;
ALTER TABLE holds ADD CONSTRAINT ck_holds_e1_adds_up CHECK (funded = held + paid + fees + fee_taxes + refunded + dispute_lost)
--;
ALTER TABLE holds ADD CONSTRAINT ck_holds_e1_no_debt CHECK (paid >= 0 AND fees >= 0 AND fee_taxes >= 0 AND refunded >= 0 AND dispute_lost >= 0)
--;
ALTER TABLE holds ADD CONSTRAINT ck_holds_e2_all_held CHECK (state NOT IN ('FUNDED', 'RELEASING', 'REFUNDING', 'SPLITTING') OR (held = funded AND funded = work + work_tax + client_fee + client_fee_tax))
--;
ALTER TABLE holds ADD CONSTRAINT ck_holds_e7_payouts CHECK (0 <= paid_out AND paid_out <= paying_out AND paying_out <= paid)
--;
ALTER TABLE holds DROP COLUMN reclaimed
--;
ALTER TABLE holds DROP COLUMN withheld
--;
ALTER TABLE holds DROP COLUMN refunding
--;
ALTER TABLE holds DROP COLUMN disputes
--;
ALTER TABLE payment_commands DROP COLUMN after_release
--;
ALTER TABLE payment_commands DROP COLUMN reclaim
--;
ALTER TABLE payment_commands DROP COLUMN reclaimed
--;
ALTER TABLE payment_commands DROP COLUMN arrival
--;
ALTER TABLE payment_commands DROP COLUMN undone_at
--;
ALTER TABLE payment_facts DROP COLUMN kind
--;
ALTER TABLE payment_facts DROP COLUMN fee
--;
ALTER TABLE payment_facts DROP COLUMN currency
--;
ALTER TABLE payment_facts DROP COLUMN payer
--;
ALTER TABLE payment_facts DROP COLUMN reason
--;
ALTER TABLE payment_facts DROP COLUMN due
--;
ALTER TABLE payment_facts DROP COLUMN waits
--;
ALTER TABLE payment_commands ALTER COLUMN hold_id SET NOT NULL
--;
CREATE OR REPLACE FUNCTION holds_move() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF NEW.state <> OLD.state AND 
  (OLD.state || '>' || NEW.state) NOT IN (
    'NONE>FUNDING', 'NONE>EXPIRED', 'FUNDING>FUNDED', 'FUNDING>NONE',
    'FUNDED>RELEASING', 'FUNDED>REFUNDING', 'FUNDED>SPLITTING',
    'RELEASING>SETTLED', 'REFUNDING>SETTLED', 'SPLITTING>SETTLED',
    'RELEASING>FUNDED', 'REFUNDING>FUNDED', 'SPLITTING>FUNDED')
 THEN
    RAISE EXCEPTION 'E4: this hold cannot move so' USING ERRCODE = 'check_violation';
  END IF;
  IF OLD.frozen AND OLD.state = 'FUNDED' AND NEW.state <> 'FUNDED' THEN RAISE EXCEPTION 'E11: this hold is frozen' USING ERRCODE = 'check_violation'; END IF;
  IF NEW.state <> OLD.state AND NEW.version <> OLD.version + 1 THEN
    RAISE EXCEPTION 'E3: a move counts the version up' USING ERRCODE = 'check_violation';
  END IF;
  IF 
  (NEW.id <> OLD.id OR NEW.contract_id <> OLD.contract_id OR NEW.organisation_id <> OLD.organisation_id
   OR NEW.freelancer_id <> OLD.freelancer_id OR NEW.currency <> OLD.currency OR NEW.provider <> OLD.provider
   OR NEW.work <> OLD.work OR NEW.work_tax <> OLD.work_tax OR NEW.client_fee <> OLD.client_fee
   OR NEW.client_fee_tax <> OLD.client_fee_tax OR NEW.freelancer_fee <> OLD.freelancer_fee
   OR NEW.freelancer_fee_tax <> OLD.freelancer_fee_tax)
 THEN
    RAISE EXCEPTION 'C4: the amounts and parties of a hold do not change' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE OR REPLACE FUNCTION payment_commands_reserved() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF NEW.state <> 'PENDING' OR NOT 
  EXISTS (SELECT 1 FROM holds WHERE holds.id = NEW.hold_id AND holds.currency = NEW.currency AND (
       (NEW.kind = 'fund' AND holds.state = 'FUNDING')
    OR (NEW.kind = 'release' AND holds.state = 'RELEASING')
    OR (NEW.kind = 'refund' AND NOT NEW.stray AND holds.state = 'REFUNDING')
    OR (NEW.kind = 'split' AND holds.state = 'SPLITTING')
    OR (NEW.kind = 'payout' AND holds.state = 'SETTLED')
    OR (NEW.kind = 'refund' AND NEW.stray)))
 THEN
    RAISE EXCEPTION 'E3: reserve before pay' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE OR REPLACE FUNCTION payment_commands_move() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF 
  NEW.state <> OLD.state AND (
       OLD.state = 'CONFIRMED' OR NEW.state = 'PENDING'
    OR (OLD.state = 'FAILED' AND NOT (OLD.kind = 'fund' AND NEW.state = 'CONFIRMED')))
 THEN
    RAISE EXCEPTION 'E5: a settled command stays settled' USING ERRCODE = 'check_violation';
  END IF;
  IF 
  (NEW.id <> OLD.id OR NEW.hold_id <> OLD.hold_id OR NEW.kind <> OLD.kind OR NEW.currency <> OLD.currency
   OR NEW.amount <> OLD.amount OR NEW.fee <> OLD.fee OR NEW.refund <> OLD.refund OR NEW.funding <> OLD.funding
   OR NEW.provider <> OLD.provider OR NEW.cause <> OLD.cause OR NEW.ordered_by <> OLD.ordered_by)
 THEN
    RAISE EXCEPTION 'E6: what was asked does not change' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$
--;
DROP TABLE payment_reconciliations
--;
DROP TABLE payment_unmatched
--;
DROP TABLE payment_marks
--;
DROP TABLE payees
--;
DROP TABLE payment_arrivals
--;
DROP TABLE payment_disputes
--;
DROP TABLE hold_returns
--;
DROP FUNCTION IF EXISTS hold_returns_no_update() CASCADE
--;
DROP FUNCTION IF EXISTS hold_returns_no_delete() CASCADE
