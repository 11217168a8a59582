CREATE TABLE accounts (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    email         text NOT NULL UNIQUE,
    password_hash text NOT NULL,
    created_at    timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE uploads (
    name          text PRIMARY KEY,
    original_name text NOT NULL,
    size          bigint NOT NULL,
    sha256        text,  -- filled in by the worker
    created_at    timestamptz NOT NULL DEFAULT now()
);
