package io.sluice.benchmarks.running;

import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** PostgreSQL's own load generator, with a script of ours. */
public final class PgBench {

  private static final Pattern RATE = Pattern.compile("tps = ([0-9.]+)");

  private final PostgresCluster cluster;
  private final String database;
  private final int clients;

  /** pgbench on a database, with a number of clients. */
  public PgBench(PostgresCluster cluster, String database, int clients) {
    this.cluster = cluster;
    this.database = database;
    this.clients = clients;
  }

  /**
   * Runs a script for some time, statements prepared as the JDBC driver prepares them.
   *
   * @param size the script's variable {@code size}
   * @return transactions in a second
   */
  public double run(Path script, int size, Duration duration) {
    String output =
        Programs.run(
            cluster.environment(),
            cluster.client(
                "pgbench",
                "--no-vacuum",
                "--protocol=prepared",
                "--client=" + clients,
                "--jobs=2",
                "--time=" + duration.toSeconds(),
                "--define=size=" + size,
                "--file=" + script,
                database));
    Matcher rate = RATE.matcher(output);
    if (!rate.find()) {
      throw new IllegalStateException("pgbench printed no rate:\n" + output);
    }
    return Double.parseDouble(rate.group(1));
  }
}
