CREATE TABLE vouchers (
	id VARCHAR(16) NOT NULL,
	code VARCHAR(40) NOT NULL,
	side VARCHAR(10) NOT NULL,
	bps INTEGER NOT NULL,
	amount BIGINT,
	currency VARCHAR(3) NOT NULL,
	starts_on DATE NOT NULL,
	ends_on DATE,
	quota INTEGER,
	used INTEGER NOT NULL,
	note TEXT NOT NULL,
	signed_by VARCHAR(120) NOT NULL,
	signed_on DATE,
	signed_why TEXT NOT NULL,
	created_by VARCHAR(80) NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	ended_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_vouchers PRIMARY KEY (id),
	CONSTRAINT ck_vouchers_side CHECK (side IN ('client', 'freelancer')),
	CONSTRAINT ck_vouchers_a_rate_or_an_amount CHECK ((bps > 0) <> (amount IS NOT NULL)),
	CONSTRAINT ck_vouchers_takes_something CHECK (bps BETWEEN 0 AND 10000 AND (amount IS NULL OR amount > 0)),
	CONSTRAINT ck_vouchers_within_quota CHECK (used >= 0 AND (quota IS NULL OR used <= quota)),
	CONSTRAINT ck_vouchers_sign CHECK ((signed_by = '') = (signed_on IS NULL) AND (signed_by = '') = (signed_why = '')),
	CONSTRAINT ck_vouchers_days CHECK (ends_on IS NULL OR ends_on >= starts_on),
	CONSTRAINT uq_vouchers_code UNIQUE (code)
)
--;
CREATE TABLE voucher_entries (
	deal VARCHAR(16) NOT NULL,
	side VARCHAR(10) NOT NULL,
	voucher_id VARCHAR(16) NOT NULL,
	owner_id VARCHAR(16) NOT NULL,
	entered_by VARCHAR(80) NOT NULL,
	entered_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_voucher_entries PRIMARY KEY (deal, side),
	CONSTRAINT fk_voucher_entries_voucher_id FOREIGN KEY(voucher_id) REFERENCES vouchers (id)
)
--;
CREATE TABLE voucher_uses (
	id VARCHAR(16) NOT NULL,
	voucher_id VARCHAR(16) NOT NULL,
	owner_id VARCHAR(16) NOT NULL,
	deal VARCHAR(16) NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	given_back_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_voucher_uses PRIMARY KEY (id),
	CONSTRAINT uq_voucher_uses_deal_voucher_id UNIQUE (deal, voucher_id),
	CONSTRAINT fk_voucher_uses_voucher_id FOREIGN KEY(voucher_id) REFERENCES vouchers (id)
)
--;
CREATE UNIQUE INDEX uq_voucher_uses_once ON voucher_uses (voucher_id, owner_id) WHERE given_back_at IS NULL
--;
CREATE TABLE extra_orders (
	id VARCHAR(16) NOT NULL,
	contract_id VARCHAR(16) NOT NULL,
	name VARCHAR(40) NOT NULL,
	side VARCHAR(10) NOT NULL,
	label VARCHAR(120) NOT NULL,
	supplier VARCHAR(160) NOT NULL,
	amount BIGINT NOT NULL,
	currency VARCHAR(3) NOT NULL,
	taxed BOOLEAN NOT NULL,
	consent TEXT NOT NULL,
	consented_by VARCHAR(80) NOT NULL,
	consented_name VARCHAR(120) NOT NULL,
	consented_at TIMESTAMP WITH TIME ZONE NOT NULL,
	address VARCHAR(64) NOT NULL,
	certificate_id VARCHAR(16) NOT NULL,
	cancelled_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_extra_orders PRIMARY KEY (id),
	CONSTRAINT ck_extra_orders_side CHECK (side IN ('client', 'freelancer')),
	CONSTRAINT ck_extra_orders_amount CHECK (amount > 0),
	CONSTRAINT ck_extra_orders_with_consent CHECK (consent <> '' AND consented_by <> '')
)
--;
CREATE UNIQUE INDEX uq_extra_orders_open ON extra_orders (contract_id, name, side) WHERE cancelled_at IS NULL
--;
CREATE TABLE entitlements (
	id VARCHAR(16) NOT NULL,
	owner_kind VARCHAR(12) NOT NULL,
	owner_id VARCHAR(16) NOT NULL,
	name VARCHAR(40) NOT NULL,
	quota INTEGER,
	used INTEGER NOT NULL,
	starts_at TIMESTAMP WITH TIME ZONE NOT NULL,
	ends_at TIMESTAMP WITH TIME ZONE NOT NULL,
	source VARCHAR(40) NOT NULL,
	CONSTRAINT pk_entitlements PRIMARY KEY (id),
	CONSTRAINT uq_entitlements_source_name_starts_at UNIQUE (source, name, starts_at),
	CONSTRAINT ck_entitlements_owner_kind CHECK (owner_kind IN ('freelancer', 'organisation')),
	CONSTRAINT ck_entitlements_lasts CHECK (ends_at > starts_at),
	CONSTRAINT ck_entitlements_within_quota CHECK (used >= 0 AND (quota IS NULL OR used <= quota))
)
--;
CREATE INDEX ix_entitlements_owner ON entitlements (owner_id, name, ends_at)
--;
CREATE TABLE entitlement_uses (
	id VARCHAR(16) NOT NULL,
	entitlement_id VARCHAR(16) NOT NULL,
	subject VARCHAR(40) NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_entitlement_uses PRIMARY KEY (id),
	CONSTRAINT uq_entitlement_uses_entitlement_id_subject UNIQUE (entitlement_id, subject),
	CONSTRAINT fk_entitlement_uses_entitlement_id FOREIGN KEY(entitlement_id) REFERENCES entitlements (id)
)
--;
CREATE TABLE subscriptions (
	id VARCHAR(16) NOT NULL,
	owner_kind VARCHAR(12) NOT NULL,
	owner_id VARCHAR(16) NOT NULL,
	plan VARCHAR(40) NOT NULL,
	terms JSON NOT NULL,
	next_plan VARCHAR(40) NOT NULL,
	state VARCHAR(8) NOT NULL,
	period_start TIMESTAMP WITH TIME ZONE NOT NULL,
	period_end TIMESTAMP WITH TIME ZONE NOT NULL,
	anchor_day INTEGER NOT NULL,
	grace_until TIMESTAMP WITH TIME ZONE,
	started_at TIMESTAMP WITH TIME ZONE NOT NULL,
	started_by VARCHAR(80) NOT NULL,
	ended_at TIMESTAMP WITH TIME ZONE,
	end_reason VARCHAR(20) NOT NULL,
	version INTEGER NOT NULL,
	CONSTRAINT pk_subscriptions PRIMARY KEY (id),
	CONSTRAINT ck_subscriptions_owner_kind CHECK (owner_kind IN ('freelancer', 'organisation')),
	CONSTRAINT ck_subscriptions_state CHECK (state IN ('active', 'grace', 'ended')),
	CONSTRAINT ck_subscriptions_ended CHECK ((state = 'ended') = (ended_at IS NOT NULL)),
	CONSTRAINT ck_subscriptions_grace CHECK ((state = 'grace') = (grace_until IS NOT NULL))
)
--;
CREATE INDEX ix_subscriptions_due ON subscriptions (state, period_end)
--;
CREATE UNIQUE INDEX uq_subscriptions_open ON subscriptions (owner_id) WHERE state <> 'ended'
--;
CREATE TABLE subscription_bills (
	id VARCHAR(16) NOT NULL,
	subscription_id VARCHAR(16) NOT NULL,
	number INTEGER NOT NULL,
	plan VARCHAR(40) NOT NULL,
	amount BIGINT NOT NULL,
	credit BIGINT NOT NULL,
	currency VARCHAR(3) NOT NULL,
	period_start TIMESTAMP WITH TIME ZONE NOT NULL,
	period_end TIMESTAMP WITH TIME ZONE NOT NULL,
	state VARCHAR(8) NOT NULL,
	due_at TIMESTAMP WITH TIME ZONE NOT NULL,
	closed_at TIMESTAMP WITH TIME ZONE,
	closed_by VARCHAR(80) NOT NULL,
	CONSTRAINT pk_subscription_bills PRIMARY KEY (id),
	CONSTRAINT uq_subscription_bills_subscription_id_number UNIQUE (subscription_id, number),
	CONSTRAINT ck_subscription_bills_amounts CHECK (amount >= 0 AND credit >= 0),
	CONSTRAINT ck_subscription_bills_state CHECK (state IN ('open', 'paid', 'given_up')),
	CONSTRAINT fk_subscription_bills_subscription_id FOREIGN KEY(subscription_id) REFERENCES subscriptions (id)
)
