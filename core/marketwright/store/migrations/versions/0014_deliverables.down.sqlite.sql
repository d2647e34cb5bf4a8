DROP TRIGGER handovers_no_update
--;
DROP TRIGGER handovers_no_delete
--;
DROP TABLE handovers
--;
ALTER TABLE proposal_rounds DROP COLUMN agreed
