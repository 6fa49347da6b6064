package io.sluice.benchmarks.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;

/** A number of clients, each with a connection of its own, that send requests back to back. */
public final class Load {

  private final InetSocketAddress server;
  private final int clients;

  /** Load on a server. */
  public Load(InetSocketAddress server, int clients) {
    this.server = server;
    this.clients = clients;
  }

  /** Sends one request of a client and returns its answer. */
  @FunctionalInterface
  public interface Request {

    /**
     * One exchange on the connection.
     *
     * @param random of this client alone
     */
    HttpConnection.Answer send(HttpConnection connection, RandomGenerator random)
        throws IOException;
  }

  /**
   * What came of it.
   *
   * @param perSecond answers of all clients in a second
   * @param millis how long each answer took
   */
  public record Outcome(double perSecond, List<Double> millis) {

    /** Copies the list. */
    public Outcome {
      millis = List.copyOf(millis);
    }
  }

  /**
   * Sends requests from all clients for some time.
   *
   * @throws IOException for an answer that is no success: what fails fast must not look fast
   */
  public Outcome run(Duration duration, Request request) throws IOException {
    long started = System.nanoTime();
    long end = started + duration.toNanos();
    List<Double> millis = new ArrayList<>();
    try (ExecutorService pool = Executors.newFixedThreadPool(clients)) {
      List<Future<List<Double>>> results = new ArrayList<>();
      for (int client = 0; client < clients; client++) {
        results.add(pool.submit(client(end, request, RandomGenerator.of("L64X128MixRandom"))));
      }
      for (Future<List<Double>> result : results) {
        millis.addAll(result.get());
      }
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    double seconds = (System.nanoTime() - started) / 1e9;
    return new Outcome(millis.size() / seconds, millis);
  }

  private Callable<List<Double>> client(long end, Request request, RandomGenerator random) {
    return () -> {
      List<Double> millis = new ArrayList<>();
      try (HttpConnection connection = new HttpConnection(server)) {
        for (long now = System.nanoTime(); now < end; ) {
          HttpConnection.Answer answer = request.send(connection, random);
          if (answer.status() / 100 != 2) {
            throw new IOException("status " + answer.status() + ": " + answer.text());
          }
          long done = System.nanoTime();
          millis.add((done - now) / 1e6);
          now = done;
        }
      }
      return millis;
    };
  }
}
