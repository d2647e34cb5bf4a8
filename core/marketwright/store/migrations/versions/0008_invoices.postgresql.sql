CREATE TABLE invoice_series (
	name VARCHAR(40) NOT NULL,
	seller VARCHAR(40) NOT NULL,
	year INTEGER NOT NULL,
	last INTEGER NOT NULL,
	CONSTRAINT pk_invoice_series PRIMARY KEY (name),
	CONSTRAINT uq_invoice_series_seller_year UNIQUE (seller, year)
)
--;
CREATE TABLE invoices (
	id VARCHAR(16) NOT NULL,
	series VARCHAR(40) NOT NULL,
	number INTEGER NOT NULL,
	kind VARCHAR(16) NOT NULL,
	credit BOOLEAN NOT NULL,
	credits VARCHAR(16) NOT NULL,
	cause_type VARCHAR(40) NOT NULL,
	cause_id VARCHAR(80) NOT NULL,
	contract_id VARCHAR(16) NOT NULL,
	milestone_id VARCHAR(16) NOT NULL,
	bill_id VARCHAR(16) NOT NULL,
	organisation_id VARCHAR(16) NOT NULL,
	freelancer_id VARCHAR(16) NOT NULL,
	currency VARCHAR(3) NOT NULL,
	net BIGINT NOT NULL,
	tax BIGINT NOT NULL,
	gross BIGINT NOT NULL,
	paid BIGINT NOT NULL,
	language VARCHAR(5) NOT NULL,
	reference VARCHAR(24) NOT NULL,
	purchase_order VARCHAR(60) NOT NULL,
	issued_on DATE NOT NULL,
	supplied_on DATE NOT NULL,
	due_on DATE,
	country VARCHAR(2) NOT NULL,
	body JSON NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_invoices PRIMARY KEY (id),
	CONSTRAINT uq_invoices_series_number UNIQUE (series, number),
	CONSTRAINT uq_invoices_cause_type_cause_id_kind UNIQUE (cause_type, cause_id, kind),
	CONSTRAINT ck_invoices_kind CHECK (kind IN ('sale', 'client_fee', 'freelancer_fee', 'service')),
	CONSTRAINT ck_invoices_number CHECK (number >= 1),
	CONSTRAINT ck_invoices_l14_totals CHECK (net >= 0 AND tax >= 0 AND gross = net + tax),
	CONSTRAINT ck_invoices_paid CHECK (paid >= 0 AND paid <= gross),
	CONSTRAINT ck_invoices_credits CHECK (credit OR credits = '')
)
--;
CREATE INDEX ix_invoices_bill_id ON invoices (bill_id)
--;
CREATE INDEX ix_invoices_contract_id ON invoices (contract_id)
--;
CREATE INDEX ix_invoices_freelancer_id ON invoices (freelancer_id)
--;
CREATE INDEX ix_invoices_milestone ON invoices (milestone_id, kind)
--;
CREATE INDEX ix_invoices_organisation_id ON invoices (organisation_id)
--;
CREATE TABLE invoice_dues (
	id VARCHAR(16) NOT NULL,
	cause_type VARCHAR(40) NOT NULL,
	cause_id VARCHAR(80) NOT NULL,
	kind VARCHAR(16) NOT NULL,
	credit BOOLEAN NOT NULL,
	contract_id VARCHAR(16) NOT NULL,
	organisation_id VARCHAR(16) NOT NULL,
	freelancer_id VARCHAR(16) NOT NULL,
	facts JSON NOT NULL,
	invoice_id VARCHAR(16) NOT NULL,
	blocker VARCHAR(20) NOT NULL,
	reason VARCHAR(300) NOT NULL,
	params JSON NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_invoice_dues PRIMARY KEY (id),
	CONSTRAINT uq_invoice_dues_cause_type_cause_id_kind UNIQUE (cause_type, cause_id, kind),
	CONSTRAINT ck_invoice_dues_kind CHECK (kind IN ('sale', 'client_fee', 'freelancer_fee', 'service'))
)
--;
CREATE INDEX ix_invoice_dues_contract_id ON invoice_dues (contract_id)
--;
CREATE INDEX ix_invoice_dues_freelancer_id ON invoice_dues (freelancer_id)
--;
CREATE INDEX ix_invoice_dues_open ON invoice_dues (invoice_id, created_at)
--;
CREATE INDEX ix_invoice_dues_organisation_id ON invoice_dues (organisation_id)
--;
CREATE TABLE mandate_steps (
	id VARCHAR(16) NOT NULL,
	freelancer_id VARCHAR(16) NOT NULL,
	step VARCHAR(10) NOT NULL,
	country VARCHAR(2) NOT NULL,
	version VARCHAR(20) NOT NULL,
	language VARCHAR(5) NOT NULL,
	text VARCHAR NOT NULL,
	sha256 VARCHAR(64) NOT NULL,
	by VARCHAR(80) NOT NULL,
	address VARCHAR(64) NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_mandate_steps PRIMARY KEY (id),
	CONSTRAINT ck_mandate_steps_step CHECK (step IN ('accepted', 'withdrawn'))
)
--;
CREATE INDEX ix_mandate_steps_freelancer_id ON mandate_steps (freelancer_id)
--;
CREATE OR REPLACE FUNCTION invoices_without_gap() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM invoices WHERE series = NEW.series) THEN RAISE EXCEPTION 'a series of invoices has no gap'; END IF; IF EXISTS (SELECT 1 FROM invoices WHERE series = NEW.series AND issued_on > NEW.issued_on) THEN RAISE EXCEPTION 'the numbers of a series follow its dates'; END IF; RETURN NEW; END $$
--;
CREATE TRIGGER invoices_without_gap BEFORE INSERT ON invoices FOR EACH ROW EXECUTE FUNCTION invoices_without_gap()
--;
CREATE OR REPLACE FUNCTION invoices_no_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'L4: invoices is append only'; END $$
--;
CREATE TRIGGER invoices_no_update BEFORE UPDATE ON invoices FOR EACH ROW EXECUTE FUNCTION invoices_no_update()
--;
CREATE OR REPLACE FUNCTION invoices_no_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'L4: invoices is append only'; END $$
--;
CREATE TRIGGER invoices_no_delete BEFORE DELETE ON invoices FOR EACH ROW EXECUTE FUNCTION invoices_no_delete()
--;
CREATE OR REPLACE FUNCTION mandate_steps_no_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'L4: mandate_steps is append only'; END $$
--;
CREATE TRIGGER mandate_steps_no_update BEFORE UPDATE ON mandate_steps FOR EACH ROW EXECUTE FUNCTION mandate_steps_no_update()
--;
CREATE OR REPLACE FUNCTION mandate_steps_no_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'L4: mandate_steps is append only'; END $$
--;
CREATE TRIGGER mandate_steps_no_delete BEFORE DELETE ON mandate_steps FOR EACH ROW EXECUTE FUNCTION mandate_steps_no_delete()
