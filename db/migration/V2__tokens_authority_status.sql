-- Tokens of dataplanes. Only the SHA-256 of a token is kept.
create table dataplane_token (
  id          bigint generated always as identity primary key,
  hash        bytea       not null unique check (octet_length(hash) = 32),
  mesh        text        not null,
  name        text        not null,
  created     timestamptz not null,
  expires     timestamptz not null,
  revoked     timestamptz,
  created_by  text        not null
);

create index dataplane_token_dataplane on dataplane_token (mesh, name);

-- The authority whose fingerprint agents pin: one for all replicas, whichever stored its own first.
create table certificate_authority (
  id           smallint    primary key default 1 check (id = 1),
  certificate  bytea       not null,
  private_key  bytea       not null,
  created      timestamptz not null default now()
);

-- The running control planes, each with a heartbeat.
create table replica (
  id       uuid        primary key,
  started  timestamptz not null,
  seen     timestamptz not null
);

-- What each host last said about itself: transitions only, written in batches.
create table dataplane_status (
  mesh             text        not null,
  name             text        not null,
  replica          uuid        not null,
  connected        timestamptz not null,
  disconnected     timestamptz,
  changed          timestamptz not null,
  applied          text,
  rejected         text,
  rejected_reason  text,
  state            text,
  agent_version    text,
  envoy_version    text,
  envoy_state      text,
  mode             text,
  host_name        text,
  host_kernel      text,
  host_backend     text,
  primary key (mesh, name)
);
