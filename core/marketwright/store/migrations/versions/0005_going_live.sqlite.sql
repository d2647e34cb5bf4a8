CREATE TABLE stage (
	id INTEGER NOT NULL,
	slug VARCHAR(60) NOT NULL,
	stage VARCHAR(10) NOT NULL,
	since DATETIME NOT NULL,
	CONSTRAINT pk_stage PRIMARY KEY (id)
)
--;
CREATE TABLE restorations (
	id VARCHAR(16) NOT NULL,
	kind VARCHAR(10) NOT NULL,
	at DATETIME NOT NULL,
	"by" VARCHAR(200) NOT NULL,
	file VARCHAR(200) NOT NULL,
	made_at DATETIME NOT NULL,
	rows INTEGER NOT NULL,
	files INTEGER NOT NULL,
	sealed INTEGER NOT NULL,
	findings INTEGER NOT NULL,
	CONSTRAINT pk_restorations PRIMARY KEY (id),
	CONSTRAINT ck_restorations_kind CHECK (kind IN ('rehearsal', 'restore'))
)
--;
CREATE TRIGGER restorations_no_update BEFORE UPDATE ON restorations BEGIN SELECT RAISE(ABORT, 'L4: restorations is append only'); END
--;
CREATE TRIGGER restorations_no_delete BEFORE DELETE ON restorations BEGIN SELECT RAISE(ABORT, 'L4: restorations is append only'); END
--;
CREATE TABLE approvals (
	id VARCHAR(16) NOT NULL,
	subject VARCHAR(120) NOT NULL,
	language VARCHAR(5) NOT NULL,
	version VARCHAR(60) NOT NULL,
	digest VARCHAR(64) NOT NULL,
	account_id VARCHAR(16) NOT NULL,
	name VARCHAR(200) NOT NULL,
	note TEXT NOT NULL,
	at DATETIME NOT NULL,
	CONSTRAINT pk_approvals PRIMARY KEY (id),
	CONSTRAINT ck_approvals_digest CHECK (length(digest) = 64),
	CONSTRAINT fk_approvals_account_id FOREIGN KEY(account_id) REFERENCES accounts (id)
)
--;
CREATE INDEX ix_approvals_subject ON approvals (subject, language, digest)
--;
CREATE TRIGGER approvals_no_update BEFORE UPDATE ON approvals BEGIN SELECT RAISE(ABORT, 'L4: approvals is append only'); END
--;
CREATE TRIGGER approvals_no_delete BEFORE DELETE ON approvals BEGIN SELECT RAISE(ABORT, 'L4: approvals is append only'); END
--;
CREATE TABLE mail_trials (
	id VARCHAR(16) NOT NULL,
	address VARCHAR(254) NOT NULL,
	sender VARCHAR(254) NOT NULL,
	server VARCHAR(254) NOT NULL,
	asked_by VARCHAR(16) NOT NULL,
	asked_at DATETIME NOT NULL,
	confirmed_at DATETIME,
	CONSTRAINT pk_mail_trials PRIMARY KEY (id),
	CONSTRAINT fk_mail_trials_asked_by FOREIGN KEY(asked_by) REFERENCES accounts (id)
)
