CREATE OR REPLACE FUNCTION payouts_cool() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF NEW.kind = 'payout' AND 
  EXISTS (SELECT 1 FROM holds AS h JOIN payout_destinations AS d ON d.freelancer_id = h.freelancer_id
          WHERE h.id = NEW.hold_id AND d.provider IN ('', NEW.provider) AND d.ready_at > NEW.at)
 THEN
    RAISE EXCEPTION 'E13: the destination of payouts has just changed' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$
