package io.sluice.controlplane.store;

import io.sluice.resources.dataplane.Dataplane;
import io.sluice.resources.mesh.Mesh;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Repository;

/**
 * Pages of resources. A page is read along the primary key from where the last one ended, and the
 * total of an unfiltered list comes from the counters: neither grows with the mesh. With a filter
 * both cost what the filter has to look at. A repository, so that Spring translates what the
 * database throws.
 */
@Repository
class ResourceLists {

  private final EntityManager database;
  private final SpecJson json;

  ResourceLists(EntityManager database, SpecJson json) {
    this.database = database;
    this.json = json;
  }

  ResourcePage page(ResourceQuery query) {
    return switch (query.type()) {
      case Mesh.TYPE -> meshes(query);
      case Dataplane.TYPE -> dataplanes(query);
      default -> meshResources(query);
    };
  }

  private ResourcePage meshResources(ResourceQuery query) {
    Filter filter = Filter.ofMeshResources(query);
    Query page =
        filter.bind(
            database.createNativeQuery(
                "select * from mesh_resource where "
                    + filter.condition()
                    + " and (mesh, name) > (:afterMesh, :afterName)"
                    + " order by mesh, name limit :limit",
                MeshResourceRow.class));
    page.setParameter("afterMesh", query.after().map(ResourceKey::mesh).orElse(""));
    page.setParameter("afterName", query.after().map(ResourceKey::name).orElse(""));
    page.setParameter("limit", query.size() + 1);
    List<StoredResource> rows =
        rows(page, MeshResourceRow.class).stream().map(row -> row.stored(json)).toList();
    Query count =
        filter.bind(
            database.createNativeQuery(
                "select count(*) from mesh_resource where " + filter.condition(), Long.class));
    return cut(rows, query.size(), ((Number) count.getSingleResult()).longValue());
  }

  private ResourcePage meshes(ResourceQuery query) {
    Filter filter = Filter.ofMeshes(query);
    Query page =
        filter.bind(
            database.createNativeQuery(
                "select * from mesh where "
                    + filter.condition()
                    + " and name > :afterName order by name limit :limit",
                MeshRow.class));
    page.setParameter("afterName", query.after().map(ResourceKey::name).orElse(""));
    page.setParameter("limit", query.size() + 1);
    List<StoredResource> rows =
        rows(page, MeshRow.class).stream().map(row -> row.stored(json)).toList();
    Query count =
        filter.bind(
            database.createNativeQuery(
                "select count(*) from mesh where " + filter.condition(), Long.class));
    return cut(rows, query.size(), ((Number) count.getSingleResult()).longValue());
  }

  private ResourcePage dataplanes(ResourceQuery query) {
    Filter filter = Filter.ofDataplanes(query);
    Query page =
        filter.bind(
            database.createNativeQuery(
                "select * from dataplane d where "
                    + filter.condition()
                    + " and (mesh, name) > (:afterMesh, :afterName)"
                    + " order by mesh, name limit :limit",
                DataplaneRow.class));
    page.setParameter("afterMesh", query.after().map(ResourceKey::mesh).orElse(""));
    page.setParameter("afterName", query.after().map(ResourceKey::name).orElse(""));
    page.setParameter("limit", query.size() + 1);
    List<StoredResource> rows =
        rows(page, DataplaneRow.class).stream().map(row -> row.stored(json)).toList();
    return cut(rows, query.size(), countDataplanes(query, filter));
  }

  private long countDataplanes(ResourceQuery query, Filter filter) {
    boolean unfiltered =
        query.nameContains().isEmpty() && query.tags().isEmpty() && query.gateway().isEmpty();
    String counted =
        unfiltered
            ? "select coalesce(sum(dataplanes), 0) from dataplane_count d where "
            : "select count(*) from dataplane d where ";
    Query count = filter.bind(database.createNativeQuery(counted + filter.condition()));
    return ((Number) count.getSingleResult()).longValue();
  }

  private static <T> List<T> rows(Query query, Class<T> type) {
    return ((List<?>) query.getResultList()).stream().map(type::cast).toList();
  }

  private static ResourcePage cut(List<StoredResource> rows, int size, long total) {
    boolean more = rows.size() > size;
    return new ResourcePage(more ? rows.subList(0, size) : rows, total, more);
  }

  /** A condition in SQL and the values of its parameters; no value ever becomes SQL. */
  private record Filter(String condition, Map<String, Object> values) {

    static Filter ofMeshes(ResourceQuery query) {
      Filter filter = new Filter("true", new LinkedHashMap<>());
      return filter.and(
          "position(:nameContains in name) > 0", "nameContains", query.nameContains());
    }

    static Filter ofMeshResources(ResourceQuery query) {
      return new Filter("true", new LinkedHashMap<>())
          .and("type = :type", "type", Optional.of(query.type()))
          .and("mesh = :mesh", "mesh", query.mesh())
          .and("position(:nameContains in name) > 0", "nameContains", query.nameContains());
    }

    static Filter ofDataplanes(ResourceQuery query) {
      Filter filter =
          new Filter("true", new LinkedHashMap<>())
              .and("mesh = :mesh", "mesh", query.mesh())
              .and("position(:nameContains in name) > 0", "nameContains", query.nameContains());
      int index = 0;
      for (Map.Entry<String, String> tag : query.tags()) {
        String key = "tagKey" + index;
        String value = "tagValue" + index;
        filter =
            filter
                .and(
                    "exists (select from unnest(d.tags) as t where starts_with(t, :%s)"
                            .formatted(key)
                        + " and position(:%s in substr(t, length(:%s) + 1)) > 0)"
                            .formatted(value, key),
                    key,
                    Optional.of(tag.getKey() + "="))
                .and("true", value, Optional.of(tag.getValue()));
        index++;
      }
      return query.gateway().map(filter::andGateway).orElse(filter);
    }

    private Filter andGateway(ResourceQuery.GatewayFilter wanted) {
      String sql =
          switch (wanted) {
            case TRUE -> "gateway is not null";
            case FALSE -> "gateway is null";
            case BUILTIN -> "gateway = 'BUILTIN'";
            case DELEGATED -> "gateway = 'DELEGATED'";
          };
      return new Filter(condition + " and " + sql, values);
    }

    private Filter and(String sql, String parameter, Optional<String> value) {
      if (value.isEmpty()) {
        return this;
      }
      Map<String, Object> more = new LinkedHashMap<>(values);
      more.put(parameter, value.get());
      return new Filter(condition + " and " + sql, more);
    }

    Query bind(Query query) {
      values.forEach(query::setParameter);
      return query;
    }
  }
}
