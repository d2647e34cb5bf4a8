DROP TRIGGER milestones_priced ON milestones
--;
DROP FUNCTION milestones_priced()
--;
DROP TRIGGER milestones_frozen ON milestones
--;
CREATE TRIGGER milestones_frozen BEFORE UPDATE ON milestones FOR EACH ROW WHEN ((1 = 1) AND (OLD.contract_id::text IS DISTINCT FROM NEW.contract_id::text OR OLD.number::text IS DISTINCT FROM NEW.number::text OR OLD.title::text IS DISTINCT FROM NEW.title::text OR OLD.description::text IS DISTINCT FROM NEW.description::text OR OLD.work::text IS DISTINCT FROM NEW.work::text OR OLD.work_tax::text IS DISTINCT FROM NEW.work_tax::text OR OLD.client_fee::text IS DISTINCT FROM NEW.client_fee::text OR OLD.client_fee_tax::text IS DISTINCT FROM NEW.client_fee_tax::text OR OLD.freelancer_fee::text IS DISTINCT FROM NEW.freelancer_fee::text OR OLD.freelancer_fee_tax::text IS DISTINCT FROM NEW.freelancer_fee_tax::text)) EXECUTE FUNCTION milestones_frozen()
