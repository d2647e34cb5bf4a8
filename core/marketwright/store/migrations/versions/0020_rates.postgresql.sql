CREATE TABLE rate_snapshots (
	month VARCHAR(7) NOT NULL,
	body JSON NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_rate_snapshots PRIMARY KEY (month)
)
