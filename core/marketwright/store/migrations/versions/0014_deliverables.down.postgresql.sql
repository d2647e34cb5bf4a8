DROP TABLE handovers
--;
DROP FUNCTION handovers_no_update()
--;
DROP FUNCTION handovers_no_delete()
--;
ALTER TABLE proposal_rounds DROP COLUMN agreed
