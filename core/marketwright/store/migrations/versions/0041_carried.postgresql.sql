ALTER TABLE subscription_bills ADD COLUMN carried BIGINT DEFAULT '0' NOT NULL
  CONSTRAINT ck_subscription_bills_carried CHECK (carried >= 0)
