-- Policies of operators and what agents found on hosts: all that belongs to a mesh and is neither
-- queried by its content nor claims anything. docs/store.md explains it.
create table mesh_resource (
  type        text collate "C" not null,
  mesh        text collate "C" not null references mesh (name),
  name        text collate "C" not null,
  spec        jsonb       not null,
  revision    bigint      not null,
  created_at  timestamptz not null,
  modified_at timestamptz not null,
  -- What is known about a host goes with its dataplane and can't be without it.
  dataplane   text collate "C" generated always as (case when type = 'HostFacts' then name end) stored,
  primary key (mesh, type, name),
  foreign key (mesh, dataplane) references dataplane (mesh, name)
) with (fillfactor = 75);

create index mesh_resource_dataplane on mesh_resource (mesh, dataplane) where dataplane is not null;

-- Lists across meshes.
create index mesh_resource_type on mesh_resource (type, mesh, name);
