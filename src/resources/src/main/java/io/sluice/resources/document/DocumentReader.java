package io.sluice.resources.document;

import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads bodies into trees, in time and memory bounded by the body's size: at most 1 MiB, 64 levels
 * and 100,000 nodes, YAML's aliases resolved and counted where they stand.
 */
public final class DocumentReader {

  private DocumentReader() {}

  /**
   * Reads a body that holds exactly one document.
   *
   * @throws UnreadableDocument if it holds none or several, or can't be read
   */
  public static ObjectNode read(byte[] body, Format format) {
    List<Document> documents = readAll(body, format);
    if (documents.isEmpty()) {
      throw UnreadableDocument.malformed(
          "the body is empty; one document is expected", new Position(1, 1), 1);
    }
    if (documents.size() > 1) {
      throw UnreadableDocument.malformed(
          "a further document begins here; one is expected", documents.get(1).start(), 2);
    }
    return documents.getFirst().tree();
  }

  /**
   * Reads a stream of documents: YAML documents between lines of {@code ---}, or JSON objects one
   * after the other. Empty documents are left out.
   *
   * @throws UnreadableDocument if any of them can't be read
   */
  public static List<Document> readAll(byte[] body, Format format) {
    String text = Utf8.decode(body);
    return switch (format) {
      case YAML -> new YamlDocuments(text).read();
      case JSON -> JsonDocuments.read(text);
    };
  }
}
