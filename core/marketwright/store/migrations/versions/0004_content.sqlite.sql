CREATE TABLE content_versions (
	id VARCHAR(16) NOT NULL,
	page VARCHAR(60) NOT NULL,
	language VARCHAR(2) NOT NULL,
	number INTEGER NOT NULL,
	title VARCHAR(200) NOT NULL,
	text TEXT NOT NULL,
	sha256 VARCHAR(64) NOT NULL,
	source VARCHAR(10) NOT NULL,
	withdrawn BOOLEAN NOT NULL,
	asks BOOLEAN NOT NULL,
	starts_at DATETIME NOT NULL,
	published_at DATETIME NOT NULL,
	actor VARCHAR(80) NOT NULL,
	actor_name VARCHAR(200) NOT NULL,
	note TEXT NOT NULL,
	CONSTRAINT pk_content_versions PRIMARY KEY (id),
	CONSTRAINT uq_content_versions_page_language_number UNIQUE (page, language, number)
)
--;
CREATE INDEX ix_content_versions_page_language_starts_at ON content_versions (page, language, starts_at)
--;
CREATE TRIGGER content_versions_no_update BEFORE UPDATE ON content_versions BEGIN SELECT RAISE(ABORT, 'L4: content_versions is append only'); END
--;
CREATE TRIGGER content_versions_no_delete BEFORE DELETE ON content_versions BEGIN SELECT RAISE(ABORT, 'L4: content_versions is append only'); END
--;
CREATE TABLE content_drafts (
	page VARCHAR(60) NOT NULL,
	language VARCHAR(2) NOT NULL,
	title VARCHAR(200) NOT NULL,
	text TEXT NOT NULL,
	version INTEGER NOT NULL,
	updated_at DATETIME NOT NULL,
	actor_name VARCHAR(200) NOT NULL,
	CONSTRAINT pk_content_drafts PRIMARY KEY (page, language)
)
--;
CREATE TABLE terms_acceptances (
	seq INTEGER NOT NULL,
	account_id VARCHAR(16) NOT NULL,
	version_id VARCHAR(16) NOT NULL,
	way VARCHAR(20) NOT NULL,
	at DATETIME NOT NULL,
	CONSTRAINT pk_terms_acceptances PRIMARY KEY (seq),
	CONSTRAINT uq_terms_acceptances_account_id_version_id UNIQUE (account_id, version_id),
	CONSTRAINT fk_terms_acceptances_account_id FOREIGN KEY(account_id) REFERENCES accounts (id),
	CONSTRAINT fk_terms_acceptances_version_id FOREIGN KEY(version_id) REFERENCES content_versions (id)
)
--;
CREATE TRIGGER terms_acceptances_no_update BEFORE UPDATE ON terms_acceptances BEGIN SELECT RAISE(ABORT, 'L4: terms_acceptances is append only'); END
--;
CREATE TRIGGER terms_acceptances_no_delete BEFORE DELETE ON terms_acceptances BEGIN SELECT RAISE(ABORT, 'L4: terms_acceptances is append only'); END
