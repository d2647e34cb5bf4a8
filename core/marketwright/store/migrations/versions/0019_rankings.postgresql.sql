CREATE TABLE ranking_contents (
	digest VARCHAR(32) NOT NULL,
	body BYTEA NOT NULL,
	keep_until TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_ranking_contents PRIMARY KEY (digest)
)
--;
CREATE INDEX ix_ranking_contents_keep_until ON ranking_contents (keep_until)
--;
CREATE TABLE shown_rankings (
	id VARCHAR(16) NOT NULL,
	kind VARCHAR(10) NOT NULL,
	subject_id VARCHAR(16) NOT NULL,
	viewer VARCHAR(16) NOT NULL,
	by_name VARCHAR(200) NOT NULL,
	picked VARCHAR(16) NOT NULL,
	content VARCHAR(32) NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	keep_until TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_shown_rankings PRIMARY KEY (id),
	CONSTRAINT ck_shown_rankings_kind CHECK (kind IN ('people', 'missions', 'hand')),
	CONSTRAINT ck_shown_rankings_picked_by_hand CHECK ((kind = 'hand') = (picked <> '')),
	CONSTRAINT fk_shown_rankings_content FOREIGN KEY(content) REFERENCES ranking_contents (digest)
)
--;
CREATE INDEX ix_shown_rankings_at ON shown_rankings (at)
--;
CREATE INDEX ix_shown_rankings_keep_until ON shown_rankings (keep_until)
--;
CREATE INDEX ix_shown_rankings_subject ON shown_rankings (subject_id, kind, at)
--;
CREATE OR REPLACE FUNCTION shown_rankings_no_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'shown_rankings is append only until its period is over'; END $$
--;
CREATE TRIGGER shown_rankings_no_update BEFORE UPDATE ON shown_rankings FOR EACH ROW EXECUTE FUNCTION shown_rankings_no_update()
--;
CREATE OR REPLACE FUNCTION shown_rankings_no_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'shown_rankings is append only until its period is over'; END $$
--;
CREATE TRIGGER shown_rankings_no_delete BEFORE DELETE ON shown_rankings FOR EACH ROW WHEN (OLD.keep_until > now()) EXECUTE FUNCTION shown_rankings_no_delete()
