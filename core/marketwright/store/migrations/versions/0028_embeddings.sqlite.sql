CREATE TABLE embeddings (
	kind VARCHAR(8) NOT NULL, 
	owner VARCHAR(16) NOT NULL, 
	model VARCHAR(80) NOT NULL, 
	version VARCHAR(40) NOT NULL, 
	digest VARCHAR(32) NOT NULL, 
	vector BLOB NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_embeddings PRIMARY KEY (kind, owner), 
	CONSTRAINT ck_embeddings_kind CHECK (kind IN ('person', 'mission'))
)
