package io.sluice.controlplane.store;

import java.util.List;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;
import org.springframework.data.repository.query.Param;

/** Reads the history; the statements that write resources add to it. */
interface HistoryRows extends Repository<HistoryRow, Long> {

  List<HistoryRow> findByTypeAndMeshAndNameAndRevisionLessThanOrderByRevisionDesc(
      String type, String mesh, String name, long revision, Limit limit);

  /** The last line up to a revision of each resource of a type in a mesh. */
  @Query(
      nativeQuery = true,
      value =
          """
          select distinct on (name) * from history
          where type = :type and mesh = :mesh and revision <= :revision
          order by name, revision desc
          """)
  List<HistoryRow> lastOfEach(
      @Param("type") String type, @Param("mesh") String mesh, @Param("revision") long revision);
}
