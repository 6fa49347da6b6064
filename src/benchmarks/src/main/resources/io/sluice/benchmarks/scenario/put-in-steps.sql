-- The transaction in steps that the store sends when a PUT does more than replace a dataplane where
-- it is dialled: everything the write has to know, then the update with its line of history.
-- Until November 2026 it was what every PUT sent.
\set number random(0, :size - 1)
\set port random(1024, 14999)
begin;
select d.revision as read, d.created_at, d.modified_at,
  coalesce(d.spec = cast(format('{"type": "Dataplane", "mesh": "default", "name": "dp-%s", "networking": {"address": "10.%s.%s.%s", "inbound": [{"port": 8080, "servicePort": %s, "tags": {"kuma.io/service": "service-%s", "kuma.io/protocol": "http", "version": "v1", "team": "team-%s"}}], "transparentProxying": {"redirectPortInbound": 15006, "redirectPortOutbound": 15001}}}', lpad(cast(:number as text), 5, '0'), :number / 65536, :number / 256 % 256, :number % 256, cast(:port as integer), :number % 100, :number % 7) as jsonb), false) as same,
  case when m.spec -> 'constraints' is not null then cast(m.spec as text) end as constrained_by,
  (select string_agg(address || ' ' || port, ',') from endpoint_claim c
   where c.mesh = d.mesh and c.dataplane = d.name) as claims
from mesh m left join dataplane d on d.mesh = m.name and d.name = 'dp-' || lpad(cast(:number as text), 5, '0')
where m.name = 'default'
\gset
with written as (
  update dataplane
  set spec = cast(format('{"type": "Dataplane", "mesh": "default", "name": "dp-%s", "networking": {"address": "10.%s.%s.%s", "inbound": [{"port": 8080, "servicePort": %s, "tags": {"kuma.io/service": "service-%s", "kuma.io/protocol": "http", "version": "v1", "team": "team-%s"}}], "transparentProxying": {"redirectPortInbound": 15006, "redirectPortOutbound": 15001}}}', lpad(cast(:number as text), 5, '0'), :number / 65536, :number / 256 % 256, :number % 256, cast(:port as integer), :number % 100, :number % 7) as jsonb),
      gateway = nullif('', ''),
      tags = string_to_array('kuma.io/protocol=http kuma.io/service=service-' || :number % 100 || ' team=team-' || :number % 7 || ' version=v1', ' '),
      revision = nextval('revision'), modified_at = clock_timestamp()
  where mesh = 'default' and name = 'dp-' || lpad(cast(:number as text), 5, '0') and revision = :read
  returning *),
recorded as (
  insert into history (revision, at, author, outcome, type, mesh, name, spec)
  select revision, modified_at, 'local', 'UPDATED', 'Dataplane', mesh, name, spec from written)
select revision, created_at, modified_at from written;
commit;
