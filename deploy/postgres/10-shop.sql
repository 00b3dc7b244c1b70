-- The source. Yours is there already; then only the last two statements are left to run, with its names.
CREATE TABLE users (
    id         bigserial PRIMARY KEY,
    email      text UNIQUE NOT NULL,
    created_at timestamptz DEFAULT now()
);

CREATE TABLE orders (
    id         bigserial PRIMARY KEY,
    user_id    bigint NOT NULL REFERENCES users (id),
    total      numeric NOT NULL,
    created_at timestamptz DEFAULT now()
);

CREATE INDEX ON orders (user_id);

-- A deleted order has to tell whose it was. Email never leaves the database.
ALTER TABLE orders REPLICA IDENTITY FULL;
CREATE PUBLICATION freshet_publication FOR TABLE users (id), orders;
