CREATE TABLE payout_destinations (
	seq BIGSERIAL NOT NULL,
	freelancer_id VARCHAR(16) NOT NULL,
	provider VARCHAR(40) NOT NULL,
	holder VARCHAR(140) NOT NULL,
	iban VARCHAR(34) NOT NULL,
	label VARCHAR(80) NOT NULL,
	since TIMESTAMP WITH TIME ZONE NOT NULL,
	ready_at TIMESTAMP WITH TIME ZONE NOT NULL,
	by VARCHAR(80) NOT NULL,
	CONSTRAINT pk_payout_destinations PRIMARY KEY (seq),
	CONSTRAINT ck_payout_destinations_e13_ready CHECK (ready_at >= since),
	CONSTRAINT ck_payout_destinations_one_place CHECK ((provider = '') = (iban <> ''))
)
--;
CREATE INDEX ix_payout_destinations_freelancer ON payout_destinations (freelancer_id, ready_at)
--;
CREATE OR REPLACE FUNCTION payouts_cool() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF NEW.kind = 'payout' AND 
  EXISTS (SELECT 1 FROM holds AS h JOIN payout_destinations AS d ON d.freelancer_id = h.freelancer_id
          WHERE h.id = NEW.hold_id AND d.ready_at > NEW.at)
 THEN
    RAISE EXCEPTION 'E13: the destination of payouts has just changed' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER payouts_cool BEFORE INSERT ON payment_commands FOR EACH ROW EXECUTE FUNCTION payouts_cool()
--;
CREATE OR REPLACE FUNCTION payout_destinations_no_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'E13: payout_destinations is append only'; END $$
--;
CREATE TRIGGER payout_destinations_no_update BEFORE UPDATE ON payout_destinations FOR EACH ROW EXECUTE FUNCTION payout_destinations_no_update()
--;
CREATE OR REPLACE FUNCTION payout_destinations_no_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'E13: payout_destinations is append only'; END $$
--;
CREATE TRIGGER payout_destinations_no_delete BEFORE DELETE ON payout_destinations FOR EACH ROW EXECUTE FUNCTION payout_destinations_no_delete()
