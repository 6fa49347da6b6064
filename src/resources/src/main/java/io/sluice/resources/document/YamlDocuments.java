package io.sluice.resources.document;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Composes trees from the events of a YAML parser. Composing is ours because the limits are: every
 * node counts, also those that an alias repeats, and nothing is expanded before it is counted.
 */
final class YamlDocuments {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final Iterator<Event> events;
  private final String hint;
  private final Map<String, Anchored> anchors = new HashMap<>();
  private int document = 0;
  private int nodes = 0;
  private Position last = new Position(1, 1);

  /** What an anchor names, with its size, so that an alias is paid for before it is copied. */
  private record Anchored(JsonNode node, int nodes, int depth) {}

  /** A node, and how many levels it and what is in it take. */
  private record Composed(JsonNode node, int depth) {}

  YamlDocuments(String text) {
    hint = text.contains("{{") ? "; put texts with {{variables}} in quotes" : "";
    events =
        new Parse(LoadSettings.builder().setCodePointLimit(Limits.BYTES).build())
            .parseString(text)
            .iterator();
  }

  List<Document> read() {
    List<Document> documents = new ArrayList<>();
    try {
      next();
      while (next().getEventId() == Event.ID.DocumentStart) {
        anchors.clear();
        document = documents.size() + 1;
        Event root = next();
        Position start = position(root);
        JsonNode tree = compose(root, 1).node();
        next();
        if (tree instanceof ObjectNode mapping) {
          documents.add(new Document(document, start, mapping));
        } else if (!tree.isNull()) {
          throw refused("a document must be a mapping of fields, not " + Shown.of(tree), start);
        }
      }
      return documents;
    } catch (MarkedYamlEngineException e) {
      throw unparsable(e, e.getProblem(), e.getProblemMark().map(YamlDocuments::position));
    } catch (YamlEngineException e) {
      throw unparsable(e, e.getMessage(), Optional.empty());
    }
  }

  private UnreadableDocument unparsable(
      YamlEngineException cause, @Nullable String problem, Optional<Position> at) {
    UnreadableDocument failure = refused("not YAML: " + problem + hint, at.orElse(last));
    failure.initCause(cause);
    return failure;
  }

  private Event next() {
    Event event = events.next();
    last = position(event);
    return event;
  }

  private Composed compose(Event event, int depth) {
    count(1, event);
    if (depth > Limits.DEPTH) {
      throw refused(
          "mappings and lists are nested too deep; " + Limits.DEPTH + " levels are allowed",
          position(event));
    }
    if (event instanceof AliasEvent alias) {
      return repeated(alias, depth);
    }
    int before = nodes;
    Composed composed =
        switch (event) {
          case ScalarEvent scalar -> new Composed(scalar(scalar), 1);
          case MappingStartEvent mapping -> mapping(mapping, depth);
          case SequenceStartEvent sequence -> sequence(sequence, depth);
          default -> throw refused("unexpected " + event.getEventId(), position(event));
        };
    ((NodeEvent) event)
        .getAnchor()
        .ifPresent(
            anchor ->
                anchors.put(
                    anchor.getValue(),
                    new Anchored(composed.node(), nodes - before, composed.depth())));
    return composed;
  }

  private Composed repeated(AliasEvent alias, int depth) {
    String name = alias.getAlias().getValue();
    Anchored anchored = anchors.get(name);
    if (anchored == null) {
      throw refused(
          "the alias *" + name + " names nothing that stands complete before it", position(alias));
    }
    count(anchored.nodes(), alias);
    if (depth - 1 + anchored.depth() > Limits.DEPTH) {
      throw refused(
          "with the alias *"
              + name
              + " resolved, mappings and lists are nested too deep; "
              + Limits.DEPTH
              + " levels are allowed",
          position(alias));
    }
    return new Composed(anchored.node().deepCopy(), anchored.depth());
  }

  private JsonNode scalar(ScalarEvent scalar) {
    Texts.forbidden(scalar.getValue())
        .ifPresent(
            forbidden -> {
              throw refused(forbidden.reason(), position(scalar));
            });
    String tag = scalar.getTag().orElse("");
    return switch (tag) {
      case "" -> YamlScalars.resolve(scalar);
      case "!", "tag:yaml.org,2002:str" -> NODES.stringNode(scalar.getValue());
      default -> throw unknownTag(tag, scalar);
    };
  }

  private Composed sequence(SequenceStartEvent start, int depth) {
    checkTag(start, "tag:yaml.org,2002:seq");
    ArrayNode list = NODES.arrayNode();
    int deepest = 0;
    for (Event event = next(); event.getEventId() != Event.ID.SequenceEnd; event = next()) {
      Composed element = compose(event, depth + 1);
      list.add(element.node());
      deepest = Math.max(deepest, element.depth());
    }
    return new Composed(list, deepest + 1);
  }

  private Composed mapping(MappingStartEvent start, int depth) {
    checkTag(start, "tag:yaml.org,2002:map");
    ObjectNode mapping = NODES.objectNode();
    List<ObjectNode> merged = new ArrayList<>();
    int deepest = 0;
    boolean first = true;
    for (Event event = next(); event.getEventId() != Event.ID.MappingEnd; event = next()) {
      if (first && start.isFlow() && event instanceof MappingStartEvent inner && inner.isFlow()) {
        return new Composed(variable(inner), 1);
      }
      first = false;
      boolean merge = YamlScalars.isMergeKey(event);
      String key = merge ? "<<" : key(event);
      if (mapping.has(key) || (merge && !merged.isEmpty())) {
        throw refused(
            "the key " + Shown.of(key) + " stands twice in this mapping", position(event));
      }
      Composed value = compose(next(), depth + 1);
      deepest = Math.max(deepest, value.depth());
      if (merge) {
        merged.addAll(mergeable(value.node(), position(event)));
      } else {
        mapping.set(key, value.node());
      }
    }
    for (ObjectNode other : merged) {
      other.properties().forEach(entry -> mapping.putIfAbsent(entry.getKey(), entry.getValue()));
    }
    return new Composed(mapping, deepest + 1);
  }

  /**
   * An unquoted {@code {{ name }}} is a mapping within a mapping to YAML. Operators write it as a
   * variable all the same, so exactly this form is read as that text.
   */
  private JsonNode variable(MappingStartEvent inner) {
    if (next() instanceof ScalarEvent name
        && name.isPlain()
        && isEmpty(next())
        && next().getEventId() == Event.ID.MappingEnd
        && isEmpty(next())
        && next().getEventId() == Event.ID.MappingEnd) {
      return NODES.stringNode("{{" + name.getValue() + "}}");
    }
    throw refused("a key must be a text, not a mapping, list or alias", position(inner));
  }

  private static boolean isEmpty(Event event) {
    return event instanceof ScalarEvent scalar && scalar.isPlain() && scalar.getValue().isEmpty();
  }

  private List<ObjectNode> mergeable(JsonNode value, Position at) {
    List<ObjectNode> mappings = new ArrayList<>();
    for (JsonNode each : value.isArray() ? value : NODES.arrayNode().add(value)) {
      if (!(each instanceof ObjectNode mapping)) {
        throw refused("<< takes a mapping or a list of mappings, not " + Shown.of(each), at);
      }
      mappings.add(mapping);
    }
    return mappings;
  }

  private String key(Event event) {
    if (!(event instanceof ScalarEvent scalar)) {
      throw refused("a key must be a text, not a mapping, list or alias", position(event));
    }
    count(1, event);
    JsonNode key = scalar(scalar);
    if (!key.isString()) {
      throw refused(
          "a key must be a text; write \"" + scalar.getValue() + "\" in quotes", position(event));
    }
    return key.stringValue();
  }

  private void checkTag(CollectionStartEvent start, String allowed) {
    String tag = start.getTag().orElse(allowed);
    if (!tag.equals(allowed) && !tag.equals("!")) {
      throw unknownTag(tag, start);
    }
  }

  private UnreadableDocument unknownTag(String tag, Event at) {
    return refused(
        "the YAML tag " + Shown.of(tag) + " is not allowed; write the value without a tag",
        position(at));
  }

  private void count(int more, Event event) {
    nodes += more;
    if (nodes > Limits.NODES) {
      throw refused(
          "the body has more than " + Limits.NODES + " values, aliases resolved", position(event));
    }
  }

  private UnreadableDocument refused(String reason, Position at) {
    return UnreadableDocument.malformed(reason, at, Math.max(1, document));
  }

  private static Position position(Mark mark) {
    return new Position(mark.getLine() + 1, mark.getColumn() + 1);
  }

  private Position position(Event event) {
    return event.getStartMark().map(YamlDocuments::position).orElse(last);
  }
}
