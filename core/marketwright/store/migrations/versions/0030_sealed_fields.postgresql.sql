ALTER TABLE seals ADD COLUMN mission_id VARCHAR(16) DEFAULT '' NOT NULL
--;
ALTER TABLE seals ALTER COLUMN delete_on DROP NOT NULL
--;
ALTER TABLE seals ADD CONSTRAINT ck_seals_belongs_to_one CHECK ((contract_id = '') <> (mission_id = ''))
--;
ALTER TABLE seal_readings ADD COLUMN mission_id VARCHAR(16) DEFAULT '' NOT NULL
--;
ALTER TABLE seal_readings DROP CONSTRAINT ck_seal_readings_role
--;
ALTER TABLE seal_readings ADD CONSTRAINT ck_seal_readings_role CHECK (role IN ('client', 'freelancer', 'staff', 'outsider'))
--;
CREATE INDEX ix_seals_mission_id ON seals (mission_id)
--;
CREATE INDEX ix_seal_readings_mission_id ON seal_readings (mission_id)
--;
DROP TRIGGER seals_keep_their_fingerprint ON seals
--;
CREATE OR REPLACE FUNCTION seals_keep_their_fingerprint() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF OLD.sha256 <> NEW.sha256 OR OLD.contract_id <> NEW.contract_id OR OLD.mission_id <> NEW.mission_id OR OLD.delete_on IS DISTINCT FROM NEW.delete_on OR OLD.deleted_at IS NOT NULL THEN RAISE EXCEPTION 'what is sealed keeps its fingerprint and its date'; END IF; RETURN NEW; END $$
--;
CREATE TRIGGER seals_keep_their_fingerprint BEFORE UPDATE ON seals FOR EACH ROW EXECUTE FUNCTION seals_keep_their_fingerprint()
--;
ALTER TABLE documents ADD COLUMN seal VARCHAR(16) DEFAULT '' NOT NULL
--;
ALTER TABLE contract_conditions ADD COLUMN spans JSON
--;
ALTER TABLE paper_handings ADD COLUMN seal VARCHAR(16) DEFAULT '' NOT NULL
--;
ALTER TABLE paper_handings ADD COLUMN spans JSON
