"""What the database itself holds of holds and commands, on both engines (E2, E3, E4, E5)."""

from marketwright.store.triggers import declare_trigger

_MOVES = """
  (OLD.state || '>' || NEW.state) NOT IN (
    'NONE>FUNDING', 'NONE>EXPIRED', 'FUNDING>FUNDED', 'FUNDING>NONE',
    'FUNDED>RELEASING', 'FUNDED>REFUNDING', 'FUNDED>SPLITTING',
    'RELEASING>SETTLED', 'REFUNDING>SETTLED', 'SPLITTING>SETTLED',
    'FUNDED>NONE', 'FUNDED>SETTLED',
    'RELEASING>FUNDED', 'REFUNDING>FUNDED', 'SPLITTING>FUNDED')
"""
_SAME = """
  (NEW.id <> OLD.id OR NEW.contract_id <> OLD.contract_id OR NEW.organisation_id <> OLD.organisation_id
   OR NEW.freelancer_id <> OLD.freelancer_id OR NEW.currency <> OLD.currency OR NEW.provider <> OLD.provider
   OR NEW.work <> OLD.work OR NEW.work_tax <> OLD.work_tax OR NEW.client_fee <> OLD.client_fee
   OR NEW.client_fee_tax <> OLD.client_fee_tax OR NEW.freelancer_fee <> OLD.freelancer_fee
   OR NEW.freelancer_fee_tax <> OLD.freelancer_fee_tax)
"""
# Money may be taken from a frozen hold (FUNDED>NONE, FUNDED>SETTLED are the bank's doing), it is never sent from one.
_FROZEN = """
  ((OLD.frozen OR OLD.disputes > 0) AND NEW.state IN ('RELEASING', 'REFUNDING', 'SPLITTING') AND NEW.state <> OLD.state)
"""
# E2: money that the bank takes from a hold is all accounted for: a payment that came undone, a dispute lost.
_TAKEN = """
  ((OLD.state = 'FUNDED' AND NEW.state = 'NONE' AND (NEW.funded <> 0 OR NEW.funding <> ''))
   OR (OLD.state = 'FUNDED' AND NEW.state = 'SETTLED' AND NEW.dispute_lost <> NEW.funded))
"""

declare_trigger(
    "holds_move",
    "holds",
    sqlite=f"""
CREATE TRIGGER holds_move BEFORE UPDATE ON holds BEGIN
  SELECT RAISE(ABORT, 'E4: this hold cannot move so') WHERE NEW.state <> OLD.state AND {_MOVES};
  SELECT RAISE(ABORT, 'E11: this hold is frozen') WHERE {_FROZEN};
  SELECT RAISE(ABORT, 'E2: a hold is not left with its money') WHERE {_TAKEN};
  SELECT RAISE(ABORT, 'E3: a move counts the version up')
   WHERE NEW.state <> OLD.state AND NEW.version <> OLD.version + 1;
  SELECT RAISE(ABORT, 'C4: the amounts and parties of a hold do not change') WHERE {_SAME};
END""",
    postgresql=f"""
CREATE OR REPLACE FUNCTION holds_move() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF NEW.state <> OLD.state AND {_MOVES} THEN
    RAISE EXCEPTION 'E4: this hold cannot move so' USING ERRCODE = 'check_violation';
  END IF;
  IF {_FROZEN} THEN RAISE EXCEPTION 'E11: this hold is frozen' USING ERRCODE = 'check_violation'; END IF;
  IF {_TAKEN} THEN
    RAISE EXCEPTION 'E2: a hold is not left with its money' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.state <> OLD.state AND NEW.version <> OLD.version + 1 THEN
    RAISE EXCEPTION 'E3: a move counts the version up' USING ERRCODE = 'check_violation';
  END IF;
  IF {_SAME} THEN
    RAISE EXCEPTION 'C4: the amounts and parties of a hold do not change' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER holds_move BEFORE UPDATE ON holds FOR EACH ROW EXECUTE FUNCTION holds_move()""",
)

for _table, _says in (("holds", "E2: holds are kept"), ("payment_commands", "E5: commands are kept")):
    declare_trigger(
        f"{_table}_keep",
        _table,
        sqlite=f"CREATE TRIGGER {_table}_keep BEFORE DELETE ON {_table} BEGIN SELECT RAISE(ABORT, '{_says}'); END",
        postgresql=f"""
CREATE OR REPLACE FUNCTION {_table}_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{_says}' USING ERRCODE = 'check_violation'; END $$
--;
CREATE TRIGGER {_table}_keep BEFORE DELETE ON {_table} FOR EACH ROW EXECUTE FUNCTION {_table}_keep()""",
    )

# E3: a command stands on a hold that was moved for it in the same commit. Stray refunds give back what came too late,
# or unasked; those after a release stand on what the hold says is going back.
_RESERVED = """
  (EXISTS (SELECT 1 FROM holds WHERE holds.id = NEW.hold_id AND holds.currency = NEW.currency AND (
       (NEW.kind = 'fund' AND holds.state = 'FUNDING')
    OR (NEW.kind = 'release' AND holds.state = 'RELEASING')
    OR (NEW.kind = 'refund' AND NOT NEW.stray AND NOT NEW.after_release AND holds.state = 'REFUNDING')
    OR (NEW.kind = 'refund' AND NOT NEW.stray AND NEW.after_release AND holds.state = 'SETTLED'
        AND holds.refunding = NEW.amount AND holds.disputes = 0)
    OR (NEW.kind = 'split' AND holds.state = 'SPLITTING')
    OR (NEW.kind = 'payout' AND holds.state = 'SETTLED' AND holds.disputes = 0 AND NOT holds.frozen)
    OR (NEW.kind = 'refund' AND NEW.stray)))
   OR (NEW.hold_id IS NULL AND NEW.kind = 'refund' AND NEW.stray AND EXISTS (
       SELECT 1 FROM payment_arrivals AS a WHERE a.provider = NEW.provider AND a.reference = NEW.arrival
          AND a.currency = NEW.currency AND a.giving_back - a.given_back >= NEW.amount)))
"""
declare_trigger(
    "payment_commands_reserved",
    "payment_commands",
    sqlite=f"""
CREATE TRIGGER payment_commands_reserved BEFORE INSERT ON payment_commands BEGIN
  SELECT RAISE(ABORT, 'E5: this command is written already')
   WHERE EXISTS (SELECT 1 FROM payment_commands WHERE id = NEW.id);
  SELECT RAISE(ABORT, 'E3: reserve before pay') WHERE NEW.state <> 'PENDING' OR NOT {_RESERVED};
END""",  # noqa: S608  no input of anybody's is in it
    postgresql=f"""
CREATE OR REPLACE FUNCTION payment_commands_reserved() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF NEW.state <> 'PENDING' OR NOT {_RESERVED} THEN
    RAISE EXCEPTION 'E3: reserve before pay' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER payment_commands_reserved BEFORE INSERT ON payment_commands
  FOR EACH ROW EXECUTE FUNCTION payment_commands_reserved()""",
)

# E5: settled commands stay settled; only a funding that was refused may turn out to have come in after all.
_UNSETTLED = """
  NEW.state <> OLD.state AND (
       OLD.state = 'CONFIRMED' OR NEW.state = 'PENDING'
    OR (OLD.state = 'FAILED' AND NOT (OLD.kind = 'fund' AND NEW.state = 'CONFIRMED')))
"""
_ASKED = """
  (NEW.id <> OLD.id OR coalesce(NEW.hold_id, '') <> coalesce(OLD.hold_id, '') OR NEW.arrival <> OLD.arrival
   OR NEW.reclaim <> OLD.reclaim OR NEW.after_release <> OLD.after_release
   OR NEW.kind <> OLD.kind OR NEW.currency <> OLD.currency
   OR NEW.amount <> OLD.amount OR NEW.fee <> OLD.fee OR NEW.refund <> OLD.refund OR NEW.funding <> OLD.funding
   OR NEW.provider <> OLD.provider OR NEW.cause <> OLD.cause OR NEW.ordered_by <> OLD.ordered_by
   OR (OLD.undone_at IS NOT NULL AND NEW.undone_at IS NULL)
   OR (NEW.undone_at IS NOT NULL AND NEW.state <> 'CONFIRMED'))
"""
declare_trigger(
    "payment_commands_move",
    "payment_commands",
    sqlite=f"""
CREATE TRIGGER payment_commands_move BEFORE UPDATE ON payment_commands BEGIN
  SELECT RAISE(ABORT, 'E5: a settled command stays settled') WHERE {_UNSETTLED};
  SELECT RAISE(ABORT, 'E6: what was asked does not change') WHERE {_ASKED};
END""",
    postgresql=f"""
CREATE OR REPLACE FUNCTION payment_commands_move() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF {_UNSETTLED} THEN
    RAISE EXCEPTION 'E5: a settled command stays settled' USING ERRCODE = 'check_violation';
  END IF;
  IF {_ASKED} THEN
    RAISE EXCEPTION 'E6: what was asked does not change' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER payment_commands_move BEFORE UPDATE ON payment_commands
  FOR EACH ROW EXECUTE FUNCTION payment_commands_move()""",
)

# E13: while a new destination cools, no payout that may go there is written.
_COOLS = """
  EXISTS (SELECT 1 FROM holds AS h JOIN payout_destinations AS d ON d.freelancer_id = h.freelancer_id
          WHERE h.id = NEW.hold_id AND d.provider IN ('', NEW.provider) AND d.ready_at > NEW.at)
"""
declare_trigger(
    "payouts_cool",
    "payment_commands",
    sqlite=f"""
CREATE TRIGGER payouts_cool BEFORE INSERT ON payment_commands WHEN NEW.kind = 'payout' BEGIN
  SELECT RAISE(ABORT, 'E13: the destination of payouts has just changed') WHERE {_COOLS};
END""",
    postgresql=f"""
CREATE OR REPLACE FUNCTION payouts_cool() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF NEW.kind = 'payout' AND {_COOLS} THEN
    RAISE EXCEPTION 'E13: the destination of payouts has just changed' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER payouts_cool BEFORE INSERT ON payment_commands FOR EACH ROW EXECUTE FUNCTION payouts_cool()""",
)
