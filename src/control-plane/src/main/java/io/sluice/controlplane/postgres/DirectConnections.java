package io.sluice.controlplane.postgres;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * Connections outside the pool, for those who have to know when theirs is lost: a pool would hide
 * that behind another one.
 */
public final class DirectConnections {

  private static final String CONNECT_TIMEOUT_SECONDS = "5";
  private final String url;
  private final @Nullable String username;
  private final @Nullable String password;

  public DirectConnections(String url, @Nullable String username, @Nullable String password) {
    this.url = url;
    this.username = username;
    this.password = password;
  }

  /**
   * Opens one.
   *
   * @param silence how long the server may say nothing to a statement before the connection counts
   *     as lost
   */
  public Connection open(Duration silence) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("connectTimeout", CONNECT_TIMEOUT_SECONDS);
    properties.setProperty("loginTimeout", CONNECT_TIMEOUT_SECONDS);
    properties.setProperty("socketTimeout", Long.toString(silence.toSeconds()));
    properties.setProperty("tcpKeepAlive", "true");
    properties.setProperty("ApplicationName", "sluice");
    if (username != null) {
      properties.setProperty("user", username);
    }
    if (password != null) {
      properties.setProperty("password", password);
    }
    return DriverManager.getConnection(url, properties);
  }

  /** The server and database, without parameters, which may hold a password. */
  public String shownUrl() {
    int parameters = url.indexOf('?');
    return parameters < 0 ? url : url.substring(0, parameters);
  }
}
