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
          .build();

  private JsonDocuments() {}

  static List<Document> read(String text) {
    List<Document> documents = new ArrayList<>();
    try (JsonParser parser = JSON.createParser(text)) {
      while (parser.nextToken() != null) {
        int number = documents.size() + 1;
        Position start = position(parser.currentTokenLocation());
        JsonNode tree = JSON.readTree(parser);
        if (!(tree instanceof ObjectNode object)) {
          throw UnreadableDocument.malformed(
              "a document must be an object, { … }, not " + Shown.of(tree), start, number);
        }
        documents.add(new Document(number, start, object));
      }
      return documents;
    } catch (StreamConstraintsException e) {
      throw failure("the body asks for too much: " + e.getOriginalMessage(), e, documents);
    } catch (JacksonException e) {
      throw failure(e.getOriginalMessage(), e, documents);
    }
  }

  private static UnreadableDocument failure(
      String reason, JacksonException cause, List<Document> before) {
    UnreadableDocument failure =
        UnreadableDocument.malformed(
            "not JSON: " + reason, position(cause.getLocation()), before.size() + 1);
    failure.initCause(cause);
    return failure;
  }

  private static Position position(TokenStreamLocation location) {
    return new Position(Math.max(1, location.getLineNr()), Math.max(1, location.getColumnNr()));
  }
}
