ALTER TABLE missions DROP COLUMN within_km
--;
ALTER TABLE missions DROP COLUMN reach
