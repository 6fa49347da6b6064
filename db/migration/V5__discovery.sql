-- What is found out and rendered from: health and presence of dataplanes, which go with them,
-- addresses of names, which do not. docs/store.md explains it.
alter table mesh_resource drop column dataplane;

alter table mesh_resource
  add column dataplane text collate "C" generated always as (
    case when type in ('HostFacts', 'DataplaneHealth', 'DataplanePresence') then name end) stored,
  add foreign key (mesh, dataplane) references dataplane (mesh, name);

create index mesh_resource_dataplane on mesh_resource (mesh, dataplane) where dataplane is not null;

-- What keeps two names of a mesh from one address, released ones included.
create unique index virtual_address_ipv4 on mesh_resource (mesh, (spec ->> 'ipv4'))
  where type = 'VirtualAddress';

create unique index virtual_address_ipv6 on mesh_resource (mesh, (spec ->> 'ipv6'))
  where type = 'VirtualAddress';
