DROP TRIGGER organisations_update_noted ON organisations
--;
CREATE TRIGGER organisations_update_noted AFTER UPDATE OF name, public_name_en, public_name_fr ON organisations FOR EACH ROW EXECUTE FUNCTION organisations_update_noted()
