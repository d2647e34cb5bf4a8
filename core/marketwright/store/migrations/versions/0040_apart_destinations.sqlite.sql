CREATE TRIGGER payouts_cool BEFORE INSERT ON payment_commands WHEN NEW.kind = 'payout' BEGIN
  SELECT RAISE(ABORT, 'E13: the destination of payouts has just changed') WHERE 
  EXISTS (SELECT 1 FROM holds AS h JOIN payout_destinations AS d ON d.freelancer_id = h.freelancer_id
          WHERE h.id = NEW.hold_id AND d.provider IN ('', NEW.provider) AND d.ready_at > NEW.at)
;
END
