package io.sluice.acceptance.traffic;

import io.sluice.acceptance.topology.Host;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/** Questions for one name without a pause, until it is closed or two minutes have passed. */
public final class Questions implements AutoCloseable {

  private static final long LONGEST_NANOS = 120_000_000_000L;

  private final Host from;
  private final InetSocketAddress server;
  private final String name;
  private final long end = System.nanoTime() + LONGEST_NANOS;
  private final AtomicLong answered = new AtomicLong();
  private final Queue<String> lost = new ConcurrentLinkedQueue<>();
  private final Thread thread;
  private volatile boolean stopped;

  private Questions(Host from, InetSocketAddress server, String name) {
    this.from = from;
    this.server = server;
    this.name = name;
    this.thread = Thread.ofVirtual().unstarted(this::ask);
  }

  /** Starts to ask a server from a host. */
  public static Questions start(Host from, InetSocketAddress server, String name) {
    Questions questions = new Questions(from, server, name);
    questions.thread.start();
    return questions;
  }

  /** How many were answered with an address. */
  public long answered() {
    return answered.get();
  }

  /** What became of every other one. */
  public List<String> lost() {
    return List.copyOf(lost);
  }

  private void ask() {
    while (!stopped && System.nanoTime() < end) {
      try {
        if (DnsQuestion.ask(from, server, name, DnsQuestion.Transport.UDP).isEmpty()) {
          lost.add("no address");
        } else {
          answered.incrementAndGet();
        }
      } catch (IOException e) {
        lost.add(e.toString());
      }
    }
  }

  /** Stops, after the question under way has been answered. */
  @Override
  public void close() {
    stopped = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
