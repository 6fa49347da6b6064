package io.sluice.acceptance.traffic;

import io.sluice.acceptance.topology.Host;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Requests without a pause until it is closed, or two minutes have passed. Half of the clients keep
 * their connection as long as the server does, the others make one for each request.
 */
public final class Load implements AutoCloseable {

  private static final Duration LIMIT = Duration.ofSeconds(5);
  private static final Duration LONGEST = Duration.ofMinutes(2);
  private static final Duration PAUSE = Duration.ofMillis(2);

  private final Host from;
  private final InetSocketAddress to;
  private final long end = System.nanoTime() + LONGEST.toNanos();
  private final List<Thread> clients = new ArrayList<>();
  private final AtomicLong succeeded = new AtomicLong();
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();
  private final ConcurrentHashMap<String, AtomicLong> answers = new ConcurrentHashMap<>();
  private volatile boolean stopped;

  private Load(Host from, InetSocketAddress to) {
    this.from = from;
    this.to = to;
  }

  /** Starts clients on a host; an even number of them. */
  public static Load start(Host from, InetSocketAddress to, int clients) {
    Load load = new Load(from, to);
    for (int client = 0; client < clients; client += 2) {
      load.clients.add(Thread.ofVirtual().start(load::overOneConnection));
      load.clients.add(Thread.ofVirtual().start(load::overNewConnections));
    }
    return load;
  }

  /** How many requests were answered with 200. */
  public long succeeded() {
    return succeeded.get();
  }

  /** How many requests an application has answered. */
  public long answeredBy(String application) {
    AtomicLong count = answers.get(application);
    return count == null ? 0 : count.get();
  }

  /** Every other outcome so far. */
  public List<String> failures() {
    return List.copyOf(failures);
  }

  /** Lets as many more requests succeed; ends early when one fails. */
  public void more(int requests) {
    long goal = succeeded.get() + requests;
    while (succeeded.get() < goal && failures.isEmpty() && System.nanoTime() < end) {
      pause(Duration.ofMillis(10));
    }
  }

  /** Stops, after the requests under way have been answered. */
  @Override
  public void close() {
    stopped = true;
    for (Thread client : clients) {
      try {
        client.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void overNewConnections() {
    while (running()) {
      try (HttpConnection connection = HttpConnection.open(from, to, LIMIT)) {
        count(connection.get("/"));
      } catch (IOException e) {
        failures.add("new connection: " + e);
      }
      pause(PAUSE);
    }
  }

  private void overOneConnection() {
    HttpConnection connection = null;
    while (running()) {
      try {
        if (connection == null) {
          connection = HttpConnection.open(from, to, LIMIT);
        }
        HttpAnswer answer = connection.get("/");
        count(answer);
        if (answer.headers().getOrDefault("Connection", "").equalsIgnoreCase("close")) {
          connection = close(connection);
        }
      } catch (IOException e) {
        failures.add("kept connection: " + e);
        connection = close(connection);
      }
      pause(PAUSE);
    }
    close(connection);
  }

  private boolean running() {
    return !stopped && System.nanoTime() < end;
  }

  private void count(HttpAnswer answer) {
    if (answer.status() == 200) {
      succeeded.incrementAndGet();
      answers.computeIfAbsent(answer.application(), name -> new AtomicLong()).incrementAndGet();
    } else {
      failures.add(answer.status() + " " + answer.body().strip());
    }
  }

  private static @Nullable HttpConnection close(@Nullable HttpConnection connection) {
    if (connection != null) {
      try {
        connection.close();
      } catch (IOException e) {
        // It was to be dropped anyway.
      }
    }
    return null;
  }

  private static void pause(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
