DROP TABLE timesheet_days
--;
ALTER TABLE milestones DROP COLUMN offered_back
--;
ALTER TABLE milestones DROP COLUMN opens_at
--;
ALTER TABLE milestones DROP COLUMN starts_on
--;
UPDATE milestones SET half_days = (half_days + 1) / 2 WHERE half_days IS NOT NULL
--;
ALTER TABLE milestones RENAME COLUMN half_days TO days
