ALTER TABLE ledger_legs DROP CONSTRAINT ck_ledger_legs_kind
--;
ALTER TABLE ledger_legs ADD CONSTRAINT ck_ledger_legs_kind CHECK (kind IN ('psp_clearing', 'hold', 'payable', 'refundable', 'revenue', 'vat_collected', 'psp_fee', 'dispute_reserve', 'receivable', 'suspense', 'fx', 'bank'))
