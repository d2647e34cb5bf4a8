CREATE TABLE mission_estimates (
	mission_id VARCHAR(16) NOT NULL,
	estimator VARCHAR(80) NOT NULL,
	label VARCHAR(200) NOT NULL,
	low INTEGER NOT NULL,
	likely INTEGER NOT NULL,
	high INTEGER NOT NULL,
	parts JSON NOT NULL,
	source JSON NOT NULL,
	at DATETIME NOT NULL,
	CONSTRAINT pk_mission_estimates PRIMARY KEY (mission_id, estimator),
	CONSTRAINT ck_mission_estimates_range CHECK (low > 0 AND low <= likely AND likely <= high),
	CONSTRAINT fk_mission_estimates_mission_id FOREIGN KEY(mission_id) REFERENCES missions (id)
)
