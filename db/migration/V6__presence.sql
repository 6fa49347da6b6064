-- Whose agent was not heard for too long, before anything follows from it: replicas that did hear it
-- take the row away. docs/store.md explains it.
create table dataplane_silence (
  mesh             text collate "C" not null,
  name             text collate "C" not null,
  -- For how long the row has to be seen before it counts.
  patience_seconds integer          not null,
  primary key (mesh, name),
  foreign key (mesh, name) references dataplane (mesh, name) on delete cascade
);

-- For how long dataplanes were seen to be away, in steps: time in which nobody looked is not in it.
create table dataplane_absence (
  mesh    text collate "C" not null,
  name    text collate "C" not null,
  since   timestamptz      not null,
  watched interval         not null default '0',
  counted timestamptz      not null,
  primary key (mesh, name),
  foreign key (mesh, name) references dataplane (mesh, name) on delete cascade
);

-- How often a replica has looked for rows that it has to take away.
alter table replica add column looks bigint not null default 0;
