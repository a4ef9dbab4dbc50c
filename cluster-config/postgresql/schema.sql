-- Tables of a node's journal in PostgreSQL 15 or later; docs/formats/journal.md describes them.
-- A node whose user may create a schema makes them by itself. Otherwise the administrator does it once per node:
--   psql -v ON_ERROR_STOP=1 -c 'CREATE SCHEMA sigma' -c 'SET search_path TO sigma' -f schema.sql DATABASE
-- and gives the node's user USAGE on the schema and SELECT, INSERT, UPDATE, DELETE on its tables.

CREATE TABLE journal_format (
  version integer NOT NULL
);

INSERT INTO journal_format VALUES (1);

CREATE TABLE stream (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  pid text COLLATE "C" NOT NULL UNIQUE,
  epoch bigint NOT NULL,
  highest bigint NOT NULL,
  deleted_to bigint NOT NULL,
  checksum bigint NOT NULL
);

CREATE TABLE event (
  stream bigint NOT NULL,
  sequence bigint NOT NULL,
  type bigint NOT NULL,
  version smallint NOT NULL,
  ticks bigint NOT NULL,
  checksum bigint NOT NULL,
  payload bytea NOT NULL,
  PRIMARY KEY (stream, sequence)
);

CREATE TABLE snapshot (
  stream bigint NOT NULL,
  sequence bigint NOT NULL,
  type bigint NOT NULL,
  version smallint NOT NULL,
  checksum bigint NOT NULL,
  payload bytea NOT NULL,
  PRIMARY KEY (stream, sequence)
);

-- Payloads are sealed: compressing them costs time and saves nothing.
ALTER TABLE event ALTER COLUMN payload SET STORAGE EXTERNAL;
ALTER TABLE snapshot ALTER COLUMN payload SET STORAGE EXTERNAL;
