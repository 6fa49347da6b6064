package io.sluice.controlplane.store;

import java.util.Optional;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;
import org.springframework.data.repository.query.Param;

/** The statements on meshes. Each write adds its line to the history in the same statement. */
interface MeshRows extends Repository<MeshRow, String> {

  Optional<MeshRow> findById(String name);

  /** Whether the mesh exists, at which revision, and whether its specification is this one. */
  @Query(
      nativeQuery = true,
      value =
          """
          select revision, created_at, modified_at, spec = cast(:spec as jsonb) as same
          from mesh where name = :name
          """)
  Optional<Found> compare(@Param("name") String name, @Param("spec") String spec);

  /** Returns nothing if a mesh of this name exists by now. */
  @Query(
      nativeQuery = true,
      value =
          """
          with written as (
            insert into mesh (name, spec, revision, created_at, modified_at)
            select :name, cast(:spec as jsonb), nextval('revision'), t, t
            from (select clock_timestamp() as t,
                    pg_advisory_xact_lock(hashtextextended('Mesh/' || :name, 0))
                  offset 0) as locked
            on conflict do nothing
            returning *),
          recorded as (
            insert into history (revision, at, author, outcome, type, mesh, name, spec)
            select revision, modified_at, :author, 'CREATED', 'Mesh', '', name, spec from written)
          select revision, created_at, modified_at from written
          """)
  Optional<Written> create(
      @Param("name") String name, @Param("spec") String spec, @Param("author") String author);

  /** Returns nothing if the mesh is no longer at the revision that was read. */
  @Query(
      nativeQuery = true,
      value =
          """
          with written as (
            update mesh
            set spec = cast(:spec as jsonb), revision = nextval('revision'),
                modified_at = clock_timestamp()
            where name = :name and revision = :read
            returning *),
          recorded as (
            insert into history (revision, at, author, outcome, type, mesh, name, spec)
            select revision, modified_at, :author, 'UPDATED', 'Mesh', '', name, spec from written)
          select revision, created_at, modified_at from written
          """)
  Optional<Written> update(
      @Param("name") String name,
      @Param("spec") String spec,
      @Param("read") long read,
      @Param("author") String author);

  /** Keeps everybody from writing the mesh or adding a dataplane to it until the commit. */
  @Query(
      nativeQuery = true,
      value =
          """
          select 1 from (
            select pg_advisory_xact_lock(hashtextextended('Mesh/' || :name, 0)) offset 0) as locked
          cross join lateral (select 1 from mesh where name = :name for update) as held
          """)
  Optional<Integer> lock(@Param("name") String name);

  /** Deletes the mesh, which has no dataplanes, and the policies in it. */
  @Query(
      nativeQuery = true,
      value =
          """
          with policies as (
            delete from mesh_resource where mesh = :name returning type, mesh, name),
          gone as (delete from mesh where name = :name returning 'Mesh' as type, '' as mesh, name),
          recorded as (
            insert into history (revision, at, author, outcome, type, mesh, name)
            select nextval('revision'), clock_timestamp(), :author, 'DELETED', type, mesh, name
            from (select * from policies union all select * from gone) as every
            returning revision, type)
          select revision from recorded where type = 'Mesh'
          """)
  Optional<Long> delete(@Param("name") String name, @Param("author") String author);

  /** What a comparison found. */
  interface Found extends Written {
    boolean getSame();
  }
}
