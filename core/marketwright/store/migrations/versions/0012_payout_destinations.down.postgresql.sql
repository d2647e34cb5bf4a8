DROP TRIGGER payouts_cool ON payment_commands
--;
DROP FUNCTION payouts_cool()
--;
DROP TABLE payout_destinations
--;
DROP FUNCTION payout_destinations_no_update()
--;
DROP FUNCTION payout_destinations_no_delete()
