CREATE TABLE payment_messages (
	id VARCHAR(16) NOT NULL,
	provider VARCHAR(40) NOT NULL,
	account VARCHAR(80) NOT NULL,
	mode VARCHAR(10) NOT NULL,
	event_id VARCHAR(200) NOT NULL,
	body BYTEA NOT NULL,
	headers JSON NOT NULL,
	fact JSON NOT NULL,
	state VARCHAR(10) NOT NULL,
	received_at TIMESTAMP WITH TIME ZONE NOT NULL,
	applied_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_payment_messages PRIMARY KEY (id),
	CONSTRAINT uq_payment_messages_provider_account_mode_event_id UNIQUE (provider, account, mode, event_id)
)
--;
CREATE INDEX ix_payment_messages_state ON payment_messages (state, received_at)
--;
INSERT INTO payment_messages (id, provider, account, mode, event_id, body, headers, fact, state, received_at, applied_at)
SELECT id, plugin, '', mode, event_id, body, headers, '{}', CASE WHEN state IN ('stored', 'applied') THEN state ELSE 'ignored' END, received_at, handled_at
FROM inbox_messages
--;
DROP TABLE inbox_messages
--;
DROP TABLE plugin_calls
