ALTER TABLE content_notices DROP CONSTRAINT ck_content_notices_kind
--;
ALTER TABLE content_notices ADD CONSTRAINT ck_content_notices_kind CHECK (kind IN ('profile', 'mission', 'service', 'client', 'review', 'message'))
--;
ALTER TABLE content_statements DROP CONSTRAINT ck_content_statements_kind
--;
ALTER TABLE content_statements ADD CONSTRAINT ck_content_statements_kind CHECK (kind IN ('profile', 'mission', 'service', 'client', 'review', 'message'))
