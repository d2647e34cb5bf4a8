CREATE TABLE sent_invoices (
	id VARCHAR(16) NOT NULL,
	due_id VARCHAR(16) NOT NULL,
	contract_id VARCHAR(16) NOT NULL,
	number VARCHAR(60) NOT NULL,
	issued_on DATE NOT NULL,
	file_id VARCHAR(16) NOT NULL,
	"by" VARCHAR(80) NOT NULL,
	at DATETIME NOT NULL,
	CONSTRAINT pk_sent_invoices PRIMARY KEY (id)
)
--;
CREATE INDEX ix_sent_invoices_contract_id ON sent_invoices (contract_id)
--;
CREATE INDEX ix_sent_invoices_due_id ON sent_invoices (due_id)
--;
CREATE TRIGGER sent_invoices_no_update BEFORE UPDATE ON sent_invoices BEGIN SELECT RAISE(ABORT, 'L4: sent_invoices is append only'); END
--;
CREATE TRIGGER sent_invoices_no_delete BEFORE DELETE ON sent_invoices BEGIN SELECT RAISE(ABORT, 'L4: sent_invoices is append only'); END
