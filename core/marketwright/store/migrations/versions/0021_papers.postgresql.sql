CREATE TABLE contract_declarations (
	seq BIGSERIAL NOT NULL,
	contract_id VARCHAR(16) NOT NULL,
	fields JSON NOT NULL,
	note TEXT NOT NULL,
	side VARCHAR(10) NOT NULL,
	by VARCHAR(80) NOT NULL,
	by_name VARCHAR(200) NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_contract_declarations PRIMARY KEY (seq),
	CONSTRAINT ck_contract_declarations_side CHECK (side IN ('client', 'freelancer')),
	CONSTRAINT fk_contract_declarations_contract_id FOREIGN KEY(contract_id) REFERENCES contracts (id)
)
--;
CREATE INDEX ix_contract_declarations_contract_id ON contract_declarations (contract_id)
--;
CREATE TABLE paper_handings (
	id VARCHAR(16) NOT NULL,
	contract_id VARCHAR(16) NOT NULL,
	name VARCHAR(80) NOT NULL,
	number INTEGER NOT NULL,
	values JSON NOT NULL,
	document_id VARCHAR(16) NOT NULL,
	parties JSON NOT NULL,
	confidential BOOLEAN NOT NULL,
	sign_by TIMESTAMP WITH TIME ZONE,
	state VARCHAR(10) NOT NULL,
	by VARCHAR(80) NOT NULL,
	by_name VARCHAR(200) NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	closed_at TIMESTAMP WITH TIME ZONE,
	closed_why TEXT NOT NULL,
	CONSTRAINT pk_paper_handings PRIMARY KEY (id),
	CONSTRAINT uq_paper_handings_contract_id_name_number UNIQUE (contract_id, name, number),
	CONSTRAINT ck_paper_handings_state CHECK (state IN ('waiting', 'met', 'refused', 'withdrawn', 'lapsed')),
	CONSTRAINT ck_paper_handings_closed CHECK ((state = 'waiting') = (closed_at IS NULL)),
	CONSTRAINT fk_paper_handings_contract_id FOREIGN KEY(contract_id) REFERENCES contracts (id)
)
--;
CREATE INDEX ix_paper_handings_document_id ON paper_handings (document_id)
--;
CREATE INDEX ix_paper_handings_sign_by ON paper_handings (state, sign_by)
--;
CREATE UNIQUE INDEX ix_paper_handings_waiting ON paper_handings (contract_id, name) WHERE state = 'waiting'
--;
CREATE TABLE outside_signers (
	id VARCHAR(16) NOT NULL,
	handing_id VARCHAR(16) NOT NULL,
	kind VARCHAR(40) NOT NULL,
	name VARCHAR(120) NOT NULL,
	company VARCHAR(160) NOT NULL,
	email VARCHAR(254) NOT NULL,
	locale VARCHAR(5) NOT NULL,
	state VARCHAR(10) NOT NULL,
	link INTEGER NOT NULL,
	code_number INTEGER NOT NULL,
	code_until TIMESTAMP WITH TIME ZONE,
	wrong_codes INTEGER NOT NULL,
	asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
	opened_at TIMESTAMP WITH TIME ZONE,
	remind_at TIMESTAMP WITH TIME ZONE,
	reminded INTEGER NOT NULL,
	closed_at TIMESTAMP WITH TIME ZONE,
	reason TEXT NOT NULL,
	CONSTRAINT pk_outside_signers PRIMARY KEY (id),
	CONSTRAINT ck_outside_signers_state CHECK (state IN ('asked', 'signed', 'refused')),
	CONSTRAINT fk_outside_signers_handing_id FOREIGN KEY(handing_id) REFERENCES paper_handings (id)
)
--;
CREATE INDEX ix_outside_signers_handing_id ON outside_signers (handing_id)
--;
CREATE INDEX ix_outside_signers_remind ON outside_signers (state, remind_at)
--;
CREATE TABLE outside_signatures (
	id VARCHAR(16) NOT NULL,
	signer_id VARCHAR(16) NOT NULL,
	document_id VARCHAR(16) NOT NULL,
	kind VARCHAR(40) NOT NULL,
	name VARCHAR(120) NOT NULL,
	title VARCHAR(120) NOT NULL,
	company VARCHAR(160) NOT NULL,
	email VARCHAR(254) NOT NULL,
	sha256 VARCHAR(64) NOT NULL,
	consent TEXT NOT NULL,
	method VARCHAR(20) NOT NULL,
	address VARCHAR(64) NOT NULL,
	browser VARCHAR(200) NOT NULL,
	code_at TIMESTAMP WITH TIME ZONE NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_outside_signatures PRIMARY KEY (id),
	CONSTRAINT uq_outside_signatures_signer_id UNIQUE (signer_id),
	CONSTRAINT fk_outside_signatures_signer_id FOREIGN KEY(signer_id) REFERENCES outside_signers (id),
	CONSTRAINT fk_outside_signatures_document_id FOREIGN KEY(document_id) REFERENCES documents (id)
)
--;
CREATE INDEX ix_outside_signatures_document_id ON outside_signatures (document_id)
--;
CREATE OR REPLACE FUNCTION contract_declarations_no_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'L4: contract_declarations is append only'; END $$
--;
CREATE TRIGGER contract_declarations_no_update BEFORE UPDATE ON contract_declarations FOR EACH ROW EXECUTE FUNCTION contract_declarations_no_update()
--;
CREATE OR REPLACE FUNCTION contract_declarations_no_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'L4: contract_declarations is append only'; END $$
--;
CREATE TRIGGER contract_declarations_no_delete BEFORE DELETE ON contract_declarations FOR EACH ROW EXECUTE FUNCTION contract_declarations_no_delete()
--;
CREATE OR REPLACE FUNCTION outside_signatures_no_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'C4: outside_signatures is append only'; END $$
--;
CREATE TRIGGER outside_signatures_no_update BEFORE UPDATE ON outside_signatures FOR EACH ROW EXECUTE FUNCTION outside_signatures_no_update()
--;
CREATE OR REPLACE FUNCTION outside_signatures_no_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'C4: outside_signatures is append only'; END $$
--;
CREATE TRIGGER outside_signatures_no_delete BEFORE DELETE ON outside_signatures FOR EACH ROW EXECUTE FUNCTION outside_signatures_no_delete()
--;
CREATE OR REPLACE FUNCTION outside_signatures_of_the_text() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT EXISTS (SELECT 1 FROM documents WHERE id = NEW.document_id AND sha256 = NEW.sha256) THEN RAISE EXCEPTION 'C4: what is signed is not the text that is kept'; END IF; RETURN NEW; END $$
--;
CREATE TRIGGER outside_signatures_of_the_text BEFORE INSERT ON outside_signatures FOR EACH ROW EXECUTE FUNCTION outside_signatures_of_the_text()
