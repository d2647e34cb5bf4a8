DROP TRIGGER organisations_update_noted
--;
CREATE TRIGGER organisations_update_noted AFTER UPDATE OF name, public_name_en, public_name_fr ON organisations FOR EACH ROW BEGIN INSERT INTO index_changes (kind, owner, xid) SELECT 'mission', id, 0 FROM missions WHERE organisation_id = NEW.id; END
