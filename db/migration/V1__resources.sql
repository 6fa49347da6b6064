-- Resources, the endpoints they claim, and their history. docs/store.md explains each table.

-- One number for every write, over all resources and all time.
create sequence revision as bigint;

create table mesh (
  name        text collate "C" primary key,
  spec        jsonb       not null,
  revision    bigint      not null,
  created_at  timestamptz not null,
  modified_at timestamptz not null
);

-- Free space in each page: an update that touches no indexed column then writes no index.
create table dataplane (
  mesh        text collate "C" not null references mesh (name),
  name        text collate "C" not null,
  spec        jsonb       not null,
  gateway     text        check (gateway in ('DELEGATED', 'BUILTIN')),
  tags        text[]      not null,
  revision    bigint      not null,
  created_at  timestamptz not null,
  modified_at timestamptz not null,
  primary key (mesh, name)
) with (fillfactor = 75);

comment on column dataplane.tags is 'key=value of every inbound and of the gateway, for filters';

-- What others dial. Its primary key is what keeps two dataplanes of a mesh from one address.
create table endpoint_claim (
  mesh      text collate "C" not null,
  address   text collate "C" not null,
  port      integer          not null check (port between 1 and 65535),
  dataplane text collate "C" not null,
  primary key (mesh, address, port),
  foreign key (mesh, dataplane) references dataplane (mesh, name) on delete cascade
);

create index endpoint_claim_dataplane on endpoint_claim (mesh, dataplane);

create table history (
  revision bigint primary key,
  -- The order in which a view follows is that of snapshots, which revisions can't tell.
  xid      xid8             not null default pg_current_xact_id(),
  at       timestamptz      not null,
  author   text             not null,
  outcome  text             not null check (outcome in ('CREATED', 'UPDATED', 'DELETED')),
  type     text collate "C" not null,
  mesh     text collate "C" not null,
  name     text collate "C" not null,
  spec     jsonb,
  check ((spec is null) = (outcome = 'DELETED'))
);

create index history_xid on history (xid);
create index history_resource on history (type, mesh, name, revision desc);

create function refuse_to_rewrite_history() returns trigger language plpgsql as $$
begin
  raise exception 'the history is append-only: % is refused', tg_op
    using errcode = 'insufficient_privilege';
end
$$;

create trigger history_is_append_only
  before update or delete or truncate on history
  for each statement execute function refuse_to_rewrite_history();

-- How many dataplanes a mesh has, for the totals of lists. One row per mesh would be locked by
-- each creation until its commit; the rows of several shards are shared by chance only.
create table dataplane_count (
  mesh       text collate "C" not null references mesh (name) on delete cascade,
  shard      integer          not null,
  dataplanes bigint           not null,
  primary key (mesh, shard)
) with (fillfactor = 50);

create function count_dataplane() returns trigger language plpgsql as $$
declare
  counted_mesh text   := case tg_op when 'INSERT' then new.mesh else old.mesh end;
  difference   bigint := case tg_op when 'INSERT' then 1 else -1 end;
begin
  insert into dataplane_count (mesh, shard, dataplanes)
  values (counted_mesh, pg_backend_pid() % 32, difference)
  on conflict (mesh, shard) do update set dataplanes = dataplane_count.dataplanes + difference;
  return null;
end
$$;

create trigger dataplane_is_counted
  after insert or delete on dataplane
  for each row execute function count_dataplane();

-- A new control plane has a mesh to begin with. It is not made again when somebody deletes it.
with created as (
  insert into mesh (name, spec, revision, created_at, modified_at)
  values ('default', '{"type": "Mesh", "name": "default"}', nextval('revision'), now(), now())
  returning *
)
insert into history (revision, at, author, outcome, type, mesh, name, spec)
select revision, created_at, 'sluice', 'CREATED', 'Mesh', '', name, spec from created;
