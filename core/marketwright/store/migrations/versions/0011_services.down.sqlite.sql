DROP TABLE service_options
--;
DROP TABLE services
--;
ALTER TABLE missions DROP COLUMN service_id
--;
ALTER TABLE milestones DROP COLUMN within_days
