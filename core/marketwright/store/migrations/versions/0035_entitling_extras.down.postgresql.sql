ALTER TABLE extra_orders DROP COLUMN days
--;
ALTER TABLE extra_orders DROP COLUMN entitlement
