ALTER TABLE milestones ADD COLUMN within_days INTEGER
--;
ALTER TABLE missions ADD COLUMN service_id VARCHAR(16) DEFAULT '' NOT NULL
--;
CREATE TABLE services (
	id VARCHAR(16) NOT NULL,
	profile_id VARCHAR(16) NOT NULL,
	title VARCHAR(120) NOT NULL,
	summary VARCHAR(240) NOT NULL,
	description TEXT NOT NULL,
	wants TEXT NOT NULL,
	language VARCHAR(5) NOT NULL,
	price BIGINT NOT NULL,
	currency VARCHAR(3) NOT NULL,
	delivery_days INTEGER NOT NULL,
	state VARCHAR(10) NOT NULL,
	created_at DATETIME NOT NULL,
	updated_at DATETIME NOT NULL,
	published_at DATETIME,
	version INTEGER NOT NULL,
	CONSTRAINT pk_services PRIMARY KEY (id),
	CONSTRAINT ck_services_state CHECK (state IN ('draft', 'published', 'removed')),
	CONSTRAINT ck_services_price CHECK (price > 0),
	CONSTRAINT ck_services_delivery_days CHECK (delivery_days BETWEEN 1 AND 365),
	CONSTRAINT ck_services_published_since CHECK (state <> 'published' OR published_at IS NOT NULL),
	CONSTRAINT fk_services_profile_id FOREIGN KEY(profile_id) REFERENCES profiles (id)
)
--;
CREATE INDEX ix_services_profile ON services (profile_id, state)
--;
CREATE INDEX ix_services_state ON services (state, published_at)
--;
CREATE TABLE service_options (
	service_id VARCHAR(16) NOT NULL,
	number INTEGER NOT NULL,
	label VARCHAR(160) NOT NULL,
	price BIGINT NOT NULL,
	days INTEGER NOT NULL,
	CONSTRAINT pk_service_options PRIMARY KEY (service_id, number),
	CONSTRAINT ck_service_options_price CHECK (price >= 0),
	CONSTRAINT ck_service_options_days CHECK (days BETWEEN 0 AND 365),
	CONSTRAINT ck_service_options_number CHECK (number BETWEEN 1 AND 10),
	CONSTRAINT fk_service_options_service_id FOREIGN KEY(service_id) REFERENCES services (id)
)
