package io.sluice.controlplane.changes;

import io.sluice.controlplane.store.SchemaGate;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.stereotype.Component;

/**
 * Whether the database answers, by what the follower saw in the last seconds: a probe takes no
 * connection and never waits.
 */
@Component("database")
class ViewHealth implements HealthIndicator {

  private final SchemaGate schema;
  private final ViewFollower follower;

  ViewHealth(SchemaGate schema, ViewFollower follower) {
    this.schema = schema;
    this.follower = follower;
  }

  @Override
  public Health health() {
    try {
      schema.requireOpen();
    } catch (DataAccessResourceFailureException e) {
      return Health.down().withDetail("reason", String.valueOf(e.getMessage())).build();
    }
    return follower.fresh()
        ? Health.up().build()
        : Health.down().withDetail("reason", "the database has not answered lately").build();
  }
}
