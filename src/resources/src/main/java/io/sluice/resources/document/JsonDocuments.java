package io.sluice.resources.document;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Reads JSON objects that follow one another. */
final class JsonDocuments {

  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxDocumentLength(Limits.BYTES)
                          .maxNestingDepth(Limits.DEPTH)
                          .maxNumberLength(Limits.NUMBER_LENGTH)
                          .maxTokenCount(2L * Limits.NODES)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          // What follows a value is the next document.
          .disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private JsonDocuments() {}

  static List<Document> read(String text) {
    List<Document> documents = new ArrayList<>();
    try (JsonParser parser = JSON.createParser(text)) {
      try {
        while (parser.nextToken() != null) {
          documents.add(document(parser, documents.size() + 1));
        }
      } catch (StreamConstraintsException e) {
        throw failure("the body asks for too much: ", e, parser, documents);
      } catch (JacksonException e) {
        throw failure("not JSON: ", e, parser, documents);
      }
    }
    return documents;
  }

  private static Document document(JsonParser parser, int number) {
    Position start = position(parser.currentTokenLocation());
    JsonNode tree = JSON.readTree(parser);
    if (!(tree instanceof ObjectNode object)) {
      throw UnreadableDocument.malformed(
          "a document must be an object, { … }, not " + Shown.of(tree), start, number);
    }
    refuseForbidden(tree, start, number);
    return new Document(number, start, object);
  }

  /** Escapes can spell what the body's own text may not hold. */
  private static void refuseForbidden(JsonNode tree, Position start, int number) {
    if (tree.isString()) {
      refuseForbidden(tree.stringValue(), start, number);
    }
    tree.propertyNames().forEach(name -> refuseForbidden(name, start, number));
    tree.forEach(child -> refuseForbidden(child, start, number));
  }

  private static void refuseForbidden(String text, Position start, int number) {
    Texts.forbidden(text)
        .ifPresent(
            forbidden -> {
              throw UnreadableDocument.malformed(
                  forbidden.reason() + ", also not as an escape", start, number);
            });
  }

  private static UnreadableDocument failure(
      String kind, JacksonException cause, JsonParser parser, List<Document> before) {
    TokenStreamLocation at = cause.getLocation();
    UnreadableDocument failure =
        UnreadableDocument.malformed(
            kind + cause.getOriginalMessage(),
            position(at != null ? at : parser.currentLocation()),
            before.size() + 1);
    failure.initCause(cause);
    return failure;
  }

  private static Position position(TokenStreamLocation location) {
    return new Position(Math.max(1, location.getLineNr()), Math.max(1, location.getColumnNr()));
  }
}
