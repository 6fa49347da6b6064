package io.sluice.controlplane.store;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;
import org.springframework.data.repository.query.Param;

/**
 * The statements on what belongs to a mesh beside its dataplanes. Each write adds its line to the
 * history in the same statement.
 */
interface MeshResourceRows extends Repository<MeshResourceRow, MeshResourceRow.Key> {

  Optional<MeshResourceRow> findById(MeshResourceRow.Key key);

  /** All of a type in a mesh, by name. */
  List<MeshResourceRow> findByMeshAndTypeOrderByName(String mesh, String type);

  /**
   * All that a write has to know, in one round trip: nothing if the mesh does not exist, no
   * revision if the resource does not.
   *
   * @param dataplane a dataplane that must exist too; empty for none
   */
  @Query(
      nativeQuery = true,
      value =
          """
          select r.revision, r.created_at, r.modified_at,
            coalesce(r.spec = cast(:spec as jsonb), false) as same,
            (select cast(json_agg(p.spec order by p.name) as text) from mesh_resource p
             where p.mesh = m.name and p.type = :type and :type = 'MeshTransparentProxy')
              as siblings,
            :dataplane = '' or exists (
              select from dataplane d where d.mesh = m.name and d.name = :dataplane) as anchored
          from mesh m
          left join mesh_resource r on r.mesh = m.name and r.type = :type and r.name = :name
          where m.name = :mesh
          """)
  Optional<Found> compare(
      @Param("type") String type,
      @Param("mesh") String mesh,
      @Param("name") String name,
      @Param("spec") String spec,
      @Param("dataplane") String dataplane);

  /** Returns nothing if a resource of this name exists by now. */
  @Query(
      nativeQuery = true,
      value =
          """
          with written as (
            insert into mesh_resource (type, mesh, name, spec, revision, created_at, modified_at)
            select :type, :mesh, :name, cast(:spec as jsonb), nextval('revision'), t, t
            from (select clock_timestamp() as t,
                    pg_advisory_xact_lock(
                      hashtextextended(:type || '/' || :mesh || '/' || :name, 0))
                  offset 0) as locked
            on conflict do nothing
            returning *),
          recorded as (
            insert into history (revision, at, author, outcome, type, mesh, name, spec)
            select revision, modified_at, :author, 'CREATED', type, mesh, name, spec from written)
          select revision, created_at, modified_at from written
          """)
  Optional<Written> create(
      @Param("type") String type,
      @Param("mesh") String mesh,
      @Param("name") String name,
      @Param("spec") String spec,
      @Param("author") String author);

  /** Returns nothing if the resource is no longer at the revision that was read. */
  @Query(
      nativeQuery = true,
      value =
          """
          with written as (
            update mesh_resource
            set spec = cast(:spec as jsonb), revision = nextval('revision'),
                modified_at = clock_timestamp()
            where type = :type and mesh = :mesh and name = :name and revision = :read
            returning *),
          recorded as (
            insert into history (revision, at, author, outcome, type, mesh, name, spec)
            select revision, modified_at, :author, 'UPDATED', type, mesh, name, spec from written)
          select revision, created_at, modified_at from written
          """)
  Optional<Written> update(
      @Param("type") String type,
      @Param("mesh") String mesh,
      @Param("name") String name,
      @Param("spec") String spec,
      @Param("read") long read,
      @Param("author") String author);

  /** Keeps everybody from writing the resource, or another of its name, until the commit. */
  @Query(
      nativeQuery = true,
      value =
          """
          select 1 from (
            select pg_advisory_xact_lock(
              hashtextextended(:type || '/' || :mesh || '/' || :name, 0)) offset 0) as locked
          cross join lateral
            (select 1 from mesh_resource
             where type = :type and mesh = :mesh and name = :name for update) as held
          """)
  Optional<Integer> lock(
      @Param("type") String type, @Param("mesh") String mesh, @Param("name") String name);

  @Query(
      nativeQuery = true,
      value =
          """
          with gone as (
            delete from mesh_resource where type = :type and mesh = :mesh and name = :name
            returning type, mesh, name)
          insert into history (revision, at, author, outcome, type, mesh, name)
          select nextval('revision'), clock_timestamp(), :author, 'DELETED', type, mesh, name
          from gone
          returning revision
          """)
  Optional<Long> delete(
      @Param("type") String type,
      @Param("mesh") String mesh,
      @Param("name") String name,
      @Param("author") String author);

  /** What a comparison found. */
  interface Found {
    @Nullable Long getRevision();

    @Nullable Instant getCreatedAt();

    @Nullable Instant getModifiedAt();

    boolean getSame();

    /**
     * All resources of the type in the mesh, as a JSON list, where a write of one is judged
     * together with them; nothing if there is none.
     */
    @Nullable String getSiblings();

    /** Whether the dataplane that must exist does. */
    boolean getAnchored();
  }
}
