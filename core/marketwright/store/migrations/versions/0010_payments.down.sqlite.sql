DROP INDEX ix_payment_facts_waits
--;
CREATE TABLE holds (
	id VARCHAR(16) NOT NULL,
	contract_id VARCHAR(16) NOT NULL,
	organisation_id VARCHAR(16) NOT NULL,
	freelancer_id VARCHAR(16) NOT NULL,
	provider VARCHAR(40) NOT NULL,
	describe VARCHAR(200) NOT NULL,
	currency VARCHAR(3) NOT NULL,
	work BIGINT NOT NULL,
	work_tax BIGINT NOT NULL,
	client_fee BIGINT NOT NULL,
	client_fee_tax BIGINT NOT NULL,
	freelancer_fee BIGINT NOT NULL,
	freelancer_fee_tax BIGINT NOT NULL,
	override VARCHAR(80) NOT NULL,
	funded BIGINT NOT NULL,
	held BIGINT NOT NULL,
	paid BIGINT NOT NULL,
	fees BIGINT NOT NULL,
	fee_taxes BIGINT NOT NULL,
	refunded BIGINT NOT NULL,
	dispute_lost BIGINT NOT NULL,
	paying_out BIGINT NOT NULL,
	paid_out BIGINT NOT NULL,
	state VARCHAR(12) NOT NULL,
	frozen BOOLEAN NOT NULL,
	version INTEGER NOT NULL,
	funding VARCHAR(16) NOT NULL,
	funded_at DATETIME,
	hold_until DATETIME,
	settled_at DATETIME,
	created_at DATETIME NOT NULL,
	CONSTRAINT pk_holds PRIMARY KEY (id),
	CONSTRAINT ck_holds_state CHECK (state IN ('NONE', 'FUNDING', 'FUNDED', 'RELEASING', 'REFUNDING', 'SPLITTING', 'SETTLED', 'EXPIRED')),
	CONSTRAINT ck_holds_amounts CHECK (work >= 1 AND work_tax >= 0 AND client_fee >= 0 AND client_fee_tax >= 0 AND freelancer_fee >= 0 AND freelancer_fee_tax >= 0 AND work + work_tax - freelancer_fee - freelancer_fee_tax >= 1),
	CONSTRAINT ck_holds_l15_bounds CHECK (work + work_tax + client_fee + client_fee_tax <= 1000000000000),
	CONSTRAINT ck_holds_l11_fees CHECK (override <> '' OR (client_fee + freelancer_fee) * 10000 BETWEEN 500 * work - 10000 AND 1500 * work + 10000),
	CONSTRAINT ck_holds_e1_adds_up CHECK (funded = held + paid + fees + fee_taxes + refunded + dispute_lost),
	CONSTRAINT ck_holds_e2_held CHECK (held >= 0 AND held <= funded),
	CONSTRAINT ck_holds_e1_no_debt CHECK (paid >= 0 AND fees >= 0 AND fee_taxes >= 0 AND refunded >= 0 AND dispute_lost >= 0),
	CONSTRAINT ck_holds_e2_nothing_yet CHECK (state NOT IN ('NONE', 'FUNDING', 'EXPIRED') OR funded = 0),
	CONSTRAINT ck_holds_e2_nothing_left CHECK (state <> 'SETTLED' OR held = 0),
	CONSTRAINT ck_holds_e2_all_held CHECK (state NOT IN ('FUNDED', 'RELEASING', 'REFUNDING', 'SPLITTING') OR (held = funded AND funded = work + work_tax + client_fee + client_fee_tax)),
	CONSTRAINT ck_holds_e7_payouts CHECK (0 <= paid_out AND paid_out <= paying_out AND paying_out <= paid)
)
--;
CREATE TABLE payment_commands (
	id VARCHAR(16) NOT NULL,
	hold_id VARCHAR(16) NOT NULL,
	kind VARCHAR(10) NOT NULL,
	state VARCHAR(10) NOT NULL,
	provider VARCHAR(40) NOT NULL,
	currency VARCHAR(3) NOT NULL,
	amount BIGINT NOT NULL,
	fee BIGINT NOT NULL,
	refund BIGINT NOT NULL,
	funding VARCHAR(16) NOT NULL,
	stray BOOLEAN NOT NULL,
	cause VARCHAR(80) NOT NULL,
	ordered_by VARCHAR(80) NOT NULL,
	page VARCHAR(2000) NOT NULL,
	reference VARCHAR(200) NOT NULL,
	reason VARCHAR(500) NOT NULL,
	note VARCHAR(500) NOT NULL,
	attempts INTEGER NOT NULL,
	fence INTEGER NOT NULL,
	lease_until DATETIME,
	sent_at DATETIME,
	settled_at DATETIME,
	given_up_at DATETIME,
	expires_at DATETIME,
	at DATETIME NOT NULL,
	created_at DATETIME NOT NULL,
	updated_at DATETIME NOT NULL,
	CONSTRAINT pk_payment_commands PRIMARY KEY (id),
	CONSTRAINT ck_payment_commands_state CHECK (state IN ('PENDING', 'SENT', 'WAITING', 'PAGE', 'UNKNOWN', 'CONFIRMED', 'FAILED')),
	CONSTRAINT ck_payment_commands_kind CHECK (kind IN ('fund', 'release', 'refund', 'split', 'payout')),
	CONSTRAINT ck_payment_commands_amounts CHECK (amount >= 1 AND fee >= 0 AND refund >= 0),
	CONSTRAINT ck_payment_commands_e10_cause CHECK (cause <> '' AND ordered_by <> ''),
	CONSTRAINT ck_payment_commands_e10_authority CHECK (kind NOT IN ('release', 'split') OR cause LIKE 'approval:%' OR cause LIKE 'deadline:%' OR cause LIKE 'decision:%'),
	CONSTRAINT fk_payment_commands_hold_id FOREIGN KEY(hold_id) REFERENCES holds (id)
)
--;
CREATE TABLE payment_facts (
	id VARCHAR(16) NOT NULL,
	provider VARCHAR(40) NOT NULL,
	fact_id VARCHAR(200) NOT NULL,
	command_id VARCHAR(80) NOT NULL,
	way VARCHAR(10) NOT NULL,
	outcome VARCHAR(10) NOT NULL,
	amount BIGINT,
	reference VARCHAR(200) NOT NULL,
	had_effect BOOLEAN NOT NULL,
	at DATETIME NOT NULL,
	CONSTRAINT pk_payment_facts PRIMARY KEY (id),
	CONSTRAINT uq_payment_facts_provider_fact_id UNIQUE (provider, fact_id)
)
--;
CREATE TRIGGER holds_move BEFORE UPDATE ON holds BEGIN
  SELECT RAISE(ABORT, 'E4: this hold cannot move so') WHERE NEW.state <> OLD.state AND 
  (OLD.state || '>' || NEW.state) NOT IN (
    'NONE>FUNDING', 'NONE>EXPIRED', 'FUNDING>FUNDED', 'FUNDING>NONE',
    'FUNDED>RELEASING', 'FUNDED>REFUNDING', 'FUNDED>SPLITTING',
    'RELEASING>SETTLED', 'REFUNDING>SETTLED', 'SPLITTING>SETTLED',
    'RELEASING>FUNDED', 'REFUNDING>FUNDED', 'SPLITTING>FUNDED')
;
  SELECT RAISE(ABORT, 'E11: this hold is frozen') WHERE OLD.frozen AND OLD.state = 'FUNDED' AND NEW.state <> 'FUNDED';
  SELECT RAISE(ABORT, 'E3: a move counts the version up')
   WHERE NEW.state <> OLD.state AND NEW.version <> OLD.version + 1;
  SELECT RAISE(ABORT, 'C4: the amounts and parties of a hold do not change') WHERE 
  (NEW.id <> OLD.id OR NEW.contract_id <> OLD.contract_id OR NEW.organisation_id <> OLD.organisation_id
   OR NEW.freelancer_id <> OLD.freelancer_id OR NEW.currency <> OLD.currency OR NEW.provider <> OLD.provider
   OR NEW.work <> OLD.work OR NEW.work_tax <> OLD.work_tax OR NEW.client_fee <> OLD.client_fee
   OR NEW.client_fee_tax <> OLD.client_fee_tax OR NEW.freelancer_fee <> OLD.freelancer_fee
   OR NEW.freelancer_fee_tax <> OLD.freelancer_fee_tax)
;
END
--;
CREATE TRIGGER payment_commands_reserved BEFORE INSERT ON payment_commands BEGIN
  SELECT RAISE(ABORT, 'E5: this command is written already')
   WHERE EXISTS (SELECT 1 FROM payment_commands WHERE id = NEW.id);
  SELECT RAISE(ABORT, 'E3: reserve before pay') WHERE NEW.state <> 'PENDING' OR NOT 
  EXISTS (SELECT 1 FROM holds WHERE holds.id = NEW.hold_id AND holds.currency = NEW.currency AND (
       (NEW.kind = 'fund' AND holds.state = 'FUNDING')
    OR (NEW.kind = 'release' AND holds.state = 'RELEASING')
    OR (NEW.kind = 'refund' AND NOT NEW.stray AND holds.state = 'REFUNDING')
    OR (NEW.kind = 'split' AND holds.state = 'SPLITTING')
    OR (NEW.kind = 'payout' AND holds.state = 'SETTLED')
    OR (NEW.kind = 'refund' AND NEW.stray)))
;
END
--;
CREATE TRIGGER payment_commands_move BEFORE UPDATE ON payment_commands BEGIN
  SELECT RAISE(ABORT, 'E5: a settled command stays settled') WHERE 
  NEW.state <> OLD.state AND (
       OLD.state = 'CONFIRMED' OR NEW.state = 'PENDING'
    OR (OLD.state = 'FAILED' AND NOT (OLD.kind = 'fund' AND NEW.state = 'CONFIRMED')))
;
  SELECT RAISE(ABORT, 'E6: what was asked does not change') WHERE 
  (NEW.id <> OLD.id OR NEW.hold_id <> OLD.hold_id OR NEW.kind <> OLD.kind OR NEW.currency <> OLD.currency
   OR NEW.amount <> OLD.amount OR NEW.fee <> OLD.fee OR NEW.refund <> OLD.refund OR NEW.funding <> OLD.funding
   OR NEW.provider <> OLD.provider OR NEW.cause <> OLD.cause OR NEW.ordered_by <> OLD.ordered_by)
;
END
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
