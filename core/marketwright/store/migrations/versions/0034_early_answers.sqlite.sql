ALTER TABLE confidential_parts ADD COLUMN seal VARCHAR(16) DEFAULT '' NOT NULL
--;
CREATE TABLE early_answers (
	id VARCHAR(16) NOT NULL,
	mission_id VARCHAR(16) NOT NULL,
	account_id VARCHAR(16) NOT NULL,
	name VARCHAR(80) NOT NULL,
	seal VARCHAR(16) NOT NULL,
	at DATETIME NOT NULL,
	CONSTRAINT pk_early_answers PRIMARY KEY (id),
	CONSTRAINT uq_early_answers_mission_id_account_id_name UNIQUE (mission_id, account_id, name),
	CONSTRAINT fk_early_answers_mission_id_missions FOREIGN KEY(mission_id) REFERENCES missions (id),
	CONSTRAINT fk_early_answers_account_id_accounts FOREIGN KEY(account_id) REFERENCES accounts (id)
)
--;
CREATE INDEX ix_early_answers_mission_id ON early_answers (mission_id)
--;
CREATE INDEX ix_early_answers_account_id ON early_answers (account_id)
