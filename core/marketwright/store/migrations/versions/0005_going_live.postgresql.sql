CREATE TABLE stage (
	id SERIAL NOT NULL,
	slug VARCHAR(60) NOT NULL,
	stage VARCHAR(10) NOT NULL,
	since TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_stage PRIMARY KEY (id)
)
--;
CREATE TABLE restorations (
	id VARCHAR(16) NOT NULL,
	kind VARCHAR(10) NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	by VARCHAR(200) NOT NULL,
	file VARCHAR(200) NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	rows INTEGER NOT NULL,
	files INTEGER NOT NULL,
	sealed INTEGER NOT NULL,
	findings INTEGER NOT NULL,
	CONSTRAINT pk_restorations PRIMARY KEY (id),
	CONSTRAINT ck_restorations_kind CHECK (kind IN ('rehearsal', 'restore'))
)
--;
CREATE OR REPLACE FUNCTION restorations_no_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'L4: restorations is append only'; END $$
--;
CREATE TRIGGER restorations_no_update BEFORE UPDATE ON restorations FOR EACH ROW EXECUTE FUNCTION restorations_no_update()
--;
CREATE OR REPLACE FUNCTION restorations_no_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'L4: restorations is append only'; END $$
--;
CREATE TRIGGER restorations_no_delete BEFORE DELETE ON restorations FOR EACH ROW EXECUTE FUNCTION restorations_no_delete()
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
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_approvals PRIMARY KEY (id),
	CONSTRAINT ck_approvals_digest CHECK (length(digest) = 64),
	CONSTRAINT fk_approvals_account_id FOREIGN KEY(account_id) REFERENCES accounts (id)
)
--;
CREATE INDEX ix_approvals_subject ON approvals (subject, language, digest)
--;
CREATE OR REPLACE FUNCTION approvals_no_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'L4: approvals is append only'; END $$
--;
CREATE TRIGGER approvals_no_update BEFORE UPDATE ON approvals FOR EACH ROW EXECUTE FUNCTION approvals_no_update()
--;
CREATE OR REPLACE FUNCTION approvals_no_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'L4: approvals is append only'; END $$
--;
CREATE TRIGGER approvals_no_delete BEFORE DELETE ON approvals FOR EACH ROW EXECUTE FUNCTION approvals_no_delete()
--;
CREATE TABLE mail_trials (
	id VARCHAR(16) NOT NULL,
	address VARCHAR(254) NOT NULL,
	sender VARCHAR(254) NOT NULL,
	server VARCHAR(254) NOT NULL,
	asked_by VARCHAR(16) NOT NULL,
	asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
	confirmed_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_mail_trials PRIMARY KEY (id),
	CONSTRAINT fk_mail_trials_asked_by FOREIGN KEY(asked_by) REFERENCES accounts (id)
)
