ALTER TABLE proposal_rounds ADD COLUMN agreed JSON
--;
CREATE TABLE handovers (
	delivery_id VARCHAR(16) NOT NULL,
	deliverable VARCHAR(80) NOT NULL,
	body JSON,
	judgement JSON,
	seal VARCHAR(16) NOT NULL,
	sha256 VARCHAR(64) NOT NULL,
	met BOOLEAN,
	CONSTRAINT pk_handovers PRIMARY KEY (delivery_id),
	CONSTRAINT ck_handovers_sha256 CHECK (length(sha256) = 64),
	CONSTRAINT ck_handovers_sealed_or_open CHECK (seal = '' OR (body IS NULL AND judgement IS NULL)),
	CONSTRAINT fk_handovers_delivery_id FOREIGN KEY(delivery_id) REFERENCES deliveries (id)
)
--;
CREATE TRIGGER handovers_no_update BEFORE UPDATE ON handovers BEGIN SELECT RAISE(ABORT, 'L4: handovers is append only'); END
--;
CREATE TRIGGER handovers_no_delete BEFORE DELETE ON handovers BEGIN SELECT RAISE(ABORT, 'L4: handovers is append only'); END
