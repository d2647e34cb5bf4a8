ALTER TABLE subscription_bills DROP COLUMN carried
