CREATE TABLE vetting_tasks (
	run_id VARCHAR(16) NOT NULL,
	state VARCHAR(10) NOT NULL,
	due_at TIMESTAMP WITH TIME ZONE NOT NULL,
	handed_at TIMESTAMP WITH TIME ZONE,
	settled_at TIMESTAMP WITH TIME ZONE,
	total INTEGER,
	passed BOOLEAN,
	difference INTEGER,
	agreed BOOLEAN,
	defence_at TIMESTAMP WITH TIME ZONE,
	defence_where VARCHAR(300) NOT NULL,
	defence_confirmed_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_vetting_tasks PRIMARY KEY (run_id),
	CONSTRAINT ck_vetting_tasks_state CHECK (state IN ('task', 'marking', 'confer', 'third', 'defence', 'settled', 'missed')),
	CONSTRAINT fk_vetting_tasks_run_id FOREIGN KEY(run_id) REFERENCES vetting_runs (id)
)
--;
CREATE INDEX ix_vetting_tasks_state ON vetting_tasks (state)
--;
CREATE TABLE vetting_assessors (
	id VARCHAR(16) NOT NULL,
	run_id VARCHAR(16) NOT NULL,
	name VARCHAR(120) NOT NULL,
	email VARCHAR(254) NOT NULL,
	locale VARCHAR(5) NOT NULL,
	third BOOLEAN NOT NULL,
	round INTEGER NOT NULL,
	invited_by VARCHAR(80) NOT NULL,
	invited_at TIMESTAMP WITH TIME ZONE NOT NULL,
	expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
	stated_at TIMESTAMP WITH TIME ZONE,
	declined_at TIMESTAMP WITH TIME ZONE,
	declined_why TEXT NOT NULL,
	marked_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_vetting_assessors PRIMARY KEY (id),
	CONSTRAINT uq_vetting_assessors_run_id_email UNIQUE (run_id, email),
	CONSTRAINT fk_vetting_assessors_run_id FOREIGN KEY(run_id) REFERENCES vetting_runs (id)
)
--;
CREATE INDEX ix_vetting_assessors_run_id ON vetting_assessors (run_id)
--;
CREATE TABLE vetting_marks (
	assessor_id VARCHAR(16) NOT NULL,
	round INTEGER NOT NULL,
	criterion VARCHAR(40) NOT NULL,
	points INTEGER NOT NULL,
	reason TEXT NOT NULL,
	CONSTRAINT pk_vetting_marks PRIMARY KEY (assessor_id, round, criterion),
	CONSTRAINT ck_vetting_marks_points CHECK (points >= 0),
	CONSTRAINT ck_vetting_marks_reason CHECK (reason <> ''),
	CONSTRAINT fk_vetting_marks_assessor_id FOREIGN KEY(assessor_id) REFERENCES vetting_assessors (id)
)
