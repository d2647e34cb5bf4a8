CREATE TABLE hidden_messages (
	message_id VARCHAR(16) NOT NULL,
	category VARCHAR(20) NOT NULL,
	by VARCHAR(16) NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_hidden_messages PRIMARY KEY (message_id),
	CONSTRAINT ck_hidden_messages_category CHECK (category <> ''),
	CONSTRAINT fk_hidden_messages_message_id FOREIGN KEY(message_id) REFERENCES messages (id),
	CONSTRAINT fk_hidden_messages_by FOREIGN KEY(by) REFERENCES accounts (id)
)
--;
CREATE TABLE content_notices (
	id VARCHAR(16) NOT NULL,
	kind VARCHAR(10) NOT NULL,
	thing VARCHAR(16) NOT NULL,
	about VARCHAR(16) NOT NULL,
	account_id VARCHAR(16),
	name VARCHAR(120) NOT NULL,
	email VARCHAR(254) NOT NULL,
	locale VARCHAR(10) NOT NULL,
	category VARCHAR(20) NOT NULL,
	explanation TEXT NOT NULL,
	seen TEXT NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	decision VARCHAR(10) NOT NULL,
	reason TEXT NOT NULL,
	decided_by VARCHAR(16),
	decided_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_content_notices PRIMARY KEY (id),
	CONSTRAINT ck_content_notices_kind CHECK (kind IN ('profile', 'mission', 'review', 'message')),
	CONSTRAINT ck_content_notices_category CHECK (category IN ('illegal', 'fake', 'payment', 'hate', 'personal', 'other')),
	CONSTRAINT ck_content_notices_by_somebody CHECK (account_id IS NOT NULL OR email <> ''),
	CONSTRAINT ck_content_notices_explained CHECK (explanation <> ''),
	CONSTRAINT ck_content_notices_decision CHECK (decision IN ('', 'kept', 'restricted')),
	CONSTRAINT ck_content_notices_decided_by_whom_when_why CHECK ((decision = '') = (decided_at IS NULL) AND (decision = '') = (decided_by IS NULL) AND (decision = '') = (reason = '')),
	CONSTRAINT fk_content_notices_about FOREIGN KEY(about) REFERENCES accounts (id),
	CONSTRAINT fk_content_notices_account_id FOREIGN KEY(account_id) REFERENCES accounts (id),
	CONSTRAINT fk_content_notices_decided_by FOREIGN KEY(decided_by) REFERENCES accounts (id)
)
--;
CREATE INDEX ix_content_notices_about ON content_notices (about)
--;
CREATE INDEX ix_content_notices_account_id ON content_notices (account_id)
--;
CREATE INDEX ix_content_notices_open ON content_notices (decided_at, at)
--;
CREATE INDEX ix_content_notices_thing ON content_notices (kind, thing)
--;
CREATE UNIQUE INDEX uq_content_notices_open_account ON content_notices (kind, thing, account_id) WHERE decided_at IS NULL AND account_id IS NOT NULL
--;
CREATE UNIQUE INDEX uq_content_notices_open_email ON content_notices (kind, thing, email) WHERE decided_at IS NULL AND email <> ''
--;
CREATE TABLE content_statements (
	id VARCHAR(16) NOT NULL,
	notice_id VARCHAR(16) NOT NULL,
	account_id VARCHAR(16) NOT NULL,
	kind VARCHAR(10) NOT NULL,
	thing VARCHAR(16) NOT NULL,
	category VARCHAR(20) NOT NULL,
	ground VARCHAR(10) NOT NULL,
	reason TEXT NOT NULL,
	by VARCHAR(16) NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_content_statements PRIMARY KEY (id),
	CONSTRAINT ck_content_statements_kind CHECK (kind IN ('profile', 'mission', 'review', 'message')),
	CONSTRAINT ck_content_statements_category CHECK (category IN ('illegal', 'fake', 'payment', 'hate', 'personal', 'other')),
	CONSTRAINT ck_content_statements_ground CHECK (ground IN ('law', 'terms')),
	CONSTRAINT ck_content_statements_with_a_reason CHECK (reason <> ''),
	CONSTRAINT uq_content_statements_notice_id UNIQUE (notice_id),
	CONSTRAINT fk_content_statements_notice_id FOREIGN KEY(notice_id) REFERENCES content_notices (id),
	CONSTRAINT fk_content_statements_account_id FOREIGN KEY(account_id) REFERENCES accounts (id),
	CONSTRAINT fk_content_statements_by FOREIGN KEY(by) REFERENCES accounts (id)
)
--;
CREATE INDEX ix_content_statements_account_id ON content_statements (account_id)
--;
CREATE OR REPLACE FUNCTION hidden_messages_no_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the texts of conversations: hidden_messages is append only'; END $$
--;
CREATE TRIGGER hidden_messages_no_update BEFORE UPDATE ON hidden_messages FOR EACH ROW EXECUTE FUNCTION hidden_messages_no_update()
--;
CREATE OR REPLACE FUNCTION hidden_messages_no_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the texts of conversations: hidden_messages is append only'; END $$
--;
CREATE TRIGGER hidden_messages_no_delete BEFORE DELETE ON hidden_messages FOR EACH ROW EXECUTE FUNCTION hidden_messages_no_delete()
--;
CREATE OR REPLACE FUNCTION content_statements_no_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'statements of reasons: content_statements is append only'; END $$
--;
CREATE TRIGGER content_statements_no_update BEFORE UPDATE ON content_statements FOR EACH ROW EXECUTE FUNCTION content_statements_no_update()
--;
CREATE OR REPLACE FUNCTION content_statements_no_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'statements of reasons: content_statements is append only'; END $$
--;
CREATE TRIGGER content_statements_no_delete BEFORE DELETE ON content_statements FOR EACH ROW EXECUTE FUNCTION content_statements_no_delete()
--;
CREATE OR REPLACE FUNCTION content_notices_decided_once() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF OLD.decided_at IS NOT NULL AND (NEW.decided_at IS DISTINCT FROM OLD.decided_at OR NEW.decision <> OLD.decision OR NEW.reason <> OLD.reason OR NEW.decided_by IS DISTINCT FROM OLD.decided_by) THEN RAISE EXCEPTION 'a notice is decided once'; END IF; RETURN NEW; END $$
--;
CREATE TRIGGER content_notices_decided_once BEFORE UPDATE ON content_notices FOR EACH ROW EXECUTE FUNCTION content_notices_decided_once()
