DROP TRIGGER milestones_priced
--;
CREATE TRIGGER milestones_frozen BEFORE UPDATE ON milestones WHEN (1 = 1) AND (OLD.contract_id IS NOT NEW.contract_id OR OLD.number IS NOT NEW.number OR OLD.title IS NOT NEW.title OR OLD.description IS NOT NEW.description OR OLD.work IS NOT NEW.work OR OLD.work_tax IS NOT NEW.work_tax OR OLD.client_fee IS NOT NEW.client_fee OR OLD.client_fee_tax IS NOT NEW.client_fee_tax OR OLD.freelancer_fee IS NOT NEW.freelancer_fee OR OLD.freelancer_fee_tax IS NOT NEW.freelancer_fee_tax) BEGIN SELECT RAISE(ABORT, 'C4: what a milestone costs and is never changes'); END
