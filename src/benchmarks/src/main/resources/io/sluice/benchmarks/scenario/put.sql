-- The statement that a PUT of an existing dataplane is, as the store sends it. The document is made
-- here; the control plane makes it from the request.
\set number random(0, :size - 1)
\set port random(1024, 14999)
with asked as (
  select 'default' as mesh, 'dp-' || lpad(cast(:number as text), 5, '0') as name,
    cast(format('{"type": "Dataplane", "mesh": "default", "name": "dp-%s", "networking": {"address": "10.%s.%s.%s", "inbound": [{"port": 8080, "servicePort": %s, "tags": {"kuma.io/service": "service-%s", "kuma.io/protocol": "http", "version": "v1", "team": "team-%s"}}], "transparentProxying": {"redirectPortInbound": 15006, "redirectPortOutbound": 15001}}}', lpad(cast(:number as text), 5, '0'), :number / 65536, :number / 256 % 256, :number % 256, cast(:port as integer), :number % 100, :number % 7) as jsonb) as spec),
found as materialized (
  select d.revision, d.created_at, d.modified_at, d.spec = asked.spec as same,
    coalesce(
      (select string_agg(address || ' ' || port, ',' order by address || ' ' || port)
       from endpoint_claim c where c.mesh = d.mesh and c.dataplane = d.name), '') as claims
  from asked
  join dataplane d on d.mesh = asked.mesh and d.name = asked.name
  join mesh m on m.name = d.mesh and m.spec -> 'constraints' is null
  where cast(0 as bigint) in (0, d.revision)),
written as (
  update dataplane d
  set spec = asked.spec, gateway = nullif('', ''),
      tags = string_to_array('kuma.io/protocol=http kuma.io/service=service-' || :number % 100 || ' team=team-' || :number % 7 || ' version=v1', ' '),
      revision = nextval('revision'), modified_at = clock_timestamp()
  from asked, found
  where d.mesh = asked.mesh and d.name = asked.name and d.revision = found.revision
    and not found.same
    and found.claims = '10.' || :number / 65536 || '.' || :number / 256 % 256 || '.' || :number % 256 || ' 8080'
  returning d.mesh, d.name, d.spec, d.revision, d.modified_at),
recorded as (
  insert into history (revision, at, author, outcome, type, mesh, name, spec)
  select revision, modified_at, 'local', 'UPDATED', 'Dataplane', mesh, name, spec from written)
select coalesce(written.revision, found.revision) as revision, found.created_at,
  coalesce(written.modified_at, found.modified_at) as modified_at, found.same
from found left join written on true
where found.same or written.revision is not null;
