CREATE TABLE seals (
	id VARCHAR(16) NOT NULL,
	contract_id VARCHAR(16) NOT NULL,
	mission_id VARCHAR(16) NOT NULL,
	token BLOB,
	files JSON NOT NULL,
	sha256 VARCHAR(64) NOT NULL,
	size BIGINT NOT NULL,
	created_at DATETIME NOT NULL,
	delete_on DATE,
	deleted_at DATETIME,
	CONSTRAINT pk_seals PRIMARY KEY (id),
	CONSTRAINT ck_seals_deleted CHECK ((token IS NULL) = (deleted_at IS NOT NULL)),
	CONSTRAINT ck_seals_belongs_to_one CHECK ((contract_id = '') <> (mission_id = ''))
)
--;
CREATE TABLE seal_readings (
	seq INTEGER NOT NULL,
	contract_id VARCHAR(16) NOT NULL,
	mission_id VARCHAR(16) NOT NULL,
	seal_id VARCHAR(16) NOT NULL,
	what VARCHAR(200) NOT NULL,
	account_id VARCHAR(16) NOT NULL,
	name VARCHAR(200) NOT NULL,
	role VARCHAR(10) NOT NULL,
	case_id VARCHAR(16) NOT NULL,
	address VARCHAR(64) NOT NULL,
	at DATETIME NOT NULL,
	CONSTRAINT pk_seal_readings PRIMARY KEY (seq),
	CONSTRAINT ck_seal_readings_role CHECK (role IN ('client', 'freelancer', 'staff', 'outsider'))
)
--;
CREATE INDEX ix_seals_mission_id ON seals (mission_id)
--;
CREATE INDEX ix_seal_readings_mission_id ON seal_readings (mission_id)
--;
CREATE TRIGGER seals_keep_their_fingerprint BEFORE UPDATE ON seals WHEN OLD.sha256 <> NEW.sha256 OR OLD.contract_id <> NEW.contract_id OR OLD.mission_id <> NEW.mission_id OR OLD.delete_on IS NOT NEW.delete_on OR OLD.deleted_at IS NOT NULL BEGIN SELECT RAISE(ABORT, 'what is sealed keeps its fingerprint and its date'); END
--;
ALTER TABLE documents ADD COLUMN seal VARCHAR(16) DEFAULT '' NOT NULL
--;
ALTER TABLE contract_conditions ADD COLUMN spans JSON
--;
ALTER TABLE paper_handings ADD COLUMN seal VARCHAR(16) DEFAULT '' NOT NULL
--;
ALTER TABLE paper_handings ADD COLUMN spans JSON
