ALTER TABLE milestones RENAME COLUMN days TO half_days
--;
UPDATE milestones SET half_days = half_days * 2 WHERE half_days IS NOT NULL
--;
ALTER TABLE milestones ADD COLUMN starts_on DATE
--;
ALTER TABLE milestones ADD COLUMN opens_at TIMESTAMP WITH TIME ZONE
--;
ALTER TABLE milestones ADD COLUMN offered_back BIGINT
--;
CREATE TABLE timesheet_days (
	milestone_id VARCHAR(16) NOT NULL,
	day DATE NOT NULL,
	half_days INTEGER NOT NULL,
	note TEXT NOT NULL,
	handed_at TIMESTAMP WITH TIME ZONE,
	disputed_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_timesheet_days PRIMARY KEY (milestone_id, day),
	CONSTRAINT ck_timesheet_days_half_days CHECK (half_days IN (1, 2)),
	CONSTRAINT fk_timesheet_days_milestone_id FOREIGN KEY(milestone_id) REFERENCES milestones (id)
)
