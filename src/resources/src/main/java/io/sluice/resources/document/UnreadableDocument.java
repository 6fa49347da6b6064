package io.sluice.resources.document;

import org.jspecify.annotations.Nullable;

/** A body that can't be read as YAML or JSON, or that asks for too much to be read. */
public final class UnreadableDocument extends RuntimeException {

  private static final long serialVersionUID = 1;

  /** Why, as far as an answer's status depends on it. */
  public enum Problem {
    /** More bytes than a body may have. */
    TOO_LARGE,
    /** Everything else. */
    MALFORMED
  }

  private final Problem problem;
  private final String reason;
  private final transient @Nullable Position position;
  private final int document;

  UnreadableDocument(Problem problem, String reason, @Nullable Position position, int document) {
    super(message(reason, position, document));
    this.problem = problem;
    this.reason = reason;
    this.position = position;
    this.document = document;
  }

  static UnreadableDocument malformed(String reason, @Nullable Position position, int document) {
    return new UnreadableDocument(Problem.MALFORMED, reason, position, document);
  }

  private static String message(String reason, @Nullable Position position, int document) {
    String where = document > 1 ? "document " + document + ", " : "";
    return position == null
        ? reason
        : where + "line " + position.line() + ", column " + position.column() + ": " + reason;
  }

  public Problem problem() {
    return problem;
  }

  /** What is wrong and what is allowed, without the place. */
  public String reason() {
    return reason;
  }

  /** Where reading stopped; null where the body as a whole is refused. */
  public @Nullable Position position() {
    return position;
  }

  /** The number of the document within a stream, counted from 1. */
  public int document() {
    return document;
  }
}
