CREATE TABLE index_changes (
	seq BIGSERIAL NOT NULL, 
	kind VARCHAR(8) NOT NULL, 
	owner VARCHAR(16) NOT NULL, 
	xid BIGINT NOT NULL, 
	CONSTRAINT pk_index_changes PRIMARY KEY (seq)
)
--;
CREATE INDEX ix_index_changes_xid ON index_changes (xid)
--;
CREATE OR REPLACE FUNCTION profiles_insert_noted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO index_changes (kind, owner, xid) VALUES ('person', NEW.id, pg_current_xact_id()::text::bigint); RETURN NULL; END $$
--;
CREATE TRIGGER profiles_insert_noted AFTER INSERT ON profiles FOR EACH ROW EXECUTE FUNCTION profiles_insert_noted()
--;
CREATE OR REPLACE FUNCTION claims_insert_noted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO index_changes (kind, owner, xid) VALUES ('person', NEW.profile_id, pg_current_xact_id()::text::bigint); RETURN NULL; END $$
--;
CREATE TRIGGER claims_insert_noted AFTER INSERT ON claims FOR EACH ROW EXECUTE FUNCTION claims_insert_noted()
--;
CREATE OR REPLACE FUNCTION missions_insert_noted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO index_changes (kind, owner, xid) VALUES ('mission', NEW.id, pg_current_xact_id()::text::bigint); RETURN NULL; END $$
--;
CREATE TRIGGER missions_insert_noted AFTER INSERT ON missions FOR EACH ROW EXECUTE FUNCTION missions_insert_noted()
--;
CREATE OR REPLACE FUNCTION mission_skills_insert_noted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO index_changes (kind, owner, xid) VALUES ('mission', NEW.mission_id, pg_current_xact_id()::text::bigint); RETURN NULL; END $$
--;
CREATE TRIGGER mission_skills_insert_noted AFTER INSERT ON mission_skills FOR EACH ROW EXECUTE FUNCTION mission_skills_insert_noted()
--;
CREATE OR REPLACE FUNCTION mission_invitations_insert_noted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO index_changes (kind, owner, xid) VALUES ('mission', NEW.mission_id, pg_current_xact_id()::text::bigint); RETURN NULL; END $$
--;
CREATE TRIGGER mission_invitations_insert_noted AFTER INSERT ON mission_invitations FOR EACH ROW EXECUTE FUNCTION mission_invitations_insert_noted()
--;
CREATE OR REPLACE FUNCTION facets_insert_noted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO index_changes (kind, owner, xid) VALUES (CASE NEW.owner_kind WHEN 'profile' THEN 'person' ELSE 'mission' END, NEW.owner_id, pg_current_xact_id()::text::bigint); RETURN NULL; END $$
--;
CREATE TRIGGER facets_insert_noted AFTER INSERT ON facets FOR EACH ROW EXECUTE FUNCTION facets_insert_noted()
--;
CREATE OR REPLACE FUNCTION skills_insert_noted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO index_changes (kind, owner, xid) VALUES ('skills', '', pg_current_xact_id()::text::bigint); RETURN NULL; END $$
--;
CREATE TRIGGER skills_insert_noted AFTER INSERT ON skills FOR EACH ROW EXECUTE FUNCTION skills_insert_noted()
--;
CREATE OR REPLACE FUNCTION skill_labels_insert_noted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO index_changes (kind, owner, xid) VALUES ('skills', '', pg_current_xact_id()::text::bigint); RETURN NULL; END $$
--;
CREATE TRIGGER skill_labels_insert_noted AFTER INSERT ON skill_labels FOR EACH ROW EXECUTE FUNCTION skill_labels_insert_noted()
--;
CREATE OR REPLACE FUNCTION skill_parents_insert_noted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO index_changes (kind, owner, xid) VALUES ('skills', '', pg_current_xact_id()::text::bigint); RETURN NULL; END $$
--;
CREATE TRIGGER skill_parents_insert_noted AFTER INSERT ON skill_parents FOR EACH ROW EXECUTE FUNCTION skill_parents_insert_noted()
--;
CREATE OR REPLACE FUNCTION profiles_update_noted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO index_changes (kind, owner, xid) VALUES ('person', NEW.id, pg_current_xact_id()::text::bigint); RETURN NULL; END $$
--;
CREATE TRIGGER profiles_update_noted AFTER UPDATE ON profiles FOR EACH ROW EXECUTE FUNCTION profiles_update_noted()
--;
CREATE OR REPLACE FUNCTION claims_update_noted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO index_changes (kind, owner, xid) VALUES ('person', NEW.profile_id, pg_current_xact_id()::text::bigint); RETURN NULL; END $$
--;
CREATE TRIGGER claims_update_noted AFTER UPDATE ON claims FOR EACH ROW EXECUTE FUNCTION claims_update_noted()
--;
CREATE OR REPLACE FUNCTION missions_update_noted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO index_changes (kind, owner, xid) VALUES ('mission', NEW.id, pg_current_xact_id()::text::bigint); RETURN NULL; END $$
--;
CREATE TRIGGER missions_update_noted AFTER UPDATE ON missions FOR EACH ROW EXECUTE FUNCTION missions_update_noted()
--;
CREATE OR REPLACE FUNCTION mission_skills_update_noted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO index_changes (kind, owner, xid) VALUES ('mission', NEW.mission_id, pg_current_xact_id()::text::bigint); RETURN NULL; END $$
--;
CREATE TRIGGER mission_skills_update_noted AFTER UPDATE ON mission_skills FOR EACH ROW EXECUTE FUNCTION mission_skills_update_noted()
--;
CREATE OR REPLACE FUNCTION mission_invitations_update_noted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO index_changes (kind, owner, xid) VALUES ('mission', NEW.mission_id, pg_current_xact_id()::text::bigint); RETURN NULL; END $$
--;
CREATE TRIGGER mission_invitations_update_noted AFTER UPDATE ON mission_invitations FOR EACH ROW EXECUTE FUNCTION mission_invitations_update_noted()
--;
CREATE OR REPLACE FUNCTION facets_update_noted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO index_changes (kind, owner, xid) VALUES (CASE NEW.owner_kind WHEN 'profile' THEN 'person' ELSE 'mission' END, NEW.owner_id, pg_current_xact_id()::text::bigint); RETURN NULL; END $$
--;
CREATE TRIGGER facets_update_noted AFTER UPDATE ON facets FOR EACH ROW EXECUTE FUNCTION facets_update_noted()
--;
CREATE OR REPLACE FUNCTION skills_update_noted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO index_changes (kind, owner, xid) VALUES ('skills', '', pg_current_xact_id()::text::bigint); RETURN NULL; END $$
--;
CREATE TRIGGER skills_update_noted AFTER UPDATE ON skills FOR EACH ROW EXECUTE FUNCTION skills_update_noted()
--;
CREATE OR REPLACE FUNCTION skill_labels_update_noted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO index_changes (kind, owner, xid) VALUES ('skills', '', pg_current_xact_id()::text::bigint); RETURN NULL; END $$
--;
CREATE TRIGGER skill_labels_update_noted AFTER UPDATE ON skill_labels FOR EACH ROW EXECUTE FUNCTION skill_labels_update_noted()
--;
CREATE OR REPLACE FUNCTION skill_parents_update_noted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO index_changes (kind, owner, xid) VALUES ('skills', '', pg_current_xact_id()::text::bigint); RETURN NULL; END $$
--;
CREATE TRIGGER skill_parents_update_noted AFTER UPDATE ON skill_parents FOR EACH ROW EXECUTE FUNCTION skill_parents_update_noted()
--;
CREATE OR REPLACE FUNCTION profiles_delete_noted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO index_changes (kind, owner, xid) VALUES ('person', OLD.id, pg_current_xact_id()::text::bigint); RETURN NULL; END $$
--;
CREATE TRIGGER profiles_delete_noted AFTER DELETE ON profiles FOR EACH ROW EXECUTE FUNCTION profiles_delete_noted()
--;
CREATE OR REPLACE FUNCTION claims_delete_noted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO index_changes (kind, owner, xid) VALUES ('person', OLD.profile_id, pg_current_xact_id()::text::bigint); RETURN NULL; END $$
--;
CREATE TRIGGER claims_delete_noted AFTER DELETE ON claims FOR EACH ROW EXECUTE FUNCTION claims_delete_noted()
--;
CREATE OR REPLACE FUNCTION missions_delete_noted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO index_changes (kind, owner, xid) VALUES ('mission', OLD.id, pg_current_xact_id()::text::bigint); RETURN NULL; END $$
--;
CREATE TRIGGER missions_delete_noted AFTER DELETE ON missions FOR EACH ROW EXECUTE FUNCTION missions_delete_noted()
--;
CREATE OR REPLACE FUNCTION mission_skills_delete_noted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO index_changes (kind, owner, xid) VALUES ('mission', OLD.mission_id, pg_current_xact_id()::text::bigint); RETURN NULL; END $$
--;
CREATE TRIGGER mission_skills_delete_noted AFTER DELETE ON mission_skills FOR EACH ROW EXECUTE FUNCTION mission_skills_delete_noted()
--;
CREATE OR REPLACE FUNCTION mission_invitations_delete_noted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO index_changes (kind, owner, xid) VALUES ('mission', OLD.mission_id, pg_current_xact_id()::text::bigint); RETURN NULL; END $$
--;
CREATE TRIGGER mission_invitations_delete_noted AFTER DELETE ON mission_invitations FOR EACH ROW EXECUTE FUNCTION mission_invitations_delete_noted()
--;
CREATE OR REPLACE FUNCTION facets_delete_noted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO index_changes (kind, owner, xid) VALUES (CASE OLD.owner_kind WHEN 'profile' THEN 'person' ELSE 'mission' END, OLD.owner_id, pg_current_xact_id()::text::bigint); RETURN NULL; END $$
--;
CREATE TRIGGER facets_delete_noted AFTER DELETE ON facets FOR EACH ROW EXECUTE FUNCTION facets_delete_noted()
--;
CREATE OR REPLACE FUNCTION skills_delete_noted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO index_changes (kind, owner, xid) VALUES ('skills', '', pg_current_xact_id()::text::bigint); RETURN NULL; END $$
--;
CREATE TRIGGER skills_delete_noted AFTER DELETE ON skills FOR EACH ROW EXECUTE FUNCTION skills_delete_noted()
--;
CREATE OR REPLACE FUNCTION skill_labels_delete_noted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO index_changes (kind, owner, xid) VALUES ('skills', '', pg_current_xact_id()::text::bigint); RETURN NULL; END $$
--;
CREATE TRIGGER skill_labels_delete_noted AFTER DELETE ON skill_labels FOR EACH ROW EXECUTE FUNCTION skill_labels_delete_noted()
--;
CREATE OR REPLACE FUNCTION skill_parents_delete_noted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO index_changes (kind, owner, xid) VALUES ('skills', '', pg_current_xact_id()::text::bigint); RETURN NULL; END $$
--;
CREATE TRIGGER skill_parents_delete_noted AFTER DELETE ON skill_parents FOR EACH ROW EXECUTE FUNCTION skill_parents_delete_noted()
--;
CREATE OR REPLACE FUNCTION accounts_update_noted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO index_changes (kind, owner, xid) VALUES ('person', NEW.id, pg_current_xact_id()::text::bigint); RETURN NULL; END $$
--;
CREATE TRIGGER accounts_update_noted AFTER UPDATE OF name, suspended_at ON accounts FOR EACH ROW EXECUTE FUNCTION accounts_update_noted()
--;
CREATE OR REPLACE FUNCTION organisations_update_noted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO index_changes (kind, owner, xid) SELECT 'mission', id, pg_current_xact_id()::text::bigint FROM missions WHERE organisation_id = NEW.id; RETURN NULL; END $$
--;
CREATE TRIGGER organisations_update_noted AFTER UPDATE OF name, public_name_en, public_name_fr ON organisations FOR EACH ROW EXECUTE FUNCTION organisations_update_noted()
