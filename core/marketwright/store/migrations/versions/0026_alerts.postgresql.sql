CREATE TABLE alerts (
	id VARCHAR(16) NOT NULL, 
	account_id VARCHAR(16) NOT NULL, 
	kind VARCHAR(16) NOT NULL, 
	target TEXT NOT NULL, 
	name VARCHAR(120) NOT NULL, 
	frequency VARCHAR(8) NOT NULL, 
	paused BOOLEAN NOT NULL, 
	told INTEGER NOT NULL, 
	told_at TIMESTAMP WITH TIME ZONE, 
	due_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_alerts PRIMARY KEY (id), 
	CONSTRAINT ck_alerts_kind CHECK (kind IN ('people', 'missions', 'mission_matches', 'my_matches')), 
	CONSTRAINT ck_alerts_frequency CHECK (frequency IN ('at_once', 'daily', 'weekly')), 
	CONSTRAINT ck_alerts_name CHECK (name <> ''), 
	CONSTRAINT uq_alerts_account_id_kind_target UNIQUE (account_id, kind, target), 
	CONSTRAINT fk_alerts_account_id FOREIGN KEY(account_id) REFERENCES accounts (id)
)
--;
CREATE INDEX ix_alerts_due ON alerts (paused, due_at)
--;
CREATE TABLE alert_matches (
	alert_id VARCHAR(16) NOT NULL, 
	subject VARCHAR(16) NOT NULL, 
	told BOOLEAN NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_alert_matches PRIMARY KEY (alert_id, subject), 
	CONSTRAINT fk_alert_matches_alert_id FOREIGN KEY(alert_id) REFERENCES alerts (id)
)
--;
ALTER TABLE mails ADD COLUMN items JSON NOT NULL DEFAULT '[]'
--;
ALTER TABLE mails ADD COLUMN leave_url TEXT NOT NULL DEFAULT ''
