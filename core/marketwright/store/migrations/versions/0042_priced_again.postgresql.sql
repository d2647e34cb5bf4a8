DROP TRIGGER milestones_frozen ON milestones
--;
CREATE TRIGGER milestones_frozen BEFORE UPDATE ON milestones FOR EACH ROW WHEN ((1 = 1) AND (OLD.contract_id::text IS DISTINCT FROM NEW.contract_id::text OR OLD.number::text IS DISTINCT FROM NEW.number::text OR OLD.title::text IS DISTINCT FROM NEW.title::text OR OLD.description::text IS DISTINCT FROM NEW.description::text OR OLD.work::text IS DISTINCT FROM NEW.work::text)) EXECUTE FUNCTION milestones_frozen()
--;
CREATE OR REPLACE FUNCTION milestones_priced() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM contracts WHERE id = OLD.contract_id AND signed_at IS NOT NULL) THEN RAISE EXCEPTION 'C4: the taxes and fees of a signed contract never change'; END IF; RETURN NEW; END $$
--;
CREATE TRIGGER milestones_priced BEFORE UPDATE ON milestones FOR EACH ROW WHEN (OLD.work_tax IS DISTINCT FROM NEW.work_tax OR OLD.client_fee IS DISTINCT FROM NEW.client_fee OR OLD.client_fee_tax IS DISTINCT FROM NEW.client_fee_tax OR OLD.freelancer_fee IS DISTINCT FROM NEW.freelancer_fee OR OLD.freelancer_fee_tax IS DISTINCT FROM NEW.freelancer_fee_tax) EXECUTE FUNCTION milestones_priced()
