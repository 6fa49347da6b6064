-- How another program last changed the rules of a host, as its agent says.
alter table dataplane_status
  add column drift_at    text,
  add column drift_what  text,
  add column drift_by    text,
  add column drift_count bigint,
  add column drift_state text;
