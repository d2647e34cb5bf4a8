ALTER TABLE vetting_verdicts DROP COLUMN private
