create table links (
    id         uuid        primary key,
    owner_id   text,
    code       text        not null,
    url        text,
    enabled    boolean     not null,
    expires_at timestamptz,
    clicks     bigint      not null default 0,
    version    bigint      not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    deleted_at timestamptz,
    -- A deleted link is erased but for its code.
    check ((owner_id is null and url is null and deleted_at is not null)
        or (owner_id is not null and url is not null and deleted_at is null))
);

-- Taken without regard to case, by deleted links as well: a printed link must never lead to someone else's page.
create unique index links_code on links (lower(code));
-- One page of one's own links, newest first.
create index links_owner on links (owner_id, id desc) where deleted_at is null;

create table link_clicks (
    link_id  uuid   not null references links (id),
    day      date   not null,
    referrer text   not null, -- a host name; empty for a visit without a referrer
    clicks   bigint not null,
    primary key (link_id, day, referrer)
);

-- Batches of clicks that have been counted, so that none is counted again when it is not known whether a commit arrived.
create table click_batches (
    id         uuid        primary key,
    counted_at timestamptz not null default now()
);
create index click_batches_counted_at on click_batches (counted_at);
