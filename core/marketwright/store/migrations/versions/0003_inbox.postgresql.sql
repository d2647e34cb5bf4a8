CREATE TABLE inbox_messages (
	id VARCHAR(16) NOT NULL,
	plugin VARCHAR(40) NOT NULL,
	mode VARCHAR(10) NOT NULL,
	event_id VARCHAR(200) NOT NULL,
	type VARCHAR(80) NOT NULL,
	about VARCHAR(80) NOT NULL,
	body BYTEA NOT NULL,
	headers JSON NOT NULL,
	state VARCHAR(12) NOT NULL,
	attempts INTEGER NOT NULL,
	note VARCHAR(500) NOT NULL,
	received_at TIMESTAMP WITH TIME ZONE NOT NULL,
	handled_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_inbox_messages PRIMARY KEY (id),
	CONSTRAINT uq_inbox_messages_plugin_mode_event_id UNIQUE (plugin, mode, event_id),
	CONSTRAINT ck_inbox_messages_state CHECK (state IN ('stored', 'applied', 'ignored', 'refused', 'failed', 'quarantined'))
)
--;
CREATE INDEX ix_inbox_messages_about ON inbox_messages (about)
--;
CREATE INDEX ix_inbox_messages_state ON inbox_messages (state, received_at)
--;
INSERT INTO inbox_messages (id, plugin, mode, event_id, type, about, body, headers, state, attempts, note, received_at, handled_at)
SELECT id, provider, mode, event_id, '', '', body, headers, state, 0, '', received_at, applied_at FROM payment_messages
--;
DROP TABLE payment_messages
--;
CREATE TABLE plugin_calls (
	plugin VARCHAR(40) NOT NULL,
	what VARCHAR(80) NOT NULL,
	calls INTEGER NOT NULL,
	seconds FLOAT NOT NULL,
	longest FLOAT NOT NULL,
	errors INTEGER NOT NULL,
	last_error TEXT NOT NULL,
	last_error_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_plugin_calls PRIMARY KEY (plugin, what)
)
