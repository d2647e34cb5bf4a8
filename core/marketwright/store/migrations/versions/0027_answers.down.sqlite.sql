ALTER TABLE profiles DROP COLUMN answer_hours
--;
ALTER TABLE profiles DROP COLUMN answered
--;
ALTER TABLE profiles DROP COLUMN asked
