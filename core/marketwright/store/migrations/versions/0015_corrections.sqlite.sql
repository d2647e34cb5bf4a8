CREATE TABLE corrections (
	id VARCHAR(16) NOT NULL,
	kind VARCHAR(8) NOT NULL,
	body JSON NOT NULL,
	amount BIGINT NOT NULL,
	currency VARCHAR(3) NOT NULL,
	reason TEXT NOT NULL,
	asked_by VARCHAR(80) NOT NULL,
	asked_at DATETIME NOT NULL,
	alone BOOLEAN NOT NULL,
	not_before DATETIME,
	state VARCHAR(10) NOT NULL,
	decided_by VARCHAR(80) NOT NULL,
	decided_at DATETIME,
	answer TEXT NOT NULL,
	effect VARCHAR(16) NOT NULL,
	CONSTRAINT pk_corrections PRIMARY KEY (id),
	CONSTRAINT ck_corrections_kind CHECK (kind IN ('entry', 'refund')),
	CONSTRAINT ck_corrections_state CHECK (state IN ('asked', 'done', 'withdrawn', 'refused')),
	CONSTRAINT ck_corrections_complete CHECK (amount > 0 AND reason <> '' AND asked_by <> ''),
	CONSTRAINT ck_corrections_decided CHECK ((state = 'asked') = (decided_at IS NULL)),
	CONSTRAINT ck_corrections_two_or_a_day CHECK (state <> 'done' OR (decided_by LIKE 'person:%' AND decided_by <> asked_by) OR (alone AND decided_at >= not_before)),
	CONSTRAINT ck_corrections_alone_waits CHECK (NOT alone OR not_before IS NOT NULL)
)
--;
CREATE INDEX ix_corrections_open ON corrections (not_before) WHERE state = 'asked'
--;
CREATE TRIGGER corrections_ask BEFORE INSERT ON corrections BEGIN
  SELECT RAISE(ABORT, 'E10: a correction begins by being asked for') WHERE NEW.state <> 'asked';
  SELECT RAISE(ABORT, 'E10: alone, a correction waits for a day') WHERE (NEW.alone AND julianday(NEW.not_before) - julianday(NEW.asked_at) < 0.99999);
END
--;
CREATE TRIGGER corrections_move BEFORE UPDATE ON corrections BEGIN
  SELECT RAISE(ABORT, 'E10: what two people decide on does not change') WHERE
  (NEW.id <> OLD.id OR NEW.kind <> OLD.kind OR NEW.amount <> OLD.amount OR NEW.currency <> OLD.currency
   OR NEW.reason <> OLD.reason OR NEW.asked_by <> OLD.asked_by OR NEW.asked_at <> OLD.asked_at
   OR NEW.alone <> OLD.alone OR coalesce(NEW.not_before, NEW.asked_at) <> coalesce(OLD.not_before, OLD.asked_at)
   OR NEW.body <> OLD.body)
 OR (OLD.state <> 'asked' AND (NEW.state <> OLD.state OR NEW.decided_by <> OLD.decided_by));
END
--;
CREATE TRIGGER corrections_keep BEFORE DELETE ON corrections BEGIN SELECT RAISE(ABORT, 'E10: corrections are kept'); END
--;
CREATE TRIGGER corrections_booked BEFORE INSERT ON ledger_transactions WHEN NEW.cause_type = 'correction' BEGIN
  SELECT RAISE(ABORT, 'E10: an entry by hand stands on a decision of two') WHERE NOT EXISTS (SELECT 1 FROM corrections AS c
               WHERE c.id = NEW.cause_id AND c.kind = 'entry' AND c.state = 'done');
END
--;
CREATE TRIGGER corrections_ordered BEFORE INSERT ON payment_commands WHEN NEW.after_release BEGIN
  SELECT RAISE(ABORT, 'E10: money that was released goes back by a decision of two') WHERE NOT EXISTS (SELECT 1 FROM corrections AS c WHERE 'decision:' || c.id = NEW.cause AND c.kind = 'refund'
                AND c.state = 'done' AND c.amount = NEW.amount AND c.currency = NEW.currency);
END
