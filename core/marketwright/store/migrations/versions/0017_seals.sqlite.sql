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
CREATE INDEX ix_seals_contract_id ON seals (contract_id)
--;
CREATE INDEX ix_seals_due ON seals (deleted_at, delete_on)
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
CREATE INDEX ix_seal_readings_contract_id ON seal_readings (contract_id)
--;
CREATE TABLE cases (
	id VARCHAR(16) NOT NULL,
	contract_id VARCHAR(16) NOT NULL,
	side VARCHAR(10) NOT NULL,
	opened_by VARCHAR(16) NOT NULL,
	reason TEXT NOT NULL,
	opened_at DATETIME NOT NULL,
	ends_at DATETIME NOT NULL,
	closed_at DATETIME,
	closed_by VARCHAR(16) NOT NULL,
	CONSTRAINT pk_cases PRIMARY KEY (id),
	CONSTRAINT ck_cases_side CHECK (side IN ('client', 'freelancer', 'staff')),
	CONSTRAINT ck_cases_with_a_reason CHECK (reason <> ''),
	CONSTRAINT ck_cases_ends CHECK (ends_at > opened_at),
	CONSTRAINT fk_cases_contract_id FOREIGN KEY(contract_id) REFERENCES contracts (id),
	CONSTRAINT fk_cases_opened_by FOREIGN KEY(opened_by) REFERENCES accounts (id)
)
--;
CREATE INDEX ix_cases_contract ON cases (contract_id, ends_at)
--;
CREATE TABLE case_staff (
	case_id VARCHAR(16) NOT NULL,
	account_id VARCHAR(16) NOT NULL,
	named_by VARCHAR(16) NOT NULL,
	at DATETIME NOT NULL,
	CONSTRAINT pk_case_staff PRIMARY KEY (case_id, account_id),
	CONSTRAINT fk_case_staff_case_id FOREIGN KEY(case_id) REFERENCES cases (id),
	CONSTRAINT fk_case_staff_account_id FOREIGN KEY(account_id) REFERENCES accounts (id),
	CONSTRAINT fk_case_staff_named_by FOREIGN KEY(named_by) REFERENCES accounts (id)
)
--;
CREATE TRIGGER case_staff_no_update BEFORE UPDATE ON case_staff BEGIN SELECT RAISE(ABORT, 'L4: case_staff is append only'); END
--;
CREATE TRIGGER case_staff_no_delete BEFORE DELETE ON case_staff BEGIN SELECT RAISE(ABORT, 'L4: case_staff is append only'); END
--;
CREATE TRIGGER seal_readings_no_update BEFORE UPDATE ON seal_readings BEGIN SELECT RAISE(ABORT, 'L4: seal_readings is append only'); END
--;
CREATE TRIGGER seal_readings_no_delete BEFORE DELETE ON seal_readings BEGIN SELECT RAISE(ABORT, 'L4: seal_readings is append only'); END
--;
CREATE TRIGGER seals_keep_their_fingerprint BEFORE UPDATE ON seals WHEN OLD.sha256 <> NEW.sha256 OR OLD.contract_id <> NEW.contract_id OR OLD.delete_on <> NEW.delete_on OR OLD.deleted_at IS NOT NULL BEGIN SELECT RAISE(ABORT, 'what is sealed keeps its fingerprint and its date'); END
