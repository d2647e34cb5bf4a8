ALTER TABLE holds ADD COLUMN reclaimed BIGINT NOT NULL DEFAULT 0
--;
ALTER TABLE holds ALTER COLUMN reclaimed DROP DEFAULT
--;
ALTER TABLE holds ADD COLUMN withheld BIGINT NOT NULL DEFAULT 0
--;
ALTER TABLE holds ALTER COLUMN withheld DROP DEFAULT
--;
ALTER TABLE holds ADD COLUMN refunding BIGINT NOT NULL DEFAULT 0
--;
ALTER TABLE holds ALTER COLUMN refunding DROP DEFAULT
--;
ALTER TABLE holds ADD COLUMN disputes INTEGER NOT NULL DEFAULT 0
--;
ALTER TABLE holds ALTER COLUMN disputes DROP DEFAULT
--;
ALTER TABLE payment_commands ADD COLUMN after_release BOOLEAN NOT NULL DEFAULT false
--;
ALTER TABLE payment_commands ALTER COLUMN after_release DROP DEFAULT
--;
ALTER TABLE payment_commands ADD COLUMN reclaim BIGINT NOT NULL DEFAULT 0
--;
ALTER TABLE payment_commands ALTER COLUMN reclaim DROP DEFAULT
--;
ALTER TABLE payment_commands ADD COLUMN reclaimed BIGINT NOT NULL DEFAULT 0
--;
ALTER TABLE payment_commands ALTER COLUMN reclaimed DROP DEFAULT
--;
ALTER TABLE payment_commands ADD COLUMN arrival VARCHAR(200) NOT NULL DEFAULT ''
--;
ALTER TABLE payment_commands ALTER COLUMN arrival DROP DEFAULT
--;
ALTER TABLE payment_commands ADD COLUMN undone_at TIMESTAMP WITH TIME ZONE
--;
ALTER TABLE payment_facts ADD COLUMN kind VARCHAR(20) NOT NULL DEFAULT 'answer'
--;
ALTER TABLE payment_facts ALTER COLUMN kind DROP DEFAULT
--;
ALTER TABLE payment_facts ADD COLUMN fee BIGINT NOT NULL DEFAULT 0
--;
ALTER TABLE payment_facts ALTER COLUMN fee DROP DEFAULT
--;
ALTER TABLE payment_facts ADD COLUMN currency VARCHAR(3) NOT NULL DEFAULT ''
--;
ALTER TABLE payment_facts ALTER COLUMN currency DROP DEFAULT
--;
ALTER TABLE payment_facts ADD COLUMN payer VARCHAR(16) NOT NULL DEFAULT ''
--;
ALTER TABLE payment_facts ALTER COLUMN payer DROP DEFAULT
--;
ALTER TABLE payment_facts ADD COLUMN reason VARCHAR(500) NOT NULL DEFAULT ''
--;
ALTER TABLE payment_facts ALTER COLUMN reason DROP DEFAULT
--;
ALTER TABLE payment_facts ADD COLUMN due TIMESTAMP WITH TIME ZONE
--;
ALTER TABLE payment_facts ADD COLUMN waits BOOLEAN NOT NULL DEFAULT false
--;
ALTER TABLE payment_facts ALTER COLUMN waits DROP DEFAULT
--;
ALTER TABLE payment_commands ALTER COLUMN hold_id DROP NOT NULL
--;
ALTER TABLE holds DROP CONSTRAINT ck_holds_e1_adds_up
--;
ALTER TABLE holds DROP CONSTRAINT ck_holds_e1_no_debt
--;
ALTER TABLE holds DROP CONSTRAINT ck_holds_e2_all_held
--;
ALTER TABLE holds DROP CONSTRAINT ck_holds_e7_payouts
--;
ALTER TABLE holds ADD CONSTRAINT ck_holds_e1_adds_up CHECK (funded = held + paid - reclaimed + fees + fee_taxes + refunded + dispute_lost)
--;
ALTER TABLE holds ADD CONSTRAINT ck_holds_e7_refunds CHECK (refunded + refunding + dispute_lost <= funded)
--;
ALTER TABLE holds ADD CONSTRAINT ck_holds_e1_no_debt CHECK (fees >= 0 AND fee_taxes >= 0 AND refunded >= 0 AND dispute_lost >= 0 AND withheld >= 0 AND refunding >= 0 AND disputes >= 0 AND reclaimed >= 0 AND reclaimed <= paid)
--;
ALTER TABLE holds ADD CONSTRAINT ck_holds_e2_all_held CHECK (state NOT IN ('FUNDED', 'RELEASING', 'REFUNDING', 'SPLITTING') OR (held = funded - dispute_lost AND funded = work + work_tax + client_fee + client_fee_tax))
--;
ALTER TABLE holds ADD CONSTRAINT ck_holds_e7_payouts CHECK (0 <= paid_out AND paid_out <= paying_out AND paying_out + withheld <= paid)
--;
ALTER TABLE payment_facts ADD CONSTRAINT ck_payment_facts_waits_or_had CHECK (NOT (waits AND had_effect))
--;
CREATE INDEX ix_payment_facts_waits ON payment_facts (waits, reference)
--;
CREATE TABLE hold_returns (
	id VARCHAR(16) NOT NULL,
	hold_id VARCHAR(16) NOT NULL,
	cause_type VARCHAR(20) NOT NULL,
	cause_id VARCHAR(16) NOT NULL,
	work BIGINT NOT NULL,
	work_tax BIGINT NOT NULL,
	client_fee BIGINT NOT NULL,
	client_fee_tax BIGINT NOT NULL,
	freelancer_fee BIGINT NOT NULL,
	freelancer_fee_tax BIGINT NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_hold_returns PRIMARY KEY (id),
	CONSTRAINT uq_hold_returns_cause_type_cause_id UNIQUE (cause_type, cause_id),
	CONSTRAINT ck_hold_returns_amounts CHECK (work >= 0 AND work_tax >= 0 AND client_fee >= 0 AND client_fee_tax >= 0 AND freelancer_fee >= 0 AND freelancer_fee_tax >= 0 AND work + work_tax + client_fee + client_fee_tax >= 1),
	CONSTRAINT fk_hold_returns_hold_id FOREIGN KEY(hold_id) REFERENCES holds (id)
)
--;
CREATE INDEX ix_hold_returns_hold_id ON hold_returns (hold_id)
--;
CREATE TABLE payment_disputes (
	id VARCHAR(16) NOT NULL,
	provider VARCHAR(40) NOT NULL,
	reference VARCHAR(200) NOT NULL,
	command_id VARCHAR(16) NOT NULL,
	hold_id VARCHAR(16) NOT NULL,
	currency VARCHAR(3) NOT NULL,
	state VARCHAR(6) NOT NULL,
	taken BIGINT NOT NULL,
	fee BIGINT NOT NULL,
	reserved BIGINT NOT NULL,
	charged BIGINT NOT NULL,
	absorbed BOOLEAN NOT NULL,
	reason VARCHAR(500) NOT NULL,
	due TIMESTAMP WITH TIME ZONE,
	opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
	closed_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_payment_disputes PRIMARY KEY (id),
	CONSTRAINT uq_payment_disputes_provider_reference UNIQUE (provider, reference),
	CONSTRAINT ck_payment_disputes_state CHECK (state IN ('OPEN', 'WON', 'LOST')),
	CONSTRAINT ck_payment_disputes_amounts CHECK (taken >= 0 AND fee >= 0 AND reserved >= 0 AND charged >= 0),
	CONSTRAINT ck_payment_disputes_won_is_back CHECK (state <> 'WON' OR reserved = 0),
	CONSTRAINT ck_payment_disputes_absorbed_when_lost CHECK (NOT absorbed OR state = 'LOST'),
	CONSTRAINT fk_payment_disputes_command_id FOREIGN KEY(command_id) REFERENCES payment_commands (id),
	CONSTRAINT fk_payment_disputes_hold_id FOREIGN KEY(hold_id) REFERENCES holds (id)
)
--;
CREATE INDEX ix_payment_disputes_command_id ON payment_disputes (command_id)
--;
CREATE INDEX ix_payment_disputes_hold_id ON payment_disputes (hold_id)
--;
CREATE TABLE payment_arrivals (
	id VARCHAR(16) NOT NULL,
	provider VARCHAR(40) NOT NULL,
	reference VARCHAR(200) NOT NULL,
	command_id VARCHAR(16) NOT NULL,
	organisation_id VARCHAR(16) NOT NULL,
	currency VARCHAR(3) NOT NULL,
	amount BIGINT NOT NULL,
	used BIGINT NOT NULL,
	giving_back BIGINT NOT NULL,
	given_back BIGINT NOT NULL,
	gone BIGINT NOT NULL,
	note VARCHAR(500) NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_payment_arrivals PRIMARY KEY (id),
	CONSTRAINT uq_payment_arrivals_provider_reference UNIQUE (provider, reference),
	CONSTRAINT ck_payment_arrivals_amounts CHECK (amount >= 1 AND used >= 0 AND gone >= 0 AND given_back >= 0),
	CONSTRAINT ck_payment_arrivals_e7_once CHECK (given_back <= giving_back AND used + giving_back + gone <= amount)
)
--;
CREATE INDEX ix_payment_arrivals_command_id ON payment_arrivals (command_id)
--;
CREATE TABLE payees (
	id VARCHAR(16) NOT NULL,
	provider VARCHAR(40) NOT NULL,
	freelancer_id VARCHAR(16) NOT NULL,
	key VARCHAR(16) NOT NULL,
	state VARCHAR(8) NOT NULL,
	reference VARCHAR(200) NOT NULL,
	page VARCHAR(2000) NOT NULL,
	reason VARCHAR(500) NOT NULL,
	missing JSON NOT NULL,
	marks JSON NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
	ready_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_payees PRIMARY KEY (id),
	CONSTRAINT uq_payees_provider_freelancer_id UNIQUE (provider, freelancer_id),
	CONSTRAINT ck_payees_state CHECK (state IN ('ASKED', 'PAGE', 'WAITING', 'READY', 'REFUSED')),
	CONSTRAINT uq_payees_key UNIQUE (key)
)
--;
CREATE INDEX ix_payees_freelancer_id ON payees (freelancer_id)
--;
CREATE TABLE payment_marks (
	mark VARCHAR(64) NOT NULL,
	side VARCHAR(10) NOT NULL,
	owner VARCHAR(16) NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_payment_marks PRIMARY KEY (mark, side, owner)
)
--;
CREATE TABLE payment_unmatched (
	id VARCHAR(16) NOT NULL,
	provider VARCHAR(40) NOT NULL,
	what VARCHAR(220) NOT NULL,
	kind VARCHAR(20) NOT NULL,
	command_id VARCHAR(80) NOT NULL,
	amount BIGINT,
	currency VARCHAR(3) NOT NULL,
	why VARCHAR(40) NOT NULL,
	first_seen TIMESTAMP WITH TIME ZONE NOT NULL,
	last_seen TIMESTAMP WITH TIME ZONE NOT NULL,
	alerted_at TIMESTAMP WITH TIME ZONE,
	settled_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_payment_unmatched PRIMARY KEY (id),
	CONSTRAINT uq_payment_unmatched_provider_what UNIQUE (provider, what)
)
--;
CREATE TABLE payment_reconciliations (
	id VARCHAR(16) NOT NULL,
	provider VARCHAR(40) NOT NULL,
	since TIMESTAMP WITH TIME ZONE NOT NULL,
	until TIMESTAMP WITH TIME ZONE NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	objects INTEGER NOT NULL,
	matched INTEGER NOT NULL,
	settled INTEGER NOT NULL,
	unmatched INTEGER NOT NULL,
	drift JSON NOT NULL,
	trouble VARCHAR(500) NOT NULL,
	CONSTRAINT pk_payment_reconciliations PRIMARY KEY (id)
)
--;
CREATE INDEX ix_payment_reconciliations_at ON payment_reconciliations (at)
--;
CREATE INDEX ix_payment_reconciliations_provider ON payment_reconciliations (provider)
--;
CREATE OR REPLACE FUNCTION holds_move() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF NEW.state <> OLD.state AND 
  (OLD.state || '>' || NEW.state) NOT IN (
    'NONE>FUNDING', 'NONE>EXPIRED', 'FUNDING>FUNDED', 'FUNDING>NONE',
    'FUNDED>RELEASING', 'FUNDED>REFUNDING', 'FUNDED>SPLITTING',
    'RELEASING>SETTLED', 'REFUNDING>SETTLED', 'SPLITTING>SETTLED',
    'FUNDED>NONE', 'FUNDED>SETTLED',
    'RELEASING>FUNDED', 'REFUNDING>FUNDED', 'SPLITTING>FUNDED')
 THEN
    RAISE EXCEPTION 'E4: this hold cannot move so' USING ERRCODE = 'check_violation';
  END IF;
  IF 
  ((OLD.frozen OR OLD.disputes > 0) AND NEW.state IN ('RELEASING', 'REFUNDING', 'SPLITTING') AND NEW.state <> OLD.state)
 THEN RAISE EXCEPTION 'E11: this hold is frozen' USING ERRCODE = 'check_violation'; END IF;
  IF 
  ((OLD.state = 'FUNDED' AND NEW.state = 'NONE' AND (NEW.funded <> 0 OR NEW.funding <> ''))
   OR (OLD.state = 'FUNDED' AND NEW.state = 'SETTLED' AND NEW.dispute_lost <> NEW.funded))
 THEN
    RAISE EXCEPTION 'E2: a hold is not left with its money' USING ERRCODE = 'check_violation';
  END IF;
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
  (EXISTS (SELECT 1 FROM holds WHERE holds.id = NEW.hold_id AND holds.currency = NEW.currency AND (
       (NEW.kind = 'fund' AND holds.state = 'FUNDING')
    OR (NEW.kind = 'release' AND holds.state = 'RELEASING')
    OR (NEW.kind = 'refund' AND NOT NEW.stray AND NOT NEW.after_release AND holds.state = 'REFUNDING')
    OR (NEW.kind = 'refund' AND NOT NEW.stray AND NEW.after_release AND holds.state = 'SETTLED'
        AND holds.refunding = NEW.amount AND holds.disputes = 0)
    OR (NEW.kind = 'split' AND holds.state = 'SPLITTING')
    OR (NEW.kind = 'payout' AND holds.state = 'SETTLED' AND holds.disputes = 0 AND NOT holds.frozen)
    OR (NEW.kind = 'refund' AND NEW.stray)))
   OR (NEW.hold_id IS NULL AND NEW.kind = 'refund' AND NEW.stray AND EXISTS (
       SELECT 1 FROM payment_arrivals AS a WHERE a.provider = NEW.provider AND a.reference = NEW.arrival
          AND a.currency = NEW.currency AND a.giving_back - a.given_back >= NEW.amount)))
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
  (NEW.id <> OLD.id OR coalesce(NEW.hold_id, '') <> coalesce(OLD.hold_id, '') OR NEW.arrival <> OLD.arrival
   OR NEW.reclaim <> OLD.reclaim OR NEW.after_release <> OLD.after_release
   OR NEW.kind <> OLD.kind OR NEW.currency <> OLD.currency
   OR NEW.amount <> OLD.amount OR NEW.fee <> OLD.fee OR NEW.refund <> OLD.refund OR NEW.funding <> OLD.funding
   OR NEW.provider <> OLD.provider OR NEW.cause <> OLD.cause OR NEW.ordered_by <> OLD.ordered_by
   OR (OLD.undone_at IS NOT NULL AND NEW.undone_at IS NULL)
   OR (NEW.undone_at IS NOT NULL AND NEW.state <> 'CONFIRMED'))
 THEN
    RAISE EXCEPTION 'E6: what was asked does not change' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE OR REPLACE FUNCTION hold_returns_no_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'L4: hold_returns is append only'; END $$
--;
CREATE TRIGGER hold_returns_no_update BEFORE UPDATE ON hold_returns FOR EACH ROW EXECUTE FUNCTION hold_returns_no_update()
--;
CREATE OR REPLACE FUNCTION hold_returns_no_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'L4: hold_returns is append only'; END $$
--;
CREATE TRIGGER hold_returns_no_delete BEFORE DELETE ON hold_returns FOR EACH ROW EXECUTE FUNCTION hold_returns_no_delete()
