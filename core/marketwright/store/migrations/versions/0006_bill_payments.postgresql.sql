CREATE TABLE bill_payments (
	id VARCHAR(16) NOT NULL,
	bill_id VARCHAR(16) NOT NULL,
	kind VARCHAR(10) NOT NULL,
	amount BIGINT NOT NULL,
	currency VARCHAR(3) NOT NULL,
	source VARCHAR(80) NOT NULL,
	key VARCHAR(120) NOT NULL,
	paid_on DATE NOT NULL,
	payer VARCHAR(140) NOT NULL,
	note VARCHAR(300) NOT NULL,
	undoes VARCHAR(16),
	by VARCHAR(80) NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_bill_payments PRIMARY KEY (id),
	CONSTRAINT uq_bill_payments_source_key UNIQUE (source, key),
	CONSTRAINT uq_bill_payments_undoes UNIQUE (undoes),
	CONSTRAINT ck_bill_payments_kind CHECK (kind IN ('received', 'agreed', 'credited', 'undone')),
	CONSTRAINT ck_bill_payments_undoes_a_row CHECK ((kind = 'undone') = (undoes IS NOT NULL)),
	CONSTRAINT ck_bill_payments_amount CHECK ((kind = 'undone' AND amount < 0) OR (kind <> 'undone' AND amount > 0)),
	CONSTRAINT fk_bill_payments_bill_id FOREIGN KEY(bill_id) REFERENCES bills (id),
	CONSTRAINT fk_bill_payments_undoes FOREIGN KEY(undoes) REFERENCES bill_payments (id)
)
--;
CREATE INDEX ix_bill_payments_bill_id ON bill_payments (bill_id)
--;
CREATE OR REPLACE FUNCTION bill_payments_no_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'L4: bill_payments is append only'; END $$
--;
CREATE TRIGGER bill_payments_no_update BEFORE UPDATE ON bill_payments FOR EACH ROW EXECUTE FUNCTION bill_payments_no_update()
--;
CREATE OR REPLACE FUNCTION bill_payments_no_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'L4: bill_payments is append only'; END $$
--;
CREATE TRIGGER bill_payments_no_delete BEFORE DELETE ON bill_payments FOR EACH ROW EXECUTE FUNCTION bill_payments_no_delete()
--;
CREATE OR REPLACE FUNCTION bill_payments_within() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (SELECT coalesce(sum(amount), 0) FROM bill_payments WHERE bill_id = NEW.bill_id) + NEW.amount NOT BETWEEN 0 AND (SELECT work + work_tax FROM bills WHERE id = NEW.bill_id) THEN RAISE EXCEPTION 'a bill takes no more than it asks for, and gives no more back than it took'; END IF; RETURN NEW; END $$
--;
CREATE TRIGGER bill_payments_within BEFORE INSERT ON bill_payments FOR EACH ROW EXECUTE FUNCTION bill_payments_within()
--;
INSERT INTO bill_payments (id, bill_id, kind, amount, currency, source, key, paid_on, payer, note, by, at)
SELECT id, id, 'agreed', work + work_tax, currency, 'system:migration', 'rest:' || id, date(closed_at), '', '', 'migration', closed_at
FROM bills WHERE state = 'paid'
