CREATE TABLE ledger_legs (
	transaction_id VARCHAR(16) NOT NULL,
	position INTEGER NOT NULL,
	account VARCHAR(60) NOT NULL,
	kind VARCHAR(20) NOT NULL,
	currency VARCHAR(3) NOT NULL,
	amount BIGINT NOT NULL,
	CONSTRAINT pk_ledger_legs PRIMARY KEY (transaction_id, position),
	CONSTRAINT ck_ledger_legs_l1_no_zero_leg CHECK (amount <> 0),
	CONSTRAINT ck_ledger_legs_l15_bounds CHECK (amount BETWEEN -1000000000000 AND 1000000000000),
	CONSTRAINT ck_ledger_legs_kind CHECK (kind IN ('psp_clearing', 'hold', 'payable', 'refundable', 'revenue', 'vat_collected', 'psp_fee', 'dispute_reserve', 'receivable', 'suspense', 'fx', 'bank')),
	CONSTRAINT ck_ledger_legs_account CHECK (account = kind OR substr(account, 1, length(kind) + 1) = kind || ':'),
	CONSTRAINT fk_ledger_legs_transaction_id FOREIGN KEY(transaction_id) REFERENCES ledger_transactions (id) DEFERRABLE INITIALLY DEFERRED
)
 WITHOUT ROWID
