package io.sluice.controlplane.store;

import java.util.Optional;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;
import org.springframework.data.repository.query.Param;

/** Who is dialled where. The table's primary key decides, not a look before the write. */
interface EndpointClaims extends Repository<DataplaneRow, DataplaneRow.Key> {

  /** Gives up all claims of a dataplane but these, each {@code address port}. */
  @Modifying
  @Query(
      nativeQuery = true,
      value =
          """
          delete from endpoint_claim
          where mesh = :mesh and dataplane = :dataplane
            and not address || ' ' || port = any (string_to_array(:kept, ','))
          """)
  void releaseOthers(
      @Param("mesh") String mesh, @Param("dataplane") String dataplane, @Param("kept") String kept);

  /**
   * Takes a claim unless another dataplane holds it. Waits for an open transaction that has just
   * taken it.
   *
   * @return 1 if it was taken, 0 if somebody holds it
   */
  @Modifying
  @Query(
      nativeQuery = true,
      value =
          """
          insert into endpoint_claim (mesh, address, port, dataplane)
          values (:mesh, :address, :port, :dataplane)
          on conflict do nothing
          """)
  int take(
      @Param("mesh") String mesh,
      @Param("address") String address,
      @Param("port") int port,
      @Param("dataplane") String dataplane);

  @Query(
      nativeQuery = true,
      value =
          """
          select dataplane from endpoint_claim
          where mesh = :mesh and address = :address and port = :port
          """)
  Optional<String> holder(
      @Param("mesh") String mesh, @Param("address") String address, @Param("port") int port);
}
