package io.sluice.controlplane.postgres;

import io.sluice.controlplane.start.StartFailure;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where the resources are kept.
 *
 * @param data the folder of the embedded database; absent means {@code /var/lib/sluice} for root
 *     and {@code $XDG_DATA_HOME/sluice} for others
 * @param database a PostgreSQL server to use instead
 */
@ConfigurationProperties("sluice")
public record DatabaseSettings(@Nullable Path data, @DefaultValue Database database) {

  /**
   * A PostgreSQL server.
   *
   * @param url {@code jdbc:postgresql://…}; absent means the embedded one. Also as {@code
   *     SLUICE_DATABASE_URL}
   * @param username unless the URL has it
   * @param password unless the URL has it
   * @param poolSize how many connections requests share, 2 to 200
   */
  public record Database(
      @Nullable String url,
      @Nullable String username,
      @Nullable String password,
      @DefaultValue("10") int poolSize) {

    private static final int LARGEST_POOL = 200;

    /** Refuses what could not work. */
    public Database {
      if (url != null && !url.startsWith("jdbc:postgresql:")) {
        throw new StartFailure(
            "sluice.database.url is " + url + ".",
            "Give a JDBC URL of PostgreSQL: jdbc:postgresql://HOST:5432/DATABASE");
      }
      if (poolSize < 2 || poolSize > LARGEST_POOL) {
        throw new StartFailure(
            "sluice.database.pool-size is " + poolSize + ".",
            "Give a number from 2 to " + LARGEST_POOL + ".");
      }
    }
  }

  /** The data folder, as given or by default. */
  Path dataFolder(Map<String, String> environment) {
    if (data != null) {
      return data;
    }
    if (ServerUser.isRoot()) {
      return Path.of("/var/lib/sluice");
    }
    String xdg = environment.getOrDefault("XDG_DATA_HOME", "");
    return xdg.startsWith("/")
        ? Path.of(xdg, "sluice")
        : Path.of(System.getProperty("user.home"), ".local", "share", "sluice");
  }
}
