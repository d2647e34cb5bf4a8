"""What the database itself refuses of contracts: changes of what was signed (C4), of what is kept for ever (L4)."""

from marketwright.store.triggers import append_only, declare_trigger

append_only("contract_processes")
append_only("documents")
append_only("handovers")
append_only("signatures")
append_only("transition_log")
append_only("contract_declarations")


def _frozen(name: str, table: str, columns: tuple[str, ...], when: str, says: str) -> None:
    """Refuse an UPDATE of ``columns`` of ``table`` where ``when`` holds (json compares as text)."""
    lite = " OR ".join(f"OLD.{c} IS NOT NEW.{c}" for c in columns)
    post = " OR ".join(f"OLD.{c}::text IS DISTINCT FROM NEW.{c}::text" for c in columns)
    declare_trigger(
        name, table,
        sqlite=f"CREATE TRIGGER {name} BEFORE UPDATE ON {table} WHEN ({when}) AND ({lite}) "
               f"BEGIN SELECT RAISE(ABORT, '{says}'); END",
        postgresql=f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ "
                   f"BEGIN RAISE EXCEPTION '{says}'; END $$\n--;\n"
                   f"CREATE TRIGGER {name} BEFORE UPDATE ON {table} FOR EACH ROW "
                   f"WHEN (({when}) AND ({post})) EXECUTE FUNCTION {name}()",
    )  # fmt: skip


_frozen(
    "contracts_frozen", "contracts",
    ("proposal_id", "organisation_id", "freelancer_id", "process", "process_version", "provider", "language",
     "currency", "quote", "terms", "document_id", "signed_at"),
    "OLD.signed_at IS NOT NULL", "C4: a signed contract changes by amendment alone",
)  # fmt: skip
_frozen(
    "milestones_frozen", "milestones", ("contract_id", "number", "title", "description", "work"),
    "1 = 1", "C4: what a milestone costs and is never changes",
)  # fmt: skip


def _priced(columns: tuple[str, ...], says: str) -> None:
    """Refuse an UPDATE of taxes and fees of a milestone once its contract is signed by both."""
    name, signed = "milestones_priced", "SELECT 1 FROM contracts WHERE id = OLD.contract_id AND signed_at IS NOT NULL"
    lite = " OR ".join(f"OLD.{c} IS NOT NEW.{c}" for c in columns)
    post = " OR ".join(f"OLD.{c} IS DISTINCT FROM NEW.{c}" for c in columns)
    declare_trigger(
        name, "milestones",
        sqlite=f"CREATE TRIGGER {name} BEFORE UPDATE ON milestones WHEN ({lite}) AND EXISTS ({signed}) "
               f"BEGIN SELECT RAISE(ABORT, '{says}'); END",
        postgresql=f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                   f"IF EXISTS ({signed}) THEN RAISE EXCEPTION '{says}'; END IF; RETURN NEW; END $$\n--;\n"
                   f"CREATE TRIGGER {name} BEFORE UPDATE ON milestones FOR EACH ROW WHEN ({post}) "
                   f"EXECUTE FUNCTION {name}()",
    )  # fmt: skip


_priced(
    ("work_tax", "client_fee", "client_fee_tax", "freelancer_fee", "freelancer_fee_tax"),
    "C4: the taxes and fees of a signed contract never change",
)
declare_trigger(
    "signatures_of_the_text", "signatures",
    sqlite=(
        "CREATE TRIGGER signatures_of_the_text BEFORE INSERT ON signatures WHEN NOT EXISTS "
        "(SELECT 1 FROM documents WHERE id = NEW.document_id AND sha256 = NEW.sha256) "
        "BEGIN SELECT RAISE(ABORT, 'C4: what is signed is not the text that is kept'); END"
    ),
    postgresql=(
        "CREATE OR REPLACE FUNCTION signatures_of_the_text() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF NOT EXISTS (SELECT 1 FROM documents WHERE id = NEW.document_id AND sha256 = NEW.sha256) THEN "
        "RAISE EXCEPTION 'C4: what is signed is not the text that is kept'; END IF; RETURN NEW; END $$\n--;\n"
        "CREATE TRIGGER signatures_of_the_text BEFORE INSERT ON signatures FOR EACH ROW "
        "EXECUTE FUNCTION signatures_of_the_text()"
    ),
)  # fmt: skip
