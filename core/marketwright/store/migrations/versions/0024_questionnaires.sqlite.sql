CREATE TABLE questionnaire_answers (
	id VARCHAR(16) NOT NULL, 
	mission_id VARCHAR(16) NOT NULL, 
	questionnaire VARCHAR(80) NOT NULL, 
	version VARCHAR(20) NOT NULL, 
	answers JSON NOT NULL, 
	conclusion JSON NOT NULL, 
	"by" VARCHAR(60) NOT NULL, 
	by_name VARCHAR(200) NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_questionnaire_answers PRIMARY KEY (id), 
	CONSTRAINT fk_questionnaire_answers_mission_id FOREIGN KEY(mission_id) REFERENCES missions (id)
)
--;
CREATE INDEX ix_questionnaire_answers_mission ON questionnaire_answers (mission_id, questionnaire, at)
