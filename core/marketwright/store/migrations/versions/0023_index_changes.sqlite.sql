CREATE TABLE index_changes (
	seq INTEGER NOT NULL, 
	kind VARCHAR(8) NOT NULL, 
	owner VARCHAR(16) NOT NULL, 
	xid BIGINT NOT NULL, 
	CONSTRAINT pk_index_changes PRIMARY KEY (seq)
)
--;
CREATE INDEX ix_index_changes_xid ON index_changes (xid)
--;
CREATE TRIGGER profiles_insert_noted AFTER INSERT ON profiles FOR EACH ROW BEGIN INSERT INTO index_changes (kind, owner, xid) VALUES ('person', NEW.id, 0); END
--;
CREATE TRIGGER claims_insert_noted AFTER INSERT ON claims FOR EACH ROW BEGIN INSERT INTO index_changes (kind, owner, xid) VALUES ('person', NEW.profile_id, 0); END
--;
CREATE TRIGGER missions_insert_noted AFTER INSERT ON missions FOR EACH ROW BEGIN INSERT INTO index_changes (kind, owner, xid) VALUES ('mission', NEW.id, 0); END
--;
CREATE TRIGGER mission_skills_insert_noted AFTER INSERT ON mission_skills FOR EACH ROW BEGIN INSERT INTO index_changes (kind, owner, xid) VALUES ('mission', NEW.mission_id, 0); END
--;
CREATE TRIGGER mission_invitations_insert_noted AFTER INSERT ON mission_invitations FOR EACH ROW BEGIN INSERT INTO index_changes (kind, owner, xid) VALUES ('mission', NEW.mission_id, 0); END
--;
CREATE TRIGGER facets_insert_noted AFTER INSERT ON facets FOR EACH ROW BEGIN INSERT INTO index_changes (kind, owner, xid) VALUES (CASE NEW.owner_kind WHEN 'profile' THEN 'person' ELSE 'mission' END, NEW.owner_id, 0); END
--;
CREATE TRIGGER skills_insert_noted AFTER INSERT ON skills FOR EACH ROW BEGIN INSERT INTO index_changes (kind, owner, xid) VALUES ('skills', '', 0); END
--;
CREATE TRIGGER skill_labels_insert_noted AFTER INSERT ON skill_labels FOR EACH ROW BEGIN INSERT INTO index_changes (kind, owner, xid) VALUES ('skills', '', 0); END
--;
CREATE TRIGGER skill_parents_insert_noted AFTER INSERT ON skill_parents FOR EACH ROW BEGIN INSERT INTO index_changes (kind, owner, xid) VALUES ('skills', '', 0); END
--;
CREATE TRIGGER profiles_update_noted AFTER UPDATE ON profiles FOR EACH ROW BEGIN INSERT INTO index_changes (kind, owner, xid) VALUES ('person', NEW.id, 0); END
--;
CREATE TRIGGER claims_update_noted AFTER UPDATE ON claims FOR EACH ROW BEGIN INSERT INTO index_changes (kind, owner, xid) VALUES ('person', NEW.profile_id, 0); END
--;
CREATE TRIGGER missions_update_noted AFTER UPDATE ON missions FOR EACH ROW BEGIN INSERT INTO index_changes (kind, owner, xid) VALUES ('mission', NEW.id, 0); END
--;
CREATE TRIGGER mission_skills_update_noted AFTER UPDATE ON mission_skills FOR EACH ROW BEGIN INSERT INTO index_changes (kind, owner, xid) VALUES ('mission', NEW.mission_id, 0); END
--;
CREATE TRIGGER mission_invitations_update_noted AFTER UPDATE ON mission_invitations FOR EACH ROW BEGIN INSERT INTO index_changes (kind, owner, xid) VALUES ('mission', NEW.mission_id, 0); END
--;
CREATE TRIGGER facets_update_noted AFTER UPDATE ON facets FOR EACH ROW BEGIN INSERT INTO index_changes (kind, owner, xid) VALUES (CASE NEW.owner_kind WHEN 'profile' THEN 'person' ELSE 'mission' END, NEW.owner_id, 0); END
--;
CREATE TRIGGER skills_update_noted AFTER UPDATE ON skills FOR EACH ROW BEGIN INSERT INTO index_changes (kind, owner, xid) VALUES ('skills', '', 0); END
--;
CREATE TRIGGER skill_labels_update_noted AFTER UPDATE ON skill_labels FOR EACH ROW BEGIN INSERT INTO index_changes (kind, owner, xid) VALUES ('skills', '', 0); END
--;
CREATE TRIGGER skill_parents_update_noted AFTER UPDATE ON skill_parents FOR EACH ROW BEGIN INSERT INTO index_changes (kind, owner, xid) VALUES ('skills', '', 0); END
--;
CREATE TRIGGER profiles_delete_noted AFTER DELETE ON profiles FOR EACH ROW BEGIN INSERT INTO index_changes (kind, owner, xid) VALUES ('person', OLD.id, 0); END
--;
CREATE TRIGGER claims_delete_noted AFTER DELETE ON claims FOR EACH ROW BEGIN INSERT INTO index_changes (kind, owner, xid) VALUES ('person', OLD.profile_id, 0); END
--;
CREATE TRIGGER missions_delete_noted AFTER DELETE ON missions FOR EACH ROW BEGIN INSERT INTO index_changes (kind, owner, xid) VALUES ('mission', OLD.id, 0); END
--;
CREATE TRIGGER mission_skills_delete_noted AFTER DELETE ON mission_skills FOR EACH ROW BEGIN INSERT INTO index_changes (kind, owner, xid) VALUES ('mission', OLD.mission_id, 0); END
--;
CREATE TRIGGER mission_invitations_delete_noted AFTER DELETE ON mission_invitations FOR EACH ROW BEGIN INSERT INTO index_changes (kind, owner, xid) VALUES ('mission', OLD.mission_id, 0); END
--;
CREATE TRIGGER facets_delete_noted AFTER DELETE ON facets FOR EACH ROW BEGIN INSERT INTO index_changes (kind, owner, xid) VALUES (CASE OLD.owner_kind WHEN 'profile' THEN 'person' ELSE 'mission' END, OLD.owner_id, 0); END
--;
CREATE TRIGGER skills_delete_noted AFTER DELETE ON skills FOR EACH ROW BEGIN INSERT INTO index_changes (kind, owner, xid) VALUES ('skills', '', 0); END
--;
CREATE TRIGGER skill_labels_delete_noted AFTER DELETE ON skill_labels FOR EACH ROW BEGIN INSERT INTO index_changes (kind, owner, xid) VALUES ('skills', '', 0); END
--;
CREATE TRIGGER skill_parents_delete_noted AFTER DELETE ON skill_parents FOR EACH ROW BEGIN INSERT INTO index_changes (kind, owner, xid) VALUES ('skills', '', 0); END
--;
CREATE TRIGGER accounts_update_noted AFTER UPDATE OF name, suspended_at ON accounts FOR EACH ROW BEGIN INSERT INTO index_changes (kind, owner, xid) VALUES ('person', NEW.id, 0); END
--;
CREATE TRIGGER organisations_update_noted AFTER UPDATE OF name, public_name_en, public_name_fr ON organisations FOR EACH ROW BEGIN INSERT INTO index_changes (kind, owner, xid) SELECT 'mission', id, 0 FROM missions WHERE organisation_id = NEW.id; END
