CREATE TABLE accounts (
	id VARCHAR(16) NOT NULL,
	email VARCHAR(254) NOT NULL,
	name VARCHAR(120) NOT NULL,
	locale VARCHAR(5) NOT NULL,
	time_zone VARCHAR(60) NOT NULL,
	is_freelancer BOOLEAN NOT NULL,
	persona VARCHAR(40) NOT NULL,
	password_hash VARCHAR(200) NOT NULL,
	password_changed_at TIMESTAMP WITH TIME ZONE,
	sign_up_mark VARCHAR(64) NOT NULL,
	confirmed_at TIMESTAMP WITH TIME ZONE,
	suspended_at TIMESTAMP WITH TIME ZONE,
	suspension_reason TEXT NOT NULL,
	totp_nonce VARCHAR(43) NOT NULL,
	totp_on BOOLEAN NOT NULL,
	totp_last_step BIGINT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_accounts PRIMARY KEY (id),
	CONSTRAINT ck_accounts_has_email CHECK (email <> ''),
	CONSTRAINT ck_accounts_suspended_with_reason CHECK ((suspended_at IS NULL) = (suspension_reason = '')),
	CONSTRAINT uq_accounts_email UNIQUE (email)
)
--;
CREATE INDEX ix_accounts_persona ON accounts (persona)
--;
CREATE TABLE audit_log (
	seq BIGSERIAL NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	actor VARCHAR(80) NOT NULL,
	actor_name VARCHAR(200) NOT NULL,
	action VARCHAR(80) NOT NULL,
	subject VARCHAR(80) NOT NULL,
	details JSON NOT NULL,
	request_id VARCHAR(40) NOT NULL,
	address VARCHAR(64) NOT NULL,
	CONSTRAINT pk_audit_log PRIMARY KEY (seq)
)
--;
CREATE INDEX ix_audit_log_action ON audit_log (action)
--;
CREATE INDEX ix_audit_log_actor ON audit_log (actor)
--;
CREATE INDEX ix_audit_log_at ON audit_log (at)
--;
CREATE INDEX ix_audit_log_subject ON audit_log (subject)
--;
CREATE TABLE bill_series (
	name VARCHAR(40) NOT NULL,
	last INTEGER NOT NULL,
	CONSTRAINT pk_bill_series PRIMARY KEY (name)
)
--;
CREATE TABLE bills (
	id VARCHAR(16) NOT NULL,
	series VARCHAR(40) NOT NULL,
	number INTEGER NOT NULL,
	contract_id VARCHAR(16) NOT NULL,
	milestone_id VARCHAR(16) NOT NULL,
	organisation_id VARCHAR(16) NOT NULL,
	freelancer_id VARCHAR(16) NOT NULL,
	title VARCHAR(200) NOT NULL,
	reference VARCHAR(24) NOT NULL,
	purchase_order VARCHAR(60) NOT NULL,
	currency VARCHAR(3) NOT NULL,
	work BIGINT NOT NULL,
	work_tax BIGINT NOT NULL,
	client_fee BIGINT NOT NULL,
	client_fee_tax BIGINT NOT NULL,
	freelancer_fee BIGINT NOT NULL,
	freelancer_fee_tax BIGINT NOT NULL,
	parties JSON NOT NULL,
	issued_at TIMESTAMP WITH TIME ZONE NOT NULL,
	due_at TIMESTAMP WITH TIME ZONE NOT NULL,
	state VARCHAR(8) NOT NULL,
	closed_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_bills PRIMARY KEY (id),
	CONSTRAINT uq_bills_series_number UNIQUE (series, number),
	CONSTRAINT ck_bills_state CHECK (state IN ('open', 'paid', 'unpaid')),
	CONSTRAINT ck_bills_closed_when_not_open CHECK ((state = 'open') = (closed_at IS NULL)),
	CONSTRAINT ck_bills_amounts CHECK (number >= 1 AND work > 0 AND work_tax >= 0),
	CONSTRAINT uq_bills_milestone_id UNIQUE (milestone_id)
)
--;
CREATE INDEX ix_bills_contract ON bills (contract_id)
--;
CREATE INDEX ix_bills_freelancer_id ON bills (freelancer_id)
--;
CREATE INDEX ix_bills_organisation_id ON bills (organisation_id)
--;
CREATE TABLE clock (
	id SERIAL NOT NULL,
	offset_seconds INTEGER NOT NULL,
	CONSTRAINT pk_clock PRIMARY KEY (id)
)
--;
CREATE TABLE contract_processes (
	name VARCHAR(40) NOT NULL,
	version INTEGER NOT NULL,
	body JSON NOT NULL,
	kept_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_contract_processes PRIMARY KEY (name, version)
)
--;
CREATE TABLE event_marks (
	seq BIGSERIAL NOT NULL,
	event_id VARCHAR(16) NOT NULL,
	subscriber VARCHAR(80) NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_event_marks PRIMARY KEY (seq),
	CONSTRAINT uq_event_marks_event_id_subscriber UNIQUE (event_id, subscriber)
)
--;
CREATE TABLE events (
	id VARCHAR(16) NOT NULL,
	name VARCHAR(80) NOT NULL,
	version INTEGER NOT NULL,
	subject VARCHAR(80) NOT NULL,
	payload JSON NOT NULL,
	actor VARCHAR(80) NOT NULL,
	request_id VARCHAR(40) NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_events PRIMARY KEY (id)
)
--;
CREATE INDEX ix_events_name ON events (name)
--;
CREATE INDEX ix_events_subject ON events (subject)
--;
CREATE TABLE facets (
	seq BIGSERIAL NOT NULL,
	owner_kind VARCHAR(10) NOT NULL,
	owner_id VARCHAR(16) NOT NULL,
	field VARCHAR(60) NOT NULL,
	text VARCHAR(200),
	number FLOAT,
	CONSTRAINT pk_facets PRIMARY KEY (seq),
	CONSTRAINT ck_facets_owner_kind CHECK (owner_kind IN ('profile', 'mission')),
	CONSTRAINT ck_facets_one_value CHECK ((text IS NULL) <> (number IS NULL))
)
--;
CREATE INDEX ix_facets_number ON facets (owner_kind, field, number)
--;
CREATE INDEX ix_facets_owner ON facets (owner_kind, owner_id)
--;
CREATE INDEX ix_facets_text ON facets (owner_kind, field, text)
--;
CREATE TABLE holds (
	id VARCHAR(16) NOT NULL,
	contract_id VARCHAR(16) NOT NULL,
	organisation_id VARCHAR(16) NOT NULL,
	freelancer_id VARCHAR(16) NOT NULL,
	provider VARCHAR(40) NOT NULL,
	describe VARCHAR(200) NOT NULL,
	currency VARCHAR(3) NOT NULL,
	work BIGINT NOT NULL,
	work_tax BIGINT NOT NULL,
	client_fee BIGINT NOT NULL,
	client_fee_tax BIGINT NOT NULL,
	freelancer_fee BIGINT NOT NULL,
	freelancer_fee_tax BIGINT NOT NULL,
	override VARCHAR(80) NOT NULL,
	funded BIGINT NOT NULL,
	held BIGINT NOT NULL,
	paid BIGINT NOT NULL,
	fees BIGINT NOT NULL,
	fee_taxes BIGINT NOT NULL,
	refunded BIGINT NOT NULL,
	dispute_lost BIGINT NOT NULL,
	paying_out BIGINT NOT NULL,
	paid_out BIGINT NOT NULL,
	state VARCHAR(12) NOT NULL,
	frozen BOOLEAN NOT NULL,
	version INTEGER NOT NULL,
	funding VARCHAR(16) NOT NULL,
	funded_at TIMESTAMP WITH TIME ZONE,
	hold_until TIMESTAMP WITH TIME ZONE,
	settled_at TIMESTAMP WITH TIME ZONE,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_holds PRIMARY KEY (id),
	CONSTRAINT ck_holds_state CHECK (state IN ('NONE', 'FUNDING', 'FUNDED', 'RELEASING', 'REFUNDING', 'SPLITTING', 'SETTLED', 'EXPIRED')),
	CONSTRAINT ck_holds_amounts CHECK (work >= 1 AND work_tax >= 0 AND client_fee >= 0 AND client_fee_tax >= 0 AND freelancer_fee >= 0 AND freelancer_fee_tax >= 0 AND work + work_tax - freelancer_fee - freelancer_fee_tax >= 1),
	CONSTRAINT ck_holds_l15_bounds CHECK (work + work_tax + client_fee + client_fee_tax <= 1000000000000),
	CONSTRAINT ck_holds_l11_fees CHECK (override <> '' OR (client_fee + freelancer_fee) * 10000 BETWEEN 500 * work - 10000 AND 1500 * work + 10000),
	CONSTRAINT ck_holds_e1_adds_up CHECK (funded = held + paid + fees + fee_taxes + refunded + dispute_lost),
	CONSTRAINT ck_holds_e2_held CHECK (held >= 0 AND held <= funded),
	CONSTRAINT ck_holds_e1_no_debt CHECK (paid >= 0 AND fees >= 0 AND fee_taxes >= 0 AND refunded >= 0 AND dispute_lost >= 0),
	CONSTRAINT ck_holds_e2_nothing_yet CHECK (state NOT IN ('NONE', 'FUNDING', 'EXPIRED') OR funded = 0),
	CONSTRAINT ck_holds_e2_nothing_left CHECK (state <> 'SETTLED' OR held = 0),
	CONSTRAINT ck_holds_e2_all_held CHECK (state NOT IN ('FUNDED', 'RELEASING', 'REFUNDING', 'SPLITTING') OR (held = funded AND funded = work + work_tax + client_fee + client_fee_tax)),
	CONSTRAINT ck_holds_e7_payouts CHECK (0 <= paid_out AND paid_out <= paying_out AND paying_out <= paid)
)
--;
CREATE INDEX ix_holds_contract_id ON holds (contract_id)
--;
CREATE INDEX ix_holds_freelancer_id ON holds (freelancer_id)
--;
CREATE INDEX ix_holds_organisation_id ON holds (organisation_id)
--;
CREATE INDEX ix_holds_state ON holds (state)
--;
CREATE TABLE idempotency_keys (
	scope VARCHAR(80) NOT NULL,
	key VARCHAR(200) NOT NULL,
	body_hash VARCHAR(64) NOT NULL,
	answer JSON,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_idempotency_keys PRIMARY KEY (scope, key)
)
--;
CREATE TABLE jobs (
	id VARCHAR(16) NOT NULL,
	kind VARCHAR(80) NOT NULL,
	key VARCHAR(200) NOT NULL,
	payload JSON NOT NULL,
	state VARCHAR(10) NOT NULL,
	run_at TIMESTAMP WITH TIME ZONE NOT NULL,
	attempts INTEGER NOT NULL,
	fence INTEGER NOT NULL,
	lease_until TIMESTAMP WITH TIME ZONE,
	last_error TEXT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	finished_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_jobs PRIMARY KEY (id)
)
--;
CREATE INDEX ix_jobs_due ON jobs (state, run_at)
--;
CREATE UNIQUE INDEX uq_jobs_ready_key ON jobs (kind, key) WHERE state = 'ready' AND key <> ''
--;
CREATE TABLE ledger_transactions (
	id VARCHAR(16) NOT NULL,
	book VARCHAR(20) NOT NULL,
	currency VARCHAR(3) NOT NULL,
	legs INTEGER NOT NULL,
	cause_type VARCHAR(40) NOT NULL,
	cause_id VARCHAR(80) NOT NULL,
	effect VARCHAR(40) NOT NULL,
	memo VARCHAR(200) NOT NULL,
	contract VARCHAR(16) NOT NULL,
	reverses VARCHAR(16),
	partial BOOLEAN NOT NULL,
	actor VARCHAR(80) NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_ledger_transactions PRIMARY KEY (id),
	CONSTRAINT uq_ledger_transactions_cause_type_cause_id_effect UNIQUE (cause_type, cause_id, effect),
	CONSTRAINT ck_ledger_transactions_l1_two_legs CHECK (legs >= 2),
	CONSTRAINT ck_ledger_transactions_l8_one_cause CHECK (cause_type <> '' AND cause_id <> '' AND effect <> ''),
	CONSTRAINT ck_ledger_transactions_l9_partial_of_something CHECK (reverses IS NOT NULL OR NOT partial),
	CONSTRAINT fk_ledger_transactions_reverses FOREIGN KEY(reverses) REFERENCES ledger_transactions (id)
)
--;
CREATE INDEX ix_ledger_transactions_contract ON ledger_transactions (contract)
--;
CREATE INDEX ix_ledger_transactions_created_at ON ledger_transactions (created_at)
--;
CREATE UNIQUE INDEX uq_ledger_transactions_full_reversal ON ledger_transactions (reverses) WHERE reverses IS NOT NULL AND NOT partial
--;
CREATE TABLE legal_identities (
	id VARCHAR(16) NOT NULL,
	owner_kind VARCHAR(12) NOT NULL,
	owner_id VARCHAR(16) NOT NULL,
	name VARCHAR(160) NOT NULL,
	form VARCHAR(80) NOT NULL,
	registration_number VARCHAR(40) NOT NULL,
	vat_regime VARCHAR(10) NOT NULL,
	vat_number VARCHAR(20) NOT NULL,
	street VARCHAR(200) NOT NULL,
	postcode VARCHAR(20) NOT NULL,
	city VARCHAR(80) NOT NULL,
	country VARCHAR(2) NOT NULL,
	signatory_name VARCHAR(120) NOT NULL,
	signatory_title VARCHAR(120) NOT NULL,
	billing_address TEXT NOT NULL,
	purchase_order_rule VARCHAR(10) NOT NULL,
	version INTEGER NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_legal_identities PRIMARY KEY (id),
	CONSTRAINT uq_legal_identities_owner_kind_owner_id UNIQUE (owner_kind, owner_id),
	CONSTRAINT ck_legal_identities_owner_kind CHECK (owner_kind IN ('organisation', 'freelancer')),
	CONSTRAINT ck_legal_identities_vat_regime CHECK (vat_regime IN ('standard', 'franchise', 'none')),
	CONSTRAINT ck_legal_identities_purchase_order_rule CHECK (purchase_order_rule IN ('none', 'asked', 'required'))
)
--;
CREATE INDEX ix_legal_identities_owner_id ON legal_identities (owner_id)
--;
CREATE TABLE organisations (
	id VARCHAR(16) NOT NULL,
	name VARCHAR(120) NOT NULL,
	sector VARCHAR(80) NOT NULL,
	size INTEGER,
	city VARCHAR(80) NOT NULL,
	country VARCHAR(2) NOT NULL,
	public_name_en VARCHAR(160) NOT NULL,
	public_name_fr VARCHAR(160) NOT NULL,
	about TEXT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_organisations PRIMARY KEY (id),
	CONSTRAINT ck_organisations_size_positive CHECK (size IS NULL OR size > 0)
)
--;
CREATE TABLE payment_facts (
	id VARCHAR(16) NOT NULL,
	provider VARCHAR(40) NOT NULL,
	fact_id VARCHAR(200) NOT NULL,
	command_id VARCHAR(80) NOT NULL,
	way VARCHAR(10) NOT NULL,
	outcome VARCHAR(10) NOT NULL,
	amount BIGINT,
	reference VARCHAR(200) NOT NULL,
	had_effect BOOLEAN NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_payment_facts PRIMARY KEY (id),
	CONSTRAINT uq_payment_facts_provider_fact_id UNIQUE (provider, fact_id)
)
--;
CREATE INDEX ix_payment_facts_command_id ON payment_facts (command_id)
--;
CREATE TABLE payment_messages (
	id VARCHAR(16) NOT NULL,
	provider VARCHAR(40) NOT NULL,
	account VARCHAR(80) NOT NULL,
	mode VARCHAR(10) NOT NULL,
	event_id VARCHAR(200) NOT NULL,
	body BYTEA NOT NULL,
	headers JSON NOT NULL,
	fact JSON NOT NULL,
	state VARCHAR(10) NOT NULL,
	received_at TIMESTAMP WITH TIME ZONE NOT NULL,
	applied_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_payment_messages PRIMARY KEY (id),
	CONSTRAINT uq_payment_messages_provider_account_mode_event_id UNIQUE (provider, account, mode, event_id)
)
--;
CREATE INDEX ix_payment_messages_state ON payment_messages (state, received_at)
--;
CREATE TABLE pending_briefs (
	sha256 VARCHAR(64) NOT NULL,
	typed JSON NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_pending_briefs PRIMARY KEY (sha256)
)
--;
CREATE INDEX ix_pending_briefs_updated_at ON pending_briefs (updated_at)
--;
CREATE TABLE skills (
	id VARCHAR(80) NOT NULL,
	taxonomy VARCHAR(60) NOT NULL,
	label_en VARCHAR(200) NOT NULL,
	label_fr VARCHAR(200) NOT NULL,
	CONSTRAINT pk_skills PRIMARY KEY (id),
	CONSTRAINT ck_skills_named CHECK (id <> '' AND label_en <> '')
)
--;
CREATE INDEX ix_skills_taxonomy ON skills (taxonomy)
--;
CREATE TABLE ticks (
	job VARCHAR(80) NOT NULL,
	tick INTEGER NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_ticks PRIMARY KEY (job, tick)
)
--;
CREATE TABLE vetting_runs (
	id VARCHAR(16) NOT NULL,
	check_name VARCHAR(60) NOT NULL,
	subject_kind VARCHAR(10) NOT NULL,
	subject_id VARCHAR(16) NOT NULL,
	about VARCHAR(40) NOT NULL,
	state VARCHAR(10) NOT NULL,
	note TEXT NOT NULL,
	until TIMESTAMP WITH TIME ZONE,
	asked_once BOOLEAN NOT NULL,
	started_by VARCHAR(80) NOT NULL,
	started_name VARCHAR(200) NOT NULL,
	started_at TIMESTAMP WITH TIME ZONE NOT NULL,
	ended_at TIMESTAMP WITH TIME ZONE,
	version INTEGER NOT NULL,
	CONSTRAINT pk_vetting_runs PRIMARY KEY (id),
	CONSTRAINT ck_vetting_runs_subject_kind CHECK (subject_kind IN ('freelancer', 'client', 'mission')),
	CONSTRAINT ck_vetting_runs_state CHECK (state IN ('begun', 'outside', 'staff', 'decided', 'withdrawn')),
	CONSTRAINT ck_vetting_runs_ended CHECK ((state IN ('decided', 'withdrawn')) = (ended_at IS NOT NULL))
)
--;
CREATE INDEX ix_vetting_runs_state ON vetting_runs (state, started_at)
--;
CREATE INDEX ix_vetting_runs_subject ON vetting_runs (subject_kind, subject_id, started_at)
--;
CREATE UNIQUE INDEX uq_vetting_runs_open ON vetting_runs (check_name, subject_kind, subject_id, about) WHERE state IN ('begun', 'outside', 'staff')
--;
CREATE TABLE files (
	id VARCHAR(16) NOT NULL,
	purpose VARCHAR(40) NOT NULL,
	owner_kind VARCHAR(40) NOT NULL,
	owner_id VARCHAR(16) NOT NULL,
	name VARCHAR(160) NOT NULL,
	media_type VARCHAR(100) NOT NULL,
	size BIGINT NOT NULL,
	sha256 VARCHAR(64) NOT NULL,
	uploaded_by VARCHAR(16),
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	removed_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_files PRIMARY KEY (id),
	CONSTRAINT ck_files_not_empty CHECK (size > 0),
	CONSTRAINT fk_files_uploaded_by FOREIGN KEY(uploaded_by) REFERENCES accounts (id)
)
--;
CREATE INDEX ix_files_owner ON files (owner_kind, owner_id)
--;
CREATE TABLE invitations (
	id VARCHAR(16) NOT NULL,
	kind VARCHAR(10) NOT NULL,
	email VARCHAR(254) NOT NULL,
	organisation_id VARCHAR(16),
	roles JSON NOT NULL,
	approval_limit BIGINT,
	document VARCHAR(16) NOT NULL,
	locale VARCHAR(5) NOT NULL,
	invited_by VARCHAR(80) NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
	wrong_codes INTEGER NOT NULL,
	accepted_at TIMESTAMP WITH TIME ZONE,
	accepted_by VARCHAR(16) NOT NULL,
	withdrawn_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_invitations PRIMARY KEY (id),
	CONSTRAINT ck_invitations_kind CHECK (kind IN ('member', 'signatory', 'staff')),
	CONSTRAINT ck_invitations_organisation_unless_staff CHECK ((kind = 'staff') = (organisation_id IS NULL)),
	CONSTRAINT fk_invitations_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisations (id)
)
--;
CREATE INDEX ix_invitations_organisation ON invitations (organisation_id, created_at)
--;
CREATE TABLE ledger_legs (
	transaction_id VARCHAR(16) NOT NULL,
	position INTEGER NOT NULL,
	account VARCHAR(60) NOT NULL,
	kind VARCHAR(20) NOT NULL,
	currency VARCHAR(3) NOT NULL,
	amount BIGINT NOT NULL,
	CONSTRAINT pk_ledger_legs PRIMARY KEY (transaction_id, position),
	CONSTRAINT ck_ledger_legs_l1_no_zero_leg CHECK (amount <> 0),
	CONSTRAINT ck_ledger_legs_l15_bounds CHECK (amount BETWEEN -1000000000000 AND 1000000000000),
	CONSTRAINT ck_ledger_legs_kind CHECK (kind IN ('psp_clearing', 'hold', 'payable', 'refundable', 'revenue', 'vat_collected', 'psp_fee', 'dispute_reserve', 'receivable', 'suspense', 'fx')),
	CONSTRAINT ck_ledger_legs_account CHECK (account = kind OR substr(account, 1, length(kind) + 1) = kind || ':'),
	CONSTRAINT fk_ledger_legs_transaction_id FOREIGN KEY(transaction_id) REFERENCES ledger_transactions (id) DEFERRABLE INITIALLY DEFERRED
)
--;
CREATE INDEX ix_ledger_legs_account ON ledger_legs (account, currency, amount)
--;
CREATE TABLE ledger_seals (
	book VARCHAR(20) NOT NULL,
	number BIGINT NOT NULL,
	transaction_id VARCHAR(16) NOT NULL,
	previous VARCHAR(64) NOT NULL,
	hash VARCHAR(64) NOT NULL,
	recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_ledger_seals PRIMARY KEY (book, number),
	CONSTRAINT ck_ledger_seals_number CHECK (number >= 1),
	CONSTRAINT uq_ledger_seals_transaction_id UNIQUE (transaction_id),
	CONSTRAINT fk_ledger_seals_transaction_id FOREIGN KEY(transaction_id) REFERENCES ledger_transactions (id)
)
--;
CREATE TABLE mails (
	id VARCHAR(16) NOT NULL,
	event_id VARCHAR(16) NOT NULL,
	kind VARCHAR(80) NOT NULL,
	account_id VARCHAR(16),
	address VARCHAR(254) NOT NULL,
	locale VARCHAR(5) NOT NULL,
	subject VARCHAR(300) NOT NULL,
	body JSON NOT NULL,
	action_label VARCHAR(120) NOT NULL,
	action_url TEXT NOT NULL,
	state VARCHAR(8) NOT NULL,
	error TEXT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	sent_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_mails PRIMARY KEY (id),
	CONSTRAINT uq_mails_event_id_address_kind UNIQUE (event_id, address, kind),
	CONSTRAINT ck_mails_state CHECK (state IN ('waiting', 'sent', 'kept', 'failed')),
	CONSTRAINT fk_mails_account_id FOREIGN KEY(account_id) REFERENCES accounts (id)
)
--;
CREATE INDEX ix_mails_account_id ON mails (account_id)
--;
CREATE INDEX ix_mails_created ON mails (created_at)
--;
CREATE TABLE memberships (
	organisation_id VARCHAR(16) NOT NULL,
	account_id VARCHAR(16) NOT NULL,
	roles JSON NOT NULL,
	approval_limit BIGINT,
	document VARCHAR(16) NOT NULL,
	joined_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_memberships PRIMARY KEY (organisation_id, account_id),
	CONSTRAINT ck_memberships_limit_not_negative CHECK (approval_limit IS NULL OR approval_limit >= 0),
	CONSTRAINT fk_memberships_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisations (id),
	CONSTRAINT fk_memberships_account_id FOREIGN KEY(account_id) REFERENCES accounts (id)
)
--;
CREATE INDEX ix_memberships_account_id ON memberships (account_id)
--;
CREATE TABLE missions (
	id VARCHAR(16) NOT NULL,
	organisation_id VARCHAR(16) NOT NULL,
	created_by VARCHAR(16) NOT NULL,
	title VARCHAR(160) NOT NULL,
	language VARCHAR(5) NOT NULL,
	description TEXT NOT NULL,
	summary VARCHAR(320) NOT NULL,
	start_on DATE,
	duration_days INTEGER,
	days_a_week INTEGER,
	budget_kind VARCHAR(10) NOT NULL,
	budget BIGINT,
	currency VARCHAR(3) NOT NULL,
	city VARCHAR(100) NOT NULL,
	country VARCHAR(2) NOT NULL,
	remote VARCHAR(10) NOT NULL,
	languages JSON NOT NULL,
	visibility VARCHAR(10) NOT NULL,
	named BOOLEAN NOT NULL,
	public_name VARCHAR(160) NOT NULL,
	state VARCHAR(10) NOT NULL,
	close_reason TEXT NOT NULL,
	refusal TEXT NOT NULL,
	fields JSON NOT NULL,
	confidential BOOLEAN NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	published_at TIMESTAMP WITH TIME ZONE,
	updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
	version INTEGER NOT NULL,
	CONSTRAINT pk_missions PRIMARY KEY (id),
	CONSTRAINT ck_missions_state CHECK (state IN ('draft', 'waiting', 'published', 'paused', 'filled', 'closed')),
	CONSTRAINT ck_missions_budget_kind CHECK (budget_kind IN ('day_rate', 'fixed')),
	CONSTRAINT ck_missions_budget CHECK (budget IS NULL OR budget > 0),
	CONSTRAINT ck_missions_remote CHECK (remote IN ('remote', 'hybrid', 'onsite')),
	CONSTRAINT ck_missions_visibility CHECK (visibility IN ('public', 'members', 'invited')),
	CONSTRAINT ck_missions_duration CHECK (duration_days IS NULL OR duration_days BETWEEN 1 AND 1000),
	CONSTRAINT ck_missions_days_a_week CHECK (days_a_week IS NULL OR days_a_week BETWEEN 1 AND 7),
	CONSTRAINT ck_missions_closed_with_reason CHECK (state <> 'closed' OR close_reason <> ''),
	CONSTRAINT ck_missions_complete_when_seen CHECK (state IN ('draft', 'waiting', 'closed') OR (budget IS NOT NULL AND title <> '' AND description <> '')),
	CONSTRAINT fk_missions_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisations (id),
	CONSTRAINT fk_missions_created_by FOREIGN KEY(created_by) REFERENCES accounts (id)
)
--;
CREATE INDEX ix_missions_organisation ON missions (organisation_id, state)
--;
CREATE INDEX ix_missions_state ON missions (state, visibility, published_at)
--;
CREATE TABLE notices (
	id VARCHAR(16) NOT NULL,
	event_id VARCHAR(16) NOT NULL,
	account_id VARCHAR(16) NOT NULL,
	template VARCHAR(300) NOT NULL,
	params JSON NOT NULL,
	href VARCHAR(300) NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	read_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_notices PRIMARY KEY (id),
	CONSTRAINT uq_notices_event_id_account_id_template UNIQUE (event_id, account_id, template),
	CONSTRAINT fk_notices_account_id FOREIGN KEY(account_id) REFERENCES accounts (id)
)
--;
CREATE INDEX ix_notices_account ON notices (account_id, read_at, at)
--;
CREATE TABLE payment_commands (
	id VARCHAR(16) NOT NULL,
	hold_id VARCHAR(16) NOT NULL,
	kind VARCHAR(10) NOT NULL,
	state VARCHAR(10) NOT NULL,
	provider VARCHAR(40) NOT NULL,
	currency VARCHAR(3) NOT NULL,
	amount BIGINT NOT NULL,
	fee BIGINT NOT NULL,
	refund BIGINT NOT NULL,
	funding VARCHAR(16) NOT NULL,
	stray BOOLEAN NOT NULL,
	cause VARCHAR(80) NOT NULL,
	ordered_by VARCHAR(80) NOT NULL,
	page VARCHAR(2000) NOT NULL,
	reference VARCHAR(200) NOT NULL,
	reason VARCHAR(500) NOT NULL,
	note VARCHAR(500) NOT NULL,
	attempts INTEGER NOT NULL,
	fence INTEGER NOT NULL,
	lease_until TIMESTAMP WITH TIME ZONE,
	sent_at TIMESTAMP WITH TIME ZONE,
	settled_at TIMESTAMP WITH TIME ZONE,
	given_up_at TIMESTAMP WITH TIME ZONE,
	expires_at TIMESTAMP WITH TIME ZONE,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_payment_commands PRIMARY KEY (id),
	CONSTRAINT ck_payment_commands_state CHECK (state IN ('PENDING', 'SENT', 'WAITING', 'PAGE', 'UNKNOWN', 'CONFIRMED', 'FAILED')),
	CONSTRAINT ck_payment_commands_kind CHECK (kind IN ('fund', 'release', 'refund', 'split', 'payout')),
	CONSTRAINT ck_payment_commands_amounts CHECK (amount >= 1 AND fee >= 0 AND refund >= 0),
	CONSTRAINT ck_payment_commands_e10_cause CHECK (cause <> '' AND ordered_by <> ''),
	CONSTRAINT ck_payment_commands_e10_authority CHECK (kind NOT IN ('release', 'split') OR cause LIKE 'approval:%%' OR cause LIKE 'deadline:%%' OR cause LIKE 'decision:%%'),
	CONSTRAINT fk_payment_commands_hold_id FOREIGN KEY(hold_id) REFERENCES holds (id)
)
--;
CREATE INDEX ix_payment_commands_hold_id ON payment_commands (hold_id)
--;
CREATE INDEX ix_payment_commands_state ON payment_commands (state, updated_at)
--;
CREATE UNIQUE INDEX uq_payment_commands_each ON payment_commands (kind, cause) WHERE state <> 'FAILED' AND (kind = 'payout' OR stray)
--;
CREATE UNIQUE INDEX uq_payment_commands_open ON payment_commands (hold_id) WHERE state NOT IN ('CONFIRMED', 'FAILED') AND given_up_at IS NULL AND kind <> 'payout' AND NOT stray
--;
CREATE TABLE recovery_codes (
	id VARCHAR(16) NOT NULL,
	account_id VARCHAR(16) NOT NULL,
	sha256 VARCHAR(64) NOT NULL,
	used_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_recovery_codes PRIMARY KEY (id),
	CONSTRAINT fk_recovery_codes_account_id FOREIGN KEY(account_id) REFERENCES accounts (id),
	CONSTRAINT uq_recovery_codes_sha256 UNIQUE (sha256)
)
--;
CREATE INDEX ix_recovery_codes_account_id ON recovery_codes (account_id)
--;
CREATE TABLE relations (
	id VARCHAR(16) NOT NULL,
	organisation_id VARCHAR(16) NOT NULL,
	freelancer_id VARCHAR(16) NOT NULL,
	own_network BOOLEAN NOT NULL,
	linked BOOLEAN NOT NULL,
	first_contract_at TIMESTAMP WITH TIME ZONE,
	cumulated BIGINT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_relations PRIMARY KEY (id),
	CONSTRAINT uq_relations_organisation_id_freelancer_id UNIQUE (organisation_id, freelancer_id),
	CONSTRAINT ck_relations_cumulated_not_negative CHECK (cumulated >= 0),
	CONSTRAINT fk_relations_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisations (id),
	CONSTRAINT fk_relations_freelancer_id FOREIGN KEY(freelancer_id) REFERENCES accounts (id)
)
--;
CREATE INDEX ix_relations_freelancer_id ON relations (freelancer_id)
--;
CREATE TABLE sessions (
	id VARCHAR(16) NOT NULL,
	sha256 VARCHAR(64) NOT NULL,
	account_id VARCHAR(16) NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	last_seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
	expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
	ended_at TIMESTAMP WITH TIME ZONE,
	agent VARCHAR(200) NOT NULL,
	address VARCHAR(64) NOT NULL,
	second_factor BOOLEAN NOT NULL,
	CONSTRAINT pk_sessions PRIMARY KEY (id),
	CONSTRAINT uq_sessions_sha256 UNIQUE (sha256),
	CONSTRAINT fk_sessions_account_id FOREIGN KEY(account_id) REFERENCES accounts (id)
)
--;
CREATE INDEX ix_sessions_account ON sessions (account_id, ended_at)
--;
CREATE TABLE skill_labels (
	seq BIGSERIAL NOT NULL,
	skill_id VARCHAR(80) NOT NULL,
	language VARCHAR(5) NOT NULL,
	label VARCHAR(300) NOT NULL,
	key VARCHAR(300) NOT NULL,
	preferred BOOLEAN NOT NULL,
	CONSTRAINT pk_skill_labels PRIMARY KEY (seq),
	CONSTRAINT ck_skill_labels_language CHECK (language IN ('en', 'fr')),
	CONSTRAINT fk_skill_labels_skill_id FOREIGN KEY(skill_id) REFERENCES skills (id)
)
--;
CREATE INDEX ix_skill_labels_key ON skill_labels (key)
--;
CREATE INDEX ix_skill_labels_skill_id ON skill_labels (skill_id)
--;
CREATE TABLE skill_parents (
	skill_id VARCHAR(80) NOT NULL,
	parent_id VARCHAR(80) NOT NULL,
	CONSTRAINT pk_skill_parents PRIMARY KEY (skill_id, parent_id),
	CONSTRAINT ck_skill_parents_not_itself CHECK (skill_id <> parent_id),
	CONSTRAINT fk_skill_parents_skill_id FOREIGN KEY(skill_id) REFERENCES skills (id),
	CONSTRAINT fk_skill_parents_parent_id FOREIGN KEY(parent_id) REFERENCES skills (id)
)
--;
CREATE INDEX ix_skill_parents_parent_id ON skill_parents (parent_id)
--;
CREATE TABLE staff (
	account_id VARCHAR(16) NOT NULL,
	roles JSON NOT NULL,
	since TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_staff PRIMARY KEY (account_id),
	CONSTRAINT fk_staff_account_id FOREIGN KEY(account_id) REFERENCES accounts (id)
)
--;
CREATE TABLE vetting_verdicts (
	id VARCHAR(16) NOT NULL,
	run_id VARCHAR(16),
	check_name VARCHAR(60) NOT NULL,
	subject_kind VARCHAR(10) NOT NULL,
	subject_id VARCHAR(16) NOT NULL,
	about VARCHAR(40) NOT NULL,
	result VARCHAR(8) NOT NULL,
	compared VARCHAR(300) NOT NULL,
	source VARCHAR(300) NOT NULL,
	reason TEXT NOT NULL,
	document BOOLEAN NOT NULL,
	expires TIMESTAMP WITH TIME ZONE,
	by VARCHAR(80) NOT NULL,
	by_name VARCHAR(200) NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	supersedes VARCHAR(16),
	CONSTRAINT pk_vetting_verdicts PRIMARY KEY (id),
	CONSTRAINT ck_vetting_verdicts_subject_kind CHECK (subject_kind IN ('freelancer', 'client', 'mission')),
	CONSTRAINT ck_vetting_verdicts_result CHECK (result IN ('passed', 'refused', 'revoked')),
	CONSTRAINT ck_vetting_verdicts_says_how CHECK (compared <> '' AND source <> ''),
	CONSTRAINT ck_vetting_verdicts_reason_against CHECK (result = 'passed' OR reason <> ''),
	CONSTRAINT ck_vetting_verdicts_only_good_ones_expire CHECK (result = 'passed' OR expires IS NULL),
	CONSTRAINT uq_vetting_verdicts_id_check_name_subject_kind_subject_id_about UNIQUE (id, check_name, subject_kind, subject_id, about),
	CONSTRAINT uq_vetting_verdicts_supersedes UNIQUE (supersedes),
	CONSTRAINT fk_vetting_verdicts_supersedes_same_part FOREIGN KEY(supersedes, check_name, subject_kind, subject_id, about) REFERENCES vetting_verdicts (id, check_name, subject_kind, subject_id, about),
	CONSTRAINT fk_vetting_verdicts_run_id FOREIGN KEY(run_id) REFERENCES vetting_runs (id)
)
--;
CREATE INDEX ix_vetting_verdicts_expires ON vetting_verdicts (expires)
--;
CREATE INDEX ix_vetting_verdicts_run_id ON vetting_verdicts (run_id)
--;
CREATE INDEX ix_vetting_verdicts_subject ON vetting_verdicts (subject_kind, subject_id, at)
--;
CREATE UNIQUE INDEX uq_vetting_verdicts_first ON vetting_verdicts (check_name, subject_kind, subject_id, about) WHERE supersedes IS NULL
--;
CREATE TABLE confidential_parts (
	mission_id VARCHAR(16) NOT NULL,
	text TEXT NOT NULL,
	CONSTRAINT pk_confidential_parts PRIMARY KEY (mission_id),
	CONSTRAINT fk_confidential_parts_mission_id FOREIGN KEY(mission_id) REFERENCES missions (id)
)
--;
CREATE TABLE hand_picks (
	mission_id VARCHAR(16) NOT NULL,
	freelancer_id VARCHAR(16) NOT NULL,
	by VARCHAR(16) NOT NULL,
	reason TEXT NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_hand_picks PRIMARY KEY (mission_id, freelancer_id),
	CONSTRAINT ck_hand_picks_reason CHECK (reason <> ''),
	CONSTRAINT fk_hand_picks_mission_id FOREIGN KEY(mission_id) REFERENCES missions (id),
	CONSTRAINT fk_hand_picks_freelancer_id FOREIGN KEY(freelancer_id) REFERENCES accounts (id),
	CONSTRAINT fk_hand_picks_by FOREIGN KEY(by) REFERENCES accounts (id)
)
--;
CREATE INDEX ix_hand_picks_freelancer_id ON hand_picks (freelancer_id)
--;
CREATE TABLE mission_invitations (
	mission_id VARCHAR(16) NOT NULL,
	freelancer_id VARCHAR(16) NOT NULL,
	by VARCHAR(16) NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	note TEXT NOT NULL,
	CONSTRAINT pk_mission_invitations PRIMARY KEY (mission_id, freelancer_id),
	CONSTRAINT fk_mission_invitations_mission_id FOREIGN KEY(mission_id) REFERENCES missions (id),
	CONSTRAINT fk_mission_invitations_freelancer_id FOREIGN KEY(freelancer_id) REFERENCES accounts (id),
	CONSTRAINT fk_mission_invitations_by FOREIGN KEY(by) REFERENCES accounts (id)
)
--;
CREATE INDEX ix_mission_invitations_freelancer_id ON mission_invitations (freelancer_id)
--;
CREATE TABLE mission_questions (
	mission_id VARCHAR(16) NOT NULL,
	number INTEGER NOT NULL,
	text VARCHAR(400) NOT NULL,
	CONSTRAINT pk_mission_questions PRIMARY KEY (mission_id, number),
	CONSTRAINT ck_mission_questions_number CHECK (number BETWEEN 1 AND 5),
	CONSTRAINT fk_mission_questions_mission_id FOREIGN KEY(mission_id) REFERENCES missions (id)
)
--;
CREATE TABLE mission_skills (
	mission_id VARCHAR(16) NOT NULL,
	skill_id VARCHAR(80) NOT NULL,
	must BOOLEAN NOT NULL,
	level INTEGER,
	position INTEGER NOT NULL,
	CONSTRAINT pk_mission_skills PRIMARY KEY (mission_id, skill_id),
	CONSTRAINT ck_mission_skills_level CHECK (level IS NULL OR level BETWEEN 1 AND 4),
	CONSTRAINT fk_mission_skills_mission_id FOREIGN KEY(mission_id) REFERENCES missions (id),
	CONSTRAINT fk_mission_skills_skill_id FOREIGN KEY(skill_id) REFERENCES skills (id)
)
--;
CREATE INDEX ix_mission_skills_skill ON mission_skills (skill_id, mission_id)
--;
CREATE TABLE profiles (
	id VARCHAR(16) NOT NULL,
	headline VARCHAR(160) NOT NULL,
	bio TEXT NOT NULL,
	language VARCHAR(5) NOT NULL,
	city VARCHAR(100) NOT NULL,
	country VARCHAR(2) NOT NULL,
	remote VARCHAR(10) NOT NULL,
	day_rate BIGINT,
	currency VARCHAR(3) NOT NULL,
	available_from DATE,
	days_a_week INTEGER,
	years INTEGER,
	photo_file VARCHAR(16),
	visible BOOLEAN NOT NULL,
	listed BOOLEAN NOT NULL,
	fields JSON NOT NULL,
	claims INTEGER NOT NULL,
	proved INTEGER NOT NULL,
	documents INTEGER NOT NULL,
	rating_sum INTEGER NOT NULL,
	rating_count INTEGER NOT NULL,
	available_said_at TIMESTAMP WITH TIME ZONE,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
	version INTEGER NOT NULL,
	CONSTRAINT pk_profiles PRIMARY KEY (id),
	CONSTRAINT ck_profiles_remote CHECK (remote IN ('remote', 'hybrid', 'onsite')),
	CONSTRAINT ck_profiles_day_rate CHECK (day_rate IS NULL OR day_rate > 0),
	CONSTRAINT ck_profiles_days_a_week CHECK (days_a_week IS NULL OR days_a_week BETWEEN 1 AND 7),
	CONSTRAINT ck_profiles_years CHECK (years IS NULL OR years BETWEEN 0 AND 70),
	CONSTRAINT ck_profiles_listed_is_visible CHECK (visible OR NOT listed),
	CONSTRAINT ck_profiles_counts CHECK (proved >= 0 AND documents >= 0 AND claims >= 0),
	CONSTRAINT ck_profiles_rating CHECK (rating_count >= 0 AND rating_sum BETWEEN rating_count AND 5 * rating_count),
	CONSTRAINT fk_profiles_id FOREIGN KEY(id) REFERENCES accounts (id),
	CONSTRAINT fk_profiles_photo_file FOREIGN KEY(photo_file) REFERENCES files (id)
)
--;
CREATE INDEX ix_profiles_listed ON profiles (listed, updated_at)
--;
CREATE TABLE shortlist_entries (
	mission_id VARCHAR(16) NOT NULL,
	freelancer_id VARCHAR(16) NOT NULL,
	by VARCHAR(16) NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_shortlist_entries PRIMARY KEY (mission_id, freelancer_id),
	CONSTRAINT fk_shortlist_entries_mission_id FOREIGN KEY(mission_id) REFERENCES missions (id),
	CONSTRAINT fk_shortlist_entries_freelancer_id FOREIGN KEY(freelancer_id) REFERENCES accounts (id),
	CONSTRAINT fk_shortlist_entries_by FOREIGN KEY(by) REFERENCES accounts (id)
)
--;
CREATE TABLE shortlist_notes (
	id VARCHAR(16) NOT NULL,
	mission_id VARCHAR(16) NOT NULL,
	freelancer_id VARCHAR(16) NOT NULL,
	account_id VARCHAR(16) NOT NULL,
	text VARCHAR(1000) NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_shortlist_notes PRIMARY KEY (id),
	CONSTRAINT ck_shortlist_notes_text CHECK (text <> ''),
	CONSTRAINT fk_shortlist_notes_mission_id FOREIGN KEY(mission_id) REFERENCES missions (id),
	CONSTRAINT fk_shortlist_notes_freelancer_id FOREIGN KEY(freelancer_id) REFERENCES accounts (id),
	CONSTRAINT fk_shortlist_notes_account_id FOREIGN KEY(account_id) REFERENCES accounts (id)
)
--;
CREATE INDEX ix_shortlist_notes_mission ON shortlist_notes (mission_id, freelancer_id, at)
--;
CREATE TABLE shortlist_thumbs (
	mission_id VARCHAR(16) NOT NULL,
	freelancer_id VARCHAR(16) NOT NULL,
	account_id VARCHAR(16) NOT NULL,
	thumb INTEGER NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_shortlist_thumbs PRIMARY KEY (mission_id, freelancer_id, account_id),
	CONSTRAINT ck_shortlist_thumbs_thumb CHECK (thumb IN (-1, 1)),
	CONSTRAINT fk_shortlist_thumbs_mission_id FOREIGN KEY(mission_id) REFERENCES missions (id),
	CONSTRAINT fk_shortlist_thumbs_freelancer_id FOREIGN KEY(freelancer_id) REFERENCES accounts (id),
	CONSTRAINT fk_shortlist_thumbs_account_id FOREIGN KEY(account_id) REFERENCES accounts (id)
)
--;
CREATE TABLE threads (
	id VARCHAR(16) NOT NULL,
	mission_id VARCHAR(16) NOT NULL,
	organisation_id VARCHAR(16) NOT NULL,
	freelancer_id VARCHAR(16) NOT NULL,
	kind VARCHAR(12) NOT NULL,
	state VARCHAR(10) NOT NULL,
	declined_by VARCHAR(10) NOT NULL,
	decline_reason TEXT NOT NULL,
	opened_by VARCHAR(16) NOT NULL,
	opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
	applied_at TIMESTAMP WITH TIME ZONE,
	first_answer_at TIMESTAMP WITH TIME ZONE,
	last_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_threads PRIMARY KEY (id),
	CONSTRAINT uq_threads_mission_id_freelancer_id UNIQUE (mission_id, freelancer_id),
	CONSTRAINT ck_threads_kind CHECK (kind IN ('invitation', 'application', 'question')),
	CONSTRAINT ck_threads_state CHECK (state IN ('open', 'declined')),
	CONSTRAINT ck_threads_declined_by CHECK (declined_by IN ('', 'client', 'freelancer')),
	CONSTRAINT ck_threads_declined_by_a_side CHECK ((state = 'declined') = (declined_by <> '')),
	CONSTRAINT fk_threads_mission_id FOREIGN KEY(mission_id) REFERENCES missions (id),
	CONSTRAINT fk_threads_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisations (id),
	CONSTRAINT fk_threads_freelancer_id FOREIGN KEY(freelancer_id) REFERENCES accounts (id),
	CONSTRAINT fk_threads_opened_by FOREIGN KEY(opened_by) REFERENCES accounts (id)
)
--;
CREATE INDEX ix_threads_freelancer ON threads (freelancer_id, last_at)
--;
CREATE INDEX ix_threads_organisation ON threads (organisation_id, last_at)
--;
CREATE TABLE vetting_evidence (
	id VARCHAR(16) NOT NULL,
	run_id VARCHAR(16) NOT NULL,
	key VARCHAR(40) NOT NULL,
	label VARCHAR(200) NOT NULL,
	form VARCHAR(10) NOT NULL,
	text TEXT NOT NULL,
	shown TEXT NOT NULL,
	file_id VARCHAR(16),
	by VARCHAR(80) NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_vetting_evidence PRIMARY KEY (id),
	CONSTRAINT uq_vetting_evidence_run_id_key UNIQUE (run_id, key),
	CONSTRAINT ck_vetting_evidence_key CHECK (key <> ''),
	CONSTRAINT fk_vetting_evidence_run_id FOREIGN KEY(run_id) REFERENCES vetting_runs (id),
	CONSTRAINT fk_vetting_evidence_file_id FOREIGN KEY(file_id) REFERENCES files (id)
)
--;
CREATE INDEX ix_vetting_evidence_file_id ON vetting_evidence (file_id)
--;
CREATE TABLE vetting_expiry_marks (
	verdict_id VARCHAR(16) NOT NULL,
	days INTEGER NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_vetting_expiry_marks PRIMARY KEY (verdict_id, days),
	CONSTRAINT fk_vetting_expiry_marks_verdict_id FOREIGN KEY(verdict_id) REFERENCES vetting_verdicts (id)
)
--;
CREATE TABLE claims (
	id VARCHAR(16) NOT NULL,
	profile_id VARCHAR(16) NOT NULL,
	kind VARCHAR(12) NOT NULL,
	position INTEGER NOT NULL,
	skill_id VARCHAR(80),
	level INTEGER,
	years INTEGER,
	label VARCHAR(200) NOT NULL,
	organisation VARCHAR(160) NOT NULL,
	from_month VARCHAR(7) NOT NULL,
	to_month VARCHAR(7) NOT NULL,
	issuer VARCHAR(160) NOT NULL,
	number VARCHAR(80) NOT NULL,
	issued VARCHAR(7) NOT NULL,
	expires VARCHAR(7) NOT NULL,
	summary TEXT NOT NULL,
	declared_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_claims PRIMARY KEY (id),
	CONSTRAINT ck_claims_kind CHECK (kind IN ('skill', 'experience', 'certificate', 'language')),
	CONSTRAINT ck_claims_skill CHECK ((kind = 'skill') = (skill_id IS NOT NULL)),
	CONSTRAINT ck_claims_level CHECK (level IS NULL OR level BETWEEN 1 AND 4),
	CONSTRAINT ck_claims_years CHECK (years IS NULL OR years BETWEEN 0 AND 70),
	CONSTRAINT fk_claims_profile_id FOREIGN KEY(profile_id) REFERENCES profiles (id),
	CONSTRAINT fk_claims_skill_id FOREIGN KEY(skill_id) REFERENCES skills (id)
)
--;
CREATE INDEX ix_claims_profile ON claims (profile_id, kind, position)
--;
CREATE INDEX ix_claims_skill ON claims (skill_id, profile_id)
--;
CREATE TABLE messages (
	id VARCHAR(16) NOT NULL,
	thread_id VARCHAR(16) NOT NULL,
	author_id VARCHAR(16),
	side VARCHAR(10) NOT NULL,
	kind VARCHAR(10) NOT NULL,
	text TEXT NOT NULL,
	params JSON NOT NULL,
	answers JSON NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_messages PRIMARY KEY (id),
	CONSTRAINT ck_messages_kind CHECK (kind IN ('text', 'event')),
	CONSTRAINT ck_messages_side CHECK (side IN ('client', 'freelancer')),
	CONSTRAINT fk_messages_thread_id FOREIGN KEY(thread_id) REFERENCES threads (id),
	CONSTRAINT fk_messages_author_id FOREIGN KEY(author_id) REFERENCES accounts (id)
)
--;
CREATE INDEX ix_messages_thread ON messages (thread_id, at)
--;
CREATE TABLE proposals (
	id VARCHAR(16) NOT NULL,
	mission_id VARCHAR(16) NOT NULL,
	thread_id VARCHAR(16) NOT NULL,
	organisation_id VARCHAR(16) NOT NULL,
	freelancer_id VARCHAR(16) NOT NULL,
	process VARCHAR(80) NOT NULL,
	currency VARCHAR(3) NOT NULL,
	state VARCHAR(10) NOT NULL,
	turn VARCHAR(10) NOT NULL,
	round_count INTEGER NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
	expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
	closed_at TIMESTAMP WITH TIME ZONE,
	closed_by VARCHAR(16) NOT NULL,
	closed_side VARCHAR(10) NOT NULL,
	reason TEXT NOT NULL,
	approval_by VARCHAR(16) NOT NULL,
	approval_at TIMESTAMP WITH TIME ZONE,
	approval_round INTEGER NOT NULL,
	quote JSON,
	contract_id VARCHAR(16) NOT NULL,
	version INTEGER NOT NULL,
	CONSTRAINT pk_proposals PRIMARY KEY (id),
	CONSTRAINT ck_proposals_state CHECK (state IN ('open', 'accepted', 'declined', 'expired', 'withdrawn')),
	CONSTRAINT ck_proposals_turn CHECK (turn IN ('client', 'freelancer')),
	CONSTRAINT ck_proposals_closed_side CHECK (closed_side IN ('', 'client', 'freelancer')),
	CONSTRAINT ck_proposals_closed_when_not_open CHECK ((state = 'open') = (closed_at IS NULL)),
	CONSTRAINT ck_proposals_has_a_round CHECK (round_count >= 1),
	CONSTRAINT fk_proposals_mission_id FOREIGN KEY(mission_id) REFERENCES missions (id),
	CONSTRAINT fk_proposals_thread_id FOREIGN KEY(thread_id) REFERENCES threads (id),
	CONSTRAINT fk_proposals_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisations (id),
	CONSTRAINT fk_proposals_freelancer_id FOREIGN KEY(freelancer_id) REFERENCES accounts (id)
)
--;
CREATE INDEX ix_proposals_expiry ON proposals (state, expires_at)
--;
CREATE INDEX ix_proposals_freelancer_id ON proposals (freelancer_id)
--;
CREATE INDEX ix_proposals_mission ON proposals (mission_id, state)
--;
CREATE INDEX ix_proposals_organisation_id ON proposals (organisation_id)
--;
CREATE UNIQUE INDEX uq_proposals_open_thread ON proposals (thread_id) WHERE state = 'open'
--;
CREATE TABLE read_marks (
	thread_id VARCHAR(16) NOT NULL,
	account_id VARCHAR(16) NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_read_marks PRIMARY KEY (thread_id, account_id),
	CONSTRAINT fk_read_marks_thread_id FOREIGN KEY(thread_id) REFERENCES threads (id),
	CONSTRAINT fk_read_marks_account_id FOREIGN KEY(account_id) REFERENCES accounts (id)
)
--;
CREATE INDEX ix_read_marks_account_id ON read_marks (account_id)
--;
CREATE TABLE contracts (
	id VARCHAR(16) NOT NULL,
	reference VARCHAR(24) NOT NULL,
	proposal_id VARCHAR(16) NOT NULL,
	mission_id VARCHAR(16) NOT NULL,
	organisation_id VARCHAR(16) NOT NULL,
	freelancer_id VARCHAR(16) NOT NULL,
	title VARCHAR(200) NOT NULL,
	arrangement VARCHAR(10) NOT NULL,
	process VARCHAR(40) NOT NULL,
	process_version INTEGER NOT NULL,
	provider VARCHAR(40) NOT NULL,
	language VARCHAR(5) NOT NULL,
	currency VARCHAR(3) NOT NULL,
	work BIGINT NOT NULL,
	start_on DATE,
	purchase_order VARCHAR(60) NOT NULL,
	quote JSON NOT NULL,
	terms JSON NOT NULL,
	document_id VARCHAR(16) NOT NULL,
	state VARCHAR(8) NOT NULL,
	end_reason VARCHAR(40) NOT NULL,
	deadline_at TIMESTAMP WITH TIME ZONE,
	version INTEGER NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	sent_at TIMESTAMP WITH TIME ZONE,
	signed_at TIMESTAMP WITH TIME ZONE,
	ended_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_contracts PRIMARY KEY (id),
	CONSTRAINT ck_contracts_state CHECK (state IN ('DRAFT', 'SENT', 'SIGNED', 'ACTIVE', 'ENDED')),
	CONSTRAINT ck_contracts_ended_with_reason CHECK ((state = 'ENDED') = (end_reason <> '')),
	CONSTRAINT ck_contracts_signed_before_active CHECK (state IN ('DRAFT', 'SENT', 'ENDED') OR signed_at IS NOT NULL),
	CONSTRAINT ck_contracts_sent_with_document CHECK (state <> 'SENT' OR document_id <> ''),
	CONSTRAINT ck_contracts_arrangement CHECK (arrangement IN ('agent', 'reseller')),
	CONSTRAINT ck_contracts_work CHECK (work > 0),
	CONSTRAINT uq_contracts_reference UNIQUE (reference),
	CONSTRAINT uq_contracts_proposal_id UNIQUE (proposal_id),
	CONSTRAINT fk_contracts_proposal_id FOREIGN KEY(proposal_id) REFERENCES proposals (id),
	CONSTRAINT fk_contracts_mission_id FOREIGN KEY(mission_id) REFERENCES missions (id),
	CONSTRAINT fk_contracts_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisations (id),
	CONSTRAINT fk_contracts_freelancer_id FOREIGN KEY(freelancer_id) REFERENCES accounts (id)
)
--;
CREATE INDEX ix_contracts_freelancer ON contracts (freelancer_id, state)
--;
CREATE INDEX ix_contracts_mission_id ON contracts (mission_id)
--;
CREATE INDEX ix_contracts_organisation ON contracts (organisation_id, state)
--;
CREATE TABLE message_files (
	message_id VARCHAR(16) NOT NULL,
	number INTEGER NOT NULL,
	file_id VARCHAR(16) NOT NULL,
	CONSTRAINT pk_message_files PRIMARY KEY (message_id, number),
	CONSTRAINT fk_message_files_message_id FOREIGN KEY(message_id) REFERENCES messages (id),
	CONSTRAINT fk_message_files_file_id FOREIGN KEY(file_id) REFERENCES files (id)
)
--;
CREATE INDEX ix_message_files_file ON message_files (file_id)
--;
CREATE TABLE proposal_rounds (
	id VARCHAR(16) NOT NULL,
	proposal_id VARCHAR(16) NOT NULL,
	number INTEGER NOT NULL,
	by_side VARCHAR(10) NOT NULL,
	by_account VARCHAR(16) NOT NULL,
	lines JSON NOT NULL,
	work BIGINT NOT NULL,
	note TEXT NOT NULL,
	start_on DATE,
	quote JSON NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_proposal_rounds PRIMARY KEY (id),
	CONSTRAINT uq_proposal_rounds_proposal_id_number UNIQUE (proposal_id, number),
	CONSTRAINT ck_proposal_rounds_by_side CHECK (by_side IN ('client', 'freelancer')),
	CONSTRAINT ck_proposal_rounds_work_positive CHECK (work > 0),
	CONSTRAINT fk_proposal_rounds_proposal_id FOREIGN KEY(proposal_id) REFERENCES proposals (id),
	CONSTRAINT fk_proposal_rounds_by_account FOREIGN KEY(by_account) REFERENCES accounts (id)
)
--;
CREATE TABLE amendments (
	id VARCHAR(16) NOT NULL,
	contract_id VARCHAR(16) NOT NULL,
	number INTEGER NOT NULL,
	reason TEXT NOT NULL,
	lines JSON NOT NULL,
	quote JSON NOT NULL,
	document_id VARCHAR(16) NOT NULL,
	state VARCHAR(10) NOT NULL,
	side VARCHAR(10) NOT NULL,
	created_by VARCHAR(16) NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	closed_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_amendments PRIMARY KEY (id),
	CONSTRAINT uq_amendments_contract_id_number UNIQUE (contract_id, number),
	CONSTRAINT ck_amendments_state CHECK (state IN ('sent', 'signed', 'withdrawn')),
	CONSTRAINT fk_amendments_contract_id FOREIGN KEY(contract_id) REFERENCES contracts (id),
	CONSTRAINT fk_amendments_created_by FOREIGN KEY(created_by) REFERENCES accounts (id)
)
--;
CREATE TABLE contract_conditions (
	id VARCHAR(16) NOT NULL,
	contract_id VARCHAR(16) NOT NULL,
	milestone_id VARCHAR(16) NOT NULL,
	transition VARCHAR(40) NOT NULL,
	name VARCHAR(80) NOT NULL,
	met_at TIMESTAMP WITH TIME ZONE,
	met_by VARCHAR(80) NOT NULL,
	met_name VARCHAR(120) NOT NULL,
	evidence TEXT NOT NULL,
	file_id VARCHAR(16) NOT NULL,
	CONSTRAINT pk_contract_conditions PRIMARY KEY (id),
	CONSTRAINT uq_contract_conditions_contract_id_milestone_id_transition_name UNIQUE (contract_id, milestone_id, transition, name),
	CONSTRAINT ck_contract_conditions_met_by_somebody CHECK ((met_at IS NULL) = (met_by = '')),
	CONSTRAINT fk_contract_conditions_contract_id FOREIGN KEY(contract_id) REFERENCES contracts (id)
)
--;
CREATE TABLE documents (
	id VARCHAR(16) NOT NULL,
	kind VARCHAR(40) NOT NULL,
	contract_id VARCHAR(16),
	amendment_id VARCHAR(16) NOT NULL,
	mission_id VARCHAR(16),
	freelancer_id VARCHAR(16),
	number INTEGER NOT NULL,
	title VARCHAR(200) NOT NULL,
	language VARCHAR(5) NOT NULL,
	template VARCHAR(80) NOT NULL,
	template_version VARCHAR(60) NOT NULL,
	body BYTEA NOT NULL,
	sha256 VARCHAR(64) NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	created_by VARCHAR(80) NOT NULL,
	CONSTRAINT pk_documents PRIMARY KEY (id),
	CONSTRAINT uq_documents_contract_id_kind_number UNIQUE (contract_id, kind, number),
	CONSTRAINT ck_documents_belongs_somewhere CHECK (contract_id IS NOT NULL OR mission_id IS NOT NULL),
	CONSTRAINT ck_documents_sha256 CHECK (length(sha256) = 64),
	CONSTRAINT fk_documents_contract_id FOREIGN KEY(contract_id) REFERENCES contracts (id),
	CONSTRAINT fk_documents_mission_id FOREIGN KEY(mission_id) REFERENCES missions (id),
	CONSTRAINT fk_documents_freelancer_id FOREIGN KEY(freelancer_id) REFERENCES accounts (id)
)
--;
CREATE INDEX ix_documents_mission ON documents (mission_id, freelancer_id, kind)
--;
CREATE TABLE milestones (
	id VARCHAR(16) NOT NULL,
	contract_id VARCHAR(16) NOT NULL,
	amendment_id VARCHAR(16) NOT NULL,
	number INTEGER NOT NULL,
	title VARCHAR(200) NOT NULL,
	description TEXT NOT NULL,
	days INTEGER,
	due_on DATE,
	work BIGINT NOT NULL,
	work_tax BIGINT NOT NULL,
	client_fee BIGINT NOT NULL,
	client_fee_tax BIGINT NOT NULL,
	freelancer_fee BIGINT NOT NULL,
	freelancer_fee_tax BIGINT NOT NULL,
	state VARCHAR(40) NOT NULL,
	pending VARCHAR(40) NOT NULL,
	command VARCHAR(16) NOT NULL,
	trouble TEXT NOT NULL,
	entered_at TIMESTAMP WITH TIME ZONE,
	deadline_at TIMESTAMP WITH TIME ZONE,
	timer VARCHAR(40) NOT NULL,
	remind_at TIMESTAMP WITH TIME ZONE,
	version INTEGER NOT NULL,
	CONSTRAINT pk_milestones PRIMARY KEY (id),
	CONSTRAINT uq_milestones_contract_id_number UNIQUE (contract_id, number),
	CONSTRAINT ck_milestones_client_side CHECK (work > 0 AND work_tax >= 0 AND client_fee >= 0 AND client_fee_tax >= 0),
	CONSTRAINT ck_milestones_freelancer_side CHECK (freelancer_fee >= 0 AND freelancer_fee_tax >= 0),
	CONSTRAINT ck_milestones_pending_with_command CHECK ((pending = '') = (command = '')),
	CONSTRAINT fk_milestones_contract_id FOREIGN KEY(contract_id) REFERENCES contracts (id)
)
--;
CREATE INDEX ix_milestones_due ON milestones (deadline_at, timer, pending)
--;
CREATE INDEX ix_milestones_remind_at ON milestones (remind_at)
--;
CREATE TABLE approval_requests (
	id VARCHAR(16) NOT NULL,
	milestone_id VARCHAR(16) NOT NULL,
	transition VARCHAR(40) NOT NULL,
	amount BIGINT NOT NULL,
	by VARCHAR(16) NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	closed_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_approval_requests PRIMARY KEY (id),
	CONSTRAINT fk_approval_requests_milestone_id FOREIGN KEY(milestone_id) REFERENCES milestones (id),
	CONSTRAINT fk_approval_requests_by FOREIGN KEY(by) REFERENCES accounts (id)
)
--;
CREATE INDEX ix_approval_requests_open ON approval_requests (milestone_id, closed_at)
--;
CREATE TABLE change_requests (
	id VARCHAR(16) NOT NULL,
	milestone_id VARCHAR(16) NOT NULL,
	text TEXT NOT NULL,
	by VARCHAR(16) NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	closed_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_change_requests PRIMARY KEY (id),
	CONSTRAINT fk_change_requests_milestone_id FOREIGN KEY(milestone_id) REFERENCES milestones (id),
	CONSTRAINT fk_change_requests_by FOREIGN KEY(by) REFERENCES accounts (id)
)
--;
CREATE INDEX ix_change_requests_milestone_id ON change_requests (milestone_id)
--;
CREATE TABLE contract_reminders (
	milestone_id VARCHAR(16) NOT NULL,
	stay VARCHAR(40) NOT NULL,
	days INTEGER NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_contract_reminders PRIMARY KEY (milestone_id, stay, days),
	CONSTRAINT fk_contract_reminders_milestone_id FOREIGN KEY(milestone_id) REFERENCES milestones (id)
)
--;
CREATE TABLE deliveries (
	id VARCHAR(16) NOT NULL,
	milestone_id VARCHAR(16) NOT NULL,
	number INTEGER NOT NULL,
	note TEXT NOT NULL,
	by VARCHAR(16) NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_deliveries PRIMARY KEY (id),
	CONSTRAINT uq_deliveries_milestone_id_number UNIQUE (milestone_id, number),
	CONSTRAINT fk_deliveries_milestone_id FOREIGN KEY(milestone_id) REFERENCES milestones (id),
	CONSTRAINT fk_deliveries_by FOREIGN KEY(by) REFERENCES accounts (id)
)
--;
CREATE TABLE reviews (
	id VARCHAR(16) NOT NULL,
	contract_id VARCHAR(16) NOT NULL,
	milestone_id VARCHAR(16) NOT NULL,
	mission_id VARCHAR(16) NOT NULL,
	organisation_id VARCHAR(16) NOT NULL,
	freelancer_id VARCHAR(16) NOT NULL,
	by_side VARCHAR(10) NOT NULL,
	by_account VARCHAR(16) NOT NULL,
	rating INTEGER NOT NULL,
	text TEXT NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	shows_at TIMESTAMP WITH TIME ZONE NOT NULL,
	counted BOOLEAN NOT NULL,
	answer TEXT NOT NULL,
	answered_at TIMESTAMP WITH TIME ZONE,
	hidden_reason TEXT NOT NULL,
	hidden_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_reviews PRIMARY KEY (id),
	CONSTRAINT uq_reviews_contract_id_by_side UNIQUE (contract_id, by_side),
	CONSTRAINT ck_reviews_by_side CHECK (by_side IN ('client', 'freelancer')),
	CONSTRAINT ck_reviews_rating CHECK (rating BETWEEN 1 AND 5),
	CONSTRAINT fk_reviews_contract_id FOREIGN KEY(contract_id) REFERENCES contracts (id),
	CONSTRAINT fk_reviews_milestone_id FOREIGN KEY(milestone_id) REFERENCES milestones (id),
	CONSTRAINT fk_reviews_mission_id FOREIGN KEY(mission_id) REFERENCES missions (id),
	CONSTRAINT fk_reviews_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisations (id),
	CONSTRAINT fk_reviews_freelancer_id FOREIGN KEY(freelancer_id) REFERENCES accounts (id),
	CONSTRAINT fk_reviews_by_account FOREIGN KEY(by_account) REFERENCES accounts (id)
)
--;
CREATE INDEX ix_reviews_freelancer ON reviews (freelancer_id, by_side, shows_at)
--;
CREATE INDEX ix_reviews_organisation ON reviews (organisation_id, by_side, shows_at)
--;
CREATE TABLE signatures (
	id VARCHAR(16) NOT NULL,
	document_id VARCHAR(16) NOT NULL,
	side VARCHAR(10) NOT NULL,
	account_id VARCHAR(16) NOT NULL,
	name VARCHAR(120) NOT NULL,
	title VARCHAR(120) NOT NULL,
	party VARCHAR(160) NOT NULL,
	method VARCHAR(20) NOT NULL,
	sha256 VARCHAR(64) NOT NULL,
	address VARCHAR(64) NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_signatures PRIMARY KEY (id),
	CONSTRAINT uq_signatures_document_id_side UNIQUE (document_id, side),
	CONSTRAINT ck_signatures_side CHECK (side IN ('client', 'freelancer')),
	CONSTRAINT fk_signatures_document_id FOREIGN KEY(document_id) REFERENCES documents (id),
	CONSTRAINT fk_signatures_account_id FOREIGN KEY(account_id) REFERENCES accounts (id)
)
--;
CREATE TABLE transition_log (
	seq BIGSERIAL NOT NULL,
	contract_id VARCHAR(16) NOT NULL,
	milestone_id VARCHAR(16),
	subject VARCHAR(16) NOT NULL,
	version INTEGER NOT NULL,
	step VARCHAR(8) NOT NULL,
	transition VARCHAR(40) NOT NULL,
	source VARCHAR(40) NOT NULL,
	target VARCHAR(40) NOT NULL,
	actor VARCHAR(80) NOT NULL,
	actor_name VARCHAR(200) NOT NULL,
	role VARCHAR(12) NOT NULL,
	cause VARCHAR(80) NOT NULL,
	note TEXT NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	request_id VARCHAR(40) NOT NULL,
	CONSTRAINT pk_transition_log PRIMARY KEY (seq),
	CONSTRAINT uq_transition_log_subject_version UNIQUE (subject, version),
	CONSTRAINT ck_transition_log_step CHECK (step IN ('entered', 'taken', 'returned')),
	CONSTRAINT ck_transition_log_version CHECK (version >= 1),
	CONSTRAINT fk_transition_log_contract_id FOREIGN KEY(contract_id) REFERENCES contracts (id),
	CONSTRAINT fk_transition_log_milestone_id FOREIGN KEY(milestone_id) REFERENCES milestones (id)
)
--;
CREATE INDEX ix_transition_log_contract_id ON transition_log (contract_id)
--;
CREATE OR REPLACE FUNCTION audit_log_no_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'L4: audit_log is append only'; END $$
--;
CREATE TRIGGER audit_log_no_update BEFORE UPDATE ON audit_log FOR EACH ROW EXECUTE FUNCTION audit_log_no_update()
--;
CREATE OR REPLACE FUNCTION audit_log_no_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'L4: audit_log is append only'; END $$
--;
CREATE TRIGGER audit_log_no_delete BEFORE DELETE ON audit_log FOR EACH ROW EXECUTE FUNCTION audit_log_no_delete()
--;
CREATE OR REPLACE FUNCTION events_no_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'L4: events is append only'; END $$
--;
CREATE TRIGGER events_no_update BEFORE UPDATE ON events FOR EACH ROW EXECUTE FUNCTION events_no_update()
--;
CREATE OR REPLACE FUNCTION events_no_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'L4: events is append only'; END $$
--;
CREATE TRIGGER events_no_delete BEFORE DELETE ON events FOR EACH ROW EXECUTE FUNCTION events_no_delete()
--;
CREATE OR REPLACE FUNCTION contract_processes_no_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'L4: contract_processes is append only'; END $$
--;
CREATE TRIGGER contract_processes_no_update BEFORE UPDATE ON contract_processes FOR EACH ROW EXECUTE FUNCTION contract_processes_no_update()
--;
CREATE OR REPLACE FUNCTION contract_processes_no_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'L4: contract_processes is append only'; END $$
--;
CREATE TRIGGER contract_processes_no_delete BEFORE DELETE ON contract_processes FOR EACH ROW EXECUTE FUNCTION contract_processes_no_delete()
--;
CREATE OR REPLACE FUNCTION documents_no_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'L4: documents is append only'; END $$
--;
CREATE TRIGGER documents_no_update BEFORE UPDATE ON documents FOR EACH ROW EXECUTE FUNCTION documents_no_update()
--;
CREATE OR REPLACE FUNCTION documents_no_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'L4: documents is append only'; END $$
--;
CREATE TRIGGER documents_no_delete BEFORE DELETE ON documents FOR EACH ROW EXECUTE FUNCTION documents_no_delete()
--;
CREATE OR REPLACE FUNCTION signatures_no_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'L4: signatures is append only'; END $$
--;
CREATE TRIGGER signatures_no_update BEFORE UPDATE ON signatures FOR EACH ROW EXECUTE FUNCTION signatures_no_update()
--;
CREATE OR REPLACE FUNCTION signatures_no_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'L4: signatures is append only'; END $$
--;
CREATE TRIGGER signatures_no_delete BEFORE DELETE ON signatures FOR EACH ROW EXECUTE FUNCTION signatures_no_delete()
--;
CREATE OR REPLACE FUNCTION transition_log_no_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'L4: transition_log is append only'; END $$
--;
CREATE TRIGGER transition_log_no_update BEFORE UPDATE ON transition_log FOR EACH ROW EXECUTE FUNCTION transition_log_no_update()
--;
CREATE OR REPLACE FUNCTION transition_log_no_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'L4: transition_log is append only'; END $$
--;
CREATE TRIGGER transition_log_no_delete BEFORE DELETE ON transition_log FOR EACH ROW EXECUTE FUNCTION transition_log_no_delete()
--;
CREATE OR REPLACE FUNCTION contracts_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'C4: a signed contract changes by amendment alone'; END $$
--;
CREATE TRIGGER contracts_frozen BEFORE UPDATE ON contracts FOR EACH ROW WHEN ((OLD.signed_at IS NOT NULL) AND (OLD.proposal_id::text IS DISTINCT FROM NEW.proposal_id::text OR OLD.organisation_id::text IS DISTINCT FROM NEW.organisation_id::text OR OLD.freelancer_id::text IS DISTINCT FROM NEW.freelancer_id::text OR OLD.process::text IS DISTINCT FROM NEW.process::text OR OLD.process_version::text IS DISTINCT FROM NEW.process_version::text OR OLD.provider::text IS DISTINCT FROM NEW.provider::text OR OLD.language::text IS DISTINCT FROM NEW.language::text OR OLD.currency::text IS DISTINCT FROM NEW.currency::text OR OLD.quote::text IS DISTINCT FROM NEW.quote::text OR OLD.terms::text IS DISTINCT FROM NEW.terms::text OR OLD.document_id::text IS DISTINCT FROM NEW.document_id::text OR OLD.signed_at::text IS DISTINCT FROM NEW.signed_at::text)) EXECUTE FUNCTION contracts_frozen()
--;
CREATE OR REPLACE FUNCTION milestones_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'C4: what a milestone costs and is never changes'; END $$
--;
CREATE TRIGGER milestones_frozen BEFORE UPDATE ON milestones FOR EACH ROW WHEN ((1 = 1) AND (OLD.contract_id::text IS DISTINCT FROM NEW.contract_id::text OR OLD.number::text IS DISTINCT FROM NEW.number::text OR OLD.title::text IS DISTINCT FROM NEW.title::text OR OLD.description::text IS DISTINCT FROM NEW.description::text OR OLD.work::text IS DISTINCT FROM NEW.work::text OR OLD.work_tax::text IS DISTINCT FROM NEW.work_tax::text OR OLD.client_fee::text IS DISTINCT FROM NEW.client_fee::text OR OLD.client_fee_tax::text IS DISTINCT FROM NEW.client_fee_tax::text OR OLD.freelancer_fee::text IS DISTINCT FROM NEW.freelancer_fee::text OR OLD.freelancer_fee_tax::text IS DISTINCT FROM NEW.freelancer_fee_tax::text)) EXECUTE FUNCTION milestones_frozen()
--;
CREATE OR REPLACE FUNCTION signatures_of_the_text() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT EXISTS (SELECT 1 FROM documents WHERE id = NEW.document_id AND sha256 = NEW.sha256) THEN RAISE EXCEPTION 'C4: what is signed is not the text that is kept'; END IF; RETURN NEW; END $$
--;
CREATE TRIGGER signatures_of_the_text BEFORE INSERT ON signatures FOR EACH ROW EXECUTE FUNCTION signatures_of_the_text()
--;
CREATE OR REPLACE FUNCTION bills_without_gap() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM bills WHERE series = NEW.series) THEN RAISE EXCEPTION 'a series of bills has no gap'; END IF; RETURN NEW; END $$
--;
CREATE TRIGGER bills_without_gap BEFORE INSERT ON bills FOR EACH ROW EXECUTE FUNCTION bills_without_gap()
--;
CREATE OR REPLACE FUNCTION bills_kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'an issued bill does not change'; END $$
--;
CREATE TRIGGER bills_kept BEFORE UPDATE ON bills FOR EACH ROW WHEN (OLD.series::text IS DISTINCT FROM NEW.series::text OR OLD.number::text IS DISTINCT FROM NEW.number::text OR OLD.contract_id::text IS DISTINCT FROM NEW.contract_id::text OR OLD.milestone_id::text IS DISTINCT FROM NEW.milestone_id::text OR OLD.title::text IS DISTINCT FROM NEW.title::text OR OLD.currency::text IS DISTINCT FROM NEW.currency::text OR OLD.work::text IS DISTINCT FROM NEW.work::text OR OLD.work_tax::text IS DISTINCT FROM NEW.work_tax::text OR OLD.client_fee::text IS DISTINCT FROM NEW.client_fee::text OR OLD.client_fee_tax::text IS DISTINCT FROM NEW.client_fee_tax::text OR OLD.freelancer_fee::text IS DISTINCT FROM NEW.freelancer_fee::text OR OLD.freelancer_fee_tax::text IS DISTINCT FROM NEW.freelancer_fee_tax::text OR OLD.parties::text IS DISTINCT FROM NEW.parties::text OR OLD.issued_at::text IS DISTINCT FROM NEW.issued_at::text OR OLD.due_at::text IS DISTINCT FROM NEW.due_at::text) EXECUTE FUNCTION bills_kept()
--;
CREATE OR REPLACE FUNCTION bills_stay() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'an issued bill stays'; END $$
--;
CREATE TRIGGER bills_stay BEFORE DELETE ON bills FOR EACH ROW EXECUTE FUNCTION bills_stay()
--;
CREATE OR REPLACE FUNCTION ledger_legs_open() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF EXISTS (SELECT 1 FROM ledger_transactions WHERE id = NEW.transaction_id) THEN
    RAISE EXCEPTION 'L1: this transaction is closed' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER ledger_legs_open BEFORE INSERT ON ledger_legs FOR EACH ROW EXECUTE FUNCTION ledger_legs_open()
--;
CREATE OR REPLACE FUNCTION ledger_legs_balance() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF (SELECT count(*) FROM ledger_legs WHERE transaction_id = NEW.transaction_id)
     IS DISTINCT FROM (SELECT legs::bigint FROM ledger_transactions WHERE id = NEW.transaction_id)
     OR (SELECT sum(amount) FROM ledger_legs WHERE transaction_id = NEW.transaction_id) <> 0 THEN
    RAISE EXCEPTION 'L1: the legs of a transaction sum to zero and are all there' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$
--;
CREATE CONSTRAINT TRIGGER ledger_legs_balance AFTER INSERT ON ledger_legs
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_legs_balance()
--;
CREATE OR REPLACE FUNCTION ledger_transactions_close() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE touched text;
BEGIN
  IF (SELECT count(*) FROM ledger_legs WHERE transaction_id = NEW.id) <> NEW.legs
     OR (SELECT coalesce(sum(amount), 1) FROM ledger_legs WHERE transaction_id = NEW.id) <> 0 THEN
    RAISE EXCEPTION 'L1: the legs of a transaction sum to zero and are all there' USING ERRCODE = 'check_violation';
  END IF;
  IF EXISTS (SELECT 1 FROM ledger_legs WHERE transaction_id = NEW.id AND currency <> NEW.currency) THEN
    RAISE EXCEPTION 'L6: a transaction has one currency' USING ERRCODE = 'check_violation';
  END IF;
  FOR touched IN SELECT DISTINCT account FROM ledger_legs
                  WHERE transaction_id = NEW.id AND kind IN ('hold', 'payable', 'refundable') ORDER BY account LOOP
    PERFORM pg_advisory_xact_lock(hashtextextended('ledger:' || touched || ':' || NEW.currency, 0));
    IF (SELECT sum(amount) FROM ledger_legs WHERE account = touched AND currency = NEW.currency) > 0 THEN
      RAISE EXCEPTION 'L5: hold, payable and refundable are never negative' USING ERRCODE = 'check_violation';
    END IF;
  END LOOP;
  RETURN NULL;
END $$
--;
CREATE CONSTRAINT TRIGGER ledger_transactions_close AFTER INSERT ON ledger_transactions
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_transactions_close()
--;
CREATE OR REPLACE FUNCTION ledger_transactions_reverse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF NEW.reverses IS NOT NULL THEN
    PERFORM 1 FROM ledger_transactions WHERE id = NEW.reverses FOR UPDATE;
    IF EXISTS (
SELECT 1 FROM ledger_legs AS back
  LEFT JOIN ledger_legs AS first ON first.transaction_id = NEW.reverses AND first.position = back.position
 WHERE back.transaction_id = NEW.id
   AND (first.account IS NULL OR first.account <> back.account OR first.currency <> back.currency
        OR (first.amount > 0) = (back.amount > 0)
        OR (NOT NEW.partial AND back.amount <> -first.amount)
        OR abs(back.amount) + coalesce((
             SELECT sum(abs(other.amount)) FROM ledger_legs AS other
               JOIN ledger_transactions AS earlier ON earlier.id = other.transaction_id
              WHERE earlier.reverses = NEW.reverses AND earlier.id <> NEW.id AND other.position = back.position), 0)
           > abs(first.amount))
) OR (NOT NEW.partial AND NEW.legs <> (SELECT legs FROM ledger_transactions WHERE id = NEW.reverses)) THEN
      RAISE EXCEPTION 'L9: a reversal takes back no more than there was' USING ERRCODE = 'check_violation';
    END IF;
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER ledger_transactions_reverse BEFORE INSERT ON ledger_transactions
  FOR EACH ROW EXECUTE FUNCTION ledger_transactions_reverse()
--;
CREATE OR REPLACE FUNCTION ledger_seals_chain() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF NEW.number <> 1 + coalesce((SELECT max(number) FROM ledger_seals WHERE book = NEW.book), 0) THEN
    RAISE EXCEPTION 'L10: numbers have no gap' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.previous <> coalesce(
       (SELECT hash FROM ledger_seals WHERE book = NEW.book AND number = NEW.number - 1), '') THEN
    RAISE EXCEPTION 'L4: each seal holds on to the one before' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER ledger_seals_chain BEFORE INSERT ON ledger_seals FOR EACH ROW EXECUTE FUNCTION ledger_seals_chain()
--;
CREATE OR REPLACE FUNCTION idempotency_keys_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'L7: keys are kept for ever' USING ERRCODE = 'check_violation'; END $$
--;
CREATE TRIGGER idempotency_keys_keep BEFORE DELETE ON idempotency_keys
  FOR EACH ROW EXECUTE FUNCTION idempotency_keys_keep()
--;
CREATE OR REPLACE FUNCTION ledger_transactions_no_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'L4: ledger_transactions is append only'; END $$
--;
CREATE TRIGGER ledger_transactions_no_update BEFORE UPDATE ON ledger_transactions FOR EACH ROW EXECUTE FUNCTION ledger_transactions_no_update()
--;
CREATE OR REPLACE FUNCTION ledger_transactions_no_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'L4: ledger_transactions is append only'; END $$
--;
CREATE TRIGGER ledger_transactions_no_delete BEFORE DELETE ON ledger_transactions FOR EACH ROW EXECUTE FUNCTION ledger_transactions_no_delete()
--;
CREATE OR REPLACE FUNCTION ledger_legs_no_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'L4: ledger_legs is append only'; END $$
--;
CREATE TRIGGER ledger_legs_no_update BEFORE UPDATE ON ledger_legs FOR EACH ROW EXECUTE FUNCTION ledger_legs_no_update()
--;
CREATE OR REPLACE FUNCTION ledger_legs_no_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'L4: ledger_legs is append only'; END $$
--;
CREATE TRIGGER ledger_legs_no_delete BEFORE DELETE ON ledger_legs FOR EACH ROW EXECUTE FUNCTION ledger_legs_no_delete()
--;
CREATE OR REPLACE FUNCTION ledger_seals_no_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'L4: ledger_seals is append only'; END $$
--;
CREATE TRIGGER ledger_seals_no_update BEFORE UPDATE ON ledger_seals FOR EACH ROW EXECUTE FUNCTION ledger_seals_no_update()
--;
CREATE OR REPLACE FUNCTION ledger_seals_no_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'L4: ledger_seals is append only'; END $$
--;
CREATE TRIGGER ledger_seals_no_delete BEFORE DELETE ON ledger_seals FOR EACH ROW EXECUTE FUNCTION ledger_seals_no_delete()
--;
CREATE OR REPLACE FUNCTION holds_move() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF NEW.state <> OLD.state AND 
  (OLD.state || '>' || NEW.state) NOT IN (
    'NONE>FUNDING', 'NONE>EXPIRED', 'FUNDING>FUNDED', 'FUNDING>NONE',
    'FUNDED>RELEASING', 'FUNDED>REFUNDING', 'FUNDED>SPLITTING',
    'RELEASING>SETTLED', 'REFUNDING>SETTLED', 'SPLITTING>SETTLED',
    'RELEASING>FUNDED', 'REFUNDING>FUNDED', 'SPLITTING>FUNDED')
 THEN
    RAISE EXCEPTION 'E4: this hold cannot move so' USING ERRCODE = 'check_violation';
  END IF;
  IF OLD.frozen AND OLD.state = 'FUNDED' AND NEW.state <> 'FUNDED' THEN RAISE EXCEPTION 'E11: this hold is frozen' USING ERRCODE = 'check_violation'; END IF;
  IF NEW.state <> OLD.state AND NEW.version <> OLD.version + 1 THEN
    RAISE EXCEPTION 'E3: a move counts the version up' USING ERRCODE = 'check_violation';
  END IF;
  IF 
  (NEW.id <> OLD.id OR NEW.contract_id <> OLD.contract_id OR NEW.organisation_id <> OLD.organisation_id
   OR NEW.freelancer_id <> OLD.freelancer_id OR NEW.currency <> OLD.currency OR NEW.provider <> OLD.provider
   OR NEW.work <> OLD.work OR NEW.work_tax <> OLD.work_tax OR NEW.client_fee <> OLD.client_fee
   OR NEW.client_fee_tax <> OLD.client_fee_tax OR NEW.freelancer_fee <> OLD.freelancer_fee
   OR NEW.freelancer_fee_tax <> OLD.freelancer_fee_tax)
 THEN
    RAISE EXCEPTION 'C4: the amounts and parties of a hold do not change' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER holds_move BEFORE UPDATE ON holds FOR EACH ROW EXECUTE FUNCTION holds_move()
--;
CREATE OR REPLACE FUNCTION holds_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'E2: holds are kept' USING ERRCODE = 'check_violation'; END $$
--;
CREATE TRIGGER holds_keep BEFORE DELETE ON holds FOR EACH ROW EXECUTE FUNCTION holds_keep()
--;
CREATE OR REPLACE FUNCTION payment_commands_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'E5: commands are kept' USING ERRCODE = 'check_violation'; END $$
--;
CREATE TRIGGER payment_commands_keep BEFORE DELETE ON payment_commands FOR EACH ROW EXECUTE FUNCTION payment_commands_keep()
--;
CREATE OR REPLACE FUNCTION payment_commands_reserved() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF NEW.state <> 'PENDING' OR NOT 
  EXISTS (SELECT 1 FROM holds WHERE holds.id = NEW.hold_id AND holds.currency = NEW.currency AND (
       (NEW.kind = 'fund' AND holds.state = 'FUNDING')
    OR (NEW.kind = 'release' AND holds.state = 'RELEASING')
    OR (NEW.kind = 'refund' AND NOT NEW.stray AND holds.state = 'REFUNDING')
    OR (NEW.kind = 'split' AND holds.state = 'SPLITTING')
    OR (NEW.kind = 'payout' AND holds.state = 'SETTLED')
    OR (NEW.kind = 'refund' AND NEW.stray)))
 THEN
    RAISE EXCEPTION 'E3: reserve before pay' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER payment_commands_reserved BEFORE INSERT ON payment_commands
  FOR EACH ROW EXECUTE FUNCTION payment_commands_reserved()
--;
CREATE OR REPLACE FUNCTION payment_commands_move() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF 
  NEW.state <> OLD.state AND (
       OLD.state = 'CONFIRMED' OR NEW.state = 'PENDING'
    OR (OLD.state = 'FAILED' AND NOT (OLD.kind = 'fund' AND NEW.state = 'CONFIRMED')))
 THEN
    RAISE EXCEPTION 'E5: a settled command stays settled' USING ERRCODE = 'check_violation';
  END IF;
  IF 
  (NEW.id <> OLD.id OR NEW.hold_id <> OLD.hold_id OR NEW.kind <> OLD.kind OR NEW.currency <> OLD.currency
   OR NEW.amount <> OLD.amount OR NEW.fee <> OLD.fee OR NEW.refund <> OLD.refund OR NEW.funding <> OLD.funding
   OR NEW.provider <> OLD.provider OR NEW.cause <> OLD.cause OR NEW.ordered_by <> OLD.ordered_by)
 THEN
    RAISE EXCEPTION 'E6: what was asked does not change' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER payment_commands_move BEFORE UPDATE ON payment_commands
  FOR EACH ROW EXECUTE FUNCTION payment_commands_move()
--;
CREATE OR REPLACE FUNCTION proposal_rounds_no_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'L4: proposal_rounds is append only'; END $$
--;
CREATE TRIGGER proposal_rounds_no_update BEFORE UPDATE ON proposal_rounds FOR EACH ROW EXECUTE FUNCTION proposal_rounds_no_update()
--;
CREATE OR REPLACE FUNCTION proposal_rounds_no_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'L4: proposal_rounds is append only'; END $$
--;
CREATE TRIGGER proposal_rounds_no_delete BEFORE DELETE ON proposal_rounds FOR EACH ROW EXECUTE FUNCTION proposal_rounds_no_delete()
--;
CREATE OR REPLACE FUNCTION reviews_of_paid_work() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (EXISTS (SELECT 1 FROM holds WHERE holds.id = NEW.milestone_id AND holds.paid > 0) OR EXISTS (SELECT 1 FROM bills WHERE bills.milestone_id = NEW.milestone_id AND bills.state = 'paid')) OR (EXISTS (SELECT 1 FROM memberships WHERE memberships.organisation_id = NEW.organisation_id AND memberships.account_id = NEW.freelancer_id)) THEN RAISE EXCEPTION 'C9: a review stands on paid work, between people who are not linked'; END IF; RETURN NEW; END $$
--;
CREATE TRIGGER reviews_of_paid_work BEFORE INSERT ON reviews FOR EACH ROW EXECUTE FUNCTION reviews_of_paid_work()
--;
CREATE OR REPLACE FUNCTION vetting_verdicts_no_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'L4: vetting_verdicts is append only'; END $$
--;
CREATE TRIGGER vetting_verdicts_no_update BEFORE UPDATE ON vetting_verdicts FOR EACH ROW EXECUTE FUNCTION vetting_verdicts_no_update()
--;
CREATE OR REPLACE FUNCTION vetting_verdicts_no_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'L4: vetting_verdicts is append only'; END $$
--;
CREATE TRIGGER vetting_verdicts_no_delete BEFORE DELETE ON vetting_verdicts FOR EACH ROW EXECUTE FUNCTION vetting_verdicts_no_delete()
