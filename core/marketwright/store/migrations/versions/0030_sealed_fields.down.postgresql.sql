DROP TRIGGER seals_keep_their_fingerprint ON seals
--;
DROP TRIGGER seal_readings_no_delete ON seal_readings
--;
DELETE FROM seals WHERE mission_id <> ''
--;
UPDATE seals SET delete_on = created_at::date WHERE delete_on IS NULL
--;
DELETE FROM seal_readings WHERE mission_id <> '' OR role = 'outsider'
--;
ALTER TABLE seals DROP CONSTRAINT ck_seals_belongs_to_one
--;
ALTER TABLE seals DROP COLUMN mission_id
--;
ALTER TABLE seals ALTER COLUMN delete_on SET NOT NULL
--;
ALTER TABLE seal_readings DROP CONSTRAINT ck_seal_readings_role
--;
ALTER TABLE seal_readings ADD CONSTRAINT ck_seal_readings_role CHECK (role IN ('client', 'freelancer', 'staff'))
--;
ALTER TABLE seal_readings DROP COLUMN mission_id
--;
CREATE OR REPLACE FUNCTION seals_keep_their_fingerprint() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF OLD.sha256 <> NEW.sha256 OR OLD.contract_id <> NEW.contract_id OR OLD.delete_on <> NEW.delete_on OR OLD.deleted_at IS NOT NULL THEN RAISE EXCEPTION 'what is sealed keeps its fingerprint and its date'; END IF; RETURN NEW; END $$
--;
CREATE TRIGGER seals_keep_their_fingerprint BEFORE UPDATE ON seals FOR EACH ROW EXECUTE FUNCTION seals_keep_their_fingerprint()
--;
CREATE TRIGGER seal_readings_no_delete BEFORE DELETE ON seal_readings FOR EACH ROW EXECUTE FUNCTION seal_readings_no_delete()
--;
ALTER TABLE documents DROP COLUMN seal
--;
ALTER TABLE contract_conditions DROP COLUMN spans
--;
ALTER TABLE paper_handings DROP COLUMN seal
--;
ALTER TABLE paper_handings DROP COLUMN spans
