DROP TABLE alert_matches
--;
DROP TABLE alerts
--;
ALTER TABLE mails DROP COLUMN leave_url
--;
ALTER TABLE mails DROP COLUMN items
