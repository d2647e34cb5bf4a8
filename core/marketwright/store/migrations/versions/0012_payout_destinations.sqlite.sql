CREATE TABLE payout_destinations (
	seq INTEGER NOT NULL,
	freelancer_id VARCHAR(16) NOT NULL,
	provider VARCHAR(40) NOT NULL,
	holder VARCHAR(140) NOT NULL,
	iban VARCHAR(34) NOT NULL,
	label VARCHAR(80) NOT NULL,
	since DATETIME NOT NULL,
	ready_at DATETIME NOT NULL,
	"by" VARCHAR(80) NOT NULL,
	CONSTRAINT pk_payout_destinations PRIMARY KEY (seq),
	CONSTRAINT ck_payout_destinations_e13_ready CHECK (ready_at >= since),
	CONSTRAINT ck_payout_destinations_one_place CHECK ((provider = '') = (iban <> ''))
)
--;
CREATE INDEX ix_payout_destinations_freelancer ON payout_destinations (freelancer_id, ready_at)
--;
CREATE TRIGGER payouts_cool BEFORE INSERT ON payment_commands WHEN NEW.kind = 'payout' BEGIN
  SELECT RAISE(ABORT, 'E13: the destination of payouts has just changed') WHERE 
  EXISTS (SELECT 1 FROM holds AS h JOIN payout_destinations AS d ON d.freelancer_id = h.freelancer_id
          WHERE h.id = NEW.hold_id AND d.ready_at > NEW.at)
;
END
--;
CREATE TRIGGER payout_destinations_no_update BEFORE UPDATE ON payout_destinations BEGIN SELECT RAISE(ABORT, 'E13: payout_destinations is append only'); END
--;
CREATE TRIGGER payout_destinations_no_delete BEFORE DELETE ON payout_destinations BEGIN SELECT RAISE(ABORT, 'E13: payout_destinations is append only'); END
