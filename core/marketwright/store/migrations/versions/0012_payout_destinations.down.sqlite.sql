DROP TRIGGER payouts_cool
--;
DROP TABLE payout_destinations
