package io.sluice.controlplane.store;

import java.util.List;
import org.springframework.data.domain.Limit;
import org.springframework.data.repository.Repository;

/** Reads the history; the statements that write resources add to it. */
interface HistoryRows extends Repository<HistoryRow, Long> {

  List<HistoryRow> findByTypeAndMeshAndNameAndRevisionLessThanOrderByRevisionDesc(
      String type, String mesh, String name, long revision, Limit limit);
}
