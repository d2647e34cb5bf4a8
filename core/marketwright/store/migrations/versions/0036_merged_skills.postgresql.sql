CREATE TABLE merged_skills (
  id VARCHAR(80) NOT NULL,
  into_id VARCHAR(80) NOT NULL,
  taxonomy VARCHAR(60) NOT NULL,
  merged_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_merged_skills PRIMARY KEY (id),
  CONSTRAINT fk_merged_skills_into_id_skills FOREIGN KEY(into_id) REFERENCES skills (id)
)
--;
CREATE INDEX ix_merged_skills_into_id ON merged_skills (into_id)
