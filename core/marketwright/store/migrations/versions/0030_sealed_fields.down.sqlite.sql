DROP TRIGGER seals_keep_their_fingerprint
--;
DROP TRIGGER seal_readings_no_delete
--;
DROP INDEX ix_seals_mission_id
--;
DROP INDEX ix_seal_readings_mission_id
--;
DELETE FROM seals WHERE mission_id <> ''
--;
UPDATE seals SET delete_on = date(created_at) WHERE delete_on IS NULL
--;
DELETE FROM seal_readings WHERE mission_id <> '' OR role = 'outsider'
--;
CREATE TABLE seals (
	id VARCHAR(16) NOT NULL,
	contract_id VARCHAR(16) NOT NULL,
	token BLOB,
	files JSON NOT NULL,
	sha256 VARCHAR(64) NOT NULL,
	size BIGINT NOT NULL,
	created_at DATETIME NOT NULL,
	delete_on DATE NOT NULL,
	deleted_at DATETIME,
	CONSTRAINT pk_seals PRIMARY KEY (id),
	CONSTRAINT ck_seals_deleted CHECK ((token IS NULL) = (deleted_at IS NOT NULL))
)
--;
CREATE TABLE seal_readings (
	seq INTEGER NOT NULL,
	contract_id VARCHAR(16) NOT NULL,
	seal_id VARCHAR(16) NOT NULL,
	what VARCHAR(200) NOT NULL,
	account_id VARCHAR(16) NOT NULL,
	name VARCHAR(200) NOT NULL,
	role VARCHAR(10) NOT NULL,
	case_id VARCHAR(16) NOT NULL,
	address VARCHAR(64) NOT NULL,
	at DATETIME NOT NULL,
	CONSTRAINT pk_seal_readings PRIMARY KEY (seq),
	CONSTRAINT ck_seal_readings_role CHECK (role IN ('client', 'freelancer', 'staff'))
)
--;
CREATE TRIGGER seals_keep_their_fingerprint BEFORE UPDATE ON seals WHEN OLD.sha256 <> NEW.sha256 OR OLD.contract_id <> NEW.contract_id OR OLD.delete_on <> NEW.delete_on OR OLD.deleted_at IS NOT NULL BEGIN SELECT RAISE(ABORT, 'what is sealed keeps its fingerprint and its date'); END
--;
CREATE TRIGGER seal_readings_no_delete BEFORE DELETE ON seal_readings BEGIN SELECT RAISE(ABORT, 'L4: seal_readings is append only'); END
--;
ALTER TABLE documents DROP COLUMN seal
--;
ALTER TABLE contract_conditions DROP COLUMN spans
--;
ALTER TABLE paper_handings DROP COLUMN seal
--;
ALTER TABLE paper_handings DROP COLUMN spans
