CREATE TABLE overlay_versions (
	version INTEGER NOT NULL,
	at DATETIME NOT NULL,
	starts_at DATETIME NOT NULL,
	actor VARCHAR(80) NOT NULL,
	actor_name VARCHAR(200) NOT NULL,
	note TEXT NOT NULL,
	undoes INTEGER,
	CONSTRAINT pk_overlay_versions PRIMARY KEY (version),
	CONSTRAINT fk_overlay_versions_undoes FOREIGN KEY(undoes) REFERENCES overlay_versions (version)
)
--;
CREATE TRIGGER overlay_versions_no_update BEFORE UPDATE ON overlay_versions BEGIN SELECT RAISE(ABORT, 'L4: overlay_versions is append only'); END
--;
CREATE TRIGGER overlay_versions_no_delete BEFORE DELETE ON overlay_versions BEGIN SELECT RAISE(ABORT, 'L4: overlay_versions is append only'); END
--;
CREATE TABLE overlay_changes (
	seq INTEGER NOT NULL,
	version INTEGER NOT NULL,
	"key" VARCHAR(200) NOT NULL,
	"before" JSON,
	"after" JSON,
	CONSTRAINT pk_overlay_changes PRIMARY KEY (seq),
	CONSTRAINT uq_overlay_changes_version_key UNIQUE (version, "key"),
	CONSTRAINT fk_overlay_changes_version FOREIGN KEY(version) REFERENCES overlay_versions (version)
)
--;
CREATE INDEX ix_overlay_changes_key ON overlay_changes ("key")
--;
CREATE TRIGGER overlay_changes_no_update BEFORE UPDATE ON overlay_changes BEGIN SELECT RAISE(ABORT, 'L4: overlay_changes is append only'); END
--;
CREATE TRIGGER overlay_changes_no_delete BEFORE DELETE ON overlay_changes BEGIN SELECT RAISE(ABORT, 'L4: overlay_changes is append only'); END
