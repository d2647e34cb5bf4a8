DROP TABLE early_answers
--;
ALTER TABLE confidential_parts DROP COLUMN seal
