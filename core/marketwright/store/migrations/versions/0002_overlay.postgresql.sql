CREATE TABLE overlay_versions (
	version INTEGER NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	starts_at TIMESTAMP WITH TIME ZONE NOT NULL,
	actor VARCHAR(80) NOT NULL,
	actor_name VARCHAR(200) NOT NULL,
	note TEXT NOT NULL,
	undoes INTEGER,
	CONSTRAINT pk_overlay_versions PRIMARY KEY (version),
	CONSTRAINT fk_overlay_versions_undoes FOREIGN KEY(undoes) REFERENCES overlay_versions (version)
)
--;
CREATE OR REPLACE FUNCTION overlay_versions_no_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'L4: overlay_versions is append only'; END $$
--;
CREATE TRIGGER overlay_versions_no_update BEFORE UPDATE ON overlay_versions FOR EACH ROW EXECUTE FUNCTION overlay_versions_no_update()
--;
CREATE OR REPLACE FUNCTION overlay_versions_no_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'L4: overlay_versions is append only'; END $$
--;
CREATE TRIGGER overlay_versions_no_delete BEFORE DELETE ON overlay_versions FOR EACH ROW EXECUTE FUNCTION overlay_versions_no_delete()
--;
CREATE TABLE overlay_changes (
	seq BIGSERIAL NOT NULL,
	version INTEGER NOT NULL,
	key VARCHAR(200) NOT NULL,
	before JSON,
	after JSON,
	CONSTRAINT pk_overlay_changes PRIMARY KEY (seq),
	CONSTRAINT uq_overlay_changes_version_key UNIQUE (version, key),
	CONSTRAINT fk_overlay_changes_version FOREIGN KEY(version) REFERENCES overlay_versions (version)
)
--;
CREATE INDEX ix_overlay_changes_key ON overlay_changes (key)
--;
CREATE OR REPLACE FUNCTION overlay_changes_no_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'L4: overlay_changes is append only'; END $$
--;
CREATE TRIGGER overlay_changes_no_update BEFORE UPDATE ON overlay_changes FOR EACH ROW EXECUTE FUNCTION overlay_changes_no_update()
--;
CREATE OR REPLACE FUNCTION overlay_changes_no_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'L4: overlay_changes is append only'; END $$
--;
CREATE TRIGGER overlay_changes_no_delete BEFORE DELETE ON overlay_changes FOR EACH ROW EXECUTE FUNCTION overlay_changes_no_delete()
