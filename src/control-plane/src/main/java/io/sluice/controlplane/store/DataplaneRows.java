package io.sluice.controlplane.store;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;
import org.springframework.data.repository.query.Param;

/** The statements on dataplanes. Each write adds its line to the history in the same statement. */
interface DataplaneRows extends Repository<DataplaneRow, DataplaneRow.Key> {

  Optional<DataplaneRow> findById(DataplaneRow.Key key);

  /**
   * All that a write has to know, in one round trip: nothing if the mesh does not exist, no
   * revision if the dataplane does not.
   */
  @Query(
      nativeQuery = true,
      value =
          """
          select d.revision, d.created_at, d.modified_at,
            coalesce(d.spec = cast(:spec as jsonb), false) as same,
            case when m.spec -> 'constraints' is not null then cast(m.spec as text) end
              as constrained_by,
            (select string_agg(address || ' ' || port, ',') from endpoint_claim c
             where c.mesh = d.mesh and c.dataplane = d.name) as claims,
            (select cast(json_agg(p.spec) as text) from mesh_resource p
             where p.mesh = m.name and p.type = 'MeshTransparentProxy') as policies
          from mesh m left join dataplane d on d.mesh = m.name and d.name = :name
          where m.name = :mesh
          """)
  Optional<Found> compare(
      @Param("mesh") String mesh, @Param("name") String name, @Param("spec") String spec);

  /** Returns nothing if a dataplane of this name exists by now. */
  @Query(
      nativeQuery = true,
      value =
          """
          with written as (
            insert into dataplane
              (mesh, name, spec, gateway, tags, revision, created_at, modified_at)
            select :mesh, :name, cast(:spec as jsonb), nullif(:gateway, ''),
              string_to_array(:tags, ' '), nextval('revision'), t, t
            from (select clock_timestamp() as t,
                    pg_advisory_xact_lock(hashtextextended('Dataplane/' || :mesh || '/' || :name, 0))
                  offset 0) as locked
            on conflict do nothing
            returning *),
          recorded as (
            insert into history (revision, at, author, outcome, type, mesh, name, spec)
            select revision, modified_at, :author, 'CREATED', 'Dataplane', mesh, name, spec
            from written)
          select revision, created_at, modified_at from written
          """)
  Optional<Written> create(
      @Param("mesh") String mesh,
      @Param("name") String name,
      @Param("spec") String spec,
      @Param("gateway") String gateway,
      @Param("tags") String tags,
      @Param("author") String author);

  /** Returns nothing if the dataplane is no longer at the revision that was read. */
  @Query(
      nativeQuery = true,
      value =
          """
          with written as (
            update dataplane
            set spec = cast(:spec as jsonb), gateway = nullif(:gateway, ''),
                tags = string_to_array(:tags, ' '), revision = nextval('revision'),
                modified_at = clock_timestamp()
            where mesh = :mesh and name = :name and revision = :read
            returning *),
          recorded as (
            insert into history (revision, at, author, outcome, type, mesh, name, spec)
            select revision, modified_at, :author, 'UPDATED', 'Dataplane', mesh, name, spec
            from written)
          select revision, created_at, modified_at from written
          """)
  Optional<Written> update(
      @Param("mesh") String mesh,
      @Param("name") String name,
      @Param("spec") String spec,
      @Param("gateway") String gateway,
      @Param("tags") String tags,
      @Param("read") long read,
      @Param("author") String author);

  /** Keeps everybody from writing the dataplane, or another of its name, until the commit. */
  @Query(
      nativeQuery = true,
      value =
          """
          select 1 from (
            select pg_advisory_xact_lock(hashtextextended('Dataplane/' || :mesh || '/' || :name, 0))
            offset 0) as locked
          cross join lateral
            (select 1 from dataplane where mesh = :mesh and name = :name for update) as held
          """)
  Optional<Integer> lock(@Param("mesh") String mesh, @Param("name") String name);

  /** Deletes the dataplane and what is known about its host. */
  @Query(
      nativeQuery = true,
      value =
          """
          with facts as (
            delete from mesh_resource where mesh = :mesh and dataplane = :name
            returning type, mesh, name),
          gone as (
            delete from dataplane where mesh = :mesh and name = :name
            returning 'Dataplane' as type, mesh, name),
          recorded as (
            insert into history (revision, at, author, outcome, type, mesh, name)
            select nextval('revision'), clock_timestamp(), :author, 'DELETED', type, mesh, name
            from (select * from facts union all select * from gone) as every
            returning revision, type)
          select revision from recorded where type = 'Dataplane'
          """)
  Optional<Long> delete(
      @Param("mesh") String mesh, @Param("name") String name, @Param("author") String author);

  /** All dataplanes of a mesh, by name. */
  List<DataplaneRow> findByMeshOrderByName(String mesh);

  @Query(nativeQuery = true, value = "select count(*) from dataplane where mesh = :mesh")
  long countExactly(@Param("mesh") String mesh);

  /** What a comparison found. */
  interface Found {
    @Nullable Long getRevision();

    java.time.@Nullable Instant getCreatedAt();

    java.time.@Nullable Instant getModifiedAt();

    boolean getSame();

    /** The mesh's specification, if it restricts who may join. */
    @Nullable String getConstrainedBy();

    /** The mesh's policies of how traffic is captured, as a JSON list; nothing if there is none. */
    @Nullable String getPolicies();

    /** The claims as {@code address port}, separated by commas. */
    @Nullable String getClaims();
  }
}
